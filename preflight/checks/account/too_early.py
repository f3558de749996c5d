"""A04: the booked time has come. Before it this is information: everything can be tested."""

import math

from client_api.wire import Session
from preflight.check import Check
from preflight.checks.account.bench import AccountBench
from preflight.model import Measured

CODE = "session.too_early"


def session_too_early(bench: AccountBench) -> Check:
    """Compare the booked time with the service's own: this machine's clock may be wrong."""

    async def measure() -> Measured:
        return early_figures(await bench.session())

    return Check(CODE, measure, needs=("session.ended",))


def early_figures(session: Session) -> Measured:
    """Return how early it is, in seconds and in whole minutes; 0 where nothing is booked."""
    booked, now = session.scheduled_for, session.clock.server_now
    early_s = 0.0 if booked is None else max(0.0, (booked - now).total_seconds())
    return {"early_s": early_s, "minutes": math.ceil(early_s / 60)}
