"""The words of the checks of screen sharing in English, by code. Data only.

Title, when it holds, when it does not, what to do then.
"""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "screen.permission": (
        "Screen sharing allowed",
        "Liftbay may share the screen.",
        "The screen may not be shared yet.",
        "A call works without that; the system's settings allow it.",
    ),
    "screen.black": (
        "Screen can be captured",
        "The screen can be captured.",
        "The screen cannot be captured.",
        "Close protected video windows.",
    ),
}
