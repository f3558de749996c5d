"""Every way the service says no: `application/problem+json` with a stable code.

    Problem(ErrorCode.X, detail, **extra)   raised anywhere, answered here
    RequestValidationError                  -> request.invalid; only place and kind, never the input
    HTTPException of the framework          -> http.not_found, http.method_not_allowed, ...
    the database is away (db.engine)        -> server.unavailable, worth another try
    StoreUnavailable of the store of files  -> file.store_unavailable, worth another try
    anything else (middleware)              -> server.fault, with the stack in the log alone

Contract: tests/contract/errors.json, tests/contract/problem.json
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from liftbay_backend.db.engine import UNAVAILABLE
from liftbay_backend.files.store import StoreUnavailable

MEDIA_TYPE: Final = "application/problem+json"
_log = structlog.get_logger(__name__)


class ErrorCode(Enum):
    """A code with its HTTP status and title, exactly as the contract lists them."""

    AUTH_REQUIRED = ("auth.required", 401, "No valid sign-in came with the request")
    AUTH_INVALID_CREDENTIALS = (
        "auth.invalid_credentials",
        401,
        "E-mail or password is wrong",
    )
    AUTH_EXPIRED = ("auth.expired", 401, "The sign-in has expired")
    AUTH_CSRF = ("auth.csrf", 403, "A cookie-authenticated change lacks X-Liftbay-Client")
    AUTH_ROLE_REQUIRED = (
        "auth.role_required",
        403,
        "This account has not the role that is needed",
    )
    REQUEST_NOT_FOUND = ("request.not_found", 404, "No such request")
    REQUEST_ALREADY_ACCEPTED = ("request.already_accepted", 409, "Another mechanic was faster")
    REQUEST_CLOSED = ("request.closed", 409, "The request is no longer open")
    SESSION_NOT_FOUND = ("session.not_found", 404, "No such session")
    SESSION_NOT_VIDEO = (
        "session.not_video",
        404,
        "A chat session belongs to the web product",
    )
    SESSION_NOT_PARTICIPANT = (
        "session.not_participant",
        403,
        "This account has no part in the session",
    )
    SESSION_ENDED = ("session.ended", 409, "The session has ended")
    SESSION_ILLEGAL_TRANSITION = (
        "session.illegal_transition",
        409,
        "The status machine forbids this",
    )
    SESSION_NOT_BOTH_PRESENT = (
        "session.not_both_present",
        409,
        "The service does not see both in the room",
    )
    SESSION_NOT_ENDED = ("session.not_ended", 409, "Only possible after the end")
    SESSION_NOT_JOINABLE = (
        "session.not_joinable",
        409,
        "The session cannot be joined in this status",
    )
    SESSION_NOT_LIVE = ("session.not_live", 409, "Only possible while the session is live")
    PREFLIGHT_REQUIRED = (
        "preflight.required",
        428,
        "A fresh passing preflight report is needed",
    )
    PREFLIGHT_SYNTHETIC_SOURCE = (
        "preflight.synthetic_source",
        428,
        "The report names a synthetic camera or microphone",
    )
    DIAGNOSTIC_CODE_WRONG = ("diagnostic.code_wrong", 422, "That is no code of a report")
    DIAGNOSTIC_NOT_FOUND = ("diagnostic.not_found", 404, "No such report")
    DIAGNOSTIC_BUNDLE_REFUSED = (
        "diagnostic.bundle_refused",
        422,
        "That is no bundle of this report",
    )
    PREFLIGHT_RUN_NOT_FOUND = ("preflight.run_not_found", 404, "No such run")
    PREFLIGHT_NONCE_USED = ("preflight.nonce_used", 409, "This run has its report already")
    PREFLIGHT_RUN_EXPIRED = ("preflight.run_expired", 410, "The run is too old")
    PREFLIGHT_INCOMPLETE = ("preflight.incomplete", 422, "Gating codes are missing")
    PLAN_NOT_FOUND = ("plan.not_found", 404, "No such plan")
    EXTENSION_NOT_FOUND = ("extension.not_found", 404, "No such extension")
    REFUND_TOO_MUCH = ("refund.too_much", 409, "More than is left of what was paid")
    REQUEST_INVALID = ("request.invalid", 422, "The body does not keep to the contract")
    FILE_NOT_FOUND = ("file.not_found", 404, "No such file in this session")
    FILE_NAME_REFUSED = ("file.name_refused", 422, "A file must not be called this")
    FILE_TYPE_REFUSED = ("file.type_refused", 415, "Files of this type are not shared")
    FILE_TOO_LARGE = ("file.too_large", 413, "The file is too large")
    FILE_LIMIT_REACHED = ("file.limit_reached", 409, "The session holds no more files")
    FILE_OFFSET_CONFLICT = ("file.offset_conflict", 409, "The upload goes on from another place")
    FILE_TAKEN_OVER = ("file.taken_over", 423, "A newer request sends this file")
    FILE_CHECKSUM_MISMATCH = ("file.checksum_mismatch", 460, "What arrived is not what was sent")
    FILE_INCOMPLETE = ("file.incomplete", 409, "The file has not arrived as a whole")
    FILE_RANGE_UNSATISFIABLE = ("file.range_unsatisfiable", 416, "The file has no such bytes")
    FILE_STORE_UNAVAILABLE = ("file.store_unavailable", 503, "The store of files does not answer")
    FILE_VERSION_UNSUPPORTED = ("file.version_unsupported", 412, "Uploads are of tus 1.0.0")
    IDEMPOTENCY_BODY_DIFFERS = (
        "idempotency.body_differs",
        422,
        "The same key came with another body",
    )
    IDEMPOTENCY_RUNNING = (
        "idempotency.running",
        409,
        "The first request with this key still runs",
    )
    NOTES_VERSION_CONFLICT = (
        "notes.version_conflict",
        412,
        "The notes were changed meanwhile",
    )
    NOTES_VERSION_REQUIRED = ("notes.version_required", 428, "If-Match is missing")
    RATE_LIMITED = ("rate.limited", 429, "Too many requests")
    HTTP_NOT_FOUND = ("http.not_found", 404, "No such path")
    HTTP_METHOD_NOT_ALLOWED = ("http.method_not_allowed", 405, "No such method here")
    HTTP_TOO_LARGE = ("http.too_large", 413, "The body is too large")
    HTTP_UNSUPPORTED_TYPE = ("http.unsupported_type", 415, "Wrong content type")
    SERVER_FAULT = ("server.fault", 500, "A fault of ours; it was recorded")
    SERVER_UNAVAILABLE = ("server.unavailable", 503, "The service is not ready")
    SFU_UNAVAILABLE = ("sfu.unavailable", 503, "The call server does not answer")
    WEBHOOK_BAD_SIGNATURE = (
        "webhook.bad_signature",
        401,
        "The webhook's signature is wrong",
    )

    def __init__(self, code: str, status: int, title: str) -> None:
        self.code = code
        self.status = status
        self.title = title


class Problem(Exception):
    """A refusal on its way to the caller.

    Attributes:
        extra: members added to the answer, e.g. ``reason`` and ``blocking`` of a 428.
        headers: HTTP headers of the answer, e.g. ``Retry-After``.
    """

    def __init__(
        self,
        error: ErrorCode,
        detail: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(error.code)
        self.error = error
        self.detail = detail if detail is not None else f"{error.title}."
        self.headers = dict(headers or {})
        self.extra = extra


_BY_STATUS: Final = {
    401: ErrorCode.AUTH_REQUIRED,
    403: ErrorCode.AUTH_ROLE_REQUIRED,
    404: ErrorCode.HTTP_NOT_FOUND,
    405: ErrorCode.HTTP_METHOD_NOT_ALLOWED,
    413: ErrorCode.HTTP_TOO_LARGE,
    415: ErrorCode.HTTP_UNSUPPORTED_TYPE,
    429: ErrorCode.RATE_LIMITED,
    500: ErrorCode.SERVER_FAULT,
    503: ErrorCode.SERVER_UNAVAILABLE,
}


def problem_response(problem: Problem, request_id: str | None) -> JSONResponse:
    """Return the answer for a problem, with the request's id so that support can find its log."""
    body = {
        "type": "about:blank",
        "code": problem.error.code,
        "title": problem.error.title,
        "status": problem.error.status,
        "detail": problem.detail,
        "request_id": request_id,
        **problem.extra,
    }
    return JSONResponse(
        body, status_code=problem.error.status, headers=problem.headers, media_type=MEDIA_TYPE
    )


def install_problem_handlers(app: FastAPI) -> None:
    """Make the app answer every error as a problem. Call before the first request."""

    async def on_problem(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)
        return problem_response(error, _request_id(request))

    async def on_validation(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        # The framework's own answer repeats the input, a password included.
        places = [
            {"at": ".".join(str(part) for part in one["loc"]), "kind": str(one["type"])}
            for one in error.errors()[:20]
        ]
        detail = "; ".join(f"{one['at']}: {one['kind']}" for one in places)
        problem = Problem(ErrorCode.REQUEST_INVALID, detail or None, errors=places)
        return problem_response(problem, _request_id(request))

    async def on_http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        code = _BY_STATUS.get(error.status_code)
        if code is None:
            code = ErrorCode.SERVER_FAULT if error.status_code >= 500 else ErrorCode.REQUEST_INVALID
        headers = dict(error.headers or {})
        if code is ErrorCode.HTTP_METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(sorted(_methods_of(app, request.url.path)))
        problem = Problem(code, headers=headers)
        return problem_response(problem, _request_id(request))

    async def on_database(request: Request, error: Exception) -> JSONResponse:
        # Gone, locked for too long, or no free connection: the same request may succeed later.
        _log.error("database.unavailable", error=type(error).__name__)
        problem = Problem(ErrorCode.SERVER_UNAVAILABLE, headers={"Retry-After": "1"})
        return problem_response(problem, _request_id(request))

    async def on_store(request: Request, error: Exception) -> JSONResponse:
        # Its text is a kind of error, or a key of ours; never an address or a credential.
        _log.error("files.unavailable", reason=str(error))
        problem = Problem(ErrorCode.FILE_STORE_UNAVAILABLE, headers={"Retry-After": "5"})
        return problem_response(problem, _request_id(request))

    async def on_hang_up(request: Request, _error: Exception) -> JSONResponse:
        # Whoever goes away in the middle of a body reads no answer, and it is no fault of ours.
        return problem_response(Problem(ErrorCode.REQUEST_INVALID), _request_id(request))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    for unavailable in UNAVAILABLE:
        app.add_exception_handler(unavailable, on_database)
    app.add_exception_handler(StoreUnavailable, on_store)
    app.add_exception_handler(ClientDisconnect, on_hang_up)


def _methods_of(app: FastAPI, path: str) -> set[str]:
    """Return what an address can be asked; each route of the framework knows of itself alone."""
    found: set[str] = set()
    for route in iter_route_contexts(app.routes):
        pattern = getattr(route, "path_regex", None)
        if pattern is not None and pattern.match(path):
            found |= route.methods or set()
    return found


def _request_id(request: Request) -> str | None:
    value = getattr(request.state, "request_id", None)
    return value if isinstance(value, str) else None
