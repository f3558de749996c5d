"""One poll of the session's clock: the service's account of it, and the service's time. Pure."""

from client_api.api import ServiceApi
from client_api.clock import Clock
from client_api.errors import ClientError
from client_api.server_clock import ServerClock
from client_api.wire import SessionClock, SessionId

GOOD_ENOUGH_NS = 50_000_000
"""The two sides of a call promise clocks 0.25 s apart: two such errors are well within that."""
MOST_READINGS = 3
LONGEST_NS = 2_000_000_000
"""No further reading is begun after this long: the next poll comes soon, and may find it better."""


async def poll_clock(
    session: SessionId, service: ServiceApi, server_clock: ServerClock, clock: Clock
) -> SessionClock:
    """Read the clock, again while the service's time is known to no better than 0.05 s.

    Each answer narrows that time down in ``server_clock``; what was read last is returned.

    Raises:
        ClientError: the first reading failed. A later one that fails leaves those before it.
    """
    begun_ns = clock.monotonic_ns()
    reading = await service.clock(session)
    server_clock.add_offset(reading.offset)
    for _ in range(MOST_READINGS - 1):
        known = server_clock.offset
        is_good = known is not None and known.error_ns <= GOOD_ENOUGH_NS
        if is_good or clock.monotonic_ns() - begun_ns > LONGEST_NS:
            break
        try:
            reading = await service.clock(session)
        except ClientError:
            break
        server_clock.add_offset(reading.offset)
    return reading.clock
