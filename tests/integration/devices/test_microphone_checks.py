"""The microphone's checks on a real PulseAudio server, in real time."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
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
from preflight.running.runner import PreflightRunner
from preflight.system.linux import LinuxProbe
from tests.check_cases import clears, raises
from tests.fakes.pulse_server import VirtualSound
from tests.fakes.sound_events import SoundEvents
from tests.fakes.sound_files import write_wav

pytestmark = pytest.mark.skipif(
    not VirtualSound.possible(), reason="PulseAudio and its tools are not installed"
)
PASSED, WARNED, FAILED = CheckState.PASSED, CheckState.WARNED, CheckState.FAILED
NOTICED_WITHIN_S = 2.0
PATIENCE_S = 60.0
"""What takes 3 s takes ten times that on a crowded machine."""


@pytest.fixture
def speaking(sound: VirtualSound, tmp_path: Path) -> Iterator[None]:
    """The customer says a syllable every half second, for two minutes."""
    path = write_wav(tmp_path / "voice.wav", np.tile(gated_tone(440.0)[:, 0], 60))
    with sound.speaking("customer", path):
        yield


class Running:
    """The group's checks over the customer's real source."""

    def __init__(self, sound: VirtualSound, *, chosen: bool = True) -> None:
        pulse = PulseServer()
        system = LinuxProbe(pulse)
        self.bench = MicrophoneBench(
            SystemCatalogue(pulse=pulse, probe=system),
            SystemClock(),
            system,
            on_daemon_thread,
            wanted=DeviceId(sound.people["customer"].microphone) if chosen else None,
        )
        self.seen: list[tuple[float, dict[str, CheckState]]] = []
        self.runner = PreflightRunner([microphone_group(self.bench)], SystemClock(), self._note)

    def _note(self, progress: RunProgress) -> None:
        states = {check.code: check.state for check in progress.checks}
        self.seen.append((time.monotonic(), states))

    def state(self, code: str) -> CheckState:
        return next(each.state for each in self.runner.progress.checks if each.code == code)

    def first(self, code: str, state: CheckState, *, since_s: float) -> float:
        """Return when a verdict was first told after a time."""
        return next(at for at, states in self.seen if at >= since_s and states[code] is state)

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
    async with started(Running(sound), sound) as made:
        yield made


@pytest.fixture
async def unchosen(sound: VirtualSound, speaking: None) -> AsyncIterator[Running]:
    """The same where nobody chose: the system's own microphone is taken."""
    async with started(Running(sound, chosen=False), sound) as made:
        yield made


@asynccontextmanager
async def started(made: Running, sound: VirtualSound) -> AsyncIterator[Running]:
    pactl("set-default-source", sound.people["customer"].microphone)
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
async def test_another_default_source_is_noticed(unchosen: Running, sound: VirtualSound) -> None:
    customer, mechanic = (sound.people[name].microphone for name in ("customer", "mechanic"))
    await unchosen.until("mic.default_changed", PASSED)

    pactl("set-default-source", mechanic)
    await unchosen.until("mic.default_changed", WARNED)
    pactl("set-default-source", customer)
    await unchosen.until("mic.default_changed", PASSED)

    assert unchosen.bench.info is not None
    assert unchosen.bench.info.id == customer


@raises("mic.unplugged")
@clears("mic.unplugged")
async def test_a_source_that_goes_is_noticed_within_2_s_and_used_again_when_it_is_back(
    running: Running, sound: VirtualSound
) -> None:
    """Counted from the server's own event; it moves our stream and says nothing of that."""
    with SoundEvents() as events:
        for after in ("mic.silent", "mic.no_data"):
            # The first while others are being measured, the second once all is quiet.
            await running.until(after, PASSED)
            began_s = time.monotonic()
            sound.unplug_microphone("customer")
            try:
                await running.until("mic.unplugged", FAILED)
                noticed_s = running.first("mic.unplugged", FAILED, since_s=began_s)
            finally:
                sound.plug_microphone("customer")
            event_s = events.at("'remove' on source #", since_s=began_s)
            assert noticed_s - event_s < NOTICED_WITHIN_S + events.late_s(event_s, noticed_s)
            await running.until("mic.unplugged", PASSED)

    await running.until("mic.silent", PASSED)
    await running.until("mic.no_data", PASSED)
    assert running.runner.progress.gate.groups[microphone_group(running.bench).group] is PASSED


def test_a_microphone_that_is_plugged_in_is_listed_within_2_s(sound: VirtualSound) -> None:
    """Qt's hint, the wait for what else comes with it, and the look at the list."""
    name = sound.people["mechanic"].microphone
    sound.unplug_microphone("mechanic")
    command = [sys.executable, "-u", "-m", "tests.integration.devices.hotplug_process"]
    offscreen = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with (
        SoundEvents() as events,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=offscreen) as process,
    ):
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            # Qt connects to the server beside its loop.
            events.at("'new' on client", since_s=0)
            time.sleep(1)
            began_s = time.monotonic()
            sound.plug_microphone("mechanic")
            told = process.stdout.readline().split()
            listed_s = time.monotonic()
        finally:
            process.kill()
    event_s = events.at("'new' on source #", since_s=began_s)

    assert name in told[1:]
    assert listed_s - event_s < NOTICED_WITHIN_S + events.late_s(event_s, listed_s)


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
