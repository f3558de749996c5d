"""Words for conditions that are not a session's status."""

from enum import StrEnum


class PaymentKind(StrEnum):
    """What a payment buys."""

    PLAN = "plan"
    EXTENSION = "extension"


class PaymentStatus(StrEnum):
    """Where the customer's money is."""

    DUE = "due"
    PAID = "paid"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    EXPIRED = "expired"


class ReadinessState(StrEnum):
    """How far one side is on the way into the room."""

    ABSENT = "absent"
    CHECKING = "checking"
    FIXING = "fixing"
    READY = "ready"
    IN_CALL = "in_call"


class PresenceState(StrEnum):
    """What the media server says about one side; `NEVER` before the first join."""

    NEVER = "never"
    PRESENT = "present"
    ABSENT = "absent"


class SettlementState(StrEnum):
    """How far the settlement of a session is."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class WorkState(StrEnum):
    """How far one external effect is."""

    PENDING = "pending"
    DONE = "done"
    REFUSED = "refused"
    NOT_DUE = "not_due"


class FileKind(StrEnum):
    """What a shared file is to the session."""

    FILE = "file"
    SNAPSHOT = "snapshot"


class FileState(StrEnum):
    """Where a shared file is: only a `READY` one is seen by the other side.

    `REFUSED` keeps the reason for whoever sent it; `REMOVING` is over for everybody, and its bytes
    are on their way out of the store.
    """

    RECEIVING = "receiving"
    READY = "ready"
    REFUSED = "refused"
    REMOVING = "removing"
