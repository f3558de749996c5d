"""The page's words of the advisory microphone checks: title, and remedy where one warns."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

MICROPHONE_ADVICE: Final[dict[str, tuple[object, object]]] = {
    "mic.muted": (
        QT_TRANSLATE_NOOP("checks", "The microphone is switched on"),
        QT_TRANSLATE_NOOP(
            "checks",
            "Your microphone is muted in the system: switch it on in the sound settings.",
        ),
    ),
    "mic.level_low": (
        QT_TRANSLATE_NOOP("checks", "You are loud enough"),
        QT_TRANSLATE_NOOP("checks", "You are very quiet: move closer or raise the input volume."),
    ),
    "mic.no_voice": (
        QT_TRANSLATE_NOOP("checks", "We heard you speak"),
        QT_TRANSLATE_NOOP("checks", "We did not hear you speak yet: say a few words."),
    ),
    "mic.clipping": (
        QT_TRANSLATE_NOOP("checks", "You are not too loud"),
        QT_TRANSLATE_NOOP(
            "checks",
            "Your voice is distorted: lower the input volume or move back a little.",
        ),
    ),
    "mic.noise_high": (
        QT_TRANSLATE_NOOP("checks", "It is quiet around you"),
        QT_TRANSLATE_NOOP(
            "checks", "It is loud around you: move away from machines or use a headset."
        ),
    ),
    "mic.hum": (
        QT_TRANSLATE_NOOP("checks", "There is no mains hum"),
        QT_TRANSLATE_NOOP(
            "checks", "There is a mains hum: unplug the charger or try another socket."
        ),
    ),
    "mic.dc_offset": (
        QT_TRANSLATE_NOOP("checks", "The microphone input is clean"),
        QT_TRANSLATE_NOOP(
            "checks",
            "The microphone input is faulty: try another socket or a USB headset.",
        ),
    ),
    "mic.dropouts": (
        QT_TRANSLATE_NOOP("checks", "The sound has no gaps"),
        QT_TRANSLATE_NOOP(
            "checks", "The sound has gaps: close other programs or unplug the USB hub."
        ),
    ),
    "mic.rate_wrong": (
        QT_TRANSLATE_NOOP("checks", "The microphone runs at the right speed"),
        QT_TRANSLATE_NOOP(
            "checks",
            "The microphone runs at a wrong speed: set it to 48 kHz in the sound settings.",
        ),
    ),
    "mic.narrowband": (
        QT_TRANSLATE_NOOP("checks", "The sound is full"),
        QT_TRANSLATE_NOOP(
            "checks",
            "Your Bluetooth headset is in telephone quality: use a cable or the built-in "
            "microphone.",
        ),
    ),
    "mic.channel_dead": (
        QT_TRANSLATE_NOOP("checks", "Both sides of the microphone work"),
        QT_TRANSLATE_NOOP("checks", "Only one side of the microphone works: we use the good side."),
    ),
    "mic.antiphase": (
        QT_TRANSLATE_NOOP("checks", "The two sides of the microphone agree"),
        QT_TRANSLATE_NOOP(
            "checks", "The two sides of the microphone cancel each other: we use one of them."
        ),
    ),
    "mic.default_changed": (
        QT_TRANSLATE_NOOP("checks", "It is your usual microphone"),
        QT_TRANSLATE_NOOP(
            "checks", "{device} is now in use: choose another microphone if that is wrong."
        ),
    ),
    "mic.replay": (
        QT_TRANSLATE_NOOP("checks", "You hear yourself clearly"),
        QT_TRANSLATE_NOOP(
            "checks",
            "You did not hear yourself clearly: choose another microphone, or move closer to it.",
        ),
    ),
    "mic.virtual": (
        QT_TRANSLATE_NOOP("checks", "The microphone is a real one"),
        QT_TRANSLATE_NOOP("checks", "A virtual microphone is selected: choose a real one."),
    ),
}
