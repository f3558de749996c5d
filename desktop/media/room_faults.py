"""Sorts the SDK's words for "did not work" into the call's own."""

from livekit import rtc

from desktop.call.events import DisconnectReason, JoinFault

_TEXTS: tuple[tuple[JoinFault, tuple[str, ...]], ...] = (
    (JoinFault.TOKEN_REFUSED, ("401", "unauthorized", "403", "forbidden")),
    (JoinFault.ROOM_MISSING, ("404", "does not exist")),
    (JoinFault.TIMED_OUT, ("wait_pc_connection", "peer connection", "ice ")),
    (
        JoinFault.UNREACHABLE,
        (
            "refused",
            "dns",
            "resolve",
            "unreachable",
            "timed out",
            "timeout",
            "reset",
            "io error",
            "ws failure",
            "502",
            "503",
            "504",
        ),
    ),
)

_REASONS: dict[int, DisconnectReason] = {
    rtc.DisconnectReason.CLIENT_INITIATED: DisconnectReason.CLIENT_INITIATED,
    rtc.DisconnectReason.DUPLICATE_IDENTITY: DisconnectReason.DUPLICATE_IDENTITY,
    rtc.DisconnectReason.SERVER_SHUTDOWN: DisconnectReason.SERVER_SHUTDOWN,
    rtc.DisconnectReason.PARTICIPANT_REMOVED: DisconnectReason.PARTICIPANT_REMOVED,
    rtc.DisconnectReason.ROOM_DELETED: DisconnectReason.ROOM_DELETED,
    rtc.DisconnectReason.STATE_MISMATCH: DisconnectReason.STATE_MISMATCH,
    rtc.DisconnectReason.JOIN_FAILURE: DisconnectReason.JOIN_FAILURE,
    rtc.DisconnectReason.MIGRATION: DisconnectReason.MIGRATION,
    rtc.DisconnectReason.SIGNAL_CLOSE: DisconnectReason.SIGNAL_CLOSE,
    rtc.DisconnectReason.ROOM_CLOSED: DisconnectReason.ROOM_CLOSED,
    rtc.DisconnectReason.CONNECTION_TIMEOUT: DisconnectReason.CONNECTION_TIMEOUT,
    rtc.DisconnectReason.MEDIA_FAILURE: DisconnectReason.MEDIA_FAILURE,
}


def join_fault(text: str) -> JoinFault:
    """Sort the text of a failed connect; the SDK has no codes.

    The text may quote a token: it is only looked at here, log ``sdk_log.redact`` of it.
    """
    # What follows the status line can hold a token, in which any digits may stand.
    head = text.split("invalid token")[0].lower()
    for fault, parts in _TEXTS:
        if any(part in head for part in parts):
            return fault
    return JoinFault.OTHER


def disconnect_reason(number: int) -> DisconnectReason:
    """Translate LiveKit's number; an unheard one is `UNKNOWN`, which a call tries to repair."""
    return _REASONS.get(number, DisconnectReason.UNKNOWN)
