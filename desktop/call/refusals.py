"""Which failures end a call, and as what; which ones are worth another try. Pure tables."""

from __future__ import annotations

from typing import assert_never

from client_api.errors import SIGN_IN_CODES, ClientError, ErrorCode, Refused, Unreachable
from desktop.call.events import DisconnectReason, Failure, JoinFault, ServiceFault
from desktop.call.states import EndReason

_PASSING_CODES = frozenset(
    {
        ErrorCode.SERVER_UNAVAILABLE,
        ErrorCode.SERVER_FAULT,
        ErrorCode.SFU_UNAVAILABLE,
        ErrorCode.RATE_LIMITED,
        ErrorCode.IDEMPOTENCY_RUNNING,
    }
)
_PREFLIGHT_CODES = frozenset({ErrorCode.PREFLIGHT_REQUIRED, ErrorCode.PREFLIGHT_SYNTHETIC_SOURCE})


def end_reason_of_ticket(failure: Failure) -> EndReason:
    """Return how a call ends whose ticket is refused for good."""
    match failure.fault:
        case ServiceFault.UNREACHABLE:
            return EndReason.SERVICE_UNREACHABLE
        case ServiceFault.BROKEN:
            return EndReason.FAULT
        case ServiceFault.REFUSED:
            pass
        case _:
            assert_never(failure.fault)
    if failure.code in SIGN_IN_CODES:
        return EndReason.SIGN_IN_NEEDED
    if failure.code in _PREFLIGHT_CODES:
        return EndReason.PREFLIGHT_NEEDED
    if failure.code is ErrorCode.SESSION_ENDED:
        return EndReason.SESSION_ENDED
    if failure.code is ErrorCode.SFU_UNAVAILABLE:
        return EndReason.ROOM_UNREACHABLE
    return EndReason.SERVICE_REFUSED


def is_passing(failure: Failure) -> bool:
    """Tell whether the same question may get another answer soon (only asked in a rejoin)."""
    match failure.fault:
        # A broken answer is a captive portal or a proxy, which a reconnect often meets.
        case ServiceFault.UNREACHABLE | ServiceFault.BROKEN:
            return True
        case ServiceFault.REFUSED:
            return failure.code in _PASSING_CODES
        case _:
            assert_never(failure.fault)


def end_reason_of_join(fault: JoinFault) -> EndReason:
    """Return how a call ends whose first room did not open."""
    match fault:
        case JoinFault.UNREACHABLE | JoinFault.OTHER | JoinFault.ABANDONED:
            return EndReason.ROOM_UNREACHABLE
        case JoinFault.TIMED_OUT:
            return EndReason.ROOM_TIMED_OUT
        case JoinFault.TOKEN_REFUSED | JoinFault.ROOM_MISSING:
            return EndReason.ROOM_REFUSED
        case _:
            assert_never(fault)


def end_reason_of_disconnect(reason: DisconnectReason) -> EndReason | None:
    """Return how a call ends that the SDK gave up, or None: come back with a new room."""
    match reason:
        case DisconnectReason.DUPLICATE_IDENTITY:
            return EndReason.OPENED_ELSEWHERE
        case DisconnectReason.PARTICIPANT_REMOVED:
            return EndReason.REMOVED
        case (
            DisconnectReason.ROOM_DELETED
            | DisconnectReason.ROOM_CLOSED
            | DisconnectReason.CLIENT_INITIATED
        ):
            return EndReason.ROOM_CLOSED
        case (
            DisconnectReason.UNKNOWN
            | DisconnectReason.SERVER_SHUTDOWN
            | DisconnectReason.SIGNAL_CLOSE
            | DisconnectReason.CONNECTION_TIMEOUT
            | DisconnectReason.MEDIA_FAILURE
            | DisconnectReason.STATE_MISMATCH
            | DisconnectReason.JOIN_FAILURE
            | DisconnectReason.MIGRATION
        ):
            return None
        case _:
            assert_never(reason)


def failure_of(error: ClientError) -> Failure:
    """Turn an error of `client_api` into what the machine understands."""
    match error:
        case Refused():
            return Failure(ServiceFault.REFUSED, error.code, error.report_fault)
        case Unreachable():
            return Failure(ServiceFault.UNREACHABLE)
        case _:
            return Failure(ServiceFault.BROKEN)
