"""A02: the session is this person's."""

from preflight.check import CannotTell, Check
from preflight.checks.account.bench import AccountBench
from preflight.model import Measured

CODE = "session.not_yours"


def session_not_yours(bench: AccountBench) -> Check:
    """Tell whether the service shows the session, and gives this account a seat in it."""

    async def measure() -> Measured:
        look = await bench.look()
        bench.about_a_session()
        if look.yours is None:
            raise CannotTell("not_told")
        return {"yours": look.yours}

    return Check(CODE, measure, needs=("account.signed_in",))
