"""A05: this person is not in the call already, with another device."""

from preflight.check import CannotTell, Check
from preflight.checks.account.bench import AccountBench
from preflight.model import Measured

CODE = "session.other_device"


def session_other_device(bench: AccountBench) -> Check:
    """Tell whether the media server sees this side in the room; here we are not in it yet.

    After a crash it sees our own former self for about 20 s more; asked again, that passes.
    """

    async def measure() -> Measured:
        mine, _ = await bench.sides()
        if mine.in_room is None:
            raise CannotTell("not_told")
        return {"in_room": mine.in_room}

    return Check(CODE, measure, needs=("session.ended",))
