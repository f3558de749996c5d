"""Copy the contract's fixtures to where the service shows them as examples.

python scripts/openapi_examples.py [--check]
"""

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = ROOT / "tests" / "contract"
COPY = ROOT / "backend" / "liftbay_backend" / "openapi" / "examples.json"
_SHOWN = ("request", "response", "first", "events")


def examples() -> dict[str, dict[str, Any]]:
    """Return what fixtures send, are answered and tell, with what they refer to filled in."""
    fixtures = {path.stem: json.loads(path.read_text("utf-8")) for path in CONTRACT.glob("*.json")}
    whole = {"report.json": fixtures["report"]["report"]}
    whole["gate.json, the same object"] = {
        name: fixtures["gate"][name] for name in ("gate_version", "checks")
    }
    found: dict[str, dict[str, Any]] = {}
    for name, fixture in sorted(fixtures.items()):
        shown = {part: _filled(fixture[part], whole) for part in _SHOWN if part in fixture}
        if shown:
            found[name] = shown
    return found


def _filled(value: Any, whole: dict[str, Any]) -> Any:
    match value:
        case {"see": str(name), **rest} if not rest:
            return whole[name]
        case dict():
            return {key: _filled(one, whole) for key, one in value.items()}
        case list():
            return [_filled(one, whole) for one in value]
        case _:
            return value


def main() -> int:
    """Write the copy, or say whether it is the newest."""
    # A line a fixture: two people who add one each do not meet in the same line.
    lines = [f"{json.dumps(name)}: {json.dumps(one)}" for name, one in examples().items()]
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    if "--check" in sys.argv[1:]:
        return 0 if COPY.read_text("utf-8") == text else 1
    COPY.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
