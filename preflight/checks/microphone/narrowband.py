"""M17: the sound is not that of a telephone."""

from preflight.analysis.bandwidth import Band, band_of_rate, bandwidth
from preflight.check import CannotTell, Check
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.listening import three_seconds
from preflight.model import Measured

CODE = "mic.narrowband"
_NARROWEST_FIRST = tuple(reversed(Band))


def mic_narrowband(bench: MicrophoneBench) -> Check:
    """Tell where the sound ends: by its own look, or by the device's own rate."""

    async def measure() -> Measured:
        sound = await three_seconds(bench)
        found = await bench.offload(lambda: bandwidth(sound))
        source = bench.source
        own_rate_hz = None if source is None else source.own_rate_hz
        figures: Measured = {
            "narrow_cliff_db": found.narrow_cliff_db,
            "wide_cliff_db": found.wide_cliff_db,
            "own_rate_hz": own_rate_hz,
        }
        told = [each for each in (found.band, band_of_rate(own_rate_hz)) if each is not None]
        band = next((each for each in _NARROWEST_FIRST if each in told), None)
        # A rate of 48 kHz alone proves nothing: what came over a telephone line has it as well.
        if band is None or (found.band is None and band is Band.FULL):
            raise CannotTell("too_quiet", figures)
        return {"band": band.value, **figures}

    return Check(CODE, measure, needs=("mic.silent",))
