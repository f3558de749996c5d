"""The page's words of the checks of account and session: title, and remedy where one warns."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

ACCOUNT_ADVICE: Final[dict[str, tuple[object, ...]]] = {
    "account.signed_in": (
        QT_TRANSLATE_NOOP("checks", "You are signed in"),
        QT_TRANSLATE_NOOP("checks", "You are not signed in any more: sign in again."),
    ),
    "session.not_yours": (
        QT_TRANSLATE_NOOP("checks", "The session is yours"),
        QT_TRANSLATE_NOOP(
            "checks",
            "This session belongs to another account: sign in with the account it was booked with.",
        ),
    ),
    "session.ended": (
        QT_TRANSLATE_NOOP("checks", "The session is open"),
        QT_TRANSLATE_NOOP("checks", "This session has ended; the report is in your history."),
    ),
    "session.too_early": (
        QT_TRANSLATE_NOOP("checks", "It is time"),
        QT_TRANSLATE_NOOP("checks", "Starts in {minutes} min: you can test now."),
    ),
    "session.other_device": (
        QT_TRANSLATE_NOOP("checks", "You are not in the call elsewhere"),
        QT_TRANSLATE_NOOP(
            "checks", "You are in this call on another device: joining here ends it there."
        ),
    ),
    "session.other_side": (
        QT_TRANSLATE_NOOP("checks", "The other side"),
        QT_TRANSLATE_NOOP("checks", "The other side is not there yet: wait for them."),
    ),
    "session.report_stale": (
        QT_TRANSLATE_NOOP("checks", "Liftbay takes the result"),
        QT_TRANSLATE_NOOP(
            "checks", "Liftbay did not take the result of these checks: try again in a moment."
        ),
    ),
}

OTHER_SIDE: Final[dict[object, object]] = {
    "absent": QT_TRANSLATE_NOOP("checks", "not here yet"),
    "checking": QT_TRANSLATE_NOOP("checks", "still checking"),
    "fixing": QT_TRANSLATE_NOOP("checks", "fixing something"),
    "ready": QT_TRANSLATE_NOOP("checks", "ready"),
    "in_call": QT_TRANSLATE_NOOP("checks", "in the call"),
}
"""How far the other side is, by what the service calls it; nothing for a state of later."""
