"""What the operator can count. Labels are route templates, never paths: ids stay out."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY: Final = CollectorRegistry()

HTTP_REQUESTS: Final = Counter(
    "liftbay_http_requests_total",
    "HTTP requests answered",
    ("method", "route", "status"),
    registry=REGISTRY,
)
HTTP_SECONDS: Final = Histogram(
    "liftbay_http_request_seconds",
    "Time until the answer began",
    ("method", "route"),
    registry=REGISTRY,
)
REQUESTS_IN_HAND: Final = Gauge(
    "liftbay_requests_in_hand", "Requests whose answer has not begun", registry=REGISTRY
)
REFUSED_BUSY: Final = Counter(
    "liftbay_refused_busy_total",
    "Requests refused because too many were in hand: what can wait (later), or anything (all)",
    ("what",),
    registry=REGISTRY,
)
OPEN_STREAMS: Final = Gauge(
    "liftbay_open_streams", "Event streams that are open", ("stream",), registry=REGISTRY
)
DROPPED_STREAMS: Final = Counter(
    "liftbay_dropped_streams_total",
    "Event streams cut off because their reader did not read",
    registry=REGISTRY,
)
WRITE_TRANSACTIONS: Final = Counter(
    "liftbay_write_transactions_total",
    "Write transactions that were committed",
    registry=REGISTRY,
)
SESSIONS: Final = Gauge(
    "liftbay_sessions",
    "Sessions that have not ended, of all instances",
    ("status",),
    registry=REGISTRY,
)
SETTLEMENTS: Final = Gauge(
    "liftbay_settlements",
    "Settlements that are not done, of all instances; failed ones need a person",
    ("state",),
    registry=REGISTRY,
)
OLDEST_SETTLEMENT_SECONDS: Final = Gauge(
    "liftbay_oldest_settlement_seconds",
    "Age of the oldest settlement that is not done; 0 without any",
    registry=REGISTRY,
)
OWED_CENTS: Final = Gauge(
    "liftbay_owed_cents",
    "Money that is owed: payouts to mechanics, refunds to customers",
    ("to", "currency"),
    registry=REGISTRY,
)
PAYMENTS_IN_QUESTION: Final = Gauge(
    "liftbay_payments_in_question",
    "Payments that a person must look at: amount_differs is another than the price, disputed is"
    " taken back by the customer's bank and not decided",
    ("why",),
    registry=REGISTRY,
)
DISPUTED_CENTS: Final = Gauge(
    "liftbay_disputed_cents",
    "Money that chargebacks keep from the operator until they are decided",
    ("currency",),
    registry=REGISTRY,
)
CRM_RECORDS: Final = Gauge(
    "liftbay_crm_records",
    "CRM records that wait for delivery (pending) or were given up (refused)",
    ("state",),
    registry=REGISTRY,
)
INSTANCES_DIFFER: Final = Gauge(
    "liftbay_instances_differ",
    "Other living instances that have a setting otherwise which all must share",
    ("setting",),
    registry=REGISTRY,
)
MEDIA_SERVER_UP: Final = Gauge(
    "liftbay_media_server_up",
    "Whether the media server answered this instance's newest probe; not a number before the first",
    registry=REGISTRY,
)
DATABASE_UP: Final = Gauge(
    "liftbay_database_up", "Whether the figures above could be asked for", registry=REGISTRY
)
