"""HTTP to one service: the only module that sends anything with httpx.

Owns deadlines, retries, the sign-in's header or cookie, and the mapping of whatever goes wrong
to the tree in `client_api.errors`. Knows no endpoint. Tokens travel in headers and bodies only,
never in a URL, a log or a repr.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import AsyncExitStack, aclosing, contextmanager
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from client_api.bounds import BoundedEvents, read_bounded
from client_api.clock import Clock
from client_api.errors import (
    SIGN_IN_CODES,
    BrokenAnswer,
    ErrorCode,
    Refused,
    Unreachable,
    UnreachableReason,
)
from client_api.http_library import httpx, httpx_sse, stamina
from client_api.secret import Secret
from client_api.wire import IdempotencyKey, Problem

CONNECT_TIMEOUT_S = 5.0
REQUEST_TIMEOUT_S = 10.0
ALL_TRIES_TIMEOUT_S = 25.0
STREAM_SILENCE_S = 16.0
"""Three pings of the service (5 s each) and a little."""
KEPT_ALIVE_S = 30.0
"""An idle connection waits so long for the next request. A call's clock is asked every 5 s: httpx's
own 5 s would open a connection, and shake hands, for each of them. The service waits longer yet."""
MAX_RETRY_AFTER_S = 5.0
_GENERATOR_TURNS = 12
TRIES = 4

_REPEATABLE_CODES = frozenset(
    {
        ErrorCode.SERVER_UNAVAILABLE,
        ErrorCode.SFU_UNAVAILABLE,
        ErrorCode.FILE_STORE_UNAVAILABLE,
        ErrorCode.RATE_LIMITED,
        ErrorCode.IDEMPOTENCY_RUNNING,
    }
)
_GATEWAY_STATUSES = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True)
class Credential:
    """What signs a request; ``bearer`` is None for a cookie or for nobody.

    ``generation`` grows with each renewal, so two requests that expired together renew once.
    """

    generation: int
    bearer: Secret | None = None


class Authority(Protocol):
    """Whoever knows how to sign requests (`client_api.sign_in`)."""

    async def credential(self) -> Credential:
        """Return what signs the next request."""

    async def renew(self, used: Credential) -> bool:
        """Renew after a 401 for ``used``. False: there is nothing to renew, ask the person."""


class Nobody:
    """Signs nothing: before a sign-in, and for a diagnosis without an account."""

    async def credential(self) -> Credential:
        return Credential(0)

    async def renew(self, used: Credential) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request as the endpoints describe it.

    Attributes:
        key: makes a change repeatable; without it only GET and PUT are repeated.
        is_repeatable: None decides by method and key.
    """

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)
    key: IdempotencyKey | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    accept: str = "application/json"
    timeout_s: float = REQUEST_TIMEOUT_S
    is_repeatable: bool | None = None
    is_signed: bool = True

    @property
    def may_repeat(self) -> bool:
        """Whether sending it twice does no more than sending it once."""
        if self.is_repeatable is not None:
            return self.is_repeatable
        return self.method in ("GET", "PUT") or self.key is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx answer. The times are our monotonic clock's, around this very try."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    sent_ns: int
    received_ns: int


@dataclass(frozen=True, slots=True)
class RawEvent:
    """One server-sent event, not yet understood."""

    kind: str
    id: str
    data: str = field(repr=False)


class Transport:
    """Connections to one service, kept warm. Close it with `close`."""

    def __init__(self, base_url: str, clock: Clock, *, authority: Authority | None = None) -> None:
        url = httpx.URL(base_url)
        self._clock = clock
        self._authority: Authority = authority or Nobody()
        self._http = httpx.AsyncClient(
            base_url=url,
            verify=_trust(url),
            # A proxy of the environment never leads to a service on this machine.
            trust_env=not _is_loopback(url.host),
            follow_redirects=False,
            timeout=httpx.Timeout(REQUEST_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
            limits=httpx.Limits(
                max_connections=16, max_keepalive_connections=8, keepalive_expiry=KEPT_ALIVE_S
            ),
            headers={"X-Liftbay-Client": "desktop", "User-Agent": "liftbay-desktop"},
        )

    @property
    def base_url(self) -> str:
        """The service's address, without a slash at its end."""
        return str(self._http.base_url).rstrip("/")

    @property
    def http(self) -> httpx.AsyncClient:
        """For the sign-in library alone, which brings no connections of its own then."""
        return self._http

    def sign_with(self, authority: Authority) -> None:
        """Let ``authority`` sign all requests from now on."""
        self._authority = authority

    async def close(self) -> None:
        """Close all connections; requests still running become `Unreachable`."""
        await self._http.aclose()
        # httpx leaves its inner generators to the collector, which ends each of them in a task
        # of its own: without these turns the loop would find them when it closes.
        for _ in range(_GENERATOR_TURNS):
            await asyncio.sleep(0)

    # --- cookies (the mechanic's sign-in) --------------------------------------------------------

    def cookie(self, name: str) -> Secret | None:
        """Return a cookie the service has set, or None."""
        for cookie in self._http.cookies.jar:
            if cookie.name == name and cookie.value:
                return Secret(cookie.value)
        return None

    def load_cookie(self, name: str, value: Secret, *, path: str) -> None:
        """Put a cookie kept from an earlier run back, until the service sets it anew."""
        self.forget_cookies()
        self._http.cookies.set(name, value.reveal(), path=path)

    def drop_loaded_cookies(self) -> None:
        """Forget what `load_cookie` put in; cookies of the service stay."""
        for cookie in tuple(self._http.cookies.jar):
            if not cookie.domain:
                self._http.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)

    def forget_cookies(self) -> None:
        """Forget all cookies."""
        self._http.cookies.jar.clear()

    # --- requests --------------------------------------------------------------------------------

    async def send(self, call: Call) -> Answer:
        """Send a request and return its 2xx answer, repeating it where that is safe.

        Raises:
            Refused: the service said no.
            Unreachable: no answer, in the last try as well.
            BrokenAnswer: an answer of somebody else, or one that is too long.
        """
        if not call.may_repeat:
            return await self._send_signed(call)
        async for attempt in stamina.retry_context(
            on=_wait_before_repeat,
            attempts=TRIES,
            timeout=ALL_TRIES_TIMEOUT_S,
            wait_initial=0.25,
            wait_max=3.0,
            wait_jitter=0.5,
        ):
            with attempt:
                return await self._send_signed(call)
        raise AssertionError("stamina always returns or raises")  # pragma: no cover

    async def _send_signed(self, call: Call) -> Answer:
        if not call.is_signed:
            return await self._send_once(call, Credential(0))
        credential = await self._authority.credential()
        try:
            return await self._send_once(call, credential)
        except Refused as refused:
            if refused.code not in SIGN_IN_CODES or not await self._authority.renew(credential):
                raise
        return await self._send_once(call, await self._authority.credential())

    async def _send_once(self, call: Call, credential: Credential) -> Answer:
        headers = {"Accept": call.accept, **call.headers, **_authorization(credential)}
        if call.body is not None:
            headers.setdefault("Content-Type", "application/json")
        if call.key is not None:
            headers["Idempotency-Key"] = call.key
        with _our_errors(call.path):
            async with asyncio.timeout(call.timeout_s):
                sent_ns = self._clock.monotonic_ns()
                async with self._http.stream(
                    call.method,
                    call.path,
                    params=dict(call.params) or None,
                    content=call.body,
                    headers=headers,
                    timeout=httpx.Timeout(
                        call.timeout_s, connect=min(CONNECT_TIMEOUT_S, call.timeout_s)
                    ),
                ) as response:
                    body = await read_bounded(response, call.path)
                received_ns = self._clock.monotonic_ns()
        _raise_for_status(response, body, call.path)
        return Answer(body, response.headers, sent_ns, received_ns)

    # --- streams ---------------------------------------------------------------------------------

    async def stream(self, path: str, last_event_id: int | None) -> AsyncGenerator[RawEvent, None]:
        """Yield events until the service closes the stream or it breaks (`Unreachable`).

        Silence for longer than three pings counts as broken, and so does an answer that is not
        there, or a refusal that is not read, within the deadline of any request. Does not
        reconnect.
        """
        credential = await self._authority.credential()
        try:
            # aclosing: a stream that its reader leaves must end now, not when it is collected.
            async with aclosing(self._stream_once(path, last_event_id, credential)) as events:
                async for event in events:
                    yield event
            return
        except Refused as refused:
            if refused.code not in SIGN_IN_CODES or not await self._authority.renew(credential):
                raise
        credential = await self._authority.credential()
        async with aclosing(self._stream_once(path, last_event_id, credential)) as events:
            async for event in events:
                yield event

    async def _stream_once(
        self, path: str, last_event_id: int | None, credential: Credential
    ) -> AsyncGenerator[RawEvent, None]:
        # Packed, a few bytes could be an event without end.
        headers = {"Accept-Encoding": "identity", **_authorization(credential)}
        if last_event_id is not None:
            headers["Last-Event-ID"] = str(last_event_id)
        timeout = httpx.Timeout(STREAM_SILENCE_S, connect=CONNECT_TIMEOUT_S)
        with _our_errors(path):
            async with AsyncExitStack() as opened:
                # httpx bounds each read, not their sum: only events may take for ever.
                async with asyncio.timeout(REQUEST_TIMEOUT_S):
                    source = await opened.enter_async_context(
                        httpx_sse.aconnect_sse(
                            self._http, "GET", path, headers=headers, timeout=timeout
                        )
                    )
                    response = source.response
                    if response.status_code != httpx.codes.OK:
                        _raise_for_status(response, await read_bounded(response, path), path)
                assert isinstance(response.stream, httpx.AsyncByteStream)
                response.stream = BoundedEvents(response.stream, path)
                async with aclosing(source.aiter_sse()) as events:
                    async for event in events:
                        yield RawEvent(event.event, event.id, event.data)


def _authorization(credential: Credential) -> dict[str, str]:
    if credential.bearer is None:
        return {}
    return {"Authorization": f"Bearer {credential.bearer.reveal()}"}


@contextmanager
def _our_errors(path: str) -> Generator[None, None, None]:
    """Turn httpx's errors into ours, once, at the border."""
    try:
        yield
    except (TimeoutError, httpx.TimeoutException) as error:
        raise Unreachable(UnreachableReason.TIMED_OUT, path) from error
    except httpx.ConnectError as error:
        raise Unreachable(UnreachableReason.NO_CONNECTION, f"{path}: {error}") from error
    # Before its base class TransportError: a page instead of a stream is no lost connection.
    except httpx_sse.SSEError as error:
        raise BrokenAnswer(f"{path}: {error}") from error
    except httpx.TransportError as error:
        raise Unreachable(UnreachableReason.CONNECTION_LOST, f"{path}: {error}") from error
    except (httpx.HTTPError, httpx.StreamError) as error:
        raise BrokenAnswer(f"{path}: {type(error).__name__}") from error
    except RuntimeError as error:
        if "client has been closed" not in str(error):
            raise
        raise Unreachable(UnreachableReason.NO_CONNECTION, f"{path}: closed") from error


def _raise_for_status(response: httpx.Response, body: bytes, path: str) -> None:
    if response.is_success:
        return
    retry_after_s = _retry_after_s(response.headers.get("Retry-After"))
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
    if media_type == "application/problem+json":
        try:
            problem = msgspec.json.decode(body, type=Problem)
        except msgspec.DecodeError as error:
            raise BrokenAnswer(f"{path}: {response.status_code}, a broken problem") from error
        raise Refused(problem, retry_after_s=retry_after_s)
    if response.status_code in _GATEWAY_STATUSES:
        raise Unreachable(
            UnreachableReason.GATEWAY,
            f"{path}: {response.status_code}",
            retry_after_s=retry_after_s,
        )
    raise BrokenAnswer(f"{path}: {response.status_code} {media_type or 'without a type'}")


def _retry_after_s(header: str | None) -> float | None:
    # The date form of RFC 9110 is not sent by our service and would need the wall clock.
    if header is None or not header.strip().isdecimal():
        return None
    return float(header)


def _wait_before_repeat(error: Exception) -> bool | float:
    match error:
        case Unreachable():
            pass
        case Refused() if error.code in _REPEATABLE_CODES:
            pass
        case _:
            return False
    if error.retry_after_s is None:
        return True
    # Whoever is asked to wait longer than a person would rather hears about it at once.
    return error.retry_after_s if error.retry_after_s <= MAX_RETRY_AFTER_S else False


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _trust(url: httpx.URL) -> ssl.SSLContext:
    if url.scheme != "https":
        # Plain HTTP to this machine: trusts nobody, and spares the start the reading of a bundle.
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    import truststore  # reads the system's store, 40 ms: only where it is needed

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
