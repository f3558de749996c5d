"""N05: a real connection into a room, by whatever path."""

from preflight.check import Check, NotMeasured
from preflight.checks.network.bench import NetworkBench
from preflight.model import Measured

CODE = "net.room"


def net_room(bench: NetworkBench) -> Check:
    """Connect the probe participant with the call's own SDK; it stays until the handover."""

    async def measure() -> Measured:
        room = await bench.room()
        if room is None:
            raise NotMeasured("not_signed_in")
        return await bench.join(room)

    return Check(CODE, measure, needs=("net.unreachable",), before=bench.room_ready)
