"""The page's words of the advisory checks of screen sharing: title, and remedy where one warns."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

SCREEN_ADVICE: Final[dict[str, tuple[object, ...]]] = {
    "screen.permission": (
        QT_TRANSLATE_NOOP("checks", "The screen may be shared"),
        QT_TRANSLATE_NOOP("checks", "The screen may not be shared yet. A call works without that."),
        "",
        QT_TRANSLATE_NOOP(
            "checks",
            "The screen may not be shared yet. A call works without that; “Open settings” "
            "allows it.",
        ),
    ),
    "screen.black": (
        QT_TRANSLATE_NOOP("checks", "The screen can be captured"),
        QT_TRANSLATE_NOOP(
            "checks", "The screen cannot be captured: close protected video windows."
        ),
    ),
}
