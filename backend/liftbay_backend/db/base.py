"""What every table stands on: the metadata, the id types, enums as plain words."""

from datetime import datetime
from enum import Enum
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Integer, String, Table, inspect
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import DeclarativeBase

from liftbay_backend.db.types import UtcDateTime
from liftbay_backend.domain.disputes import DisputeBooking, DisputeOutcome
from liftbay_backend.domain.plans import SessionType
from liftbay_backend.domain.request_fsm import RequestStatus
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.session_clock import ClockState
from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.domain.states import (
    FileKind,
    FileState,
    PaymentKind,
    PaymentStatus,
    PresenceState,
    ReadinessState,
    SettlementState,
    WorkState,
)

Id = String(36)
# SQLite numbers rows by itself only in an INTEGER primary key.
BigId = BigInteger().with_variant(Integer, "sqlite")


def words(kind: type[Enum]) -> SqlEnum:
    """Store an enum by its value as plain text: no native type to migrate."""
    return SqlEnum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=24,
        values_callable=lambda members: [str(member.value) for member in members],
    )


class Base(DeclarativeBase):
    """The metadata that migrations are compared with."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        SessionStatus: words(SessionStatus),
        RequestStatus: words(RequestStatus),
        SessionType: words(SessionType),
        ClockState: words(ClockState),
        Side: words(Side),
        PaymentStatus: words(PaymentStatus),
        PaymentKind: words(PaymentKind),
        PresenceState: words(PresenceState),
        ReadinessState: words(ReadinessState),
        SettlementState: words(SettlementState),
        WorkState: words(WorkState),
        DisputeBooking: words(DisputeBooking),
        DisputeOutcome: words(DisputeOutcome),
        FileKind: words(FileKind),
        FileState: words(FileState),
    }


def table_of(model: type[Base]) -> Table:
    """Return a model's table, for statements that go past the ORM."""
    table = inspect(model).local_table
    assert isinstance(table, Table)
    return table
