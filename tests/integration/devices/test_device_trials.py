"""A microphone that is plugged in beside one in use, on a real PulseAudio server."""

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from client_api.clock import SystemClock
from preflight.checks.camera.bench import CameraBench
from preflight.checks.device_bench import Bench
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.devices.catalogue import SystemCatalogue
from preflight.devices.frames import AudioBlock, DeviceId, DeviceInfo, DeviceKind
from preflight.devices.microphone_elsewhere import microphone_elsewhere
from preflight.devices.ports import OpenFault, SourceState
from preflight.devices.pulse import Direction, PulseServer
from preflight.devices.source_thread import OpenGuard
from preflight.devices.threaded_microphone import ThreadedMicrophone
from preflight.devices.tone_microphone import gated_tone
from preflight.model import CheckState, Group
from preflight.offload import on_daemon_thread
from preflight.parts import PreflightParts
from preflight.running.device_trials import DeviceTrials
from preflight.running.trial import DeviceTrial
from preflight.system.linux import LinuxProbe
from tests.fakes.pulse_server import VirtualSound
from tests.fakes.sound_files import write_wav

pytestmark = pytest.mark.skipif(
    not VirtualSound.possible(), reason="PulseAudio and its tools are not installed"
)
PATIENCE_S = 60.0
"""What takes 2 s takes many times that on a crowded machine."""


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A syllable every half second, for two minutes."""
    path = tmp_path_factory.mktemp("voice") / "voice.wav"
    return write_wav(path, np.tile(gated_tone(440.0)[:, 0], 60))


class Beside:
    """The customer's microphone is in use; the mechanic's is the one that is plugged in."""

    def __init__(self, sound: VirtualSound) -> None:
        self.sound = sound
        self.pulse = PulseServer()
        system = LinuxProbe(self.pulse)
        parts = PreflightParts(
            catalogue=SystemCatalogue(pulse=self.pulse, probe=system),
            system=system,
            clock=SystemClock(),
            service_url="http://service.test",
        )
        self.used = MicrophoneBench(
            parts.catalogue,
            parts.clock,
            system,
            on_daemon_thread,
            wanted=DeviceId(sound.people["customer"].microphone),
        )
        camera = CameraBench(parts.catalogue, parts.clock, system, on_daemon_thread)
        in_use: dict[Group, Bench[Any]] = {Group.MICROPHONE: self.used, Group.CAMERA: camera}
        self.trials = DeviceTrials(parts, in_use, lambda: True, lambda: None)

    def plugged_in(self) -> DeviceInfo:
        """Plug the mechanic's microphone in and return it as it is listed."""
        self.sound.plug_microphone("mechanic")
        name = self.sound.people["mechanic"].microphone
        found = {each.name: each for each in self.pulse.devices(Direction.IN)}
        return DeviceInfo(DeviceId(name), found[name].description, DeviceKind.REAL)

    async def look(self, device: DeviceInfo) -> DeviceTrial:
        self.trials.try_out(Group.MICROPHONE, device)
        return await self.ended(device)

    async def ended(self, device: DeviceInfo) -> DeviceTrial:
        deadline = time.monotonic() + PATIENCE_S
        while not (trial := self.trials.found[Group.MICROPHONE, device.id]).state.final:
            assert time.monotonic() < deadline, "the look never ended"
            await asyncio.sleep(0.05)
        return trial

    def recorders(self) -> list[str]:
        """The sources that somebody records from now."""
        names = {each.index: each.name for each in self.pulse.devices(Direction.IN)}
        rows = json.loads(pactl("--format=json", "list", "source-outputs"))
        own = [row for row in rows if "application.process.id" in row.get("properties", {})]
        return [names[row["source"]] for row in own if row["source"] in names]


def pactl(*words: str) -> str:
    return subprocess.run(
        ["pactl", *words], check=True, capture_output=True, text=True, timeout=30
    ).stdout


@pytest.fixture
async def world(sound: VirtualSound) -> AsyncIterator[Beside]:
    sound.unplug_microphone("mechanic")
    made = Beside(sound)
    await made.used.begin()
    await made.used.open_settled()
    assert made.used.flowing
    yield made
    await made.trials.close()
    await made.used.close()
    if made.sound.people["mechanic"].microphone not in {
        each.name for each in made.pulse.devices(Direction.IN)
    }:
        sound.plug_microphone("mechanic")


async def test_a_microphone_that_is_plugged_in_is_heard_beside_the_one_in_use(
    world: Beside, voice: Path
) -> None:
    with world.sound.speaking("mechanic", voice):
        trial = await world.look(world.plugged_in())

    assert (trial.state, trial.told) == (CheckState.PASSED, None)
    assert world.recorders() == [world.sound.people["customer"].microphone]
    assert world.used.status.state is SourceState.RUNNING
    assert world.used.present


async def test_one_that_gives_nothing_but_zeros_is_told(world: Beside) -> None:
    trial = await world.look(world.plugged_in())

    assert trial.told is not None
    assert (trial.state, trial.told.code) == (CheckState.WARNED, "mic.silent")


async def test_one_that_is_pulled_out_in_mid_look_is_told_and_let_go(world: Beside) -> None:
    device = world.plugged_in()
    world.trials.try_out(Group.MICROPHONE, device)
    while world.sound.people["mechanic"].microphone not in world.recorders():
        await asyncio.sleep(0.02)
    world.sound.unplug_microphone("mechanic")

    trial = await world.ended(device)

    assert trial.state in (CheckState.FAILED, CheckState.WARNED)
    assert world.recorders() == [world.sound.people["customer"].microphone]
    assert world.used.present


def listened(microphone: ThreadedMicrophone, blocks: int) -> list[AudioBlock]:
    """Open a microphone, wait for so many blocks, and close it."""
    came: list[AudioBlock] = []
    enough = threading.Event()

    def tap(block: AudioBlock) -> None:
        came.append(block)
        if len(came) >= blocks:
            enough.set()

    microphone.attach(tap)
    microphone.open()
    try:
        deadline = time.monotonic() + PATIENCE_S
        while not enough.wait(0.05) and time.monotonic() < deadline:
            if microphone.status.state is SourceState.FAILED:
                break
    finally:
        microphone.close()
    return came


def test_a_process_of_its_own_opens_what_our_frozen_list_does_not_hold(
    sound: VirtualSound, voice: Path
) -> None:
    """As on Windows and macOS, where a microphone is found by PortAudio's name alone."""
    info = DeviceInfo(DeviceId("portaudio:pulse"), "pulse", DeviceKind.REAL)
    microphone = microphone_elsewhere(info, OpenGuard())

    came = listened(microphone, 50)

    assert len(came) >= 50
    assert came[0].samples.shape[0] == 480
    assert microphone.own_rate_hz is not None


def test_a_name_that_portaudio_does_not_know_is_told(sound: VirtualSound) -> None:
    info = DeviceInfo(DeviceId("portaudio:nothing"), "nothing", DeviceKind.REAL)
    microphone = microphone_elsewhere(info, OpenGuard())
    microphone.open()

    deadline = time.monotonic() + PATIENCE_S
    while microphone.status.state is SourceState.OPENING and time.monotonic() < deadline:
        time.sleep(0.05)
    fault = microphone.status.fault
    microphone.close()

    assert fault is OpenFault.NOT_FOUND


def test_a_process_that_hangs_is_killed(sound: VirtualSound) -> None:
    """Closing does not wait for a driver that never answers."""
    info = DeviceInfo(DeviceId("portaudio:hangs"), "hangs", DeviceKind.REAL)
    hangs = (sys.executable, "-c", "import time; time.sleep(300)")
    microphone = microphone_elsewhere(info, OpenGuard(), hangs)
    microphone.open()
    time.sleep(0.3)

    began = time.monotonic()
    microphone.close()

    assert time.monotonic() - began < 30
    assert threading.active_count() < 50
    assert not [each for each in threading.enumerate() if each.name == "source portaudio:hangs"]
