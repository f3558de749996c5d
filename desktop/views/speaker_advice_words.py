"""The page's words of the advisory loudspeaker checks: title, and remedy where one warns."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

SPEAKER_ADVICE: Final[dict[str, tuple[object, ...]]] = {
    "speaker.none": (
        QT_TRANSLATE_NOOP("checks", "A loudspeaker is connected"),
        QT_TRANSLATE_NOOP("checks", "No loudspeaker was found: plug in headphones."),
    ),
    "speaker.muted": (
        QT_TRANSLATE_NOOP("checks", "The sound is turned up"),
        QT_TRANSLATE_NOOP("checks", "The sound of your computer is off or very low: turn it up."),
    ),
    "speaker.open_failed": (
        QT_TRANSLATE_NOOP("checks", "The loudspeaker plays"),
        QT_TRANSLATE_NOOP("checks", "The loudspeaker is used by {program}: close it."),
        QT_TRANSLATE_NOOP(
            "checks", "The loudspeaker is used by another program: close it, or choose another one."
        ),
    ),
    "speaker.not_heard": (
        QT_TRANSLATE_NOOP("checks", "You hear the loudspeaker"),
        QT_TRANSLATE_NOOP(
            "checks",
            "The beeps were not heard as they were played: choose another loudspeaker and try "
            "again.",
        ),
    ),
    "speaker.loop": (
        QT_TRANSLATE_NOOP("checks", "There is no echo"),
        QT_TRANSLATE_NOOP("checks", "Others may hear an echo: use headphones or lower the volume."),
    ),
    "speaker.delay": (
        QT_TRANSLATE_NOOP("checks", "The sound is on time"),
        QT_TRANSLATE_NOOP("checks", "The sound is late: use a cable instead of Bluetooth."),
    ),
    "speaker.headset_mode": (
        QT_TRANSLATE_NOOP("checks", "The headset plays in full quality"),
        QT_TRANSLATE_NOOP(
            "checks", "The headset switched to telephone quality: use the built-in microphone."
        ),
    ),
    "speaker.changed": (
        QT_TRANSLATE_NOOP("checks", "Sound comes from the usual loudspeaker"),
        QT_TRANSLATE_NOOP(
            "checks", "Sound now comes from {device}: choose another one, if that is wrong."
        ),
    ),
}
