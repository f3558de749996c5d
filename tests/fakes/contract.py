"""The contract's fixtures as plain values: the same examples for both sides' tests."""

import json
from pathlib import Path
from typing import Any

CONTRACT = Path(__file__).resolve().parents[1] / "contract"


def fixture(name: str) -> dict[str, Any]:
    """Return tests/contract/<name>.json."""
    found: dict[str, Any] = json.loads((CONTRACT / f"{name}.json").read_text("utf-8"))
    return found


def response(name: str) -> Any:
    """Return the ``response`` of a fixture."""
    return fixture(name)["response"]
