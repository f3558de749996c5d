"""A preflight on fakes and virtual time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from preflight.model import CheckState
from preflight.preflight import Preflight
from tests.fakes.preflight_bench import Bench as Bench
from tests.fakes.preflight_bench import preflight_bench

T = TypeVar("T")


def verdict(preflight: Preflight, code: str) -> tuple[CheckState, str | None]:
    """State and reason of one check as it stands."""
    found = next(check for check in preflight.progress.checks if check.code == code)
    return found.state, found.reason


async def beside(work: Coroutine[Any, Any, T], time: Coroutine[Any, Any, None]) -> T:
    """Wait for ``work`` while virtual time passes."""
    waiting = asyncio.ensure_future(work)
    await time
    return await asyncio.wait_for(waiting, 5)


MakeBench = Callable[[], Bench]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without a proxy, whatever the machine has."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A healthy machine; the test spoils it."""
    async with preflight_bench(tmp_path) as made:
        yield made
