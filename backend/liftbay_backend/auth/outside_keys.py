"""The keys of an outside sign-in: fetched from its JWKS, kept for a while, never asked for often.

    a key that is there      from memory; the set is fetched again once it is `FRESH_SECONDS` old
    a key that is gone       refused from the next fetch on
    a key that is not there  one fetch, if the last try is `PAUSE_SECONDS` ago: forged key ids
                             cannot make this service ask its sign-in again and again
    no answer in time        the known keys, until they are `KEPT_SECONDS` old

PyJWT's own client has no way to use its keys while the other side is down, holds a thread for each
caller meanwhile, and does not pause after a failed try; its parsing is used here.
"""

import asyncio
import json
from typing import Final

import httpx
import jwt
import structlog

from liftbay_backend.clock import Clock
from liftbay_backend.problems import ErrorCode, Problem

FRESH_SECONDS: Final = 300.0
KEPT_SECONDS: Final = 86_400.0
PAUSE_SECONDS: Final = 10.0
DEADLINE_SECONDS: Final = 5.0
MAX_BYTES: Final = 262_144
MAX_KEY_ID: Final = 256
ALGORITHMS: Final = ("ES256", "RS256")
_log = structlog.get_logger(__name__)


class _CannotFetch(Exception):
    """No key set came, or none that can be read."""


class OutsideKeys:
    """The newest key set of one address."""

    def __init__(
        self, url: str, clock: Clock, *, deadline_seconds: float = DEADLINE_SECONDS
    ) -> None:
        self._url = url
        self._clock = clock
        self._deadline_seconds = deadline_seconds
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._last_failed = False
        self._turn = asyncio.Lock()

    async def key_of(self, token: str) -> jwt.PyJWK:
        """Return the key that this token says it was signed with.

        Raises:
            Problem: AUTH_REQUIRED for a key that is not, or no longer, the sign-in's;
                SERVER_UNAVAILABLE where that cannot be found out.
        """
        kid = _key_id(token)
        if not (self._is_fresh and kid in self._keys):
            await self._renew(kid)
        if self._age_seconds > KEPT_SECONDS:
            raise Problem(ErrorCode.SERVER_UNAVAILABLE, headers={"Retry-After": "5"})
        if kid in self._keys:
            return self._keys[kid]
        if self._last_failed:
            # It may be a new key of theirs; nobody is signed out for that.
            raise Problem(ErrorCode.SERVER_UNAVAILABLE, headers={"Retry-After": "5"})
        raise Problem(ErrorCode.AUTH_REQUIRED)

    @property
    def _age_seconds(self) -> float:
        if self._fetched_at is None:
            return float("inf")
        return self._clock.monotonic() - self._fetched_at

    @property
    def _is_fresh(self) -> bool:
        return self._age_seconds <= FRESH_SECONDS

    @property
    def _may_try(self) -> bool:
        tried = self._tried_at
        return tried is None or self._clock.monotonic() - tried >= PAUSE_SECONDS

    async def _renew(self, kid: str) -> None:
        is_known = kid in self._keys and self._age_seconds <= KEPT_SECONDS
        if is_known and self._turn.locked():
            # Somebody is asking already, and this one need not wait for it.
            return
        async with self._turn:
            if self._may_try and not (self._is_fresh and kid in self._keys):
                await self._fetch()

    async def _fetch(self) -> None:
        asked_at = self._clock.monotonic()
        try:
            keys = await self._ask()
        except _CannotFetch as error:
            self._last_failed = True
            _log.info("outside_keys.unreachable", why=str(error), known=len(self._keys))
        else:
            self._keys, self._fetched_at, self._last_failed = keys, asked_at, False
        self._tried_at = self._clock.monotonic()

    async def _ask(self) -> dict[str, jwt.PyJWK]:
        try:
            async with (
                asyncio.timeout(self._deadline_seconds),
                httpx.AsyncClient(follow_redirects=False, timeout=None) as http,
                http.stream("GET", self._url, headers={"Accept": "application/json"}) as answer,
            ):
                if answer.status_code != httpx.codes.OK:
                    raise _CannotFetch(f"status {answer.status_code}")
                body = bytearray()
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > MAX_BYTES:
                        raise _CannotFetch("too large")
            return _read(bytes(body))
        except (httpx.HTTPError, OSError, TimeoutError) as error:
            raise _CannotFetch(type(error).__name__) from error


def _read(body: bytes) -> dict[str, jwt.PyJWK]:
    try:
        told = json.loads(body)
        keys = jwt.PyJWKSet.from_dict(told).keys
    except (ValueError, TypeError, AttributeError, jwt.PyJWTError) as error:
        raise _CannotFetch("no key set") from error
    return {
        key.key_id: key
        for key in keys
        if key.key_id and key.public_key_use in ("sig", None) and key.algorithm_name in ALGORITHMS
    }


def _key_id(token: str) -> str:
    try:
        kid = jwt.get_unverified_header(token).get("kid")
    except jwt.PyJWTError:
        raise Problem(ErrorCode.AUTH_REQUIRED) from None
    if not isinstance(kid, str) or not 0 < len(kid) <= MAX_KEY_ID:
        raise Problem(ErrorCode.AUTH_REQUIRED)
    return kid
