"""The gateway on an SDK room without a server: what joins and leaves do to each other."""

import asyncio
import gc
import sys
import threading
import weakref
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import cast

import pytest
from livekit import rtc

from client_api.secret import Secret
from client_api.wire import AttemptId, Role, RoomTicket
from desktop.call.events import (
    JoinFault,
    OwnMediaFailed,
    RoomEvent,
    RoomJoined,
    RoomJoinFailed,
    TrackKind,
)
from desktop.call.setup import LocalMedia, MediaWishes
from desktop.media.livekit_room import LiveKitRoom
from desktop.media.media_loop import MediaLoop
from desktop.viewmodels.pictures import PictureMailbox
from tests.fakes.clock import FakeClock
from tests.fakes.sdk_room import SdkRoom

FIRST, SECOND = AttemptId("attempt-1"), AttemptId("attempt-2")
NO_MEDIA = LocalMedia(None, None, None)


class Stage:
    """A gateway and what it told."""

    def __init__(self) -> None:
        self.events: list[RoomEvent] = []
        self.gateway = LiveKitRoom(
            clock=FakeClock(), camera_pictures=PictureMailbox(), screen_pictures=PictureMailbox()
        )
        self.gateway.listen(self.events.append)

    @property
    def room(self) -> SdkRoom:
        """The SDK room of the newest attempt."""
        assert self.gateway.stay is not None
        return cast(SdkRoom, self.gateway.stay.room)

    async def join(self, attempt: AttemptId) -> None:
        ticket = RoomTicket(
            "ws://x", Secret("t"), "room-1", "mechanic-1", role=Role.MECHANIC, attempt=attempt
        )
        await self.gateway.join(attempt, ticket, NO_MEDIA, MediaWishes())

    def told(self, attempt: AttemptId) -> list[RoomEvent]:
        return [each for each in self.events if each.attempt == attempt]


@pytest.fixture
async def stage(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setattr(rtc, "Room", SdkRoom)
    made = Stage()
    yield made
    await made.gateway.aclose()


async def test_leaving_while_the_room_before_is_still_left_enters_no_room(stage: Stage) -> None:
    """The rejoin waits for the old room; who leaves meanwhile must not find himself in the new."""
    await stage.join(FIRST)
    old = stage.room
    old.may_disconnect.clear()
    rejoining = asyncio.ensure_future(stage.join(SECOND))
    while not old.disconnects:
        await asyncio.sleep(0.005)

    await stage.gateway.leave(SECOND)
    old.may_disconnect.set()
    await rejoining

    assert stage.room.connects == 0
    assert stage.told(SECOND) == [RoomJoinFailed(SECOND, JoinFault.ABANDONED, "left while joining")]


async def test_a_second_join_leaves_the_first_room_before_it_enters(stage: Stage) -> None:
    await stage.join(FIRST)
    old = stage.room

    await stage.join(SECOND)

    assert old.disconnects == 1
    assert [type(each) for each in stage.told(SECOND)] == [RoomJoined]


async def test_a_room_that_was_joined_is_kept_until_another_one_is(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the last peer connection of the library's runtime its sound ends for good."""

    async def refuse(*_: object) -> None:
        raise rtc.ConnectError("refused")

    await stage.join(FIRST)
    first = weakref.ref(stage.room)
    with monkeypatch.context() as while_away:
        while_away.setattr(SdkRoom, "connect", refuse)
        for number in range(2):
            await stage.join(AttemptId(f"refused-{number}"))
    gc.collect()
    assert first() is not None

    await stage.join(SECOND)
    gc.collect()
    assert first() is None


async def given_up(stage: Stage) -> SdkRoom:
    """Leave while the first room is still being connected to; its connect goes on."""
    joining = asyncio.ensure_future(stage.join(FIRST))
    while stage.gateway.stay is None:
        await asyncio.sleep(0)
    room = stage.room
    room.may_connect.clear()
    while not room.connects:
        await asyncio.sleep(0.005)
    await stage.gateway.leave(FIRST)
    await joining
    return room


async def test_a_room_is_entered_when_the_connect_before_it_has_ended(stage: Stage) -> None:
    """Natively it goes on, and its end must not fall into the next one's beginning."""
    slow = await given_up(stage)
    joining = asyncio.ensure_future(stage.join(SECOND))
    await asyncio.sleep(0.05)
    connects = [stage.room.connects]

    slow.may_connect.set()
    await joining
    connects.append(stage.room.connects)

    assert connects == [0, 1]
    assert [type(each) for each in stage.told(SECOND)] == [RoomJoined]


async def test_a_connect_that_never_ends_is_not_waited_for_for_ever(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.media.room_stay._CONNECT_BEFORE_DEADLINE_S", 0.02)
    stuck = await given_up(stage)

    await stage.join(SECOND)

    assert [type(each) for each in stage.told(SECOND)] == [RoomJoined]
    stuck.may_connect.set()


async def test_who_leaves_while_the_connect_before_still_ends_enters_no_room(stage: Stage) -> None:
    slow = await given_up(stage)
    joining = asyncio.ensure_future(stage.join(SECOND))
    await asyncio.sleep(0.02)

    await stage.gateway.leave(SECOND)
    await joining
    slow.may_connect.set()
    await asyncio.sleep(0.02)

    assert stage.room.connects == 0
    assert stage.told(SECOND) == [RoomJoinFailed(SECOND, JoinFault.ABANDONED, "left while joining")]


class BrokenShare:
    """A share whose source cannot be made after the grab has begun."""

    stopped = 0

    def __init__(self, *_: object) -> None:
        pass

    async def start(self) -> None:
        raise RuntimeError("no video source")

    async def stop(self) -> None:
        BrokenShare.stopped += 1


async def test_a_screen_that_cannot_be_shared_for_want_of_a_library_is_told_and_the_call_goes_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a gateway raises ends the call: nobody pays for that because a button was pressed."""
    monkeypatch.setitem(sys.modules, "desktop.media.screen_share", None)
    await stage.join(FIRST)

    await stage.gateway.set_screen_share(FIRST, True)

    failed = [each for each in stage.events if isinstance(each, OwnMediaFailed)]
    assert [each.kind for each in failed] == [TrackKind.SCREEN]


async def test_a_share_that_breaks_while_it_begins_is_stopped_and_can_be_tried_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BrokenShare, "stopped", 0)
    monkeypatch.setitem(
        sys.modules, "desktop.media.screen_share", SimpleNamespace(ScreenShare=BrokenShare)
    )
    await stage.join(FIRST)

    await stage.gateway.set_screen_share(FIRST, True)
    await stage.gateway.set_screen_share(FIRST, True)

    failed = [each for each in stage.events if isinstance(each, OwnMediaFailed)]
    assert [each.detail for each in failed] == ["no video source", "no video source"]
    assert BrokenShare.stopped == 2


async def test_closing_waits_for_no_thread_on_the_windows_thread(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited_on: list[threading.Thread] = []
    good = MediaLoop.stop

    def seen(self: MediaLoop) -> None:
        waited_on.append(threading.current_thread())
        good(self)

    monkeypatch.setattr(MediaLoop, "stop", seen)
    await stage.join(FIRST)

    await stage.gateway.aclose()

    assert len(waited_on) == 1
    assert threading.main_thread() not in waited_on
