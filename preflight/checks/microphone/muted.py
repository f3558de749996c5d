"""M08: the system's own switch lets sound through."""

from preflight.check import Check, Live
from preflight.checks.microphone.bench import MicrophoneBench, is_muted
from preflight.model import Measured
from preflight.system.ports import InputLevel

CODE = "mic.muted"


def mic_muted(bench: MicrophoneBench) -> Check:
    """Tell the mute switch and the volume, as often as they change; a made microphone has none."""

    async def measure() -> Measured:
        info = bench.info
        if info is not None and info.kind.synthetic:
            return {"muted": False}
        return _figures(await bench.switches.read())

    def now() -> Measured | None:
        return _figures(bench.switches.newest()) if bench.present else None

    return Check(CODE, measure, needs=("mic.open_failed",), live=Live(now))


def _figures(level: InputLevel | None) -> Measured:
    if level is None:
        return {}
    return {"muted": is_muted(level), "volume_percent": level.volume_percent}
