"""The one table of what each route answers: a row by method and path.

A row names the shapes of success, their examples in the contract, and the refusals of the use case.
What every route has (413, 500), what its dependencies refuse with (401, 403, 404, the idempotency
key) and that its input can be wrong (422) is derived. A route without a row fails the tests.
"""

from collections.abc import Mapping
from typing import Final

from liftbay_backend.openapi.answers import accounts, money, preflight, records, sessions
from liftbay_backend.openapi.answers.streams import ACCOUNT_EVENTS, SESSION_EVENTS
from liftbay_backend.openapi.derived import (
    BEARER,
    CLIENT_HEADER,
    MECHANIC_COOKIE,
    REFRESH_COOKIE,
    STRIPE_SIGNATURE,
    WEBHOOK_SIGNATURE,
)
from liftbay_backend.openapi.file_rows import FILE_ROWS
from liftbay_backend.openapi.rows import BINARY, JSON, Answer, Row, nothing, says
from liftbay_backend.problems import ErrorCode as E
from liftbay_backend.routers.auth import PasswordBody, RefreshBody
from liftbay_backend.services.sign_in import AuthFault as A

EVENT_STREAM: Final = "text/event-stream"
_STREAM_REFUSALS: Final = (E.RATE_LIMITED, E.REQUEST_INVALID)
_SESSION: Final = "/api/sessions/{session_id}"
_ETAG: Final = {"ETag": "The notes' version, for If-Match."}
_COOKIES: Final = {"Set-Cookie": "aad_mech and aad_mech_refresh: HttpOnly, SameSite=Strict."}
_TOKEN_HOLDER: Final = ({BEARER: list[str]()},)
_LOOKED_AT: Final = (
    A.NO_AUTHORIZATION,
    A.BAD_JWT,
    A.SESSION_EXPIRED,
    A.SESSION_NOT_FOUND,
    A.NOT_SERVED,
)

ROWS: Final[Mapping[tuple[str, str], Row]] = {
    # The service itself.
    ("GET", "/api/health"): Row(
        says(preflight.ServiceHealth, "health", headers={"Server-Timing": "app;dur=milliseconds"}),
        uses_database=False,
    ),
    ("GET", "/api/ready"): Row(
        says(preflight.ReadyService), (E.SERVER_UNAVAILABLE,), uses_database=False
    ),
    ("GET", "/portal-check"): Row(
        (Answer(200, {"text/plain": {"type": "string", "const": "liftbay-portal-check\n"}}),),
        (E.RATE_LIMITED,),
        uses_database=False,
    ),
    ("POST", "/api/livekit/webhook"): Row(
        says(preflight.TakenWebhook),
        (E.WEBHOOK_BAD_SIGNATURE,),
        body={"application/webhook+json": {"type": "object"}},
        proofs=({WEBHOOK_SIGNATURE: []},),
    ),
    ("POST", "/api/stripe/webhook"): Row(
        says(preflight.TakenWebhook),
        (E.WEBHOOK_BAD_SIGNATURE,),
        body={JSON: {"type": "object"}},
        proofs=({STRIPE_SIGNATURE: []},),
    ),
    # Sign-in.
    ("POST", "/auth/v1/signup"): Row(
        says(accounts.SupabaseSession),
        faults=(
            A.USER_ALREADY_EXISTS,
            A.WEAK_PASSWORD,
            A.EMAIL_INVALID,
            A.VALIDATION_FAILED,
            A.RATE_LIMITED,
            A.NOT_SERVED,
        ),
    ),
    ("POST", "/auth/v1/token"): Row(
        says(accounts.SupabaseSession),
        faults=(
            A.INVALID_CREDENTIALS,
            A.REFRESH_TOKEN_NOT_FOUND,
            A.VALIDATION_FAILED,
            A.RATE_LIMITED,
            A.NOT_SERVED,
        ),
        body={JSON: (PasswordBody, RefreshBody)},
    ),
    ("GET", "/auth/v1/user"): Row(
        says(accounts.SupabaseUser), faults=_LOOKED_AT, proofs=_TOKEN_HOLDER
    ),
    ("POST", "/auth/v1/logout"): Row(nothing(), faults=_LOOKED_AT, proofs=_TOKEN_HOLDER),
    ("POST", "/auth/v1/otp"): Row((), faults=(A.OTP_DISABLED, A.NOT_SERVED)),
    ("POST", "/auth/v1/verify"): Row((), faults=(A.OTP_DISABLED, A.NOT_SERVED)),
    ("GET", "/auth/v1/.well-known/jwks.json"): Row(
        says(accounts.JsonWebKeys), faults=(A.NOT_SERVED,)
    ),
    ("POST", "/api/mechanic/login"): Row(
        says(accounts.MechanicSignedIn, "mechanic_login", headers=_COOKIES),
        (E.AUTH_INVALID_CREDENTIALS, E.RATE_LIMITED),
        body_examples=("mechanic_login",),
    ),
    ("POST", "/api/mechanic/refresh"): Row(
        says(accounts.MechanicSignedIn, "mechanic_login", headers=_COOKIES),
        (E.AUTH_REQUIRED, E.AUTH_EXPIRED, E.AUTH_CSRF, E.RATE_LIMITED),
        proofs=({REFRESH_COOKIE: [], CLIENT_HEADER: []},),
    ),
    ("POST", "/api/mechanic/logout"): Row(
        nothing(_COOKIES), (E.AUTH_CSRF, E.RATE_LIMITED), proofs=({CLIENT_HEADER: []},)
    ),
    # The caller and what can be bought.
    ("GET", "/api/me"): Row(says(accounts.Me, "me_customer", "me_mechanic")),
    ("PUT", "/api/me/presence"): Row(
        says(accounts.Availability, "presence"), body_examples=("presence",)
    ),
    ("GET", "/api/plans"): Row(says(accounts.OfferedPlans, "plans")),
    ("GET", "/api/events"): Row(
        (Answer(200, {EVENT_STREAM: dict(ACCOUNT_EVENTS)}, ("account_events",)),),
        _STREAM_REFUSALS,
    ),
    ("GET", "/api/earnings"): Row(says(sessions.Earnings, "earnings")),
    # Intake and requests.
    ("POST", "/api/intake/start"): Row(
        says(
            sessions.StartedIntake,
            "intake_start",
            status=201,
            leads_to={"session_id": "/session/id", "request_id": "/session/request_id"},
        ),
        (E.PLAN_NOT_FOUND,),
        body_examples=("intake_start",),
    ),
    ("GET", "/api/mechanics/requests"): Row(
        says(sessions.OpenRequests, "requests", leads_to={"request_id": "/requests/0/id"})
    ),
    ("POST", "/api/mechanics/requests/{request_id}/accept"): Row(
        says(sessions.AcceptedRequest, "request_accept", leads_to={"session_id": "/session/id"}),
        (
            E.REQUEST_NOT_FOUND,
            E.AUTH_ROLE_REQUIRED,
            E.REQUEST_ALREADY_ACCEPTED,
            E.REQUEST_CLOSED,
        ),
    ),
    # Sessions.
    ("GET", "/api/sessions"): Row(
        says(sessions.Sessions, "sessions", leads_to={"session_id": "/sessions/0/id"})
    ),
    ("GET", _SESSION): Row(says(sessions.Session, "session", "session_completed")),
    ("POST", f"{_SESSION}/cancel"): Row(
        says(sessions.Session, "session_cancel"),
        (E.SESSION_ENDED, E.SESSION_ILLEGAL_TRANSITION),
        body_examples=("session_cancel",),
    ),
    ("GET", f"{_SESSION}/events"): Row(
        (Answer(200, {EVENT_STREAM: dict(SESSION_EVENTS)}, ("session_events",)),),
        _STREAM_REFUSALS,
    ),
    # Calls.
    ("GET", f"{_SESSION}/readiness"): Row(says(sessions.BothReadinessSeen, "readiness")),
    ("PUT", f"{_SESSION}/readiness"): Row(
        says(sessions.BothReadinessSeen, "readiness"),
        (E.SESSION_ENDED, E.RATE_LIMITED),
        body_examples=("readiness",),
    ),
    ("POST", f"{_SESSION}/token"): Row(
        says(sessions.RoomToken, "session_token"),
        (E.PREFLIGHT_REQUIRED, E.PREFLIGHT_SYNTHETIC_SOURCE, E.SFU_UNAVAILABLE),
        body_examples=("session_token",),
    ),
    ("POST", f"{_SESSION}/start"): Row(
        says(sessions.StartedSession, "session_start"),
        (
            E.SESSION_ENDED,
            E.SESSION_NOT_BOTH_PRESENT,
            E.SESSION_ILLEGAL_TRANSITION,
            E.SFU_UNAVAILABLE,
        ),
        body_examples=("session_start",),
    ),
    ("GET", f"{_SESSION}/clock"): Row(
        says(sessions.Clock, "clock_not_started", "clock_running", "clock_paused")
    ),
    ("POST", f"{_SESSION}/end"): Row(
        says(sessions.EndedSession, "session_end", "session_end_ignored"),
        body_examples=("session_end",),
    ),
    # Money.
    ("GET", f"{_SESSION}/extensions/offers"): Row(
        says(money.ExtensionOffers, "extension_offers"), (E.SESSION_ENDED,)
    ),
    ("POST", f"{_SESSION}/extensions"): Row(
        says(money.StartedExtension, "extension", status=201),
        (E.EXTENSION_NOT_FOUND, E.SESSION_ENDED, E.SESSION_NOT_LIVE),
        body_examples=("extension",),
    ),
    ("POST", f"{_SESSION}/refund"): Row(
        says(money.OrderedRefund, "refund"),
        (E.SESSION_NOT_ENDED, E.REFUND_TOO_MUCH),
        body_examples=("refund",),
        # Only support is let through, and support has no cookie.
        proofs=_TOKEN_HOLDER,
    ),
    # What people leave in a session.
    **FILE_ROWS,
    ("GET", f"{_SESSION}/messages"): Row(says(records.Messages, "messages")),
    ("POST", f"{_SESSION}/messages"): Row(
        says(records.Message, "message", status=201),
        (E.SESSION_ENDED, E.RATE_LIMITED),
        body_examples=("message",),
    ),
    ("GET", f"{_SESSION}/recording-consent"): Row(
        says(records.RecordingConsents, "recording_consent")
    ),
    ("PUT", f"{_SESSION}/recording-consent"): Row(
        says(records.RecordingConsents, "recording_consent"),
        (E.SESSION_ENDED, E.RATE_LIMITED),
        body_examples=("recording_consent",),
    ),
    ("GET", f"{_SESSION}/notes"): Row(
        says(records.Notes, "notes", headers=_ETAG), (E.SESSION_NOT_ENDED,)
    ),
    ("PUT", f"{_SESSION}/notes"): Row(
        says(records.Notes, "notes"),
        (
            E.SESSION_ENDED,
            E.NOTES_VERSION_CONFLICT,
            E.NOTES_VERSION_REQUIRED,
        ),
        body_examples=("notes",),
        needs=("if-match",),
    ),
    ("POST", f"{_SESSION}/rating"): Row(
        says(sessions.Rating, "rating"),
        (E.SESSION_NOT_ENDED, E.SESSION_ENDED),
        body_examples=("rating",),
    ),
    ("GET", f"{_SESSION}/summary"): Row(
        (Answer(200, {JSON: sessions.Summary, "application/pdf": BINARY}, ("summary",)),),
        (E.SESSION_NOT_ENDED,),
    ),
    ("GET", f"{_SESSION}/upsells"): Row(says(sessions.Upsells, "upsells")),
    ("GET", f"{_SESSION}/quality"): Row(says(records.QualitySamples)),
    ("POST", f"{_SESSION}/quality"): Row(
        says(records.AcceptedSamples, "quality", status=202),
        (E.RATE_LIMITED,),
        body_examples=("quality",),
    ),
    # Preflight.
    ("POST", "/api/preflight"): Row(
        says(
            preflight.BegunPreflight,
            "preflight_begin",
            status=201,
            leads_to={"run_id": "/run_id"},
        ),
        (E.AUTH_REQUIRED, E.AUTH_EXPIRED, E.AUTH_CSRF, E.RATE_LIMITED, E.SFU_UNAVAILABLE),
        body_examples=("preflight_begin",),
        proofs=({}, {BEARER: []}, {MECHANIC_COOKIE: [], CLIENT_HEADER: []}),
    ),
    ("POST", "/api/preflight/{run_id}/report"): Row(
        says(preflight.PreflightVerdict, "preflight_report"),
        (
            E.PREFLIGHT_RUN_NOT_FOUND,
            E.PREFLIGHT_NONCE_USED,
            E.PREFLIGHT_RUN_EXPIRED,
            E.PREFLIGHT_INCOMPLETE,
        ),
        body_examples=("preflight_report",),
    ),
    ("POST", "/api/preflight/echo"): Row(
        (Answer(200, {"application/octet-stream": BINARY}),),
        (E.RATE_LIMITED,),
        body={"application/octet-stream": BINARY},
        body_is_needed=False,
    ),
    ("POST", "/api/diagnostics"): Row(
        says(preflight.KeptDiagnostic, "diagnostic", status=201, leads_to={"code": "/code"}),
        (E.RATE_LIMITED,),
        body_examples=("diagnostic",),
    ),
    ("GET", "/api/diagnostics/{code}"): Row(
        says(preflight.FoundReport, "diagnostic_found"),
        (E.DIAGNOSTIC_CODE_WRONG, E.DIAGNOSTIC_NOT_FOUND),
    ),
    ("PUT", "/api/diagnostics/{code}/bundle"): Row(
        says(preflight.KeptBundle, "bundle"),
        (
            E.DIAGNOSTIC_CODE_WRONG,
            E.DIAGNOSTIC_NOT_FOUND,
            E.DIAGNOSTIC_BUNDLE_REFUSED,
            E.HTTP_UNSUPPORTED_TYPE,
            E.RATE_LIMITED,
        ),
        body={"application/zip": BINARY},
    ),
    ("GET", "/api/diagnostics/{code}/bundle"): Row(
        (
            Answer(
                200,
                {"application/zip": BINARY},
                headers={
                    "ETag": "The zip's SHA-256.",
                    "Content-Disposition": "An attachment, never to be shown in place.",
                },
            ),
        ),
        (E.DIAGNOSTIC_CODE_WRONG, E.DIAGNOSTIC_NOT_FOUND),
    ),
}
