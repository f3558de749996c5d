"""The one table from codes to words: every error, every end, what happened and what to do.

Words are plain, short, second person; each entry is a headline and advice. Entries are marked
with ``QT_TRANSLATE_NOOP`` for lupdate and translated when they are shown.
"""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from client_api.errors import ErrorCode, UnreachableReason
from client_api.wire import Role, SessionEndReason
from desktop.call.states import EndReason
from desktop.viewmodels.trouble import Trouble, TroubleKind

_CONTEXT: Final = "texts"


@dataclass(frozen=True, slots=True)
class Words:
    """What a person reads: what happened, and what to do next."""

    headline: str
    advice: str


def _noop(headline: object, advice: object) -> Words:
    return Words(str(headline), str(advice))


_FAULT: Final = _noop(
    QT_TRANSLATE_NOOP("texts", "Something went wrong on our side."),
    QT_TRANSLATE_NOOP("texts", "We have logged it. Try again in a moment."),
)
_UPLOAD_AGAIN: Final = _noop(
    QT_TRANSLATE_NOOP("texts", "The file did not arrive as it was sent."),
    QT_TRANSLATE_NOOP("texts", "Send it again."),
)
_RELOAD: Final = QT_TRANSLATE_NOOP("texts", "Go back to the dashboard and try again.")

TROUBLES: Final[dict[TroubleKind, Words]] = {
    UnreachableReason.NO_CONNECTION: _noop(
        QT_TRANSLATE_NOOP("texts", "Liftbay cannot be reached."),
        QT_TRANSLATE_NOOP("texts", "Check your internet connection, then try again."),
    ),
    UnreachableReason.TIMED_OUT: _noop(
        QT_TRANSLATE_NOOP("texts", "Liftbay did not answer in time."),
        QT_TRANSLATE_NOOP("texts", "Your connection may be slow. Try again."),
    ),
    UnreachableReason.CONNECTION_LOST: _noop(
        QT_TRANSLATE_NOOP("texts", "The connection broke off."),
        QT_TRANSLATE_NOOP("texts", "Check your internet connection, then try again."),
    ),
    UnreachableReason.GATEWAY: _noop(
        QT_TRANSLATE_NOOP("texts", "Liftbay is not available right now."),
        QT_TRANSLATE_NOOP("texts", "Your connection is fine. Try again in a minute."),
    ),
    "broken_answer": _noop(
        QT_TRANSLATE_NOOP("texts", "The answer made no sense."),
        QT_TRANSLATE_NOOP(
            "texts", "A sign-in page of your Wi-Fi may be in the way: open a browser and look."
        ),
    ),
    ErrorCode.AUTH_REQUIRED: _noop(
        QT_TRANSLATE_NOOP("texts", "You are not signed in."),
        QT_TRANSLATE_NOOP("texts", "Sign in and try again."),
    ),
    ErrorCode.AUTH_INVALID_CREDENTIALS: _noop(
        QT_TRANSLATE_NOOP("texts", "E-mail or password is wrong."),
        QT_TRANSLATE_NOOP("texts", "Check both, and whether you sign in as customer or mechanic."),
    ),
    ErrorCode.AUTH_EXPIRED: _noop(
        QT_TRANSLATE_NOOP("texts", "Your sign-in has expired."),
        QT_TRANSLATE_NOOP("texts", "Sign in again to go on."),
    ),
    ErrorCode.AUTH_CSRF: _noop(
        QT_TRANSLATE_NOOP("texts", "This sign-in cannot be used here."),
        QT_TRANSLATE_NOOP("texts", "Sign out, then sign in again."),
    ),
    ErrorCode.AUTH_ROLE_REQUIRED: _noop(
        QT_TRANSLATE_NOOP("texts", "This account may not do that."),
        QT_TRANSLATE_NOOP("texts", "Sign in with the account that has the right role."),
    ),
    ErrorCode.AUTH_ACCOUNT_EXISTS: _noop(
        QT_TRANSLATE_NOOP("texts", "There is an account with this e-mail already."),
        QT_TRANSLATE_NOOP("texts", "Sign in instead."),
    ),
    ErrorCode.AUTH_WEAK_PASSWORD: _noop(
        QT_TRANSLATE_NOOP("texts", "This password is too easy to guess."),
        QT_TRANSLATE_NOOP("texts", "Choose a longer one."),
    ),
    ErrorCode.AUTH_CONFIRMATION_DUE: _noop(
        QT_TRANSLATE_NOOP("texts", "Your e-mail is not confirmed yet."),
        QT_TRANSLATE_NOOP("texts", "Open the link in the mail we sent you, then sign in."),
    ),
    ErrorCode.REQUEST_NOT_FOUND: _noop(
        QT_TRANSLATE_NOOP("texts", "This request does not exist."),
        QT_TRANSLATE_NOOP("texts", "Choose another one from the list."),
    ),
    ErrorCode.REQUEST_ALREADY_ACCEPTED: _noop(
        QT_TRANSLATE_NOOP("texts", "Another mechanic was faster."),
        QT_TRANSLATE_NOOP("texts", "Choose another request."),
    ),
    ErrorCode.REQUEST_CLOSED: _noop(
        QT_TRANSLATE_NOOP("texts", "This request is no longer open."),
        QT_TRANSLATE_NOOP("texts", "Choose another request."),
    ),
    ErrorCode.SESSION_NOT_FOUND: _noop(
        QT_TRANSLATE_NOOP("texts", "There is no such session."),
        QT_TRANSLATE_NOOP("texts", "Choose one from your dashboard."),
    ),
    ErrorCode.SESSION_NOT_VIDEO: _noop(
        QT_TRANSLATE_NOOP("texts", "This is a chat session."),
        QT_TRANSLATE_NOOP("texts", "Open it on the Liftbay website."),
    ),
    ErrorCode.SESSION_NOT_PARTICIPANT: _noop(
        QT_TRANSLATE_NOOP("texts", "This session belongs to somebody else."),
        QT_TRANSLATE_NOOP("texts", "Sign in with the account it was booked with."),
    ),
    ErrorCode.SESSION_ENDED: _noop(
        QT_TRANSLATE_NOOP("texts", "This session has ended."),
        QT_TRANSLATE_NOOP("texts", "Its summary is on your dashboard."),
    ),
    ErrorCode.SESSION_ILLEGAL_TRANSITION: _noop(
        QT_TRANSLATE_NOOP("texts", "The session has moved on meanwhile."),
        _RELOAD,
    ),
    ErrorCode.SESSION_NOT_BOTH_PRESENT: _noop(
        QT_TRANSLATE_NOOP("texts", "The session starts when both of you are in the room."),
        QT_TRANSLATE_NOOP("texts", "Wait for the other side; no paid time passes."),
    ),
    ErrorCode.SESSION_NOT_ENDED: _noop(
        QT_TRANSLATE_NOOP("texts", "The session is still running."),
        QT_TRANSLATE_NOOP("texts", "This is possible once it has ended."),
    ),
    ErrorCode.SESSION_NOT_JOINABLE: _noop(
        QT_TRANSLATE_NOOP("texts", "This session cannot be joined yet."),
        QT_TRANSLATE_NOOP("texts", "Join it when a mechanic has accepted it."),
    ),
    ErrorCode.SESSION_NOT_LIVE: _noop(
        QT_TRANSLATE_NOOP("texts", "The session is not running."),
        QT_TRANSLATE_NOOP("texts", "This is possible while it runs."),
    ),
    ErrorCode.PREFLIGHT_REQUIRED: _noop(
        QT_TRANSLATE_NOOP("texts", "The check of your set-up is missing or too old."),
        QT_TRANSLATE_NOOP("texts", "Run it again, then join."),
    ),
    ErrorCode.PREFLIGHT_SYNTHETIC_SOURCE: _noop(
        QT_TRANSLATE_NOOP("texts", "A test picture or test tone cannot be used in a session."),
        QT_TRANSLATE_NOOP("texts", "Choose a real camera and a real microphone."),
    ),
    ErrorCode.HANDOVER_FAILED: _noop(
        QT_TRANSLATE_NOOP("texts", "Your camera or microphone was gone when the call began."),
        QT_TRANSLATE_NOOP("texts", "Check that both are plugged in, try again, then join."),
    ),
    ErrorCode.DIAGNOSTIC_CODE_WRONG: _noop(
        QT_TRANSLATE_NOOP("texts", "That is no code of a report."),
        QT_TRANSLATE_NOOP("texts", "Ask for it again and type what you hear."),
    ),
    ErrorCode.DIAGNOSTIC_NOT_FOUND: _noop(
        QT_TRANSLATE_NOOP("texts", "There is no report under this code."),
        QT_TRANSLATE_NOOP("texts", "Reports are kept for 30 days: ask for a new one."),
    ),
    ErrorCode.DIAGNOSTIC_BUNDLE_REFUSED: _noop(
        QT_TRANSLATE_NOOP("texts", "The service does not take this file."),
        QT_TRANSLATE_NOOP("texts", "Make a new one and send it without a change."),
    ),
    ErrorCode.PREFLIGHT_RUN_NOT_FOUND: _noop(
        QT_TRANSLATE_NOOP("texts", "This check is not known any more."),
        QT_TRANSLATE_NOOP("texts", "Run it again."),
    ),
    ErrorCode.PREFLIGHT_NONCE_USED: _noop(
        QT_TRANSLATE_NOOP("texts", "This check was handed in already."),
        QT_TRANSLATE_NOOP("texts", "Run it again."),
    ),
    ErrorCode.PREFLIGHT_RUN_EXPIRED: _noop(
        QT_TRANSLATE_NOOP("texts", "This check is too old."),
        QT_TRANSLATE_NOOP("texts", "Run it again."),
    ),
    ErrorCode.PREFLIGHT_INCOMPLETE: _noop(
        QT_TRANSLATE_NOOP("texts", "The check of your set-up is not complete."),
        QT_TRANSLATE_NOOP("texts", "Run it again and let it finish."),
    ),
    ErrorCode.PLAN_NOT_FOUND: _noop(
        QT_TRANSLATE_NOOP("texts", "This plan is not offered any more."),
        QT_TRANSLATE_NOOP("texts", "Choose another plan."),
    ),
    ErrorCode.EXTENSION_NOT_FOUND: _noop(
        QT_TRANSLATE_NOOP("texts", "This extension is not offered any more."),
        QT_TRANSLATE_NOOP("texts", "Choose another extension."),
    ),
    ErrorCode.REFUND_TOO_MUCH: _noop(
        QT_TRANSLATE_NOOP("texts", "That is more than is left of what was paid."),
        QT_TRANSLATE_NOOP("texts", "Choose a smaller amount."),
    ),
    ErrorCode.REQUEST_INVALID: _noop(
        QT_TRANSLATE_NOOP("texts", "Something in the form was not accepted."),
        QT_TRANSLATE_NOOP("texts", "Check what you entered and try again."),
    ),
    ErrorCode.FILE_NOT_FOUND: _noop(
        QT_TRANSLATE_NOOP("texts", "There is no such file."),
        QT_TRANSLATE_NOOP("texts", "It was called off, or it is no longer kept."),
    ),
    ErrorCode.FILE_NAME_REFUSED: _noop(
        QT_TRANSLATE_NOOP("texts", "A file cannot be sent under this name."),
        QT_TRANSLATE_NOOP("texts", "Give it a short, plain name and send it again."),
    ),
    ErrorCode.FILE_TYPE_REFUSED: _noop(
        QT_TRANSLATE_NOOP("texts", "This type of file cannot be sent."),
        QT_TRANSLATE_NOOP("texts", "Send a picture, a video, a sound, a PDF or plain text."),
    ),
    ErrorCode.FILE_TOO_LARGE: _noop(
        QT_TRANSLATE_NOOP("texts", "The file is too large."),
        QT_TRANSLATE_NOOP("texts", "Send a shorter video or a smaller picture."),
    ),
    ErrorCode.FILE_LIMIT_REACHED: _noop(
        QT_TRANSLATE_NOOP("texts", "This session can take no more files."),
        QT_TRANSLATE_NOOP("texts", "Show it in the call instead."),
    ),
    ErrorCode.FILE_OFFSET_CONFLICT: _UPLOAD_AGAIN,
    ErrorCode.FILE_TAKEN_OVER: _UPLOAD_AGAIN,
    ErrorCode.FILE_CHECKSUM_MISMATCH: _UPLOAD_AGAIN,
    ErrorCode.FILE_INCOMPLETE: _noop(
        QT_TRANSLATE_NOOP("texts", "The file has not arrived completely."),
        QT_TRANSLATE_NOOP("texts", "Wait until it has been sent."),
    ),
    ErrorCode.FILE_RANGE_UNSATISFIABLE: _FAULT,
    ErrorCode.FILE_STORE_UNAVAILABLE: _noop(
        QT_TRANSLATE_NOOP("texts", "Files cannot be kept or fetched right now."),
        QT_TRANSLATE_NOOP("texts", "The call goes on. Try again in a minute."),
    ),
    ErrorCode.FILE_VERSION_UNSUPPORTED: _FAULT,
    ErrorCode.IDEMPOTENCY_BODY_DIFFERS: _noop(
        QT_TRANSLATE_NOOP("texts", "The same thing was sent twice with different content."),
        _RELOAD,
    ),
    ErrorCode.IDEMPOTENCY_RUNNING: _noop(
        QT_TRANSLATE_NOOP("texts", "This is being done already."),
        QT_TRANSLATE_NOOP("texts", "Wait a moment."),
    ),
    ErrorCode.NOTES_VERSION_CONFLICT: _noop(
        QT_TRANSLATE_NOOP("texts", "The notes were changed elsewhere."),
        QT_TRANSLATE_NOOP("texts", "Look at the newer version and enter your change again."),
    ),
    ErrorCode.NOTES_VERSION_REQUIRED: _noop(
        QT_TRANSLATE_NOOP("texts", "The notes could not be saved."),
        QT_TRANSLATE_NOOP("texts", "Change them once more to save them."),
    ),
    ErrorCode.RATE_LIMITED: _noop(
        QT_TRANSLATE_NOOP("texts", "Too many tries."),
        QT_TRANSLATE_NOOP("texts", "Wait a minute, then try again."),
    ),
    ErrorCode.HTTP_NOT_FOUND: _noop(
        QT_TRANSLATE_NOOP("texts", "The service does not know this."),
        QT_TRANSLATE_NOOP("texts", "Update Liftbay to the newest version."),
    ),
    ErrorCode.HTTP_METHOD_NOT_ALLOWED: _noop(
        QT_TRANSLATE_NOOP("texts", "The service does not do this."),
        QT_TRANSLATE_NOOP("texts", "Update Liftbay to the newest version."),
    ),
    ErrorCode.HTTP_TOO_LARGE: _noop(
        QT_TRANSLATE_NOOP("texts", "That is too large to send."),
        QT_TRANSLATE_NOOP("texts", "Send something smaller."),
    ),
    ErrorCode.HTTP_UNSUPPORTED_TYPE: _noop(
        QT_TRANSLATE_NOOP("texts", "This kind of file cannot be sent."),
        QT_TRANSLATE_NOOP("texts", "Choose a picture, a video or a PDF."),
    ),
    ErrorCode.SERVER_FAULT: _FAULT,
    ErrorCode.SERVER_UNAVAILABLE: _noop(
        QT_TRANSLATE_NOOP("texts", "Liftbay is not ready right now."),
        QT_TRANSLATE_NOOP("texts", "Your connection is fine. Try again in a minute."),
    ),
    ErrorCode.SFU_UNAVAILABLE: _noop(
        QT_TRANSLATE_NOOP("texts", "The call server does not answer."),
        QT_TRANSLATE_NOOP("texts", "Your connection is fine. Try again in a minute."),
    ),
    ErrorCode.WEBHOOK_BAD_SIGNATURE: _FAULT,
    ErrorCode.HOST_OUTDATED: _noop(
        QT_TRANSLATE_NOOP("texts", "This version of Liftbay is too old for the service."),
        QT_TRANSLATE_NOOP("texts", "Close Liftbay, install the newest version and start it again."),
    ),
    ErrorCode.UNKNOWN: _noop(
        QT_TRANSLATE_NOOP("texts", "The service refused this."),
        QT_TRANSLATE_NOOP("texts", "Update Liftbay; if it stays, tell support the code below."),
    ),
}

CALL_ENDS: Final[dict[EndReason, Words]] = {
    EndReason.USER_LEFT: _noop(
        QT_TRANSLATE_NOOP("texts", "You left the call."),
        QT_TRANSLATE_NOOP("texts", "The session goes on. Return to it from your dashboard."),
    ),
    EndReason.SESSION_ENDED: _noop(
        QT_TRANSLATE_NOOP("texts", "The session has ended."),
        QT_TRANSLATE_NOOP("texts", "Its summary is ready."),
    ),
    EndReason.WINDOW_CLOSED: _noop(
        QT_TRANSLATE_NOOP("texts", "The window was closed."),
        QT_TRANSLATE_NOOP("texts", "Open your dashboard to see how the session stands."),
    ),
    EndReason.OPENED_ELSEWHERE: _noop(
        QT_TRANSLATE_NOOP("texts", "You joined from another window or machine."),
        QT_TRANSLATE_NOOP("texts", "The call goes on there. Return here from your dashboard."),
    ),
    EndReason.REMOVED: _noop(
        QT_TRANSLATE_NOOP("texts", "You were taken out of the room."),
        QT_TRANSLATE_NOOP("texts", "Look at your dashboard; the session may have ended."),
    ),
    EndReason.ROOM_CLOSED: _noop(
        QT_TRANSLATE_NOOP("texts", "The room was closed."),
        QT_TRANSLATE_NOOP("texts", "Look at your dashboard; the session may have ended."),
    ),
    EndReason.CONNECTION_LOST: _noop(
        QT_TRANSLATE_NOOP("texts", "Your connection stayed away too long."),
        QT_TRANSLATE_NOOP("texts", "Check your network, then return from your dashboard."),
    ),
    EndReason.ROOM_UNREACHABLE: _noop(
        QT_TRANSLATE_NOOP("texts", "The call server does not answer."),
        QT_TRANSLATE_NOOP("texts", "Try again in a minute. No paid time passes."),
    ),
    EndReason.ROOM_TIMED_OUT: _noop(
        QT_TRANSLATE_NOOP("texts", "Picture and sound found no way through your network."),
        QT_TRANSLATE_NOOP("texts", "A firewall or VPN may block them. Try another network."),
    ),
    EndReason.ROOM_REFUSED: _noop(
        QT_TRANSLATE_NOOP("texts", "The call server did not let you in."),
        QT_TRANSLATE_NOOP("texts", "Go back to the dashboard and join again."),
    ),
    EndReason.SERVICE_UNREACHABLE: _noop(
        QT_TRANSLATE_NOOP("texts", "Liftbay cannot be reached."),
        QT_TRANSLATE_NOOP("texts", "Check your internet connection, then join again."),
    ),
    EndReason.SERVICE_REFUSED: _noop(
        QT_TRANSLATE_NOOP("texts", "You cannot join this session."),
        QT_TRANSLATE_NOOP("texts", "Look at your dashboard for how it stands."),
    ),
    EndReason.SIGN_IN_NEEDED: _noop(
        QT_TRANSLATE_NOOP("texts", "Your sign-in has expired."),
        QT_TRANSLATE_NOOP("texts", "Sign in again, then return to the call."),
    ),
    EndReason.PREFLIGHT_NEEDED: _noop(
        QT_TRANSLATE_NOOP("texts", "The check of your set-up is missing or too old."),
        QT_TRANSLATE_NOOP("texts", "Run it again, then join."),
    ),
    EndReason.FAULT: _FAULT,
}

SESSION_ENDS: Final[dict[SessionEndReason, str]] = {
    SessionEndReason.ENDED_BY_CUSTOMER: str(QT_TRANSLATE_NOOP("texts", "ended by the customer")),
    SessionEndReason.ENDED_BY_MECHANIC: str(QT_TRANSLATE_NOOP("texts", "ended by the mechanic")),
    SessionEndReason.WINDOW_CLOSED: str(QT_TRANSLATE_NOOP("texts", "ended by closing the window")),
    SessionEndReason.TIME_UP: str(QT_TRANSLATE_NOOP("texts", "ended when the time was up")),
    SessionEndReason.ABANDONED: str(
        QT_TRANSLATE_NOOP("texts", "ended because one side stayed away")
    ),
    SessionEndReason.CANCELLED: str(QT_TRANSLATE_NOOP("texts", "cancelled before the start")),
    SessionEndReason.EXPIRED: str(QT_TRANSLATE_NOOP("texts", "not started in time")),
    SessionEndReason.UNATTENDED: str(QT_TRANSLATE_NOOP("texts", "no mechanic was free")),
    SessionEndReason.UNKNOWN: str(QT_TRANSLATE_NOOP("texts", "ended")),
}
_ENDED_BY_ME: Final = str(QT_TRANSLATE_NOOP("texts", "ended by you"))
_MY_END: Final = {
    Role.CUSTOMER: SessionEndReason.ENDED_BY_CUSTOMER,
    Role.MECHANIC: SessionEndReason.ENDED_BY_MECHANIC,
}


def trouble_words(trouble: Trouble) -> Words:
    """Return the words for a failure, translated."""
    return _translated(TROUBLES[trouble.kind])


def trouble_code(trouble: Trouble) -> str:
    """Return what support needs to find the failure: the code and, if known, the reference."""
    return " · ".join(filter(None, (str(trouble.kind), trouble.reference)))


def call_end_words(reason: EndReason) -> Words:
    """Return the words for the end of a call, translated."""
    return _translated(CALL_ENDS[reason])


def session_end_words(reason: SessionEndReason, my_role: Role) -> str:
    """Return how a session ended, as a part of a sentence, translated."""
    words = _ENDED_BY_ME if _MY_END.get(my_role) is reason else SESSION_ENDS[reason]
    return QCoreApplication.translate(_CONTEXT, words)


def _translated(words: Words) -> Words:
    return Words(
        QCoreApplication.translate(_CONTEXT, words.headline),
        QCoreApplication.translate(_CONTEXT, words.advice),
    )
