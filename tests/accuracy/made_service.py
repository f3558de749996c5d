"""A made service's health answers over a made line, through the probe's own client."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import httpx

from preflight.probe import sampler
from tests.accuracy.made_time import MadeTimeLoop

_CLIENT = httpx.AsyncClient


@dataclass(slots=True)
class Answered:
    """One answer of the service.

    Attributes:
        out_ms, service_ms, back_ms: of the way there, of the service, and of the way back.
        lost: nothing comes back at all.
    """

    body: str | bytes
    status: int = 200
    out_ms: float = 10.0
    service_ms: float = 1.0
    back_ms: float = 10.0
    headers: Sequence[tuple[str, str]] = ()
    lost: bool = False


@dataclass
class MadeHealth:
    """What each look at the health brings.

    Attributes:
        answer: makes the answer to the look of this number, 0 being the cold one, from the
            service's own time as it is then.
        looks: how many there were.
    """

    answer: Callable[[int, "MadeHealth"], Answered]
    skew_s: float = 0.0
    looks: int = field(default=0, init=False)
    loop: MadeTimeLoop | None = field(default=None, init=False)

    def server_now(self, after_ms: float) -> str:
        """Return the service's time so many ms from now."""
        assert self.loop is not None
        there = self.loop.now() + timedelta(seconds=self.skew_s + after_ms / 1000)
        return there.isoformat()


class _Transport(httpx.AsyncBaseTransport):
    """Brings the made answers; the first request of a connection opens one."""

    def __init__(self, health: MadeHealth, loop: MadeTimeLoop) -> None:
        self._health, self._loop = health, loop
        self._open = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        number = self._health.looks
        self._health.looks += 1
        if not self._open:
            self._open = True
            trace: Any = request.extensions.get("trace")
            await trace("connection.connect_tcp.started", {})
            await self._loop.sleep(0.02)
        found = self._health.answer(number, self._health)
        if found.lost:
            self._open = False
            await self._loop.sleep(60)
        await self._loop.sleep((found.out_ms + found.service_ms + found.back_ms) / 1000)
        return httpx.Response(found.status, headers=list(found.headers), content=found.body)


@contextmanager
def served(health: MadeHealth, loop: MadeTimeLoop) -> Iterator[None]:
    """Let the sampler's client speak with a made service, and its wall clock be a made one."""
    health.loop = loop

    def client(**words: Any) -> httpx.AsyncClient:
        words.pop("verify", None)
        return _CLIENT(transport=_Transport(health, loop), **words)

    with patch.object(httpx, "AsyncClient", client), patch.object(sampler, "_WALL", loop):
        yield


def well(
    rng: random.Random,
    health: MadeHealth,
    *,
    out_ms: float,
    back_ms: float,
    service_ms: float,
    version: str = "0.1.0",
    least: str = "0.1.0",
    timing: str | None = "app;dur={:.3f}",
) -> Answered:
    """Make the answer of a healthy service, in the words of its contract."""
    body: dict[str, object] = {
        "status": rng.choice(("ok", "healthy")),
        "server_now": health.server_now(out_ms + service_ms / 2),
        "version": version,
        "min_client_version": least,
    }
    if rng.random() < 0.5:
        body["database"] = "ok"
    headers = [] if timing is None else [("Server-Timing", timing.format(service_ms))]
    return Answered(
        json.dumps(body, indent=rng.choice((None, 2))),
        out_ms=out_ms,
        back_ms=back_ms,
        service_ms=service_ms,
        headers=[("Content-Type", "application/json"), *headers],
    )
