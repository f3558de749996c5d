"""The look at a line before a trial call, in a room that the test holds in its hand."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from livekit import rtc

from preflight.analysis.packet_train import ON_THE_LINE_BYTES, PACKETS
from preflight.probe.line_look import TOPIC, LineLook


class Line:
    """A's room; what is sent comes to the look of B at the line's rate, in real time."""

    def __init__(self, rate_kbps: float | None) -> None:
        self.local_participant = self
        self.look: LineLook | None = None
        self.sent = 0
        self._gap_s = 0.0 if rate_kbps is None else ON_THE_LINE_BYTES * 8 / 1000 / rate_kbps
        self._free_s = 0.0

    async def publish_data(self, payload: bytes, *, reliable: bool, topic: str) -> None:
        assert (reliable, topic) == (False, TOPIC)
        self.sent += 1
        if self.look is None:
            raise rtc.participant.PublishDataError("not open")
        loop = asyncio.get_running_loop()
        self._free_s = max(self._free_s, loop.time())
        if len(payload) > 1:
            self._free_s += self._gap_s
        packet = cast(rtc.DataPacket, SimpleNamespace(data=payload, topic=topic))
        loop.call_at(self._free_s, self.look.on_data, packet)


def looking(line: Line) -> LineLook:
    line.look = LineLook(cast(Any, line))
    return line.look


async def test_a_narrow_line_is_told() -> None:
    found = await looking(Line(300)).narrow_kbps()

    # A crowded machine may tell nothing, and never a rate far off.
    assert found is None or 200 < found < 400


async def test_a_free_line_costs_one_burst() -> None:
    line = Line(None)

    assert await looking(line).narrow_kbps() is None
    assert line.sent <= PACKETS + 5


async def test_where_nothing_comes_the_call_begins_as_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("preflight.probe.line_look._OPEN_WITHIN_S", 0.2)
    line = Line(None)

    assert await LineLook(cast(Any, line)).narrow_kbps() is None
    assert line.sent >= 2


def test_packets_of_the_call_itself_are_no_burst() -> None:
    look = LineLook(cast(Any, Line(None)))

    look.on_data(cast(rtc.DataPacket, SimpleNamespace(data=b"\x01\x00\x00\x00", topic="")))
    look.on_data(cast(rtc.DataPacket, SimpleNamespace(data=b"", topic=TOPIC)))

    assert look._came_s == {}
