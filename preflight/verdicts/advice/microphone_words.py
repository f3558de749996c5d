"""The words of the advisory microphone checks in English, by code. Data only.

Title, when it holds, when it does not, what to do then. ``{device}`` is the microphone in use.
"""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "mic.muted": (
        "Microphone is on",
        "The system lets your voice through.",
        "Your microphone is muted in the system.",
        "Switch it on in the sound settings.",
    ),
    "mic.level_low": (
        "Loud enough",
        "Your voice is loud enough.",
        "You are very quiet.",
        "Move closer or raise the input volume.",
    ),
    "mic.no_voice": (
        "Voice heard",
        "We heard you speak.",
        "We did not hear you speak yet.",
        "Say a few words.",
    ),
    "mic.clipping": (
        "Not too loud",
        "Your voice is not distorted.",
        "Your voice is distorted.",
        "Lower the input volume or move back a little.",
    ),
    "mic.noise_high": (
        "Quiet around you",
        "Your voice stands out from what is around it.",
        "It is loud around you.",
        "Move away from machines or use a headset.",
    ),
    "mic.hum": (
        "No hum",
        "There is no mains hum.",
        "There is a mains hum.",
        "Unplug the charger or try another socket.",
    ),
    "mic.dc_offset": (
        "Input is clean",
        "The microphone input adds nothing of its own.",
        "The microphone input is faulty.",
        "Try another socket or a USB headset.",
    ),
    "mic.dropouts": (
        "Sound without gaps",
        "The sound has no gaps.",
        "The sound has gaps.",
        "Close other programs or unplug the USB hub.",
    ),
    "mic.rate_wrong": (
        "Right speed",
        "The microphone runs at the right speed.",
        "The microphone runs at a wrong speed.",
        "Set it to 48 kHz in the sound settings.",
    ),
    "mic.narrowband": (
        "Full sound",
        "The sound is better than a telephone's.",
        "Your Bluetooth headset is in telephone quality.",
        "Use a cable or the built-in microphone.",
    ),
    "mic.channel_dead": (
        "Both sides work",
        "No side of the microphone is silent.",
        "Only one side of the microphone works.",
        "We use the good side.",
    ),
    "mic.antiphase": (
        "Both sides agree",
        "The two sides do not cancel each other.",
        "The two sides of the microphone cancel each other.",
        "We use one of them.",
    ),
    "mic.default_changed": (
        "Usual microphone",
        "Your usual microphone is used.",
        "{device} is now in use.",
        "Choose another microphone if that is wrong.",
    ),
    "mic.replay": (
        "You hear yourself clearly",
        "You heard yourself clearly.",
        "You did not hear yourself clearly.",
        "Choose another microphone, or move closer to it.",
    ),
    "mic.virtual": (
        "Microphone is real",
        "A real microphone is used.",
        "A virtual microphone is selected.",
        "Choose a real one.",
    ),
}
