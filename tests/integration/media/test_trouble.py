"""Faults in mid-call: what is told, and that everything comes back as it was wished."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from livekit import rtc

from client_api.wire import AttemptId
from desktop.call.events import (
    MediaResumed,
    MediaStalled,
    OwnNetworkChanged,
    PeerMediaChanged,
    RoomDisconnected,
    RoomJoined,
    RoomReconnected,
    SpeakerChanged,
    TrackKind,
)
from desktop.call.setup import LocalMedia
from preflight.devices.null_speaker import NullSpeaker
from preflight.devices.pattern_camera import pattern_camera
from preflight.devices.source_thread import OpenGuard
from preflight.devices.tone_microphone import tone_microphone
from tests.fakes.livekit_server import LiveKitServer
from tests.fakes.played_devices import FakeSpeaker
from tests.integration.media.desk import ATTEMPT, Desk

pytestmark = pytest.mark.timeout(150)
GUARD = OpenGuard()


class Pair:
    """A customer who sends and a mechanic who receives, in one process."""

    def __init__(self, server: LiveKitServer, room: str) -> None:
        self.server = server
        self.room = room
        self.customer = Desk()
        self.mechanic = Desk()
        self.media = LocalMedia(pattern_camera(GUARD), tone_microphone(440, GUARD), NullSpeaker())
        self.ears = NullSpeaker()

    async def start(self) -> None:
        for device in (self.media.camera, self.media.microphone):
            assert device is not None
            device.open()
        await self.join(self.mechanic, "mechanic-1", LocalMedia(None, None, self.ears))
        await self.join(self.customer, "customer-1", self.media)
        await self.mechanic.until_pictures_flow()

    async def join(
        self, desk: Desk, identity: str, media: LocalMedia, attempt: AttemptId = ATTEMPT
    ) -> None:
        token = self.server.token(self.room, identity)
        answer = await desk.join(self.server.url, token, media, attempt)
        assert isinstance(answer, RoomJoined), answer

    async def close(self) -> None:
        await self.customer.room.aclose()
        await self.mechanic.room.aclose()
        for device in (self.media.camera, self.media.microphone, self.media.speaker, self.ears):
            if device is not None:
                device.close()


@pytest.fixture
def own_server() -> Iterator[LiveKitServer]:
    """A server that a test may break."""
    with LiveKitServer() as running:
        yield running


@pytest.fixture
async def pair(own_server: LiveKitServer, room: str) -> AsyncIterator[Pair]:
    await own_server.create_room(room)
    made = Pair(own_server, room)
    await made.start()
    yield made
    await made.close()


async def test_a_loudspeaker_that_is_lost_is_told_until_another_one_plays(pair: Pair) -> None:
    speaker = FakeSpeaker()
    speaker.open(lambda: None)
    media = pair.media
    spare = LocalMedia(media.camera, media.microphone, speaker)
    await pair.customer.room.use_media(ATTEMPT, spare)
    speaker.lose()

    lost = await pair.customer.until(SpeakerChanged, 5)
    await pair.customer.room.use_media(ATTEMPT, media)
    pair.customer.events.clear()
    back = await pair.customer.until(SpeakerChanged, 5)

    assert lost == SpeakerChanged(ATTEMPT, False, "the device stopped: unplugged")
    assert back == SpeakerChanged(ATTEMPT, True)


async def test_a_frozen_server_is_told_by_the_age_of_the_media(pair: Pair) -> None:
    pair.server.freeze()
    stalled = await pair.mechanic.until(MediaStalled, 6)
    network = await pair.mechanic.until(OwnNetworkChanged, 14)
    pair.server.thaw()
    await pair.mechanic.until(MediaResumed, 15)
    await pair.mechanic.until_pictures_flow()

    assert isinstance(stalled, MediaStalled)
    assert 2000 <= stalled.age_ms < 5000
    assert isinstance(network, OwnNetworkChanged)
    assert not network.is_ok
    assert not [each for each in pair.mechanic.events if isinstance(each, RoomDisconnected)]


async def test_a_full_reconnect_keeps_what_was_wished(pair: Pair) -> None:
    await pair.customer.room.set_microphone(ATTEMPT, False)
    await asyncio.sleep(0.5)
    pair.mechanic.events.clear()
    stay = pair.customer.room.stay
    assert stay is not None

    await stay.room.simulate_scenario(rtc.SimulateScenarioKind.SIMULATE_FULL_RECONNECT)
    await pair.customer.until(RoomReconnected)
    await asyncio.sleep(1)
    await pair.mechanic.until_pictures_flow()

    sound = [
        each.is_on
        for each in pair.mechanic.events
        if isinstance(each, PeerMediaChanged) and each.kind is TrackKind.MICROPHONE
    ]
    assert True not in sound
    assert pair.mechanic.room.video.open_streams == 1
    assert pair.mechanic.room.audio.counters.open_streams == 1


@pytest.mark.slow
async def test_when_the_sdk_gives_up_a_new_attempt_brings_everything_back(pair: Pair) -> None:
    pair.server.kill()
    given_up = await pair.mechanic.until(RoomDisconnected, 45)
    await pair.customer.until(RoomDisconnected, 45)
    pair.server.start()
    await pair.server.create_room(pair.room)
    second = AttemptId("attempt-2")

    await pair.join(pair.mechanic, "mechanic-1", LocalMedia(None, None, pair.ears), second)
    await pair.join(pair.customer, "customer-1", pair.media, second)
    await pair.mechanic.until_pictures_flow()

    assert given_up.attempt == ATTEMPT
    assert pair.mechanic.room.video.open_streams == 1
    assert pair.mechanic.room.audio.counters.open_streams == 1
    assert [each.attempt for each in pair.mechanic.events][-1] == second


async def test_other_devices_are_heard_without_a_new_publication(pair: Pair) -> None:
    other = tone_microphone(880, OpenGuard())
    other.open()
    pair.mechanic.events.clear()

    await pair.customer.room.use_media(
        ATTEMPT, LocalMedia(pair.media.camera, other, pair.media.speaker)
    )
    async with asyncio.timeout(20):
        # The last second holds the old tone as well at first.
        while abs((pair.mechanic.room.audio.read_tone("customer-1").peak_hz or 0) - 880) > 5:
            await asyncio.sleep(0.2)
    other.close()

    assert not [each for each in pair.mechanic.events if isinstance(each, PeerMediaChanged)]
