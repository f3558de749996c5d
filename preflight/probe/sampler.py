"""N02 and N03: warm looks at the service's health over one connection that stays open."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from client_api.clock import SystemClock
from preflight.analysis.round_trips import SAMPLES_BORDERLINE, borderline, summarise
from preflight.model import MeasuredValue
from preflight.probe.trust import system_trust

SAMPLE_S = 2.0
UNANSWERED_S = 1.0
"""A look that the budget cuts off is lost as well where it waited for so long: three looks that are
lost take six of the seven seconds, and the third would seldom have had its two."""
PAUSE_S = 0.1
LATE_S = 0.05
MOST_REPEATS = 5
WELL = ("ok", "healthy")
HEALTH_PATH = "/api/health"
OWN_TIMING = "app"
"""As the service calls its own entry of ``Server-Timing``."""
_ENTRY = re.compile(r'(?:[^,"]|"[^"]*")+')
_PART = re.compile(r'(?:[^;"]|"[^"]*")+')
_OPENED = "connection.connect_tcp.started"
_WALL = SystemClock()


@dataclass(slots=True)
class Sampling:
    """What some looks brought.

    Attributes:
        rtts_ms: round trips over the warm connection, in order.
        lost: looks without an answer.
        repeated: looks thrown away: they had to connect, or the machine was late.
        unwell: how many answers said that the service is not well.
        clock: what the quickest answer tells of this machine's clock.
        versions: the service's own version, and the oldest client's that it takes.
    """

    rtts_ms: list[float] = field(default_factory=list)
    lost: int = 0
    repeated: int = 0
    unwell: int = 0
    well: int = 0
    server_ms: list[float] = field(default_factory=list)
    first_byte_ms: float | None = None
    status: int | None = None
    clock: "ClockSkew | None" = None
    versions: tuple[str, str] | None = None

    def figures(self) -> dict[str, MeasuredValue]:
        """Return what N02 and N03 are judged by."""
        found: dict[str, MeasuredValue] = {
            "healthy": self.well > 0 and self.unwell == 0,
            "lost": self.lost,
            "samples": len(self.rtts_ms),
            "repeated": self.repeated,
            "status": self.status,
            "http_first_byte_ms": self.first_byte_ms,
        }
        if self.rtts_ms:
            trips = summarise(self.rtts_ms)
            found |= {
                "rtt_median_ms": trips.rtt_median_ms,
                "rtt_min_ms": trips.rtt_min_ms,
                "rtt_p95_ms": trips.rtt_p95_ms,
                "rtt_max_ms": trips.rtt_max_ms,
                "jitter_ms": trips.jitter_ms,
            }
        if self.clock is not None:
            found["clock_skew_s"] = self.clock.skew_s
            found["clock_error_s"] = self.clock.error_s
        if self.versions is not None:
            found["service_version"], found["min_client_version"] = self.versions
        if self.server_ms:
            found["server_ms"] = sum(self.server_ms) / len(self.server_ms)
        return found


@dataclass(frozen=True, slots=True)
class ClockSkew:
    """How far the service's clock is ahead of this machine's, in seconds.

    As NTP does (RFC 5905) half of the round trip is taken as the way back: the truth lies within
    ``error_s``, half of the round trip, of ``skew_s``.
    """

    skew_s: float
    error_s: float


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the service; ``opened`` when it had to connect first."""

    elapsed_ms: float
    opened: bool
    status: int | None
    well: bool
    server_ms: float | None
    clock: ClockSkew | None = None
    versions: tuple[str, str] | None = None


_LOST = Look(SAMPLE_S * 1000, False, None, False, None)


async def sample(url: str, *, samples: int, budget_s: float) -> Sampling:
    """Look at ``url``'s health until there are enough samples or the budget is spent."""
    limits = httpx.Limits(max_connections=1, keepalive_expiry=30)
    async with httpx.AsyncClient(
        verify=system_trust(), timeout=SAMPLE_S, limits=limits, http2=False
    ) as client:
        return await collect(
            lambda: _look(client, url.rstrip("/") + HEALTH_PATH),
            samples=samples,
            budget_s=budget_s,
            now=time.perf_counter,
            sleep=asyncio.sleep,
        )


async def collect(
    look: Callable[[], Awaitable[Look]],
    *,
    samples: int,
    budget_s: float,
    now: Callable[[], float],
    sleep: Callable[[float], Awaitable[object]],
) -> Sampling:
    """Take looks one after the other, 100 ms apart, by the catalogue's rules.

    A cold look first, never counted. A look that had to connect, or came more than 50 ms late
    because the machine was busy, is thrown away and repeated, five times at most. A median near
    the limit is worth four more. A look without an answer for 2 s is lost; one that the budget
    cuts off within its first second counts as none: the check's deadline comes soon after, and
    must find figures.
    """
    end = now() + budget_s
    result = Sampling()
    cold = await _within(end - now(), look)
    if cold is None:
        return result
    result.first_byte_ms = cold.elapsed_ms
    result.status = cold.status
    wanted = samples
    while len(result.rtts_ms) + result.lost < wanted and now() + PAUSE_S < end:
        due = now() + PAUSE_S
        await sleep(PAUSE_S)
        late = now() - due > LATE_S
        found = await _within(end - now(), look)
        if found is None:
            break
        result.status = found.status
        if found.status is None:
            result.lost += 1
        elif (found.opened or late) and result.repeated < MOST_REPEATS:
            result.repeated += 1
        else:
            _count(result, found)
        if len(result.rtts_ms) + result.lost == wanted and borderline(result.rtts_ms):
            wanted = max(wanted, SAMPLES_BORDERLINE)
    return result


async def _within(left_s: float, look: Callable[[], Awaitable[Look]]) -> Look | None:
    """Look once; lost after 2 s however the answer trickles, or after one where the budget ends.

    None when the budget ends sooner.
    """
    try:
        async with asyncio.timeout(min(SAMPLE_S, left_s)):
            return await look()
    except TimeoutError:
        return _LOST if left_s >= UNANSWERED_S else None


def _count(result: Sampling, found: Look) -> None:
    result.rtts_ms.append(found.elapsed_ms)
    if found.well:
        result.well += 1
    else:
        result.unwell += 1
    if found.server_ms is not None:
        result.server_ms.append(found.server_ms)
    result.versions = found.versions or result.versions
    known = result.clock
    if found.clock is not None and (known is None or found.clock.error_s < known.error_s):
        result.clock = found.clock


async def _look(client: httpx.AsyncClient, url: str) -> Look:
    opened = False

    async def trace(name: str, _info: dict[str, Any]) -> None:
        nonlocal opened
        opened = opened or name == _OPENED

    began = time.perf_counter()
    try:
        answer = await client.get(url, extensions={"trace": trace})
    except httpx.HTTPError:
        return Look((time.perf_counter() - began) * 1000, opened, None, False, None)
    elapsed_ms = (time.perf_counter() - began) * 1000
    here = _WALL.now()
    body = _body(answer)
    return Look(
        elapsed_ms,
        opened,
        answer.status_code,
        _is_well(body),
        _server_ms(answer),
        clock_skew(body.get("server_now"), here, elapsed_ms),
        _versions(body),
    )


def _body(answer: httpx.Response) -> dict[str, Any]:
    """Return what a healthy service says; nothing for any other answer."""
    if answer.status_code != 200:
        return {}
    try:
        body = answer.json()
    except ValueError:
        # The page of a captive portal, for one.
        return {}
    return body if isinstance(body, dict) else {}


def _is_well(body: dict[str, Any]) -> bool:
    return body.get("status") in WELL


def clock_skew(server_now: object, here: datetime, elapsed_ms: float) -> ClockSkew | None:
    """Compare the service's time with ours; None where it tells none.

    Args:
        here: our wall clock when the answer was there.
        elapsed_ms: of the round trip.
    """
    try:
        there = datetime.fromisoformat(str(server_now))
        half_s = elapsed_ms / 2000
        return ClockSkew((there - here).total_seconds() + half_s, half_s)
    except (ValueError, TypeError, OverflowError):
        # No time, or one without its zone.
        return None


def _versions(body: dict[str, Any]) -> tuple[str, str] | None:
    told = (body.get("version"), body.get("min_client_version"))
    return (told[0], told[1]) if isinstance(told[0], str) and isinstance(told[1], str) else None


def _server_ms(answer: httpx.Response) -> float | None:
    """Return the service's own entry: what stands between may add others of its own."""
    for entry in _ENTRY.findall(answer.headers.get("server-timing", "")):
        name, *parameters = (part.strip() for part in _PART.findall(entry))
        if name.lower() != OWN_TIMING:
            continue
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "dur":
                try:
                    return float(value.strip().strip('"'))
                except ValueError:
                    return None
    return None
