"""A look at the line before the trial call floods it: a few bursts of data packets.

Imports LiveKit: belongs to the probe process alone.
"""

import asyncio
import contextlib
import time

from livekit import rtc

from preflight.analysis.packet_train import PACKETS, PAYLOAD_BYTES, narrow_kbps, told_enough

TOPIC = "burst"
_OPEN_WITHIN_S = 2.0
_BURST_WITHIN_S = 0.6
"""A burst at 100 kbit/s; what comes later counts as lost."""
_OPEN_EVERY_S, _POLL_S = 0.05, 0.01


class LineLook:
    """Sends bursts from A to B; one use, in open rooms, before anything else is sent."""

    def __init__(self, a: rtc.Room) -> None:
        self._a = a
        self._came_s: dict[int, list[float]] = {}

    def on_data(self, packet: rtc.DataPacket) -> None:
        """Note a packet at B, of whatever topic."""
        if packet.topic == TOPIC and packet.data:
            self._came_s.setdefault(packet.data[0], []).append(time.perf_counter())

    async def narrow_kbps(self) -> float | None:
        """Return the rate of a line too narrow for what the trial sends; None for all others."""
        if not await self._opened():
            return None
        bursts: list[list[float]] = []
        while not told_enough(bursts):
            bursts.append(await self._burst(len(bursts) + 1))
        return narrow_kbps(bursts)

    async def _opened(self) -> bool:
        """Send small ones until one has come: the first one opens the channel."""
        end_s = time.perf_counter() + _OPEN_WITHIN_S
        while not self._came_s and time.perf_counter() < end_s:
            await self._send(bytes(1))
            await asyncio.sleep(_OPEN_EVERY_S)
        return bool(self._came_s)

    async def _burst(self, number: int) -> list[float]:
        payload = bytes([number]) + bytes(PAYLOAD_BYTES - 1)
        came = self._came_s[number] = []
        for _ in range(PACKETS):
            await self._send(payload)
        end_s = time.perf_counter() + _BURST_WITHIN_S
        while len(came) < PACKETS and time.perf_counter() < end_s:
            await asyncio.sleep(_POLL_S)
        return list(came)

    async def _send(self, payload: bytes) -> None:
        with contextlib.suppress(rtc.participant.PublishDataError):
            await self._a.local_participant.publish_data(payload, reliable=False, topic=TOPIC)
