"""The data of each kind of event; a stream's content type holds one line of JSON an event."""

from typing import Annotated, Literal

from pydantic import Field

from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.domain.states import PresenceState, ReadinessState
from liftbay_backend.openapi.answers.base import Cents, Count, Moment, Seconds, Shape, Uuid
from liftbay_backend.openapi.answers.files import SharedFile
from liftbay_backend.openapi.answers.records import Message
from liftbay_backend.openapi.answers.sessions import Clock, End, OpenRequest, Session, Settlement


class Event(Shape):
    """What every event's data says: when it happened."""

    at: Moment


class StatusEvent(Event):
    """The session moved along its status machine."""

    previous: SessionStatus
    status: SessionStatus


class ClockEvent(Event):
    """The clock has a new revision."""

    clock: Clock


class PresenceEvent(Event):
    """The media server sees somebody come or go."""

    role: Side
    state: PresenceState
    since: Moment
    pauses_at: Moment | None
    absence_left_seconds: Seconds


class ReadinessEvent(Event):
    """One side says how far it is."""

    role: Side
    state: ReadinessState
    rung: Annotated[int, Field(ge=0, le=6)] | None


class MessageEvent(Event):
    """Somebody said something."""

    message: Message


class FileEvent(Event):
    """A file has arrived as a whole."""

    file: SharedFile


class NoteEvent(Event):
    """The notes have a new version."""

    version: Count


class RecordingEvent(Event):
    """One side lets the other record, or takes that back."""

    role: Side
    consents: bool
    may_record: bool


class ExtensionEvent(Event):
    """Paid minutes were added."""

    minutes: Count
    amount_cents: Cents


class EndedEvent(Event):
    """The session is over."""

    status: SessionStatus
    end: End | None


class SettlementEvent(Event):
    """The settlement came one step further."""

    settlement: Settlement


class RequestOpenedEvent(Event):
    """A request can be accepted."""

    request: OpenRequest


class RequestClosedEvent(Event):
    """A request is off the list."""

    request_id: Uuid
    reason: Literal["accepted", "expired", "cancelled"]


class SessionChangedEvent(Event):
    """A session of this account changed; it is shown as it is now."""

    session: Session


class AccountReadinessEvent(ReadinessEvent):
    """One side of one of this account's sessions says how far it is."""

    session_id: Uuid


class AccountSettlementEvent(SettlementEvent):
    """The settlement of one of this account's sessions came one step further."""

    session_id: Uuid


SESSION_EVENTS: dict[str, type[Event]] = {
    "status": StatusEvent,
    "clock": ClockEvent,
    "presence": PresenceEvent,
    "readiness": ReadinessEvent,
    "message": MessageEvent,
    "file": FileEvent,
    "note": NoteEvent,
    "recording": RecordingEvent,
    "extension": ExtensionEvent,
    "ended": EndedEvent,
    "settlement": SettlementEvent,
}
ACCOUNT_EVENTS: dict[str, type[Event]] = {
    "request.opened": RequestOpenedEvent,
    "request.closed": RequestClosedEvent,
    "session.changed": SessionChangedEvent,
    "readiness": AccountReadinessEvent,
    "settlement": AccountSettlementEvent,
}
