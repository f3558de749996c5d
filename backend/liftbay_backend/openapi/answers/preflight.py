"""The service's health, the preflight at the service, and reports for support."""

from typing import Annotated, Literal

from pydantic import Field

from liftbay_backend.openapi.answers.base import Count, Moment, Object, Shape, Uuid

CheckWord = Literal["ok", "down", "unknown"]
ShortCode = Annotated[str, Field(pattern=r"^[0-9A-Z]{4}-[0-9A-Z]{4}$")]
Codes = Annotated[list[str], Field(description="Codes of checks.")]


class HealthChecks(Shape):
    """The parts, as the newest probe found them."""

    database: CheckWord
    sfu: CheckWord


class ServiceHealth(Shape):
    """How the service is, and which client is the oldest that it serves."""

    status: Literal["ok", "degraded"]
    server_now: Moment
    version: str
    min_client_version: str
    allow_synthetic: bool
    checks: HealthChecks


class ReadyService(Shape):
    """Requests can be sent here."""

    status: Literal["ready"]
    checks: HealthChecks


class LimitRule(Shape):
    """A bound of a number: `max` fails at `fail` or above, `min` below it."""

    kind: Literal["max", "min"]
    field: str
    warn: float | None
    fail: float


class TruthRule(Shape):
    """A field must be exactly this."""

    kind: Literal["true", "false"]
    field: str


class NotInRule(Shape):
    """A field must be none of these."""

    kind: Literal["not_in"]
    field: str
    values: list[str]


class AllBelowRule(Shape):
    """Fails when every field is below its limit."""

    kind: Literal["all_below"]
    limits: dict[str, float]


class GateCheckRules(Shape):
    """A gating check: its rules, and the field that passes it whatever they say."""

    no: str
    code: str
    group: str
    deadline_ms: Count
    rules: list[LimitRule | TruthRule | NotInRule | AllBelowRule]
    unless: str | None


class GateTable(Shape):
    """The gating checks and how a verdict follows from what was measured."""

    gate_version: str
    checks: list[GateCheckRules]


class ProbeTokens(Shape):
    """Room tokens of the probe's participants."""

    a: str
    b: str
    join: str
    relay: str


class Probe(Shape):
    """A throw-away room for one run."""

    url: str
    room: str
    tokens: ProbeTokens


class BegunPreflight(Shape):
    """A run; without a sign-in `run_id` and `nonce` are null, and only the probe is given."""

    run_id: Uuid | None
    nonce: str | None
    gate_version: str
    expires_at: Moment
    gate: GateTable
    probe: Probe


class PreflightVerdict(Shape):
    """The service's own verdict about a report, and the code under which support finds it."""

    report_id: Uuid
    short_code: ShortCode
    passed: bool
    blocking: Codes
    arrived_at: Moment
    valid_for_s: Count


class KeptDiagnostic(Shape):
    """Where a report without an account can be found, and until when."""

    code: ShortCode
    arrived_at: Moment
    expires_at: Moment


class BundledFile(Shape):
    """One file of a bundle, unpacked."""

    name: str
    bytes: Count


class SentBundle(Shape):
    """A bundle that somebody sent for a report."""

    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    files: Annotated[list[BundledFile], Field(max_length=5)]
    arrived_at: Moment


class KeptBundle(SentBundle):
    """The same, with its report's code, and until when both are kept."""

    code: ShortCode
    expires_at: Moment


class EarlierFigures(Shape):
    """Figures of an earlier run; null where it has none."""

    rtt_median_ms: float | None
    jitter_ms: float | None
    uplink_kbps: float | None
    downlink_kbps: float | None
    loss_up_percent: float | None
    fps: float | None
    luma_mean: float | None
    voice_dbfs: float | None


class EarlierRun(Shape):
    """An earlier report of the same machine."""

    code: ShortCode
    arrived_at: Moment
    passed: bool
    blocking: Codes
    measured: EarlierFigures


class FoundReport(Shape):
    """A report by its code, beside the machine's earlier ones."""

    code: ShortCode
    kind: Literal["diagnostic", "preflight"]
    arrived_at: Moment
    expires_at: Moment
    passed: bool
    blocking: Codes
    report: Object
    earlier: Annotated[list[EarlierRun], Field(max_length=20)]
    bundle: SentBundle | None


class TakenWebhook(Shape):
    """Whether this was the webhook's first delivery."""

    first: bool
