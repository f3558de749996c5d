"""M20: the microphone in use is the usual one, and the system's own choice stays the same."""

from preflight.check import Check, Live
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.model import Measured
from preflight.system.ports import InputLevel

CODE = "mic.default_changed"


def mic_default_changed(bench: MicrophoneBench) -> Check:
    """Tell whether another microphone than last time had to be taken, or is the default now.

    Who has chosen a microphone by hand is not told of it. The open one stays in use whatever the
    system prefers meanwhile: its name is told, so that a person can change it.
    """

    def other_than_last_time() -> bool:
        known, info = bench.known, bench.info
        if known is None or info is None or bench.wanted is not None:
            return False
        if known.kind.synthetic or info.kind.synthetic:
            return False
        return info.id != known.id and info.name != known.name

    def figures(level: InputLevel | None) -> Measured:
        info = bench.info
        if info is None:
            return {}
        preferred = None if level is None else level.default
        left = bench.was_default is True and preferred is False
        return {"changed": left or other_than_last_time(), "device": info.name}

    async def measure() -> Measured:
        return figures(await bench.switches.read())

    def now() -> Measured | None:
        return figures(bench.switches.newest()) if bench.present else None

    return Check(CODE, measure, needs=("mic.open_failed",), live=Live(now))
