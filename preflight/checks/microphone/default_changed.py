"""M20: the microphone in use is the usual one, and the system's own choice stays the same."""

from preflight.check import Check, Live
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.devices.stable_names import is_another
from preflight.model import Measured
from preflight.system.ports import InputLevel

CODE = "mic.default_changed"


def mic_default_changed(bench: MicrophoneBench) -> Check:
    """Tell whether another microphone than the usual one had to be taken, or is the default now.

    The usual one is the one in use before, else last time's. Who has chosen a microphone, by hand
    or in the settings, is not told of it. The open one stays in use whatever the system prefers
    meanwhile: its name is told, so that a person can change it.
    """

    def other_than_usual() -> bool:
        usual, info = bench.missing or bench.known, bench.info
        if usual is None or info is None or usual.kind.synthetic or info.kind.synthetic:
            return False
        return is_another(usual, info, bench.found or ())

    def figures(level: InputLevel | None) -> Measured:
        info = bench.info
        if info is None:
            return {}
        preferred = None if level is None else level.default
        left = bench.was_default is True and preferred is False
        changed = not bench.is_chosen and (left or other_than_usual())
        return {"changed": changed, "device": info.name}

    async def measure() -> Measured:
        return figures(await bench.switches.read())

    def now() -> Measured | None:
        return figures(bench.switches.newest()) if bench.present else None

    return Check(CODE, measure, needs=("mic.open_failed",), live=Live(now))
