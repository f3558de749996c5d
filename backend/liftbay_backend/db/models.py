"""Every table of the service under one import. The status rules are triggers, see `db.triggers`.

JSON columns hold wire objects that no query looks into.
"""

from liftbay_backend.db.account_rows import MechanicRow, MechanicTokenRow, RefreshTokenRow, UserRow
from liftbay_backend.db.base import Base
from liftbay_backend.db.call_rows import (
    DiagnosticRow,
    MessageRow,
    NotesRow,
    PreflightReportRow,
    PreflightRunRow,
    PresenceRow,
    QualitySampleRow,
    ReadinessRow,
)
from liftbay_backend.db.money_rows import (
    CrmRecordRow,
    LedgerEntryRow,
    PaymentRow,
    PayoutRow,
    ProviderTransferRow,
    RatingRow,
    SettlementRow,
    UpsellRow,
)
from liftbay_backend.db.session_rows import (
    AccountEventRow,
    CounterRow,
    RequestRow,
    SessionEventRow,
    SessionRow,
)
from liftbay_backend.db.upkeep_rows import ExecutorLeaseRow, IdempotencyKeyRow, WebhookEventRow

__all__ = [
    "AccountEventRow",
    "Base",
    "CounterRow",
    "CrmRecordRow",
    "DiagnosticRow",
    "ExecutorLeaseRow",
    "IdempotencyKeyRow",
    "LedgerEntryRow",
    "MechanicRow",
    "MechanicTokenRow",
    "MessageRow",
    "NotesRow",
    "PaymentRow",
    "PayoutRow",
    "PreflightReportRow",
    "PreflightRunRow",
    "PresenceRow",
    "ProviderTransferRow",
    "QualitySampleRow",
    "RatingRow",
    "ReadinessRow",
    "RefreshTokenRow",
    "RequestRow",
    "SessionEventRow",
    "SessionRow",
    "SettlementRow",
    "UpsellRow",
    "UserRow",
    "WebhookEventRow",
]
