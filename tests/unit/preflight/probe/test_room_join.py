"""N05 without a server: what a connected room brings along."""

import asyncio

import pytest
from livekit import rtc

from preflight.probe import room_join
from preflight.probe.room_join import ProbeParticipant
from tests.fakes.sdk_room import SdkRoom


class SilentRoom(SdkRoom):
    """It connects, and its statistics never come."""

    async def get_rtc_stats(self) -> object:
        await asyncio.Event().wait()
        return None


async def test_a_connection_counts_though_its_statistics_never_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rtc, "Room", SilentRoom)
    monkeypatch.setattr(room_join, "PATH_S", 0.01)

    async with asyncio.timeout(5):
        figures = await ProbeParticipant().join("ws://x", "t")

    assert figures["connected"] is True
    assert "candidate" not in figures
