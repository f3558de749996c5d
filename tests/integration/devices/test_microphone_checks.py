"""The microphone's checks on a real PulseAudio server, in real time."""

import asyncio
import os
import subprocess
import time
import wave
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np
import pytest

from client_api.clock import SystemClock
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.group import microphone_group
from preflight.devices.catalogue import SystemCatalogue
from preflight.devices.frames import DeviceId
from preflight.devices.pulse import PulseServer
from preflight.devices.tone_microphone import gated_tone
from preflight.model import CheckState, RunProgress
from preflight.offload import on_daemon_thread
from preflight.runner import PreflightRunner
from preflight.system.linux import LinuxProbe
from tests.check_cases import clears, raises
from tests.fakes.pulse_server import VirtualSound

pytestmark = pytest.mark.skipif(
    not VirtualSound.possible(), reason="PulseAudio and its tools are not installed"
)
PASSED, WARNED, FAILED = CheckState.PASSED, CheckState.WARNED, CheckState.FAILED
PATIENCE_S = 60.0
"""What takes 3 s takes ten times that on a crowded machine."""


@pytest.fixture(scope="module")
def sound() -> Iterator[VirtualSound]:
    server = VirtualSound()
    server.start()
    try:
        with pytest.MonkeyPatch.context() as environment:
            for name, value in server.environment.items():
                environment.setenv(name, value)
            yield server
    finally:
        server.stop()


@pytest.fixture
def speaking(sound: VirtualSound, tmp_path: Path) -> Iterator[None]:
    """The customer says a syllable every half second, for two minutes."""
    path = tmp_path / "voice.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(np.tile(gated_tone(440.0)[:, 0], 60).tobytes())
    with sound.speaking("customer", path):
        yield


class Running:
    """The group's checks over the customer's real source."""

    def __init__(self, sound: VirtualSound) -> None:
        pulse = PulseServer()
        system = LinuxProbe(pulse)
        self.bench = MicrophoneBench(
            SystemCatalogue(pulse=pulse, probe=system),
            SystemClock(),
            system,
            on_daemon_thread,
            wanted=DeviceId(sound.people["customer"].microphone),
        )
        self.seen: list[tuple[float, dict[str, CheckState]]] = []
        self.runner = PreflightRunner([microphone_group(self.bench)], SystemClock(), self._note)

    def _note(self, progress: RunProgress) -> None:
        states = {check.code: check.state for check in progress.checks}
        self.seen.append((time.monotonic(), states))

    def state(self, code: str) -> CheckState:
        return next(each.state for each in self.runner.progress.checks if each.code == code)

    async def until(self, code: str, state: CheckState) -> float:
        """Wait for a verdict, however short it stands; returns the seconds it took."""
        began, looked = time.monotonic(), len(self.seen)
        while self.state(code) is not state:
            for at, states in self.seen[looked:]:
                if states[code] is state:
                    return at - began
            waited = time.monotonic() - began
            assert waited < PATIENCE_S, f"{code} is {self.state(code)}, not {state}"
            await asyncio.sleep(0.02)
        return time.monotonic() - began


@pytest.fixture
async def running(sound: VirtualSound, speaking: None) -> AsyncIterator[Running]:
    pactl("set-default-source", sound.people["customer"].microphone)
    made = Running(sound)
    made.runner.start()
    yield made
    await made.runner.stop()
    await made.bench.close()


def pactl(*words: str) -> str:
    return subprocess.run(
        ["pactl", *words], check=True, capture_output=True, text=True, timeout=10
    ).stdout


@raises("mic.muted")
@clears("mic.muted")
@raises("mic.virtual")
async def test_the_server_s_mute_switch_is_followed_live(
    running: Running, sound: VirtualSound
) -> None:
    await running.until("mic.muted", PASSED)
    await running.until("mic.silent", PASSED)

    sound.mute_microphone("customer", True)
    await running.until("mic.muted", WARNED)
    sound.mute_microphone("customer", False)
    await running.until("mic.muted", PASSED)

    # It was made of a monitor, and the server says so.
    await running.until("mic.virtual", WARNED)
    assert running.state("mic.muted") is PASSED


@clears("mic.level_low")
@clears("mic.no_voice")
@clears("mic.hum")
@clears("mic.narrowband")
async def test_a_real_stream_of_a_voice_has_nothing_to_be_told_of(running: Running) -> None:
    codes = (
        "mic.silent",
        "mic.level_low",
        "mic.no_voice",
        "mic.clipping",
        "mic.noise_high",
        "mic.hum",
        "mic.dc_offset",
        "mic.narrowband",
        "mic.channel_dead",
        "mic.antiphase",
    )
    for code in codes:
        await running.until(code, PASSED)

    assert {running.state(code) for code in codes} == {PASSED}


@raises("mic.default_changed")
@clears("mic.default_changed")
async def test_another_default_source_is_noticed(running: Running, sound: VirtualSound) -> None:
    customer, mechanic = (sound.people[name].microphone for name in ("customer", "mechanic"))
    await running.until("mic.default_changed", PASSED)

    pactl("set-default-source", mechanic)
    await running.until("mic.default_changed", WARNED)
    pactl("set-default-source", customer)
    await running.until("mic.default_changed", PASSED)

    assert running.bench.info is not None
    assert running.bench.info.id == customer


@raises("mic.unplugged")
@clears("mic.unplugged")
async def test_a_source_that_goes_and_comes_back_is_used_again(
    running: Running, sound: VirtualSound
) -> None:
    await running.until("mic.silent", PASSED)
    sound.unplug_microphone("customer")
    try:
        took_s = await running.until("mic.unplugged", FAILED)
    finally:
        sound.plug_microphone("customer")

    await running.until("mic.unplugged", PASSED)
    await running.until("mic.silent", PASSED)

    # 2 s by design; the rest is a crowded machine's.
    assert took_s < 10
    assert running.runner.progress.gate.groups[microphone_group(running.bench).group] is PASSED


@raises("mic.busy")
def test_the_server_names_who_else_records(sound: VirtualSound) -> None:
    source = sound.people["mechanic"].microphone
    command = ["parec", f"--device={source}", "--raw", "--latency-msec=50"]
    probe = LinuxProbe(PulseServer(), proc=Path(os.devnull))
    alone = probe.microphone_holder(source)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL) as other:
        try:
            deadline = time.monotonic() + PATIENCE_S
            while (holder := probe.microphone_holder(source)) is None:
                assert time.monotonic() < deadline, "the recorder is not named"
                time.sleep(0.05)
        finally:
            other.terminate()

    # parec is another name of pacat's, and its program is known by either.
    assert alone is None
    assert holder.program in ("pacat", "parec")
    assert holder.pid == other.pid
