"""The words of the checks in English, by code; translations live with the views.

Data only. A title says what is right when the check passes; what went wrong and what to do about
it come only when it fails or warns. Placeholders are filled from what was measured
(`placeholders`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from preflight.model import CheckResult, Measured, MeasuredValue
from preflight.verdicts.advice import (
    account_words,
    camera_words,
    cause_words,
    host_words,
    media_words,
    microphone_words,
    network_words,
    screen_words,
    speaker_words,
)
from preflight.verdicts.causes import cause


@dataclass(frozen=True, slots=True)
class CheckWords:
    """What people read of one check.

    Attributes:
        title: a short positive statement.
        passed: one sentence when it holds.
        failed: one sentence when it does not.
        remedy: what to do then.
    """

    title: str
    passed: str
    failed: str
    remedy: str


def remedy_id(code: str) -> str:
    """Return the stable id of a check's remedy, as the report names it."""
    return f"{code}.remedy"


WORDS: Mapping[str, CheckWords] = {
    "camera.none": CheckWords(
        "Camera found",
        "A camera is connected.",
        "No camera was found.",
        "Plug one in or switch on the camera key of your laptop.",
    ),
    "camera.permission": CheckWords(
        "Camera access allowed",
        "Liftbay may use the camera.",
        "Camera access is switched off for this app.",
        "Allow it in the system's settings, then run this again.",
    ),
    "camera.busy": CheckWords(
        "Camera is free",
        "No other program holds the camera.",
        "The camera is being used by {program}.",
        "Close it, we try again by ourselves.",
    ),
    "camera.open_failed": CheckWords(
        "Camera starts",
        "The camera started.",
        "The camera did not start.",
        "Unplug it, wait 5 seconds, plug it in again.",
    ),
    "camera.no_frames": CheckWords(
        "Camera sends a picture",
        "Pictures arrive from the camera.",
        "The camera is on but sends no picture.",
        "Unplug it or choose another camera.",
    ),
    "camera.frozen": CheckWords(
        "Picture moves",
        "The picture is live.",
        "The picture stands still.",
        "Choose another camera or unplug this one for a moment.",
    ),
    "camera.black": CheckWords(
        "Picture is visible",
        "Something can be seen.",
        "The picture is black.",
        "Open the lens cover, press the camera key, or switch on a light.",
    ),
    "camera.fps_low": CheckWords(
        "Picture is smooth",
        "Enough pictures arrive every second.",
        "The camera is too slow.",
        "Add light, or plug it directly into the computer.",
    ),
    "camera.unplugged": CheckWords(
        "Camera stays connected",
        "The camera is connected.",
        "{device} was unplugged.",
        "Plug it in again or choose another one.",
    ),
    "mic.none": CheckWords(
        "Microphone found",
        "A microphone is connected.",
        "No microphone was found.",
        "Plug in a headset.",
    ),
    "mic.permission": CheckWords(
        "Microphone access allowed",
        "Liftbay may use the microphone.",
        "Microphone access is switched off for this app.",
        "Allow it in the system's settings, then run this again.",
    ),
    "mic.busy": CheckWords(
        "Microphone is free",
        "No other program holds the microphone.",
        "The microphone is being used by {program}.",
        "Close it, we try again by ourselves.",
    ),
    "mic.open_failed": CheckWords(
        "Microphone starts",
        "The microphone started.",
        "The microphone did not start.",
        "Unplug it, wait 5 seconds, plug it in again.",
    ),
    "mic.no_data": CheckWords(
        "Microphone sends sound",
        "Sound arrives without gaps.",
        "The microphone is on but sends too little.",
        "Unplug it or choose another one.",
    ),
    "mic.silent": CheckWords(
        "We can hear you",
        "Sound arrives from the microphone.",
        "We receive only silence.",
        "Check the mute switch on your headset.",
    ),
    "mic.unplugged": CheckWords(
        "Microphone stays connected",
        "The microphone is connected.",
        "The microphone was unplugged.",
        "Plug it in again.",
    ),
    "net.unreachable": CheckWords(
        "Liftbay can be reached",
        "The connection to Liftbay works.",
        "We cannot reach Liftbay.",
        "Check that you are on the internet.",
    ),
    "net.health": CheckWords(
        "Liftbay is working",
        "The service answers as it should.",
        "Liftbay is being repaired.",
        "We keep trying, you need not change anything.",
    ),
    "net.rtt_high": CheckWords(
        "Connection is quick",
        "Answers come quickly.",
        "Your connection is slow right now.",
        "Move closer to the router or use a cable.",
    ),
    "net.signal": CheckWords(
        "Call server answers",
        "The call server answers.",
        "The call server does not answer.",
        "A firewall may block it, try another network.",
    ),
    "net.room": CheckWords(
        "Calls get through",
        "A test call was connected.",
        "Calls are blocked in this network.",
        "Use a phone hotspot or ask your IT.",
    ),
    "net.changed": CheckWords(
        "Network stays the same",
        "Your network did not change.",
        "Your network changed.",
        "We are checking again.",
    ),
    **{
        code: CheckWords(*words)
        for group in (
            camera_words,
            microphone_words,
            speaker_words,
            screen_words,
            network_words,
            media_words,
            host_words,
            account_words,
        )
        for code, words in group.WORDS.items()
    },
}

FILE_WORDS: Mapping[str, Mapping[str, str]] = {
    "camera.open_failed": {
        "not_found": "{file} is not there any more.",
        "refused": "{file} is no clip that can be played.",
    },
    "camera.no_frames": {"": "{file} holds no pictures."},
    "mic.open_failed": {
        "not_found": "{file} is not there any more.",
        "denied": "{file} may not be read.",
        "refused": "{file} is no WAV file of 16 bits, mono or stereo.",
        "no_data": "{file} is shorter than 10 ms.",
    },
}
"""What is wrong with a file that was given for a device: by code, and by fault where told."""

FILE_REMEDY = "Give another file, or a real device."

ANOTHER_PROGRAM = "another program"
"""Fills ``{program}`` where the system does not name it."""
THE_DEVICE = "the device"
"""Fills ``{device}`` where it is not known."""
EITHER_MAINS = "50 or 60"
"""Fills ``{hz}`` where the lamp's mains is not known."""
SOME = "some"
"""Fills ``{minutes}`` where they are not known."""


INTERNAL = "The check itself went wrong: try again, or tell support its number."
"""Stands for a check's own words where the fault is ours."""


def placeholders(measured: Measured) -> Mapping[str, str]:
    """Return what fills the words of a check: ``{program}``, ``{hz}``, ``{device}``, ``{minutes}``.

    They are figures of the check: ``holder``, ``mains_hz``, ``device`` and ``minutes``.
    """
    return {
        "program": str(measured.get("holder") or ANOTHER_PROGRAM),
        "hz": str(measured.get("mains_hz") or EITHER_MAINS),
        "device": str(measured.get("device") or THE_DEVICE),
        "minutes": _known(measured.get("minutes"), SOME),
    }


def _known(value: MeasuredValue, otherwise: str) -> str:
    # None of something may be 0, which is known.
    return otherwise if value is None else str(value)


def filled(text: str, measured: Measured) -> str:
    """Return words with their placeholders filled, e.g. in general where nothing was measured."""
    words = text.format(**placeholders(measured))
    # A name keeps its first letter as it is.
    begins = words.startswith(THE_DEVICE)
    return THE_DEVICE.capitalize() + words.removeprefix(THE_DEVICE) if begins else words


def told(result: CheckResult) -> tuple[str, str]:
    """Return what is wrong with a check that warned or failed, and what to do then.

    Raises:
        KeyError: the check has no words.
    """
    words = WORDS[result.code]
    usual = (words.failed, words.remedy)
    wrong, remedy = cause_words.WORDS.get(result.code, {}).get(cause(result) or "", usual)
    return filled(wrong, result.measured), filled(remedy, result.measured)
