"""Why a check was not measured, in the words of people: none is left without any."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

NOT_THIS_TIME: Final = str(
    QT_TRANSLATE_NOOP("checks", "Not measured: it could not be told this time")
)
_NO_SOUND: Final = str(QT_TRANSLATE_NOOP("checks", "Not measured: there was too little sound"))
_TOO_FEW: Final = str(QT_TRANSLATE_NOOP("checks", "Not measured: there was too little to see"))
_NO_CALL: Final = str(QT_TRANSLATE_NOOP("checks", "Not measured: there was no test call"))
_SYSTEM: Final = str(QT_TRANSLATE_NOOP("checks", "Not measured: this system does not tell it"))
WHY_NOT: Final[dict[str, str]] = {
    "not_signed_in": str(QT_TRANSLATE_NOOP("checks", "Not measured: nobody is signed in")),
    "not_offered": str(QT_TRANSLATE_NOOP("checks", "Not measured: the service does not offer it")),
    "metered": str(QT_TRANSLATE_NOOP("checks", "Not measured: it would use up paid data")),
    "joined": str(QT_TRANSLATE_NOOP("checks", "Not measured: the call began")),
    "cancelled": str(QT_TRANSLATE_NOOP("checks", "Not measured: the check was left")),
    "not_asked": str(QT_TRANSLATE_NOOP("checks", "Not measured: nobody was asked")),
    "machine_busy": str(QT_TRANSLATE_NOOP("checks", "Not measured: the computer was too busy")),
    "too_dark": str(QT_TRANSLATE_NOOP("checks", "Not measured: the picture was too dark")),
    "platform": _SYSTEM,
    "not_told": _SYSTEM,
    "no_way": _SYSTEM,
    **dict.fromkeys(("no_trial", "not_joined", "no_report", "not_measured_then"), _NO_CALL),
    **dict.fromkeys(
        ("too_quiet", "no_voice", "no_sound", "little_sound", "muted", "no_microphone"), _NO_SOUND
    ),
    **dict.fromkeys(("too_short", "few_frames", "no_camera", "no_picture_at_all"), _TOO_FEW),
}
"""What a person is told of a reason that a check gives; `NOT_THIS_TIME` stands for the others."""
