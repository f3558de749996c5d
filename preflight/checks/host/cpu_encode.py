"""H01: the processor encodes a picture in time. Told by the trial call, or by one of this week."""

from preflight.check import CannotTell, Check, Live, NotMeasured
from preflight.checks.host.bench import HostBench
from preflight.checks.media.path import NEEDS
from preflight.model import Measured

CODE = "host.cpu_encode"


def host_cpu_encode(bench: HostBench) -> Check:
    """Tell the time for one picture of 1280x720, and how long the encoder lacked processor.

    Where no trial call is possible, the figures of the last seven days stand for it.
    """

    async def measure() -> Measured:
        try:
            await bench.media.trial()
        except (NotMeasured, CannotTell):
            kept = bench.kept_encode()
            if kept is None:
                raise
            return kept
        found = bench.encode_figures()
        if found is None:
            raise CannotTell("too_short")
        await bench.keep_encode(found)
        return found

    return Check(
        CODE,
        measure,
        needs=NEEDS,
        before=bench.before_trial,
        live=Live(bench.encode_figures, standing=True),
        instead=bench.kept_encode,
    )
