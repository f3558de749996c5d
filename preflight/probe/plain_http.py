"""One HTTP request with the standard library: no redirect is followed, nothing is kept open.

Blocks. Another client than the one of the round trips, so that neither disturbs the other, and
none that costs half a second of CPU to load.
"""

import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPMessage, HTTPResponse
from typing import IO
from urllib.parse import urlsplit

from preflight.probe.trust import system_trust


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Attributes:
        location: where a redirect points; empty without one.
        body: at most as much as was asked for.
    """

    status: int
    location: str
    body: bytes


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nothing: where a redirect points is what the question is about."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        return None


def exchange(url: str, *, timeout_s: float, limit: int, body: bytes | None = None) -> Reply:
    """Send one request, a POST where there is a body, and return what came back.

    Proxies of the environment and of the system are used, as the calls' own requests do.

    Args:
        timeout_s: for each step on the socket, not for all of them together.
        limit: bytes of the answer's body that are read.

    Raises:
        OSError: no answer; `TimeoutError` is one.
        http.client.HTTPException: an answer that is none.
    """
    handlers: list[urllib.request.BaseHandler] = [_Stay()]
    if urlsplit(url).scheme == "https":
        handlers.append(urllib.request.HTTPSHandler(context=system_trust()))
    request = urllib.request.Request(url, data=body)
    if body is not None:
        request.add_header("Content-Type", "application/octet-stream")
    request.add_header("Cache-Control", "no-cache")
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=timeout_s) as answer:
            return _reply(answer, limit)
    except urllib.error.HTTPError as told:
        with told:
            return Reply(told.code, told.headers.get("Location", ""), told.read(limit))
    except urllib.error.URLError as failed:
        if isinstance(failed.reason, OSError):
            raise failed.reason from None
        raise


def _reply(answer: HTTPResponse, limit: int) -> Reply:
    return Reply(answer.status, answer.headers.get("Location", ""), answer.read(limit))
