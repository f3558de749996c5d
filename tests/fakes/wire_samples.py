"""Wire values read from the contract's own fixtures, so that no test invents its own shapes."""

import json
from pathlib import Path
from typing import Any

import msgspec

from client_api.wire import Me, Session, SessionClock

CONTRACT = Path(__file__).resolve().parents[1] / "contract"


def contract(name: str) -> Any:
    """Return the ``response`` of a fixture."""
    return json.loads((CONTRACT / f"{name}.json").read_text())["response"]


def sample_session(**changes: Any) -> Session:
    """Return the fixture's session, its top fields changed as asked for."""
    return msgspec.convert(contract("session") | changes, Session)


def mechanic_session(**changes: Any) -> Session:
    """Return the same session as the mechanic sees it."""
    return sample_session(
        my_role="mechanic", counterpart={"name": "Sam Okafor", "role": "customer"}, **changes
    )


def sample_clock(name: str = "clock_running", **changes: Any) -> SessionClock:
    """Return a clock fixture, changed as asked for."""
    return msgspec.convert(contract(name) | changes, SessionClock)


def sample_me(name: str = "me_customer") -> Me:
    """Return who is signed in, by fixture."""
    return msgspec.convert(contract(name), Me)
