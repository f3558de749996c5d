"""P15, P17, P20 and P21: what happens to a running trial call when its connection is broken.

Imports LiveKit: belongs to the probe process alone. Times of the drills on a loopback are in
docs/livekit.md, 2.2. `Drills.run("tcp")` comes last: the room stays on TCP afterwards.
"""

import asyncio
import time
from collections.abc import Callable, Sequence

from livekit import rtc

from preflight.analysis.carried import carried_down_kbps
from preflight.analysis.media_path import PathTotals, loss_percent
from preflight.analysis.round_trip import longest_gap_s
from preflight.model import MeasuredValue
from preflight.probe.path_stats import audio_packets, path_of, totals_of
from preflight.probe.protocol import Drill
from preflight.probe.trial_receiving import Receiving
from preflight.probe.trial_sending import Sending
from preflight.verdicts.advice.media import ENOUGH_PACKETS

BACK_WITHIN_S = 12.0
"""The deadline of each reconnect (P20)."""
RATE_S = 5.0
_POLL_S = 0.05
_PICTURE_WITHIN_S = 5.5
"""`reconnected` does not mean that media flows: the first picture afterwards is waited for, longer
than a gap that warns (5 s), or the drill would end before such a gap is one."""
_TRACK_WITHIN_S = 1.0
"""The other side learns of a sound track again a little after the pictures came."""
_ORDER = ("lost", "poor", "good", "excellent")
_QUALITY = {
    rtc.ConnectionQuality.QUALITY_LOST: "lost",
    rtc.ConnectionQuality.QUALITY_POOR: "poor",
    rtc.ConnectionQuality.QUALITY_GOOD: "good",
    rtc.ConnectionQuality.QUALITY_EXCELLENT: "excellent",
}


class Drills:
    """Made before both participants join; `begin` once the trial call was measured."""

    def __init__(self, a: rtc.Room, b: rtc.Room, receiving: Receiving) -> None:
        self._a, self._b = a, b
        self._receiving = receiving
        self._sending: Sending | None = None
        self._over_udp: Sequence[PathTotals] = ()
        self._reconnected_s: float | None = None
        self._gone = False
        self._quality: dict[str, str] = {}
        a.on("reconnected", self._on_reconnected)
        a.on("disconnected", self._on_gone)
        for name, room in (("a", a), ("b", b)):
            room.on("connection_quality_changed", self._listener(name, room))

    def begin(self, sending: Sending, totals: Sequence[PathTotals]) -> None:
        """Take what the trial call sends with, and what it measured over its natural path."""
        self._sending, self._over_udp = sending, totals

    async def run(self, wanted: Drill) -> dict[str, MeasuredValue]:
        """Run one drill; ends by itself within ``max_s`` and what the SDK takes to answer."""
        match wanted.drill:
            case "quality":
                return await self._server_quality(wanted.max_s)
            case "reconnect":
                return await self._reconnect(wanted.max_s)
            case "tcp":
                return await self._force_tcp(wanted.max_s)
            case "tcp_rate":
                return await self._tcp_rate(wanted.max_s)

    async def _server_quality(self, max_s: float) -> dict[str, MeasuredValue]:
        await _until(lambda: len(self._quality) == 2, max_s)
        told = dict(self._quality)
        worst = min(told.values(), key=_ORDER.index) if told else None
        return {"quality": worst, "quality_a": told.get("a"), "quality_b": told.get("b")}

    async def _reconnect(self, max_s: float) -> dict[str, MeasuredValue]:
        began = time.monotonic()
        end_s = began + max_s
        if self._sending is not None:
            # Nobody must be heard after a reconnect who was muted before it.
            self._sending.mute(on=True)
        kinds = rtc.SimulateScenarioKind
        # A slow first one must leave the second its time: cut short from outside it had no verdict.
        signal_ms = await self._back_after(
            kinds.SIMULATE_SIGNAL_RECONNECT, end_s - BACK_WITHIN_S, end_s
        )
        full_ms, full_began = None, time.monotonic()
        if signal_ms is not None:
            full_ms = await self._back_after(kinds.SIMULATE_FULL_RECONNECT, end_s, end_s)
        kept = await self._still_muted(end_s)
        if self._sending is not None:
            self._sending.mute(on=False)
        times = [each.at_s for each in self._receiving.since(began)]
        known = [each for each in (signal_ms, full_ms) if each is not None]
        now = time.monotonic()
        return {
            "back": full_ms is not None,
            "reconnect_ms": max(known) if known else None,
            "signal_ms": signal_ms,
            "signal_ago_ms": (now - began) * 1000,
            "full_ms": full_ms,
            "full_ago_ms": None if full_ms is None else (now - full_began) * 1000,
            "gap_ms": longest_gap_s(times, began, now) * 1000,
            "mute_kept": kept,
        }

    async def _back_after(
        self, scenario: rtc.SimulateScenarioKind.ValueType, picture_by_s: float, end_s: float
    ) -> float | None:
        """Break the connection and return how long A took to be back, in ms; None: it is not.

        Waits for it until ``end_s`` at most, and then for a picture until ``picture_by_s``.
        """
        began = time.monotonic()
        await self._break(scenario)
        within_s = min(BACK_WITHIN_S, end_s - began)
        if not await _until(lambda: self._reconnected_s is not None, within_s, self._lost):
            return None
        took_s = (self._reconnected_s or began) - began
        back_s = time.monotonic()
        within_s = min(_PICTURE_WITHIN_S, picture_by_s - back_s)
        await _until(lambda: bool(self._receiving.since(back_s)), within_s, self._lost)
        return took_s * 1000

    async def _still_muted(self, end_s: float) -> bool:
        """Say whether A is muted and B sees it so; a track that B does not see proves nothing."""
        within_s = min(_TRACK_WITHIN_S, end_s - time.monotonic())
        await _until(lambda: bool(self._mutes_seen()), within_s, self._lost)
        seen = self._mutes_seen()
        muted = self._sending is not None and self._sending.muted
        return muted and bool(seen) and all(seen)

    def _mutes_seen(self) -> list[bool]:
        """Return of each sound track that B sees whether it is muted."""
        return [
            publication.muted
            for participant in self._b.remote_participants.values()
            for publication in participant.track_publications.values()
            if publication.kind == rtc.TrackKind.KIND_AUDIO
        ]

    async def _force_tcp(self, max_s: float) -> dict[str, MeasuredValue]:
        began = time.monotonic()
        await self._break(rtc.SimulateScenarioKind.SIMULATE_FORCE_TCP)
        back = await _until(lambda: self._reconnected_s is not None, max_s, self._lost)
        path: dict[str, MeasuredValue] = {}
        packets = 0
        before = audio_packets(await self._b.get_rtc_stats()) if back else {}
        while back and time.monotonic() - began < max_s and packets < ENOUGH_PACKETS:
            await asyncio.sleep(_POLL_S * 2)
            path = path_of(await self._a.get_rtc_stats())
            now = audio_packets(await self._b.get_rtc_stats())
            packets = sum(max(0, count - before.get(one, 0)) for one, count in now.items())
        over_tcp = path.get("protocol") == "tcp" or path.get("relay_protocol") in ("tcp", "tls")
        return {
            "tcp": over_tcp and packets >= ENOUGH_PACKETS,
            "tcp_protocol": path.get("protocol"),
            "tcp_candidate": path.get("candidate"),
            "tcp_type": path.get("tcp_type"),
            "tcp_packets": packets,
        }

    async def _tcp_rate(self, max_s: float) -> dict[str, MeasuredValue]:
        totals: list[PathTotals] = []
        began = time.monotonic()
        while not totals or totals[-1].at_s < min(RATE_S, max_s - 1.0):
            if totals:
                await asyncio.sleep(1.0)
            a, b = await self._a.get_rtc_stats(), await self._b.get_rtc_stats()
            totals.append(totals_of(time.monotonic() - began, a, b))
        return {
            "udp_kbps": carried_down_kbps(self._over_udp),
            "tcp_kbps": carried_down_kbps(totals),
            "udp_loss_percent": max(loss_percent(self._over_udp)),
            "tcp_loss_percent": max(loss_percent(totals)),
        }

    async def _break(self, scenario: rtc.SimulateScenarioKind.ValueType) -> None:
        self._reconnected_s = None
        if not self._gone:
            await self._a.simulate_scenario(scenario)

    def _lost(self) -> bool:
        return self._gone

    def _on_reconnected(self) -> None:
        self._reconnected_s = time.monotonic()

    def _on_gone(self, _reason: object) -> None:
        self._gone = True

    def _listener(
        self, name: str, room: rtc.Room
    ) -> Callable[[object, rtc.ConnectionQuality], None]:
        def listen(who: object, quality: rtc.ConnectionQuality) -> None:
            if who is room.local_participant and quality in _QUALITY:
                self._quality[name] = _QUALITY[quality]

        return listen


async def _until(
    holds: Callable[[], bool], within_s: float, over: Callable[[], bool] = lambda: False
) -> bool:
    end_s = time.monotonic() + within_s
    while not holds():
        if time.monotonic() >= end_s or over():
            return False
        await asyncio.sleep(_POLL_S)
    return True
