"""Why a call of the service did not bring what was asked for.

    ClientError
    ├── Refused        the service answered and said no: look at `code`
    ├── Unreachable    no answer came, so nobody knows whether it happened: send it again
    └── BrokenAnswer   an answer came that does not keep to the contract

The class says what a caller can do, the code says which case. `detail` is for logs; words for
people come from one table in `desktop/views/texts.py`. No error carries a token, a cookie or a
body.

Contract: tests/contract/errors.json, tests/contract/problem.json
"""

from __future__ import annotations

from enum import StrEnum

from client_api.wire import Problem


class ErrorCode(StrEnum):
    """Every code of the contract, those of the sign-in library, our own, and `UNKNOWN`."""

    AUTH_REQUIRED = "auth.required"
    AUTH_INVALID_CREDENTIALS = "auth.invalid_credentials"
    AUTH_EXPIRED = "auth.expired"
    AUTH_CSRF = "auth.csrf"
    AUTH_ROLE_REQUIRED = "auth.role_required"
    REQUEST_NOT_FOUND = "request.not_found"
    REQUEST_ALREADY_ACCEPTED = "request.already_accepted"
    REQUEST_CLOSED = "request.closed"
    SESSION_NOT_FOUND = "session.not_found"
    SESSION_NOT_VIDEO = "session.not_video"
    SESSION_NOT_PARTICIPANT = "session.not_participant"
    SESSION_ENDED = "session.ended"
    SESSION_ILLEGAL_TRANSITION = "session.illegal_transition"
    SESSION_NOT_BOTH_PRESENT = "session.not_both_present"
    SESSION_NOT_ENDED = "session.not_ended"
    SESSION_NOT_JOINABLE = "session.not_joinable"
    SESSION_NOT_LIVE = "session.not_live"
    PREFLIGHT_REQUIRED = "preflight.required"
    PREFLIGHT_SYNTHETIC_SOURCE = "preflight.synthetic_source"
    DIAGNOSTIC_CODE_WRONG = "diagnostic.code_wrong"
    DIAGNOSTIC_NOT_FOUND = "diagnostic.not_found"
    DIAGNOSTIC_BUNDLE_REFUSED = "diagnostic.bundle_refused"
    PREFLIGHT_RUN_NOT_FOUND = "preflight.run_not_found"
    PREFLIGHT_NONCE_USED = "preflight.nonce_used"
    PREFLIGHT_RUN_EXPIRED = "preflight.run_expired"
    PREFLIGHT_INCOMPLETE = "preflight.incomplete"
    PLAN_NOT_FOUND = "plan.not_found"
    EXTENSION_NOT_FOUND = "extension.not_found"
    REFUND_TOO_MUCH = "refund.too_much"
    REQUEST_INVALID = "request.invalid"
    FILE_NOT_FOUND = "file.not_found"
    FILE_NAME_REFUSED = "file.name_refused"
    FILE_TYPE_REFUSED = "file.type_refused"
    FILE_TOO_LARGE = "file.too_large"
    FILE_LIMIT_REACHED = "file.limit_reached"
    FILE_OFFSET_CONFLICT = "file.offset_conflict"
    FILE_TAKEN_OVER = "file.taken_over"
    FILE_CHECKSUM_MISMATCH = "file.checksum_mismatch"
    FILE_INCOMPLETE = "file.incomplete"
    FILE_RANGE_UNSATISFIABLE = "file.range_unsatisfiable"
    FILE_STORE_UNAVAILABLE = "file.store_unavailable"
    FILE_VERSION_UNSUPPORTED = "file.version_unsupported"
    IDEMPOTENCY_BODY_DIFFERS = "idempotency.body_differs"
    IDEMPOTENCY_RUNNING = "idempotency.running"
    NOTES_VERSION_CONFLICT = "notes.version_conflict"
    NOTES_VERSION_REQUIRED = "notes.version_required"
    RATE_LIMITED = "rate.limited"
    HTTP_NOT_FOUND = "http.not_found"
    HTTP_METHOD_NOT_ALLOWED = "http.method_not_allowed"
    HTTP_TOO_LARGE = "http.too_large"
    HTTP_UNSUPPORTED_TYPE = "http.unsupported_type"
    SERVER_FAULT = "server.fault"
    SERVER_UNAVAILABLE = "server.unavailable"
    SFU_UNAVAILABLE = "sfu.unavailable"
    WEBHOOK_BAD_SIGNATURE = "webhook.bad_signature"
    # Said by Supabase Auth at sign-up, not by our contract's error list.
    AUTH_ACCOUNT_EXISTS = "auth.account_exists"
    AUTH_WEAK_PASSWORD = "auth.weak_password"  # noqa: S105 - an error code, no password
    AUTH_CONFIRMATION_DUE = "auth.confirmation_due"
    # Said by this client itself, before it asks for what would be refused later and dearer.
    HOST_OUTDATED = "host.outdated"
    # Said by this client itself: what passed was gone at the moment of joining.
    HANDOVER_FAILED = "preflight.handover_failed"
    UNKNOWN = "unknown"


CLIENT_SIDE_CODES = frozenset(
    {
        ErrorCode.AUTH_ACCOUNT_EXISTS,
        ErrorCode.AUTH_WEAK_PASSWORD,
        ErrorCode.AUTH_CONFIRMATION_DUE,
        ErrorCode.HOST_OUTDATED,
        ErrorCode.HANDOVER_FAILED,
        ErrorCode.UNKNOWN,
    }
)
"""Codes that errors.json does not hold."""

SIGN_IN_CODES = frozenset({ErrorCode.AUTH_REQUIRED, ErrorCode.AUTH_EXPIRED})
"""The service does not know who asks: sign in again."""


class ReportFault(StrEnum):
    """Why a preflight report was not taken, with `ErrorCode.PREFLIGHT_REQUIRED`."""

    MISSING = "missing"
    STALE = "stale"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """A reason this client does not know, or none."""


class UnreachableReason(StrEnum):
    """In which way no answer came."""

    NO_CONNECTION = "no_connection"
    TIMED_OUT = "timed_out"
    CONNECTION_LOST = "connection_lost"
    GATEWAY = "gateway"
    """A machine in between answered for a service that it could not reach."""


class ClientError(Exception):
    """The root: catching it catches whatever `client_api` raises on purpose."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Refused(ClientError):
    """The service answered and said no. Asking the same again brings the same answer.

    Attributes:
        code: which case; `ErrorCode.UNKNOWN` for a code this client does not know.
        problem: the whole answer, with ``reason`` and ``blocking`` for a preflight.
        retry_after_s: how long the service asks to wait, where it does.
    """

    def __init__(self, problem: Problem, *, retry_after_s: float | None = None) -> None:
        super().__init__(f"{problem.status} {problem.code}: {problem.detail or problem.title}")
        self.code = error_code(problem.code)
        self.problem = problem
        self.retry_after_s = retry_after_s

    @property
    def report_fault(self) -> ReportFault | None:
        """Why the preflight report was not taken; None where this is about something else."""
        if self.code is not ErrorCode.PREFLIGHT_REQUIRED:
            return None
        try:
            return ReportFault(self.problem.reason or "")
        except ValueError:
            return ReportFault.UNKNOWN


class Unreachable(ClientError):
    """No answer came. Whether the service did it is unknown: repeat with the same key."""

    def __init__(
        self, reason: UnreachableReason, detail: str, *, retry_after_s: float | None = None
    ) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.retry_after_s = retry_after_s


class BrokenAnswer(ClientError):
    """The answer does not keep to the contract, e.g. the page of a captive portal."""


def error_code(code: str) -> ErrorCode:
    """Return the member for a code on the wire, `UNKNOWN` for one we do not know."""
    try:
        return ErrorCode(code)
    except ValueError:
        return ErrorCode.UNKNOWN
