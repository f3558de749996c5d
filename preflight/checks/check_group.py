"""A group of checks as the runner takes it, over whatever its checks share."""

from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from preflight.check import WHOLE_RUN_S, Check
from preflight.model import Group

RETRY_S = 5.0
"""What is no device is measured again this often while it fails."""


async def nothing_shared() -> None:
    """Begin a group whose checks share nothing."""


def _always() -> bool:
    return True


def _never() -> bool:
    return False


def _not_refreshed() -> None:
    return None


def _whole_run() -> float:
    return WHOLE_RUN_S


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """The checks of one group (`preflight.check.GroupPort`); what is not given is not special."""

    group: Group
    checks: Sequence[Check]
    begin: Callable[[], Coroutine[Any, Any, None]] = nothing_shared
    retry_every_s: float = RETRY_S
    usable: Callable[[], bool] = _always
    must_restart: Callable[[], bool] = _never
    refreshed: Callable[[], tuple[Collection[str], float] | None] = _not_refreshed
    late_after_s: Callable[[], float] = _whole_run

    @property
    def refresh(self) -> tuple[Collection[str], float] | None:
        """Codes that are measured again while all is well, and every how many seconds."""
        return self.refreshed()
