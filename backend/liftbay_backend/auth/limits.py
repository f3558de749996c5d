"""Rate limits per address and per account: all instances count together where there is Redis.

Without it, and while it does not answer, each process counts in its own memory. A limit is then as
many times larger as there are instances, which is better than refusing everybody.
"""

import asyncio
import hashlib
import time
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

import structlog
from fastapi import Request
from limits import RateLimitItem, parse
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter as SharedMovingWindow
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from redis.asyncio import BlockingConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from liftbay_backend.problems import ErrorCode, Problem

REDIS_DEADLINE_SECONDS: Final = 1.0
"""Longer than a Redis that lives ever takes; nobody waits longer for one that does not."""
REDIS_REST_SECONDS: Final = 5.0
"""After a failure Redis is left alone for so long, so that few requests meet the deadline."""
REDIS_CONNECTIONS: Final = 16
FORGET_EVERY_SECONDS: Final = 10.0
_SCHEDULE: Final = "_MemoryStorage__schedule_expiry"
_PREFIX: Final = "liftbay-limits"
_IPV6_OF_ONE_LINE: Final = 64
_LONGEST_ADDRESS: Final = 64
_log = structlog.get_logger(__name__)


class Limits:
    """Counts hits. Keys are never logged: an e-mail may be one.

    Args:
        redis_url: where all instances count together; None counts in this process alone.
        rest_seconds: how long Redis is left alone after it failed.
    """

    def __init__(
        self, redis_url: str | None = None, *, rest_seconds: float = REDIS_REST_SECONDS
    ) -> None:
        self._own = MovingWindowRateLimiter(_OwnMemory())
        self._shared = None if redis_url is None else _Shared(redis_url, rest_seconds)

    async def hit(self, limit: str, *key: str) -> None:
        """Count one hit.

        Args:
            limit: such as ``20/minute``.
            key: what is limited, e.g. ``"sign-in", address``.

        Raises:
            Problem: RATE_LIMITED, with Retry-After in whole seconds.
        """
        item = parse(limit)
        allowed = None if self._shared is None else await self._shared.hit(item, key)
        if allowed is None:
            allowed = self._own.hit(item, *key)
        if not allowed:
            raise Problem(
                ErrorCode.RATE_LIMITED,
                headers={"Retry-After": str(max(1, item.get_expiry()))},
            )

    async def close(self) -> None:
        """Close the connections to Redis, if there are any."""
        if self._shared is not None:
            await self._shared.close()


class _OwnMemory(MemoryStorage):
    """The library's memory, which forgets what is over now and then.

    As it is, every hit starts a thread that goes over all keys: at 200 sessions that took more of
    the processor than the requests did.
    """

    _forgets_at = 0.0

    def _MemoryStorage__schedule_expiry(self) -> None:  # noqa: N802  # the library's private name
        now = time.monotonic()
        if now >= self._forgets_at:
            self._forgets_at = now + FORGET_EVERY_SECONDS
            getattr(super(), _SCHEDULE)()


class _Shared:
    """The count that all instances share. Its failures are one line each way, and no refusal."""

    def __init__(self, url: str, rest_seconds: float) -> None:
        # A full pool waits for its turn; the other kind of pool fails, as if Redis were away.
        self._pool = BlockingConnectionPool.from_url(
            url,
            max_connections=REDIS_CONNECTIONS,
            timeout=REDIS_DEADLINE_SECONDS,
            socket_timeout=REDIS_DEADLINE_SECONDS,
            socket_connect_timeout=REDIS_DEADLINE_SECONDS,
            # The driver's own three tries with pauses would hold a request up for seconds.
            retry=Retry(NoBackoff(), 0),
        )
        storage = RedisStorage(
            url,
            implementation="redispy",
            key_prefix=_PREFIX,
            connection_pool=self._pool,  # type: ignore[arg-type]  # it is handed through
        )
        self._limiter = SharedMovingWindow(storage)
        self._rest_seconds = rest_seconds
        self._rests_until = 0.0
        self._is_away = False

    async def hit(self, item: RateLimitItem, key: tuple[str, ...]) -> bool | None:
        """Count one hit; None means that Redis did not answer and counted nothing for certain."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            async with asyncio.timeout(REDIS_DEADLINE_SECONDS):
                allowed = await self._limiter.hit(item, _digest(key))
        except (RedisError, OSError, TimeoutError) as error:
            self._rests_until = time.monotonic() + self._rest_seconds
            if not self._is_away:
                self._is_away = True
                # The address may hold a password, and messages of the driver may hold the address.
                _log.warning("limits.redis_away", error=type(error).__name__)
            return None
        if self._is_away:
            self._is_away = False
            _log.info("limits.redis_back")
        return allowed

    async def close(self) -> None:
        await self._pool.disconnect()


def _digest(key: tuple[str, ...]) -> str:
    """Return a key that tells nobody who looks into Redis whose address or e-mail it is."""
    return hashlib.sha256("\0".join(key).encode()).hexdigest()[:32]


def address_of(request: Request) -> str:
    """Return the caller's address, for rate limits alone.

    Behind a balancer it is what the balancer says, if it is trusted (`Settings.trusted_proxies`).
    One line has 2**64 addresses of IPv6, so those are counted by their network.
    """
    host = request.client.host if request.client is not None else "unknown"
    try:
        address = ip_address(host)
    except ValueError:
        return host[:_LONGEST_ADDRESS]
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), _IPV6_OF_ONE_LINE), strict=False))
