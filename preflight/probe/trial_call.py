"""P01 to P17, P20, P21 and H01: a trial call of two participants through the media server.

Imports LiveKit: belongs to the probe process alone. A sends pictures and sound that are as hard to
encode as a workshop is, and a numbered stream of data packets; B receives. Both stay in the room
for the round trips of the person's own devices and for the drills, until `leave`.
"""

import asyncio
import contextlib
import struct
import time
from dataclasses import dataclass, field

from livekit import rtc

from client_api.tasks import Tasks
from preflight.analysis.media_path import (
    Packet,
    PathTotals,
    over,
    plenty_kbps,
)
from preflight.analysis.round_trip import delay_ms
from preflight.model import MeasuredValue
from preflight.offload import TASKS_END_WITHIN_S
from preflight.probe.drills import Drills
from preflight.probe.line_look import TOPIC, LineLook
from preflight.probe.own_devices import camera_trip, microphone_trip
from preflight.probe.path_stats import estimate_kbps, path_of, totals_of
from preflight.probe.protocol import Drill, RoundTrip
from preflight.probe.trial_figures import ESTIMATE_WITHIN_S, figures_of, series_of
from preflight.probe.trial_receiving import Receiving
from preflight.probe.trial_sending import Sending

SAMPLE_S = 1.0
FIRST_FRAME_POLL_S = 0.1
ESTIMATE_POLL_S = 0.1
"""On a line that is narrow downwards the estimate leaps to 1,500 kbit/s and may fall to 300 again
within a second: readings of every second missed it in two of eight calls (four busy programs on
two cores)."""
PACKET_EVERY_S = 0.02
NARROW_PACKET_EVERY_S = 0.06
"""The stream with its acknowledgements takes a third of a line of 300 kbit/s else."""
PACKET_BYTES = 100
_LAST_PACKETS_S = 0.5
"""What was sent this shortly before the end may still be on its way."""
_HEAD = struct.Struct("<I")
_FILLING = bytes(PACKET_BYTES - _HEAD.size)


class NoCall(Exception):
    """There is no trial call to drill in."""


@dataclass(slots=True)
class TrialResult:
    """What one trial call brought.

    Attributes:
        measured: figures by name, units in the names.
        series: columns over time, all of one length.
    """

    measured: dict[str, MeasuredValue]
    series: dict[str, list[float | None]] = field(default_factory=dict)


class TrialCall:
    """Two participants in the probe room; one use."""

    def __init__(self) -> None:
        self._rooms = (rtc.Room(), rtc.Room())
        self._sent_s: dict[int, float] = {}
        self._came_s: dict[int, float] = {}
        self._first_frame_s: float | None = None
        self._peak_kbps = 0.0
        self._published_s: float | None = None
        self._tasks = Tasks()
        self._sending: Sending | None = None
        self._receiving = Receiving(self._rooms[1], self._tasks)
        self._drills: Drills | None = None
        self._filling = _FILLING
        self._packet_every_s = PACKET_EVERY_S

    async def run(
        self, url: str, token_a: str, token_b: str, *, max_s: float, cap_kbps: int
    ) -> TrialResult:
        """Join and send until more would tell nothing new or ``max_s`` is over; stay.

        A connect cannot be called off: whoever loses patience kills the process.
        """
        a, b = self._rooms
        b.on("data_received", self._on_data)
        drills = Drills(a, b, self._receiving)
        try:
            await asyncio.gather(
                *(
                    room.connect(url, token, rtc.RoomOptions(single_peer_connection=False))
                    for room, token in ((a, token_a), (b, token_b))
                )
            )
        except rtc.ConnectError:
            # Its words hold the token.
            return TrialResult({"joined": False})
        look = LineLook(a)
        b.on("data_received", look.on_data)
        narrow_kbps = await look.narrow_kbps()
        began = time.perf_counter()
        if narrow_kbps is not None:
            self._filling, self._packet_every_s = b"", NARROW_PACKET_EVERY_S
        packets = self._tasks.spawn(self._send_packets(a), name="loss stream")
        self._tasks.spawn(self._await_first_frame(b, began), name="first frame")
        if narrow_kbps is not None:
            self._tasks.spawn(self._watch_estimate(a, began), name="first estimates")
        self._sending = Sending(self._tasks, cap_kbps * 1000, narrow_kbps)
        await self._sending.publish(a)
        self._published_s = time.perf_counter() - began
        enough_kbps = plenty_kbps(cap_kbps)
        totals = await self._measure(a, b, began, max_s, enough_kbps)
        packets.cancel()
        drills.begin(self._sending, totals)
        self._drills = drills
        figures = await self._figures(a, totals, enough_kbps, narrow_kbps)
        figures["began_ago_ms"] = (time.perf_counter() - began) * 1000
        return TrialResult(figures, series_of(totals))

    async def round_trip(self, wanted: RoundTrip) -> dict[str, MeasuredValue]:
        """Send the person's own sound or pictures for a moment.

        Raises:
            NoCall: the trial call did not come about.
            OSError: the device's feed is gone.
        """
        if self._sending is None or self._drills is None:
            raise NoCall
        trip = camera_trip if wanted.of == "camera" else microphone_trip
        return await trip(self._sending, self._receiving, wanted)

    async def drill(self, wanted: Drill) -> dict[str, MeasuredValue]:
        """Run one drill in the room.

        Raises:
            NoCall: the trial call did not come about.
        """
        if self._drills is None:
            raise NoCall
        return await self._drills.run(wanted)

    async def leave(self) -> None:
        """Leave both rooms; safe without a join."""
        await self._tasks.close(patience_s=TASKS_END_WITHIN_S)
        for room in self._rooms:
            await room.disconnect()

    async def _figures(
        self,
        a: rtc.Room,
        totals: list[PathTotals],
        enough_kbps: float,
        narrow_kbps: float | None,
    ) -> dict[str, MeasuredValue]:
        first_s, published_s = self._first_frame_s, self._published_s
        median, high = delay_ms(list(self._receiving.pictures)) or (None, None)
        return {
            "joined": True,
            "seconds": totals[-1].at_s,
            "published_ms": None if published_s is None else published_s * 1000,
            "first_frame_ms": None if first_s is None else first_s * 1000,
            "delay_ms": median,
            "delay_p95_ms": high,
            **path_of(await a.get_rtc_stats()),
            **figures_of(totals, self._packets(), enough_kbps, narrow_kbps, self._peak_kbps),
        }

    async def _measure(
        self, a: rtc.Room, b: rtc.Room, began: float, max_s: float, enough_kbps: float
    ) -> list[PathTotals]:
        totals: list[PathTotals] = []
        while True:
            at_s = time.perf_counter() - began
            totals.append(totals_of(at_s, await a.get_rtc_stats(), await b.get_rtc_stats()))
            if at_s >= max_s or over(totals, enough_kbps):
                return totals
            await asyncio.sleep(SAMPLE_S)

    async def _await_first_frame(self, b: rtc.Room, began: float) -> None:
        while True:
            stats = await b.get_rtc_stats()
            if totals_of(0.0, stats, stats).frames_decoded > 0:
                self._first_frame_s = time.perf_counter() - began
                return
            await asyncio.sleep(FIRST_FRAME_POLL_S)

    async def _watch_estimate(self, a: rtc.Room, began: float) -> None:
        while time.perf_counter() - began < ESTIMATE_WITHIN_S:
            self._peak_kbps = max(self._peak_kbps, estimate_kbps(await a.get_rtc_stats()))
            await asyncio.sleep(ESTIMATE_POLL_S)

    async def _send_packets(self, a: rtc.Room) -> None:
        number, began = 0, time.perf_counter()
        while True:
            self._sent_s[number] = time.perf_counter()
            payload = _HEAD.pack(number) + self._filling
            with contextlib.suppress(rtc.participant.PublishDataError):
                await a.local_participant.publish_data(payload, reliable=False)
            number += 1
            await asyncio.sleep(
                max(0.0, began + number * self._packet_every_s - time.perf_counter())
            )

    def _on_data(self, packet: rtc.DataPacket) -> None:
        if packet.topic != TOPIC and len(packet.data) >= _HEAD.size:
            (number,) = _HEAD.unpack_from(packet.data)
            self._came_s.setdefault(number, time.perf_counter())

    def _packets(self) -> list[Packet]:
        if not self._came_s:
            return []
        # Before the data channel was open nothing could come: that is no loss of the line.
        first = min(self._came_s)
        end_s = time.perf_counter() - _LAST_PACKETS_S
        return [
            Packet(number, sent_s, self._came_s.get(number))
            for number, sent_s in self._sent_s.items()
            if number >= first and sent_s <= end_s
        ]
