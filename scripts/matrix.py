"""Run the tests on every Python from 3.11 to 3.13 that is found, and name those missing.

Looks on PATH and under ``~/.pyenv/versions``. Each interpreter gets an environment of its own
under ``.cache/matrix``; the working one stays as it is. Arguments go to pytest.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WANTED = ("3.11", "3.12", "3.13")
DEFAULT_TESTS = ["-m", "not slow and not hardware and not e2e"]


def interpreters() -> dict[str, str]:
    """Return the path of each wanted interpreter that runs."""
    found: dict[str, str] = {}
    for version in WANTED:
        candidates = [shutil.which(f"python{version}") or ""]
        pyenv = Path.home() / ".pyenv" / "versions"
        if pyenv.is_dir():
            exact = re.compile(re.escape(version) + r"\.\d+$")
            candidates += [
                str(folder / "bin" / f"python{version}")
                for folder in sorted(pyenv.iterdir(), reverse=True)
                if exact.match(folder.name)
            ]
        for path in filter(None, candidates):
            told = subprocess.run(
                [path, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
                capture_output=True,
                text=True,
                check=False,
            )
            if told.returncode == 0 and told.stdout.strip() == version:
                found[version] = path
                break
    return found


def main() -> int:
    """Test on each interpreter; 0 when all that were found passed and one was found."""
    found = interpreters()
    missing = [version for version in WANTED if version not in found]
    results: dict[str, int] = {}
    uv = shutil.which("uv")
    if uv is None:
        cached = sorted((Path.home() / ".cache" / "liftbay").glob("uv-*/bin/uv"))
        if not cached:
            print("run `make setup` first: uv is missing")
            return 1
        uv = str(cached[-1])
    subprocess.run([sys.executable, "scripts/setup.py", "test"], cwd=ROOT, check=True)
    for version, path in found.items():
        folder = ROOT / ".cache" / "matrix" / version
        env = os.environ | {"UV_PROJECT_ENVIRONMENT": str(folder)}
        print(f"== Python {version} ({path})", flush=True)
        sync = subprocess.run(
            [uv, "sync", "--locked", "--all-packages", "--python", path],
            cwd=ROOT,
            env=env,
            check=False,
        )
        if sync.returncode != 0:
            results[version] = sync.returncode
            continue
        results[version] = subprocess.run(
            [str(folder / "bin" / "python"), "-m", "pytest", *(sys.argv[1:] or DEFAULT_TESTS)],
            cwd=ROOT,
            env=env,
            check=False,
        ).returncode
    for version in WANTED:
        word = "missing" if version in missing else ("ok" if results[version] == 0 else "FAILED")
        print(f"Python {version}: {word}")
    return 0 if results and not any(results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
