"""A01: the service knows who asks."""

from preflight.check import CannotTell, Check
from preflight.checks.account.bench import AccountBench
from preflight.model import Measured

CODE = "account.signed_in"


def account_signed_in(bench: AccountBench) -> Check:
    """Make a call that needs a sign-in."""

    async def measure() -> Measured:
        look = await bench.look()
        if look.signed_in is None:
            raise CannotTell("not_told")
        return {"signed_in": look.signed_in}

    return Check(CODE, measure)
