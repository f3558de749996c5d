"""Wire values read from the contract's own fixtures, so that no test invents its own shapes."""

import json
from typing import Any, TypeVar

import msgspec

from client_api.wire import Me, Session, SessionClock, read_secret
from tests.fakes.contract import response

T = TypeVar("T")


def answer(name: str, shape: type[T]) -> T:
    """Return a fixture's response, decoded as an answer of the service is."""
    return msgspec.json.decode(json.dumps(response(name)), type=shape, dec_hook=read_secret)


def sample_session(**changes: Any) -> Session:
    """Return the fixture's session, its top fields changed as asked for."""
    return msgspec.convert(response("session") | changes, Session)


def mechanic_session(**changes: Any) -> Session:
    """Return the same session as the mechanic sees it."""
    theirs = {
        "my_role": "mechanic",
        "counterpart": {"name": "Sam Okafor", "role": "customer"},
        "mechanic_share_cents": 3499,
    }
    return sample_session(**theirs | changes)


def sample_clock(name: str = "clock_running", **changes: Any) -> SessionClock:
    """Return a clock fixture, changed as asked for."""
    return msgspec.convert(response(name) | changes, SessionClock)


def sample_me(name: str = "me_customer") -> Me:
    """Return who is signed in, by fixture."""
    return msgspec.convert(response(name), Me)
