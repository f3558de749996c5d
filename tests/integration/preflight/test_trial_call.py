"""A trial call through a real media server, in its own process, with its drills and relays."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from client_api.clock import SystemClock
from client_api.secret import Secret
from client_api.wire import ProbeRoom
from preflight.check import CannotTell, NotMeasured
from preflight.checks.media.bench import Line, MediaBench
from preflight.checks.media.course import OwnDevices
from preflight.checks.media.group import media_group
from preflight.devices.file_microphone import file_microphone
from preflight.devices.pattern_camera import pattern_camera
from preflight.devices.ports import CameraSource, MicrophoneSource, SourceState
from preflight.devices.source_thread import OpenGuard
from preflight.model import CheckState, Measured
from preflight.probe.media_probe import ProcessMediaProbe
from preflight.verdicts.catalogue import judge
from tests.accuracy.round_trip_cases import voice_sound
from tests.check_cases import clears
from tests.fakes.livekit_server import LiveKitServer
from tests.fakes.sound_files import write_wav
from tests.faults.seed import tell

DRILLS: Final = (
    "media.mic_roundtrip",
    "media.camera_roundtrip",
    "media.tcp_blocked",
    "media.relay_blocked",
    "media.reconnect",
)
BUSY: Final = ("deadline", "machine_busy")
"""Seen at a load of 13 to 30 on two cores; never a fault, though."""
TAKES: Final = 4
LINE: Final = (
    ("uplink_kbps", 500, 8000),
    ("downlink_kbps", 400, 8000),
    ("loss_up_percent", 0, 5),
    ("rtt_ms", 0, 200),
    ("first_frame_ms", 1, 8000),
    ("published_ms", 1, 8000),
    ("delay_ms", 1, 2000),
    ("stream_packets", 50, 1000),
    ("mos", 3, 4.5),
    ("encode_ms", 0.5, 100),
    ("cpu_limited_percent", 0, 100),
)
"""What a call over loopback measures, in wide bounds."""


@pytest.fixture(scope="module")
def sfu() -> Iterator[LiveKitServer]:
    with LiveKitServer() as server:
        yield server


async def probe_room(sfu: LiveKitServer) -> ProbeRoom:
    name = f"probe-{uuid.uuid4()}"
    await sfu.create_room(name)
    tokens = {who: Secret(sfu.token(name, f"probe-{who}")) for who in ("a", "b", "relay")}
    return ProbeRoom(url=sfu.url, room=name, tokens=tokens)


async def running(source: CameraSource | MicrophoneSource) -> None:
    source.open()
    async with asyncio.timeout(20):
        while source.status.state is not SourceState.RUNNING:
            await asyncio.sleep(0.05)


@pytest.fixture
async def camera() -> AsyncIterator[CameraSource]:
    source = pattern_camera(OpenGuard())
    await running(source)
    yield source
    source.close()


async def microphone(path: Path, samples: "np.ndarray[Any, np.dtype[np.int16]]") -> Any:
    source = file_microphone(write_wav(path, samples), OpenGuard())
    await running(source)
    return source


async def take(
    bench: MediaBench, *codes: str
) -> dict[str, tuple[CheckState, str | None, Measured]]:
    """Measure these together as the runner does; state, reason and figures."""
    checks = {check.code: check for check in media_group(bench).checks}
    if not codes:
        codes = tuple(checks)

    async def one(code: str) -> tuple[CheckState, str | None, Measured]:
        check = checks[code]
        assert check.before is not None
        await check.before()
        try:
            figures = await check.measure()
        except CannotTell as told:
            return CheckState.UNKNOWN, told.reason, told.measured
        except NotMeasured as told:
            return CheckState.SKIPPED, told.reason, {}
        return judge(code, figures), None, figures

    found = await asyncio.gather(*(one(code) for code in codes))
    return dict(zip(codes, found, strict=True))


async def passed_in_one_of(
    sfu: LiveKitServer, devices: OwnDevices, takes: int
) -> tuple[dict[str, Measured], Measured]:
    """Take trial calls until each drill has passed in one; return what was measured then.

    A drill that a busy machine did not come to is taken again; one that failed is a fault at once.
    The second value is what the first call measured of the line.
    """
    passed: dict[str, Measured] = {}
    line: Measured = {}
    for number in range(1, takes + 1):
        room = await probe_room(sfu)
        left = [code for code in DRILLS if code not in passed]

        async def get_room(room: ProbeRoom = room) -> ProbeRoom:
            return room

        bench = MediaBench(
            ProcessMediaProbe(), SystemClock(), get_room, Line(lambda: "lo"), devices
        )
        try:
            found = await asyncio.wait_for(take(bench, *(left if line else ())), 80)
        finally:
            await bench.close()
        if not line:
            assert bench.look is not None
            line = bench.look.measured
            columns = {len(column) for column in bench.look.series.values()}
            assert len(columns) == 1
            assert columns.pop() >= 2
            for code in ("media.udp_blocked", "media.server_quality", "media.protocol_choice"):
                assert found[code][0] is CheckState.PASSED, (code, found[code])
            assert found["media.turn_tls_blocked"][:2] == (CheckState.SKIPPED, "not_offered")
        for code in left:
            state, reason, figures = found[code]
            tell(f"take {number}: {code} {state.value} {reason} {figures}")
            if state is CheckState.PASSED:
                passed[code] = figures
            else:
                # A busy machine may also leave some out, but hardly ever all.
                assert state is CheckState.WARNED or reason in BUSY, (code, found[code])
        if len(passed) == len(DRILLS):
            break
    return passed, line


@pytest.mark.timeout(400)
@clears("media.mic_roundtrip")
@clears("media.camera_roundtrip")
@clears("media.tcp_blocked")
@clears("media.relay_blocked")
@clears("media.reconnect")
async def test_a_whole_trial_call_on_a_loopback(
    sfu: LiveKitServer, camera: CameraSource, tmp_path: Path
) -> None:
    """Wide bounds: two cores encode, serve and decode here, beside other tests."""
    voice = await microphone(tmp_path / "voice.wav", voice_sound(np.random.default_rng(7), 30))
    try:
        passed, told = await passed_in_one_of(sfu, OwnDevices(lambda: camera, lambda: voice), TAKES)
    finally:
        voice.close()

    assert set(passed) == set(DRILLS)
    assert told["joined"] is True
    assert told["candidate"] == "host"
    within(told, LINE)
    within(passed["media.mic_roundtrip"], (("correlation", 0.6, 1), ("sent_s", 3, 8)))
    within(passed["media.camera_roundtrip"], (("camera_back_fps", 10, 40), ("luma_off", 0, 20)))
    over_tcp, relay = passed["media.tcp_blocked"], passed["media.relay_blocked"]
    assert over_tcp["tcp_protocol"] == "tcp"
    within(over_tcp, (("tcp_packets", 50, 5000),))
    assert (relay["relay_candidate"], relay["relay_protocol"]) == ("relay", "udp")
    within(relay, (("packets", 50, 5000), ("relay_connect_ms", 1, 10_000)))
    back = passed["media.reconnect"]
    assert (back["back"], back["mute_kept"]) == (True, True)
    within(back, (("signal_ms", 1, 5000), ("full_ms", 1, 5000), ("gap_ms", 1, 5000)))


def within(told: Measured, bounds: Sequence[tuple[str, float, float]]) -> None:
    """Hold each figure to its bounds, ends included."""
    for name, low, high in bounds:
        value = told[name]
        assert isinstance(value, float | int), name
        assert low <= value <= high, (name, value)


@pytest.mark.slow
async def test_a_muted_microphone_is_no_fault_of_the_way(
    sfu: LiveKitServer, tmp_path: Path
) -> None:
    muted = await microphone(tmp_path / "muted.wav", np.zeros(48_000, np.int16))
    room = await probe_room(sfu)

    async def get_room() -> ProbeRoom:
        return room

    bench = MediaBench(
        ProcessMediaProbe(),
        SystemClock(),
        get_room,
        Line(lambda: "lo", metered=_yes),
        OwnDevices(microphone=lambda: muted),
    )
    try:
        found = await asyncio.wait_for(
            take(bench, "media.mic_roundtrip", "media.camera_roundtrip", "media.uplink_low"), 60
        )
    finally:
        await bench.close()
        muted.close()

    state, reason, _ = found["media.mic_roundtrip"]
    assert state is CheckState.UNKNOWN
    assert reason in ("no_voice", "deadline"), "the latter on a machine under load"
    assert found["media.camera_roundtrip"][:2] == (CheckState.UNKNOWN, "no_camera")
    uplink = found["media.uplink_low"][2]["uplink_kbps"]
    assert isinstance(uplink, float)
    assert uplink < 2200, "counted data is capped at 1.5 Mbit/s"


async def _yes() -> bool:
    return True


async def test_a_refused_token_is_no_call_and_is_not_told(sfu: LiveKitServer) -> None:
    bad = Secret("eyJhbGciOiJIUzI1NiJ9.e30.x")
    room = ProbeRoom(url=sfu.url, room="probe-x", tokens={"a": bad, "b": bad, "relay": bad})
    probe = ProcessMediaProbe()
    await probe.ready()
    try:
        look = await asyncio.wait_for(probe.trial(room, max_s=5, cap_kbps=3500), 40)
        offered = await asyncio.wait_for(probe.offer(room), 40)
    finally:
        await probe.end()

    assert look.measured == {"joined": False}
    assert offered["told"] is False


async def test_a_call_that_is_called_off_leaves_no_process(
    sfu: LiveKitServer, camera: CameraSource
) -> None:
    probe = ProcessMediaProbe()
    await probe.ready()
    await asyncio.wait_for(probe.trial(await probe_room(sfu), max_s=3, cap_kbps=3500), 40)
    trip = asyncio.ensure_future(probe.camera(camera, max_s=4))
    await asyncio.sleep(1)

    trip.cancel()
    await asyncio.wait([trip])
    await probe.end(at_once=True)

    assert trip.cancelled()


async def test_a_call_server_without_udp_is_not_blamed_on_the_network(tmp_path: Path) -> None:
    """It names no address over UDP, so the call goes over TCP on the best of lines."""
    with LiveKitServer(over_udp=False) as server:
        room = await probe_room(server)

        async def get_room() -> ProbeRoom:
            return room

        bench = MediaBench(ProcessMediaProbe(), SystemClock(), get_room, Line(lambda: "lo"))
        try:
            found = await asyncio.wait_for(take(bench, "media.udp_blocked"), 80)
        finally:
            await bench.close()

    state, reason, figures = found["media.udp_blocked"]
    assert (figures["udp"], figures["protocol"]) == (False, "tcp")
    # On a crowded machine the server's candidates may come too late to be heard.
    heard = figures["udp_offered"] is not None
    told = (CheckState.UNKNOWN, "server_offers_none") if heard else (CheckState.WARNED, None)
    assert figures["udp_offered"] is not True
    assert (state, reason) == told
