"""Event streams that never end by themselves: resume, back-off, and order.

The transport opens one connection; here it is opened again after each break, from the number
of the last event the caller has taken, or else with which it began. Without a wall clock, with
jitter, and without a bound on time: a stream belongs to a page, which closes it.
"""

from __future__ import annotations

import logging
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import TypeVar

import msgspec

from client_api.clock import Clock
from client_api.errors import BrokenAnswer, ErrorCode, Refused, Unreachable
from client_api.transport import RawEvent

E = TypeVar("E")

OpenStream = Callable[[int | None], AsyncGenerator[RawEvent, None]]

_log = logging.getLogger(__name__)
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 8.0
_PASSING_CODES = frozenset(
    {ErrorCode.RATE_LIMITED, ErrorCode.SERVER_UNAVAILABLE, ErrorCode.SERVER_FAULT}
)


async def resume_forever(
    open_stream: OpenStream,
    read: Callable[[str, int, str], E | None],
    *,
    clock: Clock,
    last_event_id: int | None,
    rng: random.Random,
) -> AsyncGenerator[E, None]:
    """Yield each event once and in order, whatever happens to the connections.

    An event counts as taken when the caller asks for the next one. One that does not keep to
    the contract is logged and passed over: asking for it again would bring it again.

    Raises:
        Refused: the service takes the access away for good.
    """
    last = last_event_id
    failures = 0
    while True:
        try:
            async with aclosing(open_stream(last)) as raw_events:
                is_first = True
                async for raw in raw_events:
                    # The number a stream begins with says only that somebody answered: a service
                    # that lets all of them end at once shall not be asked twice a second.
                    if raw.data or not is_first:
                        failures = 0
                    is_first = False
                    number = _number(raw)
                    if number is None or (last is not None and number <= last):
                        continue
                    event = _understand(raw, number, read)
                    if event is not None:
                        yield event
                    last = number
        except (Unreachable, BrokenAnswer) as broken:
            _log.info("stream broke, resuming after %s: %s", last, broken.detail)
        except Refused as refused:
            if refused.code not in _PASSING_CODES:
                raise
            _log.info("stream refused for now: %s", refused.detail)
        await clock.sleep(wait_s(failures, rng))
        failures += 1


def wait_s(failures: int, rng: random.Random) -> float:
    """Return how long to wait before the next try: doubling up to 8 s, half of it by chance."""
    longest = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0 ** min(failures, 8))
    return longest * rng.uniform(0.5, 1.0)


def _number(raw: RawEvent) -> int | None:
    return int(raw.id) if raw.id.isdecimal() else None


def _understand(raw: RawEvent, number: int, read: Callable[[str, int, str], E | None]) -> E | None:
    try:
        return read(raw.kind, number, raw.data)
    except msgspec.DecodeError as error:
        _log.error("event %s of kind %r breaks the contract: %s", number, raw.kind, error)
        return None
