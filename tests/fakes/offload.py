"""Blocking work done right here, for tests in virtual time."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def at_once(work: Callable[[], T], /) -> T:
    """Run ``work`` on the loop's own thread; an `Offload` for work that does not block."""
    return work()
