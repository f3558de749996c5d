"""A03: the session is not over."""

from preflight.check import CannotTell, Check
from preflight.checks.account.bench import AccountBench
from preflight.model import Measured

CODE = "session.ended"


def session_ended(bench: AccountBench) -> Check:
    """Tell whether the session's status is one of those that nothing follows."""

    async def measure() -> Measured:
        look = await bench.look()
        bench.about_a_session()
        if look.over is None:
            raise CannotTell("not_told")
        return {"over": look.over}

    return Check(CODE, measure, needs=("session.not_yours",))
