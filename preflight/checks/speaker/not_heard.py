"""S04: a person hears the loudspeaker; only they can say so, by counting beeps."""

from preflight.check import NOT_ASKED, CannotTell, Check
from preflight.checks.speaker.bench import SpeakerBench
from preflight.measuring import say_age
from preflight.model import CheckState, Measured
from preflight.verdicts.catalogue import judge

CODE = "speaker.not_heard"
DAY_S = 86_400.0


def speaker_not_heard(bench: SpeakerBench) -> Check:
    """Pass where this loudspeaker was heard within 30 days, else wait for the answer."""

    async def measure() -> Measured:
        await bench.until(lambda: bench.found is not None, within_s=1.0)
        days_ago = bench.heard_days_ago()
        if days_ago is not None:
            say_age(days_ago * DAY_S)
            return {**counted(wrong=0, none=False), "remembered": True}
        raise CannotTell(NOT_ASKED)

    return Check(CODE, measure, needs=("speaker.none",))


def counted(*, wrong: int, none: bool) -> Measured:
    """Return the figures of an answer.

    Args:
        wrong: how many answers in a row were wrong; 0: the newest one is right.
        none: whether nothing at all was heard.
    """
    return {"wrong_answers": wrong, "heard_none": none}


def keep_answer(bench: SpeakerBench, code: str, measured: Measured) -> None:
    """Remember an answer to this check that shows something; others are not ours."""
    heard = proves(measured) if code == CODE else None
    if heard is not None:
        bench.keep_answer(heard=heard)


def proves(measured: Measured) -> bool | None:
    """Say whether an answer shows that the loudspeaker is heard; None: it leaves it open."""
    match judge(CODE, measured):
        case CheckState.PASSED:
            return True
        case CheckState.FAILED:
            return False
        case _:
            return None
