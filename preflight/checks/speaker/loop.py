"""S05 and S06: what the microphone hears of the loudspeaker, and how late; one sweep for both."""

from preflight.analysis.echo import Echo
from preflight.check import CannotTell, Check
from preflight.checks.speaker.bench import SpeakerBench
from preflight.model import Measured

LOOP, DELAY = "speaker.loop", "speaker.delay"
NEEDS = ("speaker.open_failed", "mic.silent")


def loop_figures(echo: Echo) -> Measured:
    """Return how much of the loudspeaker the microphone hears."""
    return {
        "coupled": echo.coupled,
        "gain_db": round(echo.gain_db, 1),
        "peak_ratio": round(echo.peak_ratio, 2),
    }


def delay_figures(echo: Echo) -> Measured:
    """Return how late it hears it.

    Raises:
        CannotTell: ``not_coupled``; with headphones nothing is heard.
    """
    if not echo.coupled:
        raise CannotTell("not_coupled", {"peak_ratio": round(echo.peak_ratio, 2)})
    return {"delay_ms": round(echo.delay_ms, 1)}


def speaker_loop(bench: SpeakerBench) -> Check:
    """Play a sweep of half a second and look for it in what the microphone hears."""

    async def measure() -> Measured:
        return loop_figures(await bench.echo(LOOP))

    return Check(LOOP, measure, needs=NEEDS, before=bench.sound_free, together=(DELAY,))


def speaker_delay(bench: SpeakerBench) -> Check:
    """Tell how long the sweep took from being played until it was heard."""

    async def measure() -> Measured:
        return delay_figures(await bench.echo(DELAY))

    return Check(DELAY, measure, needs=NEEDS, before=bench.sound_free, together=(LOOP,))
