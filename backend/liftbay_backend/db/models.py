"""Every table of the service under one import. The status rules are triggers, see `db.triggers`.

JSON columns hold wire objects that no query looks into.
"""

from liftbay_backend.db.account_rows import MechanicRow, MechanicTokenRow, RefreshTokenRow, UserRow
from liftbay_backend.db.base import Base
from liftbay_backend.db.call_rows import (
    BundleRow,
    DiagnosticRow,
    MessageRow,
    NotesRow,
    PreflightReportRow,
    PreflightRunRow,
    PresenceRow,
    QualitySampleRow,
    ReadinessRow,
    RecordingConsentRow,
)
from liftbay_backend.db.file_rows import FilePartRow, FileRow
from liftbay_backend.db.money_rows import (
    CrmRecordRow,
    LedgerEntryRow,
    PaymentRow,
    PayoutRow,
    ProviderDisputeRow,
    ProviderRefundRow,
    ProviderTransferRow,
    RatingRow,
    RefundRow,
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
    "BundleRow",
    "CounterRow",
    "CrmRecordRow",
    "DiagnosticRow",
    "ExecutorLeaseRow",
    "FilePartRow",
    "FileRow",
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
    "ProviderDisputeRow",
    "ProviderRefundRow",
    "ProviderTransferRow",
    "QualitySampleRow",
    "RatingRow",
    "ReadinessRow",
    "RecordingConsentRow",
    "RefreshTokenRow",
    "RefundRow",
    "RequestRow",
    "SessionEventRow",
    "SessionRow",
    "SettlementRow",
    "UpsellRow",
    "UserRow",
    "WebhookEventRow",
]
