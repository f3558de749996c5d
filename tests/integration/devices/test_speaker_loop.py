"""The sweep on a private PulseAudio server: what is coupled there, and what is apart."""

import asyncio

import pytest

from client_api.clock import SystemClock
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.speaker.bench import RunState, SpeakerBench
from preflight.checks.speaker.loop import delay_figures, loop_figures
from preflight.checks.speaker.speaker_test import SpeakerTest
from preflight.devices.catalogue import SystemCatalogue
from preflight.devices.frames import DeviceId
from preflight.devices.pulse import PulseServer
from preflight.memory.machine_file import Machine
from preflight.model import RunProgress
from preflight.offload import on_daemon_thread
from preflight.system.linux_sound import LinuxSound
from preflight.verdicts.gate import decide
from tests.fakes.devices import FakeSystem
from tests.fakes.pulse_server import VirtualSound

pytestmark = pytest.mark.skipif(
    not VirtualSound.possible(), reason="PulseAudio and its tools are not installed"
)
DEADLINE_S = 15.0
NOTHING_RUNS = RunProgress(checks=(), gate=decide(()), fraction=1.0, finished=True)


async def swept(microphone: str, speaker: str) -> SpeakerBench:
    """Open both and let the microphone run; the caller closes what the bench stands on."""
    clock, catalogue = SystemClock(), SystemCatalogue(probe=FakeSystem())
    heard = MicrophoneBench(
        catalogue, clock, FakeSystem(), on_daemon_thread, wanted=DeviceId(microphone)
    )
    test = SpeakerTest(catalogue, clock, on_daemon_thread, DeviceId(speaker))
    bench = SpeakerBench(
        test,
        heard,
        catalogue,
        LinuxSound(PulseServer()),
        Machine(None, on_daemon_thread),
        RunState(lambda: NOTHING_RUNS),
        clock,
        on_daemon_thread,
    )
    await heard.begin()
    await heard.prepared()
    assert await heard.until(lambda: heard.flowing, within_s=DEADLINE_S)
    await bench.look()
    return bench


async def close(bench: SpeakerBench) -> None:
    await bench.close()
    await bench.microphone.close()
    await bench.test.close()


async def test_a_microphone_that_hears_the_loudspeaker_is_coupled(sound: VirtualSound) -> None:
    """The customer's microphone repeats what is played into its feed: the echo is complete."""
    person = sound.people["customer"]
    bench = await swept(person.microphone, person.feed)
    try:
        echo = await asyncio.wait_for(bench.echo("speaker.loop"), DEADLINE_S)
    finally:
        await close(bench)

    assert echo.coupled
    assert echo.gain_db == pytest.approx(0.0, abs=1.5)
    assert loop_figures(echo)["coupled"] is True
    delay_ms = delay_figures(echo)["delay_ms"]
    assert isinstance(delay_ms, float)
    # Two buffers of 20 to 40 ms each, and whatever a loaded machine adds.
    assert 10 < delay_ms < 500


async def test_a_microphone_that_is_apart_hears_nothing(sound: VirtualSound) -> None:
    bench = await swept(sound.people["customer"].microphone, sound.people["mechanic"].speaker)
    try:
        echo = await asyncio.wait_for(bench.echo("speaker.loop"), DEADLINE_S)
    finally:
        await close(bench)

    assert not echo.coupled
    assert bench.test.player.began_ns is not None, "it was played"


async def test_the_system_tells_mute_volume_and_rate_of_the_sink(sound: VirtualSound) -> None:
    sink = sound.people["mechanic"].speaker
    facts = LinuxSound(PulseServer())

    sound.turn(sink, volume_percent=12, muted=True)
    told = await on_daemon_thread(lambda: facts.output(sink))
    sound.turn(sink, volume_percent=100, muted=False)

    assert told is not None
    assert (told.muted, told.volume_percent) == (True, 12)
    assert (told.rate_hz, told.telephone, told.narrow) == (48_000, None, False)
