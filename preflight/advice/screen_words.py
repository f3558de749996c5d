"""The words of the checks of screen sharing in English, by code. Data only.

Title, when it holds, when it does not, what to do then.
"""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "screen.permission": (
        "Screen sharing allowed",
        "Liftbay may share the screen.",
        "Screen sharing is not allowed yet.",
        "Allow it in the system's settings.",
    ),
    "screen.black": (
        "Screen can be captured",
        "The screen can be captured.",
        "The screen cannot be captured.",
        "Close protected video windows.",
    ),
}
