"""N09: is it the service that answers over plain HTTP, or a page that wants a login first?"""

import asyncio
from http.client import HTTPException
from urllib.parse import urlsplit

from preflight.model import MeasuredValue
from preflight.probe.plain_http import Reply, exchange

BUDGET_S = 2.5
"""Below the check's deadline of 3 s."""
PATH = "/portal-check"
KNOWN_BODY = b"liftbay-portal-check\n"
_REDIRECTS = range(300, 400)
_LOGIN_REQUIRED = 511
"""Network Authentication Required (RFC 6585, section 6): said by portals alone."""


async def portal(url: str) -> dict[str, MeasuredValue]:
    """Ask for a page whose body is known.

    ``portal`` is left out where nothing can be told: ``fault`` then says why, ``not_offered``
    when the service itself has no such page over plain HTTP, ``unreachable`` without an answer.
    """
    try:
        async with asyncio.timeout(BUDGET_S):
            reply = await asyncio.to_thread(
                exchange, plain_address(url), timeout_s=BUDGET_S, limit=len(KNOWN_BODY) + 1
            )
    except (OSError, HTTPException):
        # A service at https need not listen on port 80 at all.
        secure = urlsplit(url).scheme == "https"
        return {"fault": "not_offered" if secure else "unreachable"}
    return _told_by(reply, url)


def plain_address(url: str) -> str:
    """Return the known page's address over plain HTTP: port 80 for a service at https."""
    target = urlsplit(url)
    host = target.hostname or ""
    host = f"[{host}]" if ":" in host else host
    where = f"{host}:{target.port}" if target.scheme == "http" and target.port else host
    return f"http://{where}{target.path.rstrip('/')}{PATH}"


def _told_by(reply: Reply, url: str) -> dict[str, MeasuredValue]:
    figures: dict[str, MeasuredValue] = {"http_status": reply.status}
    if reply.status in _REDIRECTS:
        if _is_own_upgrade(reply.location, url):
            return figures | {"fault": "not_offered"}
        return figures | {"portal": True, "answer": "redirect"}
    if reply.status == _LOGIN_REQUIRED:
        return figures | {"portal": True, "answer": "login_required"}
    if reply.status != 200:
        # Whoever refuses (a limit on requests, a web server without the page) shows no login.
        return figures | {"fault": "not_offered" if reply.status == 404 else "refused"}
    if reply.body == KNOWN_BODY:
        return figures | {"portal": False, "answer": "exact"}
    return figures | {"portal": True, "answer": "other_body"}


def _is_own_upgrade(location: str, url: str) -> bool:
    """Say whether this is the service's own redirect from http to https: no portal's."""
    asked, sent_to = urlsplit(url), urlsplit(location)
    return sent_to.scheme == "https" and sent_to.hostname == asked.hostname
