"""A07: the service takes the report. Where it does not, the gate is measured again by itself."""

from preflight.check import Check, Live
from preflight.checks.account.bench import AccountBench
from preflight.model import Measured

CODE = "session.report_stale"


def session_report_stale(bench: AccountBench) -> Check:
    """Tell why the service took the last report not; nothing is refused before the first."""

    def now() -> Measured:
        why = bench.report_refused
        return {"refused": why is not None, "why": why}

    async def measure() -> Measured:
        await bench.look()
        bench.about_a_session()
        return now()

    return Check(CODE, measure, live=Live(now, raise_after_ms=0, clear_after_ms=0))
