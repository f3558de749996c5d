"""A call between two client processes through a real LiveKit server."""

import asyncio
import time
from typing import Any

import pytest
from livekit import api

from tests.fakes.livekit_server import LiveKitServer
from tests.integration.media.client_process import PITCHES_HZ, ClientProcess
from tests.integration.media.conftest import StartClient

pytestmark = pytest.mark.timeout(120)


async def join(client: ClientProcess, server: LiveKitServer, room: str, **fields: Any) -> None:
    await client.join(server.url, server.token(room, client.identity), room, **fields)
    await client.wait_event("RoomJoined")


async def published_codecs(server: LiveKitServer, room: str) -> set[str]:
    async with api.LiveKitAPI(server.http_url, server.key, server.secret) as rooms:
        found = await rooms.room.list_participants(api.ListParticipantsRequest(room=room))
    return {track.mime_type.lower() for each in found.participants for track in each.tracks}


async def painted_per_second(client: ClientProcess, seconds: float = 2.0) -> float:
    before = (await client.ask("report"))["pictures"]["put"]
    began_s = time.monotonic()
    await asyncio.sleep(seconds)
    after = (await client.ask("report"))["pictures"]["put"]
    return float(after - before) / (time.monotonic() - began_s)


async def until_pictures_flow(client: ClientProcess, timeout_s: float = 20) -> None:
    deadline_s = time.monotonic() + timeout_s
    while await painted_per_second(client, 0.5) < 5:
        assert time.monotonic() < deadline_s, f"{client.name}: no pictures in {timeout_s} s"


async def until_pitch(client: ClientProcess, peer: ClientProcess, timeout_s: float = 20) -> None:
    """Wait until the last second of the peer's sound is their own tone.

    Right after an unmute the second holds silence as well, and a busy machine drops blocks.
    """
    pitch_hz = PITCHES_HZ[peer.name]
    deadline_s = time.monotonic() + timeout_s
    while True:
        heard = (await client.ask("report"))["people"][peer.identity]["tone"]["peak_hz"]
        if heard is not None and abs(heard - pitch_hz) <= 5:
            return
        assert time.monotonic() < deadline_s, f"{client.name} heard {heard} Hz, not {pitch_hz}"
        await asyncio.sleep(0.3)


async def until_streams(
    client: ClientProcess, *, video: int, sound: int, timeout_s: float = 10
) -> None:
    """Wait until so many remote streams are open: a change reaches this side a moment later."""
    wanted = {"video": video, "sound": sound}
    deadline_s = time.monotonic() + timeout_s
    while (streams := (await client.ask("report"))["streams"]) != wanted:
        assert time.monotonic() < deadline_s, f"{client.name} has {streams}, not {wanted}"
        await asyncio.sleep(0.1)


async def test_both_sides_see_and_hear_each_other(
    server: LiveKitServer, room: str, start_client: StartClient
) -> None:
    mechanic, customer = await asyncio.gather(start_client("mechanic"), start_client("customer"))

    await join(mechanic, server, room)
    await join(customer, server, room)
    for side in (mechanic, customer):
        await side.wait_event("PeerMediaChanged", kind="camera", is_on=True)
        await until_pictures_flow(side)
    await until_streams(mechanic, video=1, sound=1)
    await until_pitch(mechanic, customer)
    await until_pitch(customer, mechanic)

    seen = await mechanic.ask("report")
    assert await published_codecs(server, room) == {"video/h264", "audio/red"}
    assert customer.seen("RoomJoined")[0]["peers"] == [mechanic.identity]
    assert mechanic.seen("PeerJoined", identity=customer.identity)
    assert seen["figures"]["remote_size"] == [1280, 720]
    assert seen["qualities"] >= 1
    # A track that is made before its room brings a second one, which may kill the process later.
    assert seen["runtimes"] == 1
    heard = (await customer.ask("report"))["people"][mechanic.identity]["tone"]
    assert heard["rms_dbfs"] > -35


async def test_muting_stops_sound_and_pictures_until_the_next_wish(
    server: LiveKitServer, room: str, start_client: StartClient
) -> None:
    mechanic, customer = await asyncio.gather(start_client("mechanic"), start_client("customer"))
    await join(mechanic, server, room)
    await join(customer, server, room, microphone=False)
    await until_pictures_flow(mechanic)

    # Joined muted: published, but off from the first moment.
    await customer.wait_event("OwnMediaChanged", kind="microphone", is_on=False)
    assert mechanic.seen("PeerMediaChanged", kind="microphone")[0]["is_on"] is False

    await customer.ask("camera", on=False)
    await mechanic.wait_event("PeerMediaChanged", kind="camera", is_on=False)
    await asyncio.sleep(0.3)
    assert await painted_per_second(mechanic, 1) == 0

    await customer.ask("camera", on=True)
    await customer.ask("microphone", on=True)
    await customer.wait_event("OwnMediaChanged", kind="microphone", is_on=True)
    await until_pictures_flow(mechanic)
    await until_pitch(mechanic, customer)
    # Nothing of this was a fault.
    assert not mechanic.seen("MediaStalled")


async def test_a_peer_that_leaves_and_returns_four_times_is_seen_once(
    server: LiveKitServer, room: str, start_client: StartClient
) -> None:
    mechanic, customer = await asyncio.gather(start_client("mechanic"), start_client("customer"))
    await join(mechanic, server, room)

    for _ in range(5):
        await join(customer, server, room)
        await until_pictures_flow(mechanic)
        await until_streams(mechanic, video=1, sound=1)
        await customer.ask("leave")
        await until_streams(mechanic, video=0, sound=0)
    await join(customer, server, room)
    await until_pictures_flow(mechanic)
    rate = await painted_per_second(mechanic)

    # Each stream left open would add another 30 pictures a second.
    assert rate <= 36


async def test_both_come_back_after_the_media_server_was_killed(
    room: str, start_client: StartClient
) -> None:
    with LiveKitServer() as server:
        await server.create_room(room)
        mechanic, customer = await asyncio.gather(
            start_client("mechanic"), start_client("customer")
        )
        await join(mechanic, server, room)
        await join(customer, server, room, microphone=False)
        await until_pictures_flow(mechanic)

        server.kill()
        await mechanic.wait_event("RoomReconnecting", 5)
        server.start()
        await server.create_room(room)

        for side in (mechanic, customer):
            await side.wait_event("RoomReconnected", 30)
        await until_pictures_flow(mechanic)
        await until_pictures_flow(customer)
        await until_streams(mechanic, video=1, sound=1)
        # Nobody comes back unmuted.
        assert not mechanic.seen("PeerMediaChanged", kind="microphone", is_on=True)


async def test_a_killed_peer_is_noticed_by_its_silence_first(
    server: LiveKitServer, room: str, start_client: StartClient
) -> None:
    mechanic, customer = await asyncio.gather(start_client("mechanic"), start_client("customer"))
    await join(mechanic, server, room)
    await join(customer, server, room)
    await until_pictures_flow(mechanic)

    customer.kill()
    stalled = await mechanic.wait_event("MediaStalled", 6)
    left = await mechanic.wait_event("PeerLeft", 40)

    assert stalled["age_ms"] >= 2000
    assert left["identity"] == customer.identity
    assert not mechanic.seen("RoomDisconnected")
