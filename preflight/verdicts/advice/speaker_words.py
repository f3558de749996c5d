"""The words of the loudspeaker checks in English, by code. Data only.

Title, when it holds, when it does not, what to do then.
"""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "speaker.none": (
        "Loudspeaker found",
        "A loudspeaker is connected.",
        "No loudspeaker was found.",
        "Plug in headphones.",
    ),
    "speaker.muted": (
        "Sound is on",
        "The sound of your computer is on.",
        "The sound of your computer is off or very low.",
        "Turn it up.",
    ),
    "speaker.open_failed": (
        "Loudspeaker plays",
        "The loudspeaker takes sound.",
        "The loudspeaker is used by {program}.",
        "Close it.",
    ),
    "speaker.not_heard": (
        "Loudspeaker is heard",
        "You counted the beeps.",
        "The beeps were not heard as they were played.",
        "Choose another loudspeaker and try again.",
    ),
    "speaker.loop": (
        "No echo",
        "The microphone does not hear the loudspeaker.",
        "Others may hear an echo.",
        "Use headphones or lower the volume.",
    ),
    "speaker.delay": (
        "Sound is on time",
        "Sound comes without delay.",
        "The sound is late.",
        "Use a cable instead of Bluetooth.",
    ),
    "speaker.headset_mode": (
        "Headset in full quality",
        "The headset plays in full quality.",
        "The headset switched to telephone quality.",
        "Use the built-in microphone.",
    ),
    "speaker.changed": (
        "Loudspeaker as before",
        "Sound comes from the usual loudspeaker.",
        "Sound now comes from {device}.",
        "Choose another one, if that is wrong.",
    ),
}
