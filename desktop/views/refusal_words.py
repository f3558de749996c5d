"""Why the service did not take the result of the checks, in words (A07)."""

from typing import Final

from client_api.errors import ErrorCode, ReportFault
from desktop.viewmodels.preflight_state import JoinRefused
from desktop.viewmodels.trouble import Trouble
from desktop.views.preflight_words import again_words
from desktop.views.texts import trouble_words
from preflight.model import MeasuredValue

CHECKED_AGAIN: Final[dict[str, JoinRefused]] = {
    ReportFault.MISSING.value: JoinRefused.MISSING,
    ReportFault.STALE.value: JoinRefused.STALE,
    ReportFault.FAILED.value: JoinRefused.FAILED,
    ReportFault.UNKNOWN.value: JoinRefused.REPORT,
    # A new run is begun by itself and handed in.
    ErrorCode.PREFLIGHT_NONCE_USED.value: JoinRefused.STALE,
    ErrorCode.PREFLIGHT_RUN_EXPIRED.value: JoinRefused.STALE,
    ErrorCode.PREFLIGHT_RUN_NOT_FOUND.value: JoinRefused.STALE,
}
"""Refusals after which the checks run again by themselves."""
_CODES: Final = {code.value: code for code in ErrorCode}


def refusal_words(why: MeasuredValue) -> str:
    """Return what the person can do about a refusal; empty for a reason that nobody knows.

    Args:
        why: `ReportFault` of a refused join, or `ErrorCode` of a refused report.
    """
    if not isinstance(why, str):
        return ""
    again = CHECKED_AGAIN.get(why)
    if again is not None:
        return again_words(again)
    code = _CODES.get(why)
    if code is None:
        return ""
    words = trouble_words(Trouble(code))
    return f"{words.headline} {words.advice}"
