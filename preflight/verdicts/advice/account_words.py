"""The words of the checks of account and session in English, by code. Data only.

Title, when it holds, when it does not, what to do then.
"""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "account.signed_in": (
        "Signed in",
        "Liftbay knows who you are.",
        "You are not signed in any more.",
        "Sign in again.",
    ),
    "session.not_yours": (
        "Your session",
        "The session belongs to this account.",
        "This session belongs to another account.",
        "Sign in with the account it was booked with.",
    ),
    "session.ended": (
        "Session is open",
        "The session has not ended.",
        "This session has ended.",
        "The report is in your history.",
    ),
    "session.too_early": (
        "It is time",
        "The booked time has come.",
        "Starts in {minutes} min.",
        "You can test now.",
    ),
    "session.other_device": (
        "Only here",
        "You are not in this call with another device.",
        "You are in this call on another device.",
        "Joining here ends it there.",
    ),
    "session.other_side": (
        "The other side",
        "How far the other side is, is known.",
        "The other side is not there yet.",
        "Wait for them.",
    ),
    "session.report_stale": (
        "Result counts",
        "Liftbay takes the result of these checks.",
        "Liftbay did not take the result of these checks.",
        "Try again in a moment.",
    ),
}
