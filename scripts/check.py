"""The fast gates, side by side: lock, format, lint, layers, types, translations.

python scripts/check.py [--quick]    (--quick leaves out types)
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
LONGEST_S = 600


def gates(quick: bool) -> list[tuple[str, list[str]]]:
    """Return name and command of each gate."""
    chosen = [
        ("format", [str(BIN / "ruff"), "format", "--check", "."]),
        ("lint", [str(BIN / "ruff"), "check", "."]),
        ("layers", [str(BIN / "lint-imports"), "--no-cache"]),
        ("translations", [sys.executable, "scripts/translations.py", "--check"]),
    ]
    if not quick:
        chosen.append(("types", [str(BIN / "mypy")]))
        chosen.append(("types of the service", [str(BIN / "mypy"), "-p", "liftbay_backend"]))
    return chosen


def run(gate: tuple[str, list[str]]) -> tuple[str, int, str, float]:
    """Run one gate; its output is shown only when it fails."""
    name, command = gate
    started = time.monotonic()
    env = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'backend'}"}
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        told = f"Not done after {LONGEST_S} s: is something else using this machine?"
        return name, 1, told, time.monotonic() - started
    return name, done.returncode, done.stdout + done.stderr, time.monotonic() - started


def main() -> int:
    """Return 0 when every gate is open."""
    quick = "--quick" in sys.argv[1:]
    failed = 0
    with ThreadPoolExecutor(max_workers=2) as pool:
        for name, status, output, seconds in pool.map(run, gates(quick)):
            print(f"{'ok    ' if status == 0 else 'FAILED'} {name} ({seconds:.1f} s)", flush=True)
            if status != 0:
                failed += 1
                print(output.rstrip())
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
