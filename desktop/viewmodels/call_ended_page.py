"""What stands where the call was when it ended otherwise than by its session's end. Pure."""

from dataclasses import dataclass

from client_api.errors import ErrorCode
from client_api.wire import SessionId
from desktop.call.states import EndReason
from desktop.viewmodels.command import Command
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.shell import CallEnd, Shell

FOR_GOOD = frozenset(
    {EndReason.OPENED_ELSEWHERE, EndReason.REMOVED, EndReason.ROOM_CLOSED, EndReason.SESSION_ENDED}
)
"""Ends after which joining again is not what helps."""


@dataclass(frozen=True, slots=True)
class CallEndedState:
    """Why the call is over, and what can be done.

    Attributes:
        code: the service's refusal, for support; None where there was none.
        again: open the preflight once more; None where that is of no use.
    """

    reason: EndReason
    code: ErrorCode | None
    back: Command
    again: Command | None


class CallEndedPage:
    """Offers the way back. The session itself goes on without us, and its clock is fair."""

    def __init__(self, shell: Shell, session: SessionId, end: CallEnd) -> None:
        self.state: Observable[CallEndedState] = Observable(
            CallEndedState(
                reason=end.reason,
                code=None if end.code is ErrorCode.UNKNOWN else end.code,
                back=shell.go_dashboard,
                again=None if end.reason in FOR_GOOD else lambda: shell.go_preflight(session),
            )
        )
