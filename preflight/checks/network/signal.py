"""N04: the call server answers a join over a WebSocket."""

from preflight.check import Check, NotMeasured
from preflight.checks.network.bench import NetworkBench
from preflight.model import Measured

CODE = "net.signal"


def net_signal(bench: NetworkBench) -> Check:
    """Validate the token, join the probe room, leave; needs somebody signed in."""

    async def measure() -> Measured:
        room = await bench.room()
        if room is None:
            raise NotMeasured("not_signed_in")
        return await bench.signal(room)

    return Check(CODE, measure, needs=("net.unreachable",), before=bench.room_ready)
