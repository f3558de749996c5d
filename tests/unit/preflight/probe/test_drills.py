"""The drills of a trial call in a room that is made up."""

import asyncio
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from livekit import rtc

from preflight.analysis.media_path import PathTotals
from preflight.analysis.round_trip import SeenPicture
from preflight.model import CheckState
from preflight.probe import drills
from preflight.probe.drills import Drills
from preflight.probe.protocol import Drill
from preflight.verdicts.catalogue import judge
from tests.check_cases import clears, just_misses, raises

SCENARIOS = rtc.SimulateScenarioKind


class MadeRoom:
    """A room that comes back, or does not, from what is simulated in it."""

    def __init__(self) -> None:
        self.local_participant = SimpleNamespace(identity="me")
        self.remote_participants: dict[str, Any] = {}
        self.comes_back = True
        self.comes_back_from = {
            SCENARIOS.SIMULATE_SIGNAL_RECONNECT,
            SCENARIOS.SIMULATE_FULL_RECONNECT,
            SCENARIOS.SIMULATE_FORCE_TCP,
        }
        self.slowly_s = 0.02
        self.broken: list[int] = []
        self._heard: dict[str, Callable[..., None]] = {}

    def on(self, event: str, call: Callable[..., None]) -> None:
        self._heard[event] = call

    def tell(self, event: str, *words: object) -> None:
        self._heard[event](*words)

    async def simulate_scenario(self, scenario: int) -> None:
        self.broken.append(scenario)
        if self.comes_back and scenario in self.comes_back_from:
            asyncio.get_running_loop().call_later(self.slowly_s, self.tell, "reconnected")

    async def get_rtc_stats(self) -> rtc.RtcStats:
        return rtc.RtcStats(publisher_stats=[], subscriber_stats=[])


class MadeSending:
    """Remembers whether it is muted."""

    def __init__(self) -> None:
        self.muted = False
        self.forgets = False
        self.history: list[bool] = []

    def mute(self, *, on: bool) -> None:
        self.muted = on and not self.forgets
        self.history.append(on)


class World:
    """Two rooms, what A sends, and the pictures that B sees all along."""

    def __init__(self) -> None:
        self.a, self.b = MadeRoom(), MadeRoom()
        self.sending = MadeSending()
        self.pictures_come = True
        self.drills = Drills(cast(Any, self.a), cast(Any, self.b), cast(Any, self))
        self.drills.begin(cast(Any, self.sending), [PathTotals(0.0)])

    def sees_sound(self, *, muted: bool) -> None:
        """Let B see A's sound track."""
        heard = SimpleNamespace(muted=muted, kind=rtc.TrackKind.KIND_AUDIO)
        self.b.remote_participants["a"] = SimpleNamespace(track_publications={"1": heard})

    def since(self, at_s: float) -> list[SeenPicture]:
        return [SeenPicture(at_s + 0.01, 100.0, None)] if self.pictures_come else []


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drills, "BACK_WITHIN_S", 0.3)
    monkeypatch.setattr(drills, "_PICTURE_WITHIN_S", 0.1)
    monkeypatch.setattr(drills, "_TRACK_WITHIN_S", 0.1)


def judged(code: str, figures: dict[str, Any]) -> CheckState:
    return judge(code, figures)


@clears("media.reconnect")
async def test_the_signalling_breaks_first_then_everything() -> None:
    world = World()
    world.sees_sound(muted=True)

    found = await world.drills.run(Drill(1, "reconnect", 24.0))

    assert world.a.broken == [
        SCENARIOS.SIMULATE_SIGNAL_RECONNECT,
        SCENARIOS.SIMULATE_FULL_RECONNECT,
    ]
    assert found["back"] is True
    assert found["mute_kept"] is True
    assert world.sending.history == [True, False], "muted for the drill alone"
    assert judged("media.reconnect", found) is CheckState.PASSED


@raises("media.reconnect")
async def test_a_call_that_does_not_come_back_fails() -> None:
    world = World()
    world.a.comes_back = False

    found = await world.drills.run(Drill(1, "reconnect", 24.0))

    assert found["back"] is False
    assert world.a.broken == [SCENARIOS.SIMULATE_SIGNAL_RECONNECT], "nothing more is broken"
    assert judged("media.reconnect", {**found, "reconnect_ms": 0.0}) is CheckState.FAILED


@raises("media.reconnect")
async def test_a_mute_that_is_lost_is_told() -> None:
    world = World()
    world.sending.forgets = True

    found = await world.drills.run(Drill(1, "reconnect", 24.0))

    assert judged("media.reconnect", found) is CheckState.WARNED


async def test_the_other_side_must_see_the_mute_as_well() -> None:
    world = World()
    world.sees_sound(muted=False)

    found = await world.drills.run(Drill(1, "reconnect", 24.0))

    assert found["mute_kept"] is False


async def test_a_sound_track_that_the_other_side_does_not_see_proves_no_mute() -> None:
    found = await World().drills.run(Drill(1, "reconnect", 24.0))

    assert found["mute_kept"] is False


@raises("media.reconnect")
async def test_a_full_reconnect_that_never_comes_after_a_slow_one_fails_in_time() -> None:
    """Cut short from outside it had no verdict, and a call that stays away was no fault."""
    world = World()
    world.a.slowly_s = 0.25
    world.a.comes_back_from.remove(SCENARIOS.SIMULATE_FULL_RECONNECT)
    world.pictures_come = False
    began = time.monotonic()

    found = await world.drills.run(Drill(1, "reconnect", 0.5))

    assert time.monotonic() - began < 0.65
    assert found["signal_ms"] == pytest.approx(250, abs=60)
    assert (found["back"], found["full_ago_ms"]) == (False, None)
    assert judged("media.reconnect", found) is CheckState.FAILED


async def test_the_comparison_over_tcp_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drills, "RATE_S", 30.0)
    began = time.monotonic()

    await World().drills.run(Drill(1, "tcp_rate", 1.5))

    assert time.monotonic() - began < 1.5


@raises("media.tcp_blocked")
async def test_a_room_that_does_not_come_back_over_tcp_fails() -> None:
    world = World()
    world.a.comes_back = False

    found = await world.drills.run(Drill(1, "tcp", 0.2))

    assert found["tcp"] is False
    assert judged("media.tcp_blocked", found) is CheckState.FAILED


@raises("media.tcp_blocked")
async def test_over_tcp_packets_must_come() -> None:
    world = World()

    found = await world.drills.run(Drill(1, "tcp", 0.5))

    assert (found["tcp"], found["tcp_packets"]) == (False, 0)


@pytest.mark.parametrize(
    ("count", "verdict"),
    [
        pytest.param(49, CheckState.FAILED, marks=raises("media.tcp_blocked")),
        pytest.param(50, CheckState.PASSED, marks=just_misses("media.tcp_blocked")),
    ],
)
async def test_fifty_packets_over_tcp_are_a_way(
    monkeypatch: pytest.MonkeyPatch, count: int, verdict: CheckState
) -> None:
    heard = iter([10])
    monkeypatch.setattr(drills, "audio_packets", lambda _: {"a": next(heard, 10 + count)})
    monkeypatch.setattr(drills, "path_of", lambda _: {"protocol": "tcp"})

    found = await World().drills.run(Drill(1, "tcp", 0.4))

    assert found["tcp_packets"] == count
    assert judged("media.tcp_blocked", found) is verdict


async def test_a_room_that_is_gone_is_not_waited_for() -> None:
    world = World()
    world.a.tell("disconnected", 1)

    async with asyncio.timeout(5):
        found = await world.drills.run(Drill(1, "reconnect", 24.0))

    assert found["back"] is False
    assert world.a.broken == []


@raises("media.server_quality")
async def test_the_worse_of_both_words_counts() -> None:
    world = World()
    for room, quality in (
        (world.a, rtc.ConnectionQuality.QUALITY_EXCELLENT),
        (world.b, rtc.ConnectionQuality.QUALITY_POOR),
    ):
        room.tell("connection_quality_changed", room.local_participant, quality)
    # What is said of the other participant is no word on this one.
    world.b.tell("connection_quality_changed", object(), rtc.ConnectionQuality.QUALITY_LOST)

    found = await world.drills.run(Drill(1, "quality", 1.0))

    assert found == {"quality": "poor", "quality_a": "excellent", "quality_b": "poor"}
    assert judged("media.server_quality", found) is CheckState.WARNED


async def test_a_server_that_says_nothing_has_no_word() -> None:
    found = await World().drills.run(Drill(1, "quality", 0.1))

    assert found == {"quality": None, "quality_a": None, "quality_b": None}
