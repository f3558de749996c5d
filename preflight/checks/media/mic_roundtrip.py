"""P12: the person's own voice reaches the call and comes back."""

from preflight.check import CannotTell, Check
from preflight.checks.media.bench import MediaBench
from preflight.checks.media.path import NEEDS
from preflight.checks.media.steps import Step
from preflight.model import CheckState, Measured, MeasuredValue
from preflight.verdicts.catalogue import judge

CODE = "media.mic_roundtrip"
_SENT_S = 3.0
_STARVED_SHARE = 0.05


def media_mic_roundtrip(bench: MediaBench) -> Check:
    """Compare the sound that was sent with what B heard, while there is a voice in it."""

    async def measure() -> Measured:
        told = await bench.outcome(Step.MICROPHONE)
        figures = {
            name: told.get(name)
            for name in ("correlation", "fine", "lag_ms", "sent_s", "starved_share")
        }
        sent_s = told.get("sent_s")
        if not isinstance(sent_s, float | int) or sent_s < _SENT_S:
            raise CannotTell("too_short", figures)
        if told.get("voice_heard") is not True:
            raise CannotTell("no_voice", figures)
        if not told.get("received_s"):
            # Nothing was heard at all, not even silence.
            return {**figures, "correlation": 0.0}
        same = judge(CODE, figures) is CheckState.PASSED
        if _above(told.get("starved_share"), _STARVED_SHARE) and not same:
            # This machine did not keep pace: what came back is no word on the way.
            raise CannotTell("machine_busy", figures)
        return figures

    return Check(CODE, measure, needs=NEEDS, before=lambda: bench.turn(Step.MICROPHONE))


def _above(value: MeasuredValue, limit: float) -> bool:
    return isinstance(value, float | int) and value >= limit
