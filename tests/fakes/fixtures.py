"""The contract's fixtures as values: the same examples for every test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from client_api.wire import Session, SessionClock, read_secret

CONTRACT = Path(__file__).resolve().parent.parent / "contract"

T = TypeVar("T")


def fixture(name: str) -> dict[str, Any]:
    """Return tests/contract/<name>.json."""
    loaded: dict[str, Any] = json.loads((CONTRACT / f"{name}.json").read_text())
    return loaded


def answer(name: str, shape: type[T]) -> T:
    """Return the fixture's response as a wire value."""
    text = json.dumps(fixture(name)["response"])
    return msgspec.json.decode(text, type=shape, dec_hook=read_secret)


def session() -> Session:
    """Return a waiting session, as the customer sees it."""
    return answer("session", Session)


def running_clock() -> SessionClock:
    """Return a clock that just began its hour."""
    return answer("clock_running", SessionClock)
