"""One stay in a room whose SDK answers as the test says."""

import asyncio
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from livekit import rtc

from client_api.secret import Secret
from client_api.wire import AttemptId, Role, RoomTicket
from desktop.call.events import (
    JoinFault,
    OwnMediaChanged,
    OwnMediaFailed,
    QualityMeasured,
    RoomEvent,
    RoomJoined,
    RoomJoinFailed,
    SpeakerChanged,
    TrackKind,
)
from desktop.call.setup import LocalMedia
from desktop.media.publish_options import camera_options
from desktop.media.room_stay import MediaPlant, RoomStay
from preflight.devices.ports import OpenFault, SourceState, SourceStatus
from tests.conftest import ExpectedLogs
from tests.fakes.clock import FakeClock
from tests.fakes.devices import FakeSpeaker
from tests.fakes.sdk_room import SdkRoom

ATTEMPT = AttemptId("attempt-1")
PEER = "customer-1"
TICKET = RoomTicket(
    "ws://x", Secret("t"), "room-1", "mechanic-1", role=Role.MECHANIC, attempt=ATTEMPT
)
RUNNING = SourceStatus(SourceState.RUNNING, open_ms=200, first_ms=30)


class Plant:
    """Video and sound that only count what they are asked for."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.played: list[str] = []

    def show(self, track: rtc.Track, pictures: object) -> None:
        self.shown.append(track.sid)

    def play(self, identity: str, track: rtc.Track) -> None:
        self.played.append(track.sid)

    def last_pictures(self) -> list[tuple[str, float]]:
        return []

    async def hide_all(self) -> None:
        self.shown.clear()

    async def stop_playing_all(self) -> None:
        self.played.clear()


class Stage:
    """A stay, its room, and what it told."""

    def __init__(self) -> None:
        self.events: list[RoomEvent] = []
        self.plant = Plant()
        made = MediaPlant(
            cast(Any, self.plant),
            cast(Any, self.plant),
            {kind: cast(Any, None) for kind in TrackKind},
            FakeClock(),
        )
        self.stay = RoomStay(ATTEMPT, self.events.append, made)
        self.room = cast(SdkRoom, self.stay.room)

    async def join(self) -> None:
        await self.stay.connect(TICKET)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not holds():
                await asyncio.sleep(0.005)


@pytest.fixture
async def stage(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setattr(rtc, "Room", SdkRoom)
    monkeypatch.setattr("desktop.media.room_stay._LOOK_EVERY_S", 0.005)
    monkeypatch.setattr("desktop.media.room_stay._STATS_EVERY_S", 0.005)
    made = Stage()
    yield made
    await made.stay.leave()


class BrokenSpeaker:
    """Its driver has no answer when it is asked how it is."""

    is_broken = True

    @property
    def status(self) -> SourceStatus:
        if self.is_broken:
            raise OSError("made up")
        return SourceStatus(SourceState.LOST, OpenFault.UNPLUGGED)


async def test_a_driver_that_throws_once_leaves_statistics_and_watches_running(
    stage: Stage, expected_logs: ExpectedLogs
) -> None:
    """Else the call would go on with nobody who notices that a device is dead."""
    expected_logs.allow("the look at the devices failed")
    speaker = BrokenSpeaker()
    stage.stay.devices.use(LocalMedia(None, None, cast(Any, speaker)))
    await stage.join()
    await stage.until(lambda: any(isinstance(each, QualityMeasured) for each in stage.events))

    speaker.is_broken = False

    await stage.until(lambda: any(isinstance(each, SpeakerChanged) for each in stage.events))


async def test_statistics_that_throw_are_read_again(
    stage: Stage, expected_logs: ExpectedLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_logs.allow("the look at the statistics failed")
    answers = iter([AssertionError("a closed handle")])
    good = stage.room.get_rtc_stats

    async def throws_once() -> object:
        for error in answers:
            raise error
        return await good()

    monkeypatch.setattr(stage.room, "get_rtc_stats", throws_once)

    await stage.join()

    await stage.until(lambda: any(isinstance(each, QualityMeasured) for each in stage.events))


async def test_statistics_that_hang_do_not_hold_up_the_device_watch(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hangs() -> object:
        await asyncio.Event().wait()
        return None

    monkeypatch.setattr(stage.room, "get_rtc_stats", hangs)
    speaker = FakeSpeaker()
    speaker.status = RUNNING
    stage.stay.devices.use(LocalMedia(None, None, speaker))
    await stage.join()
    await asyncio.sleep(0.05)

    speaker.status = SourceStatus(SourceState.LOST, OpenFault.UNPLUGGED)
    begun_s = asyncio.get_running_loop().time()
    await stage.until(lambda: any(isinstance(each, SpeakerChanged) for each in stage.events))

    assert asyncio.get_running_loop().time() - begun_s < 1.0


async def test_tracks_of_a_room_that_opened_too_late_are_neither_shown_nor_played(
    stage: Stage,
) -> None:
    """They come while it is closed again, and nobody would close their streams."""
    stage.room.may_connect.clear()
    joining = asyncio.ensure_future(stage.join())
    await stage.stay.wait_for_answer(0.0)
    stage.room.while_disconnecting = stage.room.subscribe_all

    stage.room.may_connect.set()
    await joining

    assert stage.room.disconnects == 1
    assert (stage.plant.shown, stage.plant.played) == ([], [])
    assert stage.events == [RoomJoinFailed(ATTEMPT, JoinFault.TIMED_OUT, "not connected after 0 s")]


async def test_tracks_of_a_room_that_is_open_are_shown_and_played(stage: Stage) -> None:
    await stage.join()

    stage.room.subscribe_all()

    assert (len(stage.plant.shown), len(stage.plant.played)) == (1, 1)


async def test_streams_that_hang_hold_nobody_in_the_room(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, expected_logs: ExpectedLogs
) -> None:
    """The port promises that a leave takes five seconds at most."""
    expected_logs.allow("the streams of a room did not close in")
    monkeypatch.setattr("desktop.media.room_stay._STREAMS_DEADLINE_S", 0.01, raising=False)

    async def hangs() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(stage.plant, "hide_all", hangs)
    await stage.join()

    async with asyncio.timeout(2):
        await stage.stay.leave()

    assert stage.room.disconnects == 1


async def test_pictures_that_cannot_be_closed_leave_no_sound_open(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("the streams of a room did not close: RuntimeError")

    async def throws() -> None:
        raise RuntimeError("made up")

    monkeypatch.setattr(stage.plant, "hide_all", throws)
    await stage.join()
    stage.room.subscribe_all()

    await stage.stay.leave()

    assert stage.plant.played == []


async def test_what_could_not_be_published_during_a_repair_is_published_after_it(
    stage: Stage,
) -> None:
    track = SimpleNamespace(muted=False, mute=lambda: None, unmute=lambda: None)
    stage.stay.own.add(TrackKind.CAMERA, lambda: cast(Any, track), camera_options(), is_on=True)
    stage.room.local_participant.is_away = True
    await stage.join()
    await stage.until(lambda: any(isinstance(each, OwnMediaFailed) for each in stage.events))
    stage.stay.on_repair(is_done=False)
    stage.room.local_participant.is_away = False

    stage.stay.on_repair(is_done=True)

    await stage.until(lambda: bool(stage.room.local_participant.published))
    await stage.until(lambda: OwnMediaChanged(ATTEMPT, TrackKind.CAMERA, True) in stage.events)


async def test_the_camera_is_on_its_way_before_anybody_can_draw_the_joined_call(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drawing the page takes the loop for 20 ms and more, and the peer waits for the picture."""
    track = SimpleNamespace(muted=False)
    stage.stay.own.add(TrackKind.CAMERA, lambda: cast(Any, track), camera_options(), is_on=True)
    published_when_drawn: list[list[int]] = []
    tell = stage.events.append

    def hear(event: RoomEvent) -> None:
        tell(event)
        if isinstance(event, RoomJoined):
            # As the call's actor does: the state is drawn in a step of its own.
            asyncio.get_running_loop().call_soon(
                lambda: published_when_drawn.append(list(stage.room.local_participant.published))
            )

    monkeypatch.setattr(stage.stay, "_emit_outside", hear)

    await stage.join()
    await stage.until(lambda: bool(published_when_drawn))

    assert published_when_drawn == [[rtc.TrackSource.SOURCE_CAMERA]]
