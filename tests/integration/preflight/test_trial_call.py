"""A trial call through a real media server, in its own process."""

import asyncio
import uuid
from collections.abc import Iterator

import pytest

from client_api.secret import Secret
from client_api.wire import ProbeRoom
from preflight.probe.media_probe import ProcessMediaProbe
from tests.fakes.livekit_server import LiveKitServer


@pytest.fixture(scope="module")
def sfu() -> Iterator[LiveKitServer]:
    with LiveKitServer() as server:
        yield server


async def probe_room(sfu: LiveKitServer) -> ProbeRoom:
    name = f"probe-{uuid.uuid4()}"
    await sfu.create_room(name)
    tokens = {who: Secret(sfu.token(name, f"probe-{who}")) for who in ("a", "b")}
    return ProbeRoom(url=sfu.url, room=name, tokens=tokens)


async def test_a_loopback_carries_the_full_picture(sfu: LiveKitServer) -> None:
    """Wide bounds: two cores encode, serve and decode here, beside other tests."""
    probe = ProcessMediaProbe()
    await probe.ready()
    try:
        look = await asyncio.wait_for(probe.trial(await probe_room(sfu), max_s=10), 40)
    finally:
        await probe.end()

    told = look.measured
    assert told["joined"] is True
    assert told["udp"] is True
    assert told["candidate"] == "host"
    assert told["decoded"] is True
    for name, low, high in (
        ("uplink_kbps", 500, 8000),
        ("downlink_kbps", 400, 8000),
        ("loss_up_percent", 0, 5),
        ("rtt_ms", 0, 200),
        ("first_frame_ms", 1, 8000),
        ("stream_packets", 50, 1000),
        ("mos", 3, 4.5),
        ("encode_ms", 0.5, 100),
    ):
        value = told[name]
        assert isinstance(value, float | int), name
        assert low <= value <= high, (name, value)
    lengths = {len(column) for column in look.series.values()}
    assert len(lengths) == 1
    assert lengths.pop() >= 2


async def test_a_refused_token_is_no_call_and_is_not_told(sfu: LiveKitServer) -> None:
    bad = Secret("eyJhbGciOiJIUzI1NiJ9.e30.x")
    room = ProbeRoom(url=sfu.url, room="probe-x", tokens={"a": bad, "b": bad})
    probe = ProcessMediaProbe()
    await probe.ready()
    try:
        look = await asyncio.wait_for(probe.trial(room, max_s=5), 40)
    finally:
        await probe.end()

    assert look.measured == {"joined": False}


async def test_a_call_that_is_called_off_leaves_no_process(sfu: LiveKitServer) -> None:
    probe = ProcessMediaProbe()
    await probe.ready()
    trial = asyncio.ensure_future(probe.trial(await probe_room(sfu), max_s=16))
    await asyncio.sleep(2)

    trial.cancel()
    await asyncio.wait([trial])
    await probe.end(at_once=True)

    assert trial.cancelled()
