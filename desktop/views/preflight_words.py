"""The words of the preflight page around its checks; those of the checks are in check_words.py."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.viewmodels.preflight_state import Again, JoinRefused
from preflight.model import CheckedAgain

_CONTEXT: Final = "preflight"

AGAIN: Final[dict[Again, object]] = {
    CheckedAgain.NETWORK_CHANGED: QT_TRANSLATE_NOOP(
        "preflight", "Your network changed: checking it again, one moment."
    ),
    CheckedAgain.REPORT_OLD: QT_TRANSLATE_NOOP(
        "preflight", "Your results are some minutes old: checking the network again, one moment."
    ),
    CheckedAgain.REPORT_NEW: QT_TRANSLATE_NOOP(
        "preflight", "Your results changed: checking the network once more, one moment."
    ),
    JoinRefused.MISSING: QT_TRANSLATE_NOOP(
        "preflight",
        "No results of yours had arrived to join with: checking again, one moment.",
    ),
    JoinRefused.STALE: QT_TRANSLATE_NOOP(
        "preflight",
        "Your last results were too old to join with: checking again, one moment.",
    ),
    JoinRefused.FAILED: QT_TRANSLATE_NOOP(
        "preflight",
        "Your last results did not pass: checking again, one moment.",
    ),
    JoinRefused.REPORT: QT_TRANSLATE_NOOP(
        "preflight",
        "Your last results were too old or not complete to join with: checking again, one moment.",
    ),
    JoinRefused.RETURN: QT_TRANSLATE_NOOP(
        "preflight",
        "Something changed since you were in the call: checking everything once, one moment.",
    ),
    JoinRefused.SYNTHETIC: QT_TRANSLATE_NOOP(
        "preflight",
        "A test picture or test tone cannot be used in a session: choose a real camera and a real "
        "microphone.",
    ),
}


def again_words(again: Again | None) -> str:
    """Return why something is checked again; empty while nothing is."""
    return "" if again is None else QCoreApplication.translate(_CONTEXT, str(AGAIN[again]))
