"""What happens around every HTTP request: an id, a size limit, a count, one log line.

What nobody expected ends here as well: its stack is in the log alone.

A body is at most `MAX_BODY_BYTES`, because routes read it whole. The bytes of an upload are the
exception: their route never holds more than a piece, and knows the file's own length; the limit
here is the outer fence around it.
"""

import re
import time
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from liftbay_backend.admission import Admission
from liftbay_backend.domain.ids import new_uuid
from liftbay_backend.files import tus
from liftbay_backend.metrics import HTTP_REQUESTS, HTTP_SECONDS
from liftbay_backend.problems import ErrorCode, Problem, problem_response

MAX_BODY_BYTES: Final = 1024 * 1024
_GIVEN_ID: Final = re.compile(r"^[A-Za-z0-9-]{8,64}$")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Before the routing: a limit that is found later is passed by then.
_UPLOAD: Final = re.compile(r"/api/sessions/[^/]+/files/[^/]+")
_FILES: Final = re.compile(r"/api/sessions/[^/]+/files(?:/[^/]+)?")
_OF_TUS: Final = frozenset({"OPTIONS", "POST", "HEAD", "PATCH", "DELETE"})
"""What uploads consist of; each answer names the protocol's version, refusals too (tus 1.0.0)."""
_log = structlog.get_logger("liftbay.http")


class BodyTooLarge(HTTPException):
    """More bytes arrived than any route of this service takes.

    One of the framework's own exceptions, because it takes any other that a read of the body
    raises for a body that cannot be parsed.
    """

    def __init__(self) -> None:
        super().__init__(413)


class RequestScope:
    """Pure ASGI, because streams must pass through untouched."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        most_upload_bytes: int = MAX_BODY_BYTES,
        admission: Admission | None = None,
    ) -> None:
        self._app = app
        self._admission = admission or Admission()
        self._most_upload_bytes = most_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if _GIVEN_ID.match(given) else new_uuid()
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        begun = time.perf_counter()
        ticket = self._admission.ticket()
        status = 0
        received_bytes = 0
        is_upload = scope["method"] == "PATCH" and _UPLOAD.fullmatch(scope["path"]) is not None
        most_bytes = self._most_upload_bytes if is_upload else MAX_BODY_BYTES
        too_large = ErrorCode.FILE_TOO_LARGE if is_upload else ErrorCode.HTTP_TOO_LARGE

        async def limited_receive() -> Message:
            nonlocal received_bytes
            with ticket.waiting():
                message = await receive()
            if message["type"] == "http.request":
                received_bytes += len(message.get("body", b""))
                if received_bytes > most_bytes:
                    raise BodyTooLarge
            return message

        async def marked_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                ticket.hand_back()
                status = message["status"]
                answer = MutableHeaders(scope=message)
                answer["X-Request-Id"] = request_id
                answer["X-Content-Type-Options"] = "nosniff"
                answer.setdefault("Cache-Control", "no-store")
                if scope["method"] in _OF_TUS and _FILES.fullmatch(scope["path"]):
                    answer["Tus-Resumable"] = tus.VERSION
                self._count(scope, status, time.perf_counter() - begun)
            await send(message)

        try:
            declared = headers.get("content-length", "0")
            if declared.isdecimal() and int(declared) > most_bytes:
                raise BodyTooLarge
            self._admission.let_in(scope, ticket)
            await self._app(scope, limited_receive, marked_send)
        except BodyTooLarge:
            if status:
                raise
            refusal = problem_response(Problem(too_large), request_id)
            await refusal(scope, receive, marked_send)
        except Problem as busy:
            if status:
                raise
            await problem_response(busy, request_id)(scope, receive, marked_send)
        except Exception as error:
            # Here and not in a handler of the framework, whose answer would pass by what this
            # scope adds: the id, the count and the status of the log's line.
            _log.error("server.fault", route=_route(scope), exc_info=error)
            if status:
                raise
            fault = problem_response(Problem(ErrorCode.SERVER_FAULT), request_id)
            await fault(scope, receive, marked_send)
        finally:
            ticket.hand_back()
            _log.info(
                "http.request",
                method=scope["method"],
                route=_route(scope),
                status=status,
                took_ms=round((time.perf_counter() - begun) * 1000, 1),
            )

    @staticmethod
    def _count(scope: Scope, status: int, seconds: float) -> None:
        route = _route(scope)
        # Anybody can invent a method; labels must stay few.
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        HTTP_REQUESTS.labels(method, route, str(status)).inc()
        HTTP_SECONDS.labels(method, route).observe(seconds)


def _route(scope: Scope) -> str:
    """Name the route, not the address: ids and whatever was typed stay out of logs."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else "unknown"
