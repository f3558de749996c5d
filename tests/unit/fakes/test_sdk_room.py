"""The fake of the SDK's room keeps to the real one where the adapter leans on it."""

import asyncio
import inspect

import pytest
from livekit import rtc

from tests.fakes.sdk_room import LocalPerson, SdkRoom


@pytest.mark.parametrize("name", ["connect", "disconnect", "get_rtc_stats", "on"])
def test_the_fake_room_has_the_real_ones_methods(name: str) -> None:
    real, fake = getattr(rtc.Room, name), getattr(SdkRoom, name)

    assert inspect.iscoroutinefunction(fake) == inspect.iscoroutinefunction(real)


@pytest.mark.parametrize("name", ["publish_track", "unpublish_track"])
def test_the_fake_person_has_the_real_ones_methods(name: str) -> None:
    real, fake = getattr(rtc.LocalParticipant, name), getattr(LocalPerson, name)

    assert inspect.iscoroutinefunction(fake) == inspect.iscoroutinefunction(real)


async def test_a_connect_waits_until_it_may() -> None:
    room = SdkRoom()
    room.may_connect.clear()
    connecting = asyncio.ensure_future(room.connect("ws://x", "t", None))
    await asyncio.sleep(0)
    waited = not connecting.done()

    room.may_connect.set()
    await connecting

    assert waited
    assert room.connects == 1


async def test_tracks_are_told_as_the_real_classes() -> None:
    room = SdkRoom()
    told: list[object] = []
    room.on("track_subscribed", lambda track, publication, peer: told.append(track))

    room.subscribe_all()

    assert [type(each) for each in told] == [rtc.RemoteVideoTrack, rtc.RemoteAudioTrack]
