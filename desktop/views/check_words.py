"""The words of the preflight: what each check is called, what it saw, and what to do about it.

A check's title is positive ("The picture moves"); its code is for support alone. A test asks for
words for every code that is measured.
"""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from desktop.views import network_advice_words
from desktop.views.account_advice_words import ACCOUNT_ADVICE, OTHER_SIDE
from desktop.views.camera_advice_words import CAMERA_ADVICE
from desktop.views.cause_words import CAUSES
from desktop.views.host_advice_words import HOST_ADVICE
from desktop.views.media_advice_words import MEDIA_ADVICE
from desktop.views.microphone_advice_words import MICROPHONE_ADVICE
from desktop.views.reason_words import NOT_THIS_TIME, WHY_NOT
from desktop.views.refusal_words import refusal_words
from desktop.views.screen_advice_words import SCREEN_ADVICE
from desktop.views.speaker_advice_words import SPEAKER_ADVICE
from preflight.measuring import REASON_INTERNAL
from preflight.model import CheckResult, CheckState
from preflight.verdicts.catalogue import BY_CODE
from preflight.verdicts.causes import cause
from preflight.verdicts.remedies import placeholders
from preflight.verdicts.rules import steps

_CONTEXT: Final = "checks"


@dataclass(frozen=True, slots=True)
class CheckWords:
    """What one check is called, and the remedy when it failed.

    Attributes:
        remedy: may hold placeholders (`preflight.verdicts.remedies.placeholders`).
        remedy_unnamed: used while nobody knows which program or device.
        remedy_settings: used where the page has a button that opens the system's settings.
    """

    title: str
    remedy: str
    remedy_unnamed: str = ""
    remedy_settings: str = ""


def _noop(title: object, remedy: object, unnamed: object = "", settings: object = "") -> CheckWords:
    return CheckWords(str(title), str(remedy), str(unnamed), str(settings))


CHECKS: Final[dict[str, CheckWords]] = {
    "camera.none": _noop(
        QT_TRANSLATE_NOOP("checks", "A camera is connected"),
        QT_TRANSLATE_NOOP(
            "checks",
            "No camera was found: plug one in or switch on the camera key of your laptop.",
        ),
    ),
    "camera.permission": _noop(
        QT_TRANSLATE_NOOP("checks", "The camera may be used"),
        QT_TRANSLATE_NOOP(
            "checks",
            "Camera access is switched off for this app: allow it in the system settings, "
            "and come back.",
        ),
        settings=QT_TRANSLATE_NOOP(
            "checks",
            "Camera access is switched off for this app: press “Open settings”, allow it, and "
            "come back.",
        ),
    ),
    "camera.busy": _noop(
        QT_TRANSLATE_NOOP("checks", "The camera is free"),
        QT_TRANSLATE_NOOP(
            "checks",
            "The camera is being used by {program}: close it, we try again by ourselves.",
        ),
        QT_TRANSLATE_NOOP(
            "checks",
            "The camera is being used by another program: close it, we try again by ourselves.",
        ),
    ),
    "camera.open_failed": _noop(
        QT_TRANSLATE_NOOP("checks", "The camera starts"),
        QT_TRANSLATE_NOOP(
            "checks", "The camera did not start: unplug it, wait 5 seconds, plug it in again."
        ),
    ),
    "camera.no_frames": _noop(
        QT_TRANSLATE_NOOP("checks", "The camera sends a picture"),
        QT_TRANSLATE_NOOP(
            "checks",
            "The camera is on but sends no picture: unplug it or choose another camera.",
        ),
    ),
    "camera.frozen": _noop(
        QT_TRANSLATE_NOOP("checks", "The picture moves"),
        QT_TRANSLATE_NOOP(
            "checks",
            "The picture stands still: choose another camera or unplug this one for a moment.",
        ),
    ),
    "camera.black": _noop(
        QT_TRANSLATE_NOOP("checks", "The picture is visible"),
        QT_TRANSLATE_NOOP(
            "checks",
            "The picture is black: open the lens cover, press the camera key, or switch on a "
            "light.",
        ),
    ),
    "camera.fps_low": _noop(
        QT_TRANSLATE_NOOP("checks", "The camera is fast enough"),
        QT_TRANSLATE_NOOP(
            "checks",
            "The camera is too slow: add light, or plug it directly into the computer.",
        ),
    ),
    "camera.unplugged": _noop(
        QT_TRANSLATE_NOOP("checks", "The camera stays connected"),
        QT_TRANSLATE_NOOP(
            "checks", "{device} was unplugged: plug it in again or choose another one."
        ),
        QT_TRANSLATE_NOOP(
            "checks", "The camera was unplugged: plug it in again or choose another one."
        ),
    ),
    "mic.none": _noop(
        QT_TRANSLATE_NOOP("checks", "A microphone is connected"),
        QT_TRANSLATE_NOOP("checks", "No microphone was found: plug in a headset."),
    ),
    "mic.permission": _noop(
        QT_TRANSLATE_NOOP("checks", "The microphone may be used"),
        QT_TRANSLATE_NOOP(
            "checks",
            "Microphone access is switched off for this app: allow it in the system settings, "
            "and come back.",
        ),
        settings=QT_TRANSLATE_NOOP(
            "checks",
            "Microphone access is switched off for this app: press “Open settings” and allow it.",
        ),
    ),
    "mic.busy": _noop(
        QT_TRANSLATE_NOOP("checks", "The microphone is free"),
        QT_TRANSLATE_NOOP("checks", "The microphone is being used by {program}: close it."),
        QT_TRANSLATE_NOOP("checks", "The microphone is being used by another program: close it."),
    ),
    "mic.open_failed": _noop(
        QT_TRANSLATE_NOOP("checks", "The microphone starts"),
        QT_TRANSLATE_NOOP(
            "checks", "The microphone did not start: unplug it, wait 5 seconds, plug it in again."
        ),
    ),
    "mic.no_data": _noop(
        QT_TRANSLATE_NOOP("checks", "The microphone sends sound"),
        QT_TRANSLATE_NOOP(
            "checks", "The microphone is on but sends nothing: unplug it or choose another one."
        ),
    ),
    "mic.silent": _noop(
        QT_TRANSLATE_NOOP("checks", "The microphone hears something"),
        QT_TRANSLATE_NOOP(
            "checks", "We receive only silence: check the mute switch on your headset."
        ),
    ),
    "mic.unplugged": _noop(
        QT_TRANSLATE_NOOP("checks", "The microphone stays connected"),
        QT_TRANSLATE_NOOP("checks", "The microphone was unplugged: plug it in again."),
    ),
    "net.unreachable": _noop(
        QT_TRANSLATE_NOOP("checks", "Liftbay can be reached"),
        QT_TRANSLATE_NOOP("checks", "We cannot reach Liftbay: check that you are on the internet."),
    ),
    "net.health": _noop(
        QT_TRANSLATE_NOOP("checks", "Liftbay is working"),
        QT_TRANSLATE_NOOP(
            "checks",
            "Liftbay is being repaired: we keep trying, you need not change anything.",
        ),
    ),
    "net.rtt_high": _noop(
        QT_TRANSLATE_NOOP("checks", "Answers come quickly"),
        QT_TRANSLATE_NOOP(
            "checks",
            "Your connection is slow right now: move closer to the router or use a cable.",
        ),
    ),
    "net.signal": _noop(
        QT_TRANSLATE_NOOP("checks", "The call server answers"),
        QT_TRANSLATE_NOOP(
            "checks",
            "The call server does not answer: a firewall may block it, try another network.",
        ),
    ),
    "net.room": _noop(
        QT_TRANSLATE_NOOP("checks", "A call can be set up"),
        QT_TRANSLATE_NOOP(
            "checks",
            "Calls are blocked in this network: use a phone hotspot or ask your IT.",
        ),
    ),
    "net.changed": _noop(
        QT_TRANSLATE_NOOP("checks", "The network stays the same"),
        QT_TRANSLATE_NOOP("checks", "Your network changed: checking again."),
    ),
    **{code: _noop(*words) for code, words in network_advice_words.WORDS.items()},
    **{
        code: _noop(*words)
        for advice in (
            CAMERA_ADVICE,
            MICROPHONE_ADVICE,
            SPEAKER_ADVICE,
            SCREEN_ADVICE,
            MEDIA_ADVICE,
            HOST_ADVICE,
            ACCOUNT_ADVICE,
        )
        for code, words in advice.items()
    },
}

_STATES: Final = {
    CheckState.PENDING: QT_TRANSLATE_NOOP("checks", "Waiting"),
    CheckState.RUNNING: QT_TRANSLATE_NOOP("checks", "Checking"),
    CheckState.PASSED: QT_TRANSLATE_NOOP("checks", "Passed"),
    CheckState.WARNED: QT_TRANSLATE_NOOP("checks", "Good enough"),
    CheckState.FAILED: QT_TRANSLATE_NOOP("checks", "Fix this"),
    CheckState.SKIPPED: QT_TRANSLATE_NOOP("checks", "Not measured"),
    CheckState.UNKNOWN: QT_TRANSLATE_NOOP("checks", "Not measured"),
}


def _tr(text: object) -> str:
    return QCoreApplication.translate(_CONTEXT, str(text))


def state_word(state: CheckState, *, gating: bool = True) -> str:
    """Return the word of a state; it stands beside an icon and a tint."""
    if not gating and state in (CheckState.WARNED, CheckState.FAILED):
        return _tr(QT_TRANSLATE_NOOP("checks", "Could be better"))
    return _tr(_STATES[state])


def found_word(state: CheckState, *, gating: bool = True) -> str:
    """Return the word of a state for whoever reads it later, and cannot fix anything."""
    if gating and state is CheckState.FAILED:
        return _tr(QT_TRANSLATE_NOOP("checks", "Failed"))
    return state_word(state, gating=gating)


def advice(result: CheckResult) -> str:
    """Return what an advisory check says when something could be better; empty otherwise."""
    bad = result.state in (CheckState.WARNED, CheckState.FAILED)
    return remedy(result) if bad and not result.gating else ""


def title(code: str) -> str:
    """Return what a check is called; the code itself for one that has no words yet."""
    words = CHECKS.get(code)
    return _tr(words.title) if words else code


def remedy(result: CheckResult, *, has_settings: bool = False) -> str:
    """Return what to do about a failed or warned check.

    Args:
        has_settings: whether a button that opens the system's settings stands beside it.
    """
    words = CHECKS.get(result.code)
    if words is None:
        return ""
    if result.reason == REASON_INTERNAL:
        # A fault of ours: the check's own remedy would send people to their cables.
        return _tr(
            QT_TRANSLATE_NOOP(
                "checks", "This check itself went wrong: try again, or tell support “{no}”."
            )
        ).format(no=result.no)
    if result.code == "session.report_stale":
        refused = refusal_words(result.measured.get("why"))
        if refused:
            return refused
    of_cause = CAUSES.get(result.code, {}).get(cause(result) or "")
    if of_cause is not None:
        return _tr(of_cause)
    if has_settings and words.remedy_settings:
        return _tr(words.remedy_settings)
    if words.remedy_unnamed and not (
        result.measured.get("holder") or result.measured.get("device")
    ):
        return _tr(words.remedy_unnamed)
    return _tr(words.remedy).format(**placeholders(result.measured))


def seen(result: CheckResult) -> str:
    """Return a check's own figure in words; empty where it has none for people."""
    measured = result.measured
    match result.code:
        case "net.rtt_high":
            rtt = measured.get("rtt_median_ms")
            if not isinstance(rtt, (int, float)) or isinstance(rtt, bool):
                return ""
            if result.state is CheckState.FAILED:
                limit = steps(BY_CODE[result.code].rules)[1]
                return _tr(
                    QT_TRANSLATE_NOOP("checks", "Answer takes {rtt} ms (limit {limit} ms)")
                ).format(rtt=_whole(rtt), limit=limit)
            return _tr(QT_TRANSLATE_NOOP("checks", "answer takes {rtt} ms")).format(rtt=_whole(rtt))
        case "net.jitter_high":
            return _figure(
                QT_TRANSLATE_NOOP("checks", "it varies by {figure} ms"), measured.get("jitter_ms")
            )
        case "media.loss":
            lost = [measured.get(name) for name in ("loss_up_percent", "loss_down_percent")]
            known = [one for one in lost if isinstance(one, (int, float))]
            text = QT_TRANSLATE_NOOP("checks", "{figure} % of the test call was lost")
            return _figure(text, max(known, default=None), decimals=1)
        case "camera.fps_low":
            fps = measured.get("fps")
            if not isinstance(fps, (int, float)) or isinstance(fps, bool):
                return ""
            if result.state is CheckState.PASSED:
                text = QT_TRANSLATE_NOOP("checks", "{fps} pictures a second")
            else:
                text = QT_TRANSLATE_NOOP("checks", "Only {fps} pictures a second")
            return _tr(text).format(fps=_whole(fps))
        case "session.other_side":
            told = OTHER_SIDE.get(measured.get("other_side"))
            return "" if told is None else _tr(told)
        case _:
            return ""


def reason(result: CheckResult) -> str:
    """Return why something was not measured, or that it took too long; empty otherwise."""
    if result.reason is None:
        return ""
    if result.reason.startswith("needs:"):
        other = title(result.reason.removeprefix("needs:"))
        text = QT_TRANSLATE_NOOP("checks", "Not measured: “{check}” comes first")
        return _tr(text).format(check=other)
    if result.reason == "deadline":
        return _tr(QT_TRANSLATE_NOOP("checks", "No result in time"))
    if result.reason == REASON_INTERNAL:
        return _tr(QT_TRANSLATE_NOOP("checks", "The check itself went wrong"))
    if result.state not in (CheckState.SKIPPED, CheckState.UNKNOWN):
        return ""
    return _tr(WHY_NOT.get(result.reason, NOT_THIS_TIME))


def _figure(text: object, value: object, decimals: int = 0) -> str:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return ""
    return _tr(text).format(figure=QLocale().toString(float(value), "f", decimals))


def _whole(value: float) -> str:
    return QLocale().toString(round(value))
