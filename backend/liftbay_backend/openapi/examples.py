"""The contract's fixtures as they are shown beside the schemas.

`examples.json` is a copy of what the repository's tests keep true; a test compares the two, and
`scripts/openapi_examples.py` writes it again.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _fixtures() -> dict[str, dict[str, Any]]:
    text = (files(__package__) / "examples.json").read_text("utf-8")
    fixtures: dict[str, dict[str, Any]] = json.loads(text)
    return fixtures


def request_example(name: str) -> Any:
    """Return the body that a fixture sends."""
    return _fixtures()[name]["request"]


def response_example(name: str) -> Any:
    """Return the body that a fixture is answered with."""
    return _fixtures()[name]["response"]


def stream_example(name: str) -> str:
    """Return a fixture's events as an event stream tells them."""
    lines = [f"id: {_fixtures()[name]['first']['id']}", ""]
    for event in _fixtures()[name]["events"]:
        data = json.dumps(event["data"], ensure_ascii=False, separators=(",", ":"))
        lines += [f"id: {event['id']}", f"event: {event['event']}", f"data: {data}", ""]
    return "\n".join([*lines, ""])
