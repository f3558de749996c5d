"""N11: does the service's own certificate arrive, or one that a security program made?

Such a program puts its own authority into the system's store. The public bundle that is shipped
with us does not know it: a handshake that passes with one and fails with the other says so.
"""

import asyncio
import base64
import http.client
import ssl
from urllib.parse import unquote, urlsplit

import certifi

from preflight.model import MeasuredValue
from preflight.probe.issuer import issuer_of
from preflight.probe.trust import system_trust
from preflight.proxies import proxy_for

BUDGET_S = 2.5
"""Below the check's deadline of 3 s."""
_NO_ANSWER = b""


async def interception(url: str) -> dict[str, MeasuredValue]:
    """Shake hands twice at once: by the system's store and by the public bundle.

    ``intercepted`` is left out where nothing can be told; ``fault`` then says why.
    """
    if urlsplit(url).scheme != "https":
        return {"fault": "not_offered"}
    try:
        async with asyncio.timeout(BUDGET_S):
            system, public = await asyncio.gather(
                _try(url, system_trust()), _try(url, _public_trust())
            )
    except TimeoutError:
        return {"fault": "unreachable"}
    if system is _NO_ANSWER or public is _NO_ANSWER:
        return {"fault": "unreachable"}
    if system is None:
        # Then N01 has failed and says so; that nobody trusts it is no interception.
        return {"fault": "tls"}
    return {"intercepted": public is None, "issuer": issuer_of(system)}


async def _try(url: str, trust: ssl.SSLContext) -> bytes | None:
    try:
        return await asyncio.to_thread(_shake_hands, url, trust)
    except (OSError, http.client.HTTPException):
        return _NO_ANSWER


def _public_trust() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())


def _shake_hands(url: str, trust: ssl.SSLContext) -> bytes | None:
    """Return the server's certificate, DER; None when it is not trusted. Blocks.

    Raises:
        OSError, http.client.HTTPException: it did not come to that.
    """
    connection = _connection(url, trust)
    try:
        connection.connect()
        return connection.sock.getpeercert(binary_form=True) or _NO_ANSWER
    except ssl.SSLCertVerificationError:
        return None
    finally:
        connection.close()


def _connection(url: str, trust: ssl.SSLContext) -> http.client.HTTPSConnection:
    target = urlsplit(url)
    host, port = target.hostname or "", target.port or 443
    proxy = proxy_for("https", host)
    if proxy is None:
        return http.client.HTTPSConnection(host, port, context=trust, timeout=BUDGET_S)
    through = urlsplit(proxy)
    connection = http.client.HTTPSConnection(
        through.hostname or "", through.port or 80, context=trust, timeout=BUDGET_S
    )
    headers = {}
    if through.username is not None:
        who = f"{unquote(through.username)}:{unquote(through.password or '')}"
        headers["Proxy-Authorization"] = "Basic " + base64.b64encode(who.encode()).decode()
    connection.set_tunnel(host, port, headers)
    return connection
