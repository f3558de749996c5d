"""The whole preflight on real threads: pattern, tone, a local service, a real LiveKit server."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from client_api.clock import SystemClock
from client_api.secret import Secret
from client_api.tasks import spawn
from client_api.wire import PreflightRun, ProbeRoom, RunId, SessionId
from preflight.devices.catalogue import SystemCatalogue
from preflight.devices.ports import SourceState
from preflight.model import CheckState, RunProgress
from preflight.parts import PreflightParts
from preflight.preflight import Preflight
from preflight.system.probe import system_probe
from tests.fakes.clock import FakeClock
from tests.fakes.lateness import Lateness
from tests.fakes.livekit_server import LiveKitServer
from tests.fakes.preflight_service import FakePreflightService
from tests.integration.preflight.test_probe_process import service

__all__ = ["service"]  # a fixture of the neighbour

GATE_WITHIN_S = 15.0
WHOLE_WITHIN_S = 60.0
"""The product's own bounds; measured are 3.2 and 21.7 s on two cores with nothing beside them."""
BEGIN_S = 0.5
"""The minute counts from when the machine's memory was read, 0.1 s after the start."""


@pytest.fixture(scope="module")
def sfu() -> Iterator[LiveKitServer]:
    """A running LiveKit server."""
    with LiveKitServer() as running:
        yield running


class RealRooms(FakePreflightService):
    """Takes reports in memory and gives out rooms of a real server."""

    def __init__(self, sfu: LiveKitServer) -> None:
        super().__init__(FakeClock())
        self._sfu = sfu

    async def begin_preflight(self, *, session: Any, trigger: Any) -> PreflightRun:
        self.begun += 1
        room = f"probe-{self.begun}"
        await self._sfu.create_room(room)
        tokens = {name: Secret(self._sfu.token(room, name)) for name in ("a", "b", "join", "relay")}
        return PreflightRun(
            run_id=RunId(f"run-{self.begun}"),
            nonce=f"nonce-{self.begun}",
            gate_version="1",
            expires_at=datetime.now(UTC) + timedelta(minutes=10),
            gate={},
            probe=ProbeRoom(url=self._sfu.url, room=room, tokens=tokens),
        )


async def _ended(preflight: Preflight) -> tuple[RunProgress, float]:
    """Return what came of a run as it ended, and when."""
    finished = await preflight.finished()
    return finished, time.monotonic()


async def test_a_healthy_machine_passes_and_hands_its_devices_over_open(
    service: str,
    sfu: LiveKitServer,
    tmp_path: Path,
) -> None:
    """Both bounds hold whatever comes of the checks: a fault is found within its check's deadline,
    and what is left after the minute is given up. Only what the machine kept this very process
    waiting is added: 0.3 s of the gate's 3.1 and 1.6 s of the run's 23.3 on two cores with little
    beside it; 0.5 of 3.3 and 9.1 of 35.0 beside six processes that did nothing but count.
    """
    api = RealRooms(sfu)
    catalogue = SystemCatalogue(
        camera_choice="pattern", microphone_choice="tone:440", speaker_choice="null"
    )
    parts = PreflightParts(catalogue, system_probe(), SystemClock(), service, folder=tmp_path)
    preflight = Preflight(parts, api=api, session=SessionId("s-1"))
    # Counted, not kept: a minute of pictures is 5 GB.
    shown: list[int] = []
    detach = preflight.preview(lambda frame: shown.append(frame.captured_ns))
    with Lateness() as lateness:
        began_s = time.monotonic()
        preflight.start(lambda _: None)
        ending = spawn(_ended(preflight), name="end of the run")
        decided = await asyncio.wait_for(preflight.decided(), 120)
        decided_s = time.monotonic()
        finished, finished_s = await asyncio.wait_for(ending, 150)
        late_s = lateness.between(began_s, finished_s)
        gate_late_s = lateness.between(began_s, decided_s)
    patience_s = time.monotonic() + 60
    while not preflight.progress.gate.passed and time.monotonic() < patience_s:
        await asyncio.sleep(0.1)  # a loaded test machine may need a second look
    stages = {stage["name"] for stage in preflight.report()["stages"]}
    advice = {check.code: check.state for check in finished.checks if not check.gating}
    verdict = await preflight.passed_report()
    level = preflight.level
    proven = await preflight.handover()
    await preflight.close()

    failed = [check.code for check in decided.checks if check.state is CheckState.FAILED]
    # This machine has no loudspeaker of its own, and a loaded one loses pictures.
    lost = {"mic.no_data", "net.rtt_high", "net.jitter_high", "camera.fps_low", "camera.drops"}
    assert set(failed) <= {*lost, "speaker.none"}
    # What is not there, or fails, is decided as quickly as the rest.
    assert decided_s - began_s < GATE_WITHIN_S + gate_late_s
    assert finished_s - began_s < WHOLE_WITHIN_S + BEGIN_S + late_s
    assert advice["net.captive_portal"] is CheckState.PASSED
    assert advice["net.mtu"] is CheckState.PASSED
    # A loaded test machine may run out of the trial call's minute; it must not find a fault.
    assert advice["media.reconnect"] is not CheckState.FAILED
    if advice["media.reconnect"].lets_pass:
        drilled = {"published", "first_frame_back", "reconnect_signal", "reconnect_full"}
        assert drilled <= stages
    assert verdict.passed
    assert api.reports[0]["devices"]["camera"]["kind"] == "pattern"
    assert -40 < level.peak_dbfs < 0
    for source in (proven.camera, proven.microphone):
        assert source.status.state is SourceState.RUNNING
    count = len(shown)
    await asyncio.sleep(0.5)
    assert len(shown) > count
    detach()
    for device in (proven.camera, proven.microphone, proven.speaker):
        await asyncio.to_thread(device.close)
