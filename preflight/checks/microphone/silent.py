"""M06: sound arrives. Headsets that gate noise send true zeros until somebody speaks."""

from preflight.check import Check, Live
from preflight.checks.microphone.bench import MicrophoneBench, is_muted
from preflight.model import Measured

CODE = "mic.silent"
LEVELS_MS = 3000.0
QUICK_LEVELS_MS = 1500.0
MUTED_SILENCE_MS = 3000.0
SILENCE_MS = 8000.0


def mic_silent(bench: MicrophoneBench) -> Check:
    """Tell whether anything but silence came, with the floor and voice levels of 3 s.

    Any sound ends the doubt at once, and for good: silence fails after 8 s, or 3 s when the system
    says that the microphone is muted; once sound came only the system's word counts.
    """

    def levels_taken() -> bool:
        short = bench.quick and bench.window.heard()
        running_ms = bench.window.running_ms(bench.clock.monotonic_ns())
        return running_ms >= (QUICK_LEVELS_MS if short else LEVELS_MS)

    def silence_ms() -> float:
        return bench.window.silence_ms(bench.clock.monotonic_ns()) or 0.0

    def figures(*, sound: bool) -> Measured:
        levels = bench.window.levels()
        return {
            "sound": sound,
            "silent_ms": silence_ms(),
            "floor_dbfs": levels.floor_dbfs,
            "voice_dbfs": levels.voice_dbfs,
        }

    async def measure() -> Measured:
        await bench.until(levels_taken, within_s=LEVELS_MS / 1000)
        if not bench.window.heard():
            muted = await bench.muted()
            limit_ms = MUTED_SILENCE_MS if muted else SILENCE_MS
            await bench.until(
                lambda: bench.window.heard() or silence_ms() >= limit_ms, within_s=limit_ms / 1000
            )
        return figures(sound=bench.window.heard())

    def muted_since_heard() -> bool:
        level = bench.switches.newest()
        return level is not None and is_muted(level) and silence_ms() >= MUTED_SILENCE_MS

    def now() -> Measured | None:
        if not bench.present:
            return None
        # Who listens is silent too, and a gate sends zeros then: sound that came once is proof
        # until the system says otherwise, or no more blocks come (mic.unplugged).
        return figures(sound=bench.window.heard() and not muted_since_heard())

    # The rule itself waits for its silence, and sound is welcome at once.
    live = Live(now, raise_after_ms=0, clear_after_ms=0)
    return Check(CODE, measure, needs=("mic.open_failed",), live=live)
