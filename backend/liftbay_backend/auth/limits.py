"""Rate limits per address and per account, in this process's memory."""

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from liftbay_backend.problems import ErrorCode, Problem


class Limits:
    """Counts hits. Keys are never logged: an e-mail may be one."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, limit: str, *key: str) -> None:
        """Count one hit.

        Args:
            limit: such as ``20/minute``.
            key: what is limited, e.g. ``"sign-in", address``.

        Raises:
            Problem: RATE_LIMITED, with Retry-After in whole seconds.
        """
        item = parse(limit)
        if not self._limiter.hit(item, *key):
            raise Problem(
                ErrorCode.RATE_LIMITED,
                headers={"Retry-After": str(max(1, item.get_expiry()))},
            )
