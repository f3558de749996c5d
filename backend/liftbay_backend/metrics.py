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
OPEN_STREAMS: Final = Gauge(
    "liftbay_open_streams", "Event streams that are open", ("stream",), registry=REGISTRY
)
