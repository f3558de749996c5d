"""Real sound through PortAudio and a private PulseAudio server."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from preflight.devices.catalogue import SystemCatalogue
from preflight.devices.frames import BLOCK_SAMPLES, AudioBlock, DeviceId, DeviceKind
from preflight.devices.ports import MicrophoneSource, OpenFault, SourceState, SpeakerSink
from preflight.devices.tone_microphone import gated_tone
from tests.fakes.devices import FakeSystem
from tests.fakes.pulse_server import VirtualSound
from tests.fakes.sound_files import write_wav

pytestmark = pytest.mark.skipif(
    not VirtualSound.possible(), reason="PulseAudio and its tools are not installed"
)
DEADLINE_S = 10.0
NOTICED_S = 3.0
"""2 s by design, and a second for a loaded machine."""


@pytest.fixture
def catalogue(sound: VirtualSound) -> SystemCatalogue:
    return SystemCatalogue(probe=FakeSystem())


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    """A WAV file of 20 s: 440 Hz, gated."""
    return write_wav(tmp_path / "voice.wav", np.tile(gated_tone(440.0)[:, 0], 10))


@pytest.fixture
def microphone(catalogue: SystemCatalogue, sound: VirtualSound) -> Iterator[MicrophoneSource]:
    source = catalogue.microphone(DeviceId(sound.people["customer"].microphone))
    yield source
    source.close()


@pytest.fixture
def speaker(catalogue: SystemCatalogue, sound: VirtualSound) -> Iterator[SpeakerSink]:
    sink = catalogue.speaker(DeviceId(sound.people["mechanic"].speaker))
    yield sink
    sink.close()


def until(condition: Callable[[], bool], within_s: float = DEADLINE_S) -> float:
    """Wait for the sound server; returns the seconds it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < within_s, "it did not happen"
        time.sleep(0.01)
    return time.monotonic() - began


def peak_hz(samples: "np.ndarray[tuple[int], np.dtype[np.int16]]") -> float:
    spectrum = np.abs(np.fft.rfft(samples.astype(np.float64)))
    return float(np.argmax(spectrum)) * 48_000 / len(samples)


def collect(microphone: MicrophoneSource, count: int) -> list[AudioBlock]:
    """Open and take blocks, without the first ones that may come from before the voice."""
    blocks: list[AudioBlock] = []
    enough = threading.Event()

    def tap(block: AudioBlock) -> None:
        blocks.append(block)
        if len(blocks) >= count:
            enough.set()

    detach = microphone.attach(tap)
    if microphone.status.state is SourceState.CLOSED:
        microphone.open()
    assert enough.wait(DEADLINE_S), microphone.status
    detach()
    return blocks[:count]


def test_virtual_microphones_are_listed_and_monitors_are_not(
    catalogue: SystemCatalogue, sound: VirtualSound
) -> None:
    names = {str(info.id) for info in catalogue.microphones()}

    assert names == {person.microphone for person in sound.people.values()}
    assert all(info.kind is DeviceKind.REAL for info in catalogue.microphones())
    assert sound.people["customer"].speaker in {str(info.id) for info in catalogue.speakers()}


def test_the_chosen_microphone_hears_its_own_person(
    microphone: MicrophoneSource, sound: VirtualSound, voice: Path
) -> None:
    with sound.speaking("customer", voice):
        blocks = collect(microphone, 200)

    samples = np.concatenate([block.samples[:, 0] for block in blocks[50:]])
    assert {block.samples.shape for block in blocks} == {(BLOCK_SAMPLES, 1)}
    assert peak_hz(samples) == pytest.approx(440.0, abs=3)
    assert microphone.status.first_ms is not None
    assert microphone.status.first_ms < 1000


def test_another_persons_voice_is_not_heard(
    microphone: MicrophoneSource, sound: VirtualSound, voice: Path
) -> None:
    with sound.speaking("mechanic", voice):
        blocks = collect(microphone, 100)

    assert not np.concatenate([block.samples for block in blocks]).any()


def test_an_unplugged_microphone_is_lost_though_the_server_moves_its_stream(
    microphone: MicrophoneSource, sound: VirtualSound
) -> None:
    collect(microphone, 5)
    sound.unplug_microphone("customer")
    try:
        took_s = until(lambda: microphone.status.state is SourceState.LOST)
    finally:
        microphone.close()
        sound.plug_microphone("customer")

    assert microphone.status.fault is OpenFault.UNPLUGGED
    assert took_s < NOTICED_S


def test_a_stream_moved_to_another_microphone_is_lost(
    microphone: MicrophoneSource, sound: VirtualSound
) -> None:
    collect(microphone, 5)

    sound.move_streams(sound.people["mechanic"].microphone)
    until(lambda: microphone.status.state is SourceState.LOST)

    assert microphone.status.fault is OpenFault.UNPLUGGED


def test_a_microphone_that_came_back_can_be_opened(
    catalogue: SystemCatalogue, sound: VirtualSound
) -> None:
    sound.unplug_microphone("customer")
    absent = {str(info.id) for info in catalogue.microphones()}
    sound.plug_microphone("customer")

    source = catalogue.microphone(DeviceId(sound.people["customer"].microphone))
    collect(source, 5)
    state = source.status.state
    source.close()

    assert sound.people["customer"].microphone not in absent
    assert state is SourceState.RUNNING


def test_what_the_speaker_plays_comes_out_of_the_chosen_loudspeaker(
    speaker: SpeakerSink, sound: VirtualSound
) -> None:
    tone = gated_tone(700.0)
    position = 0

    def pull() -> AudioBlock:
        nonlocal position
        start = position
        position = (position + BLOCK_SAMPLES) % len(tone)
        return AudioBlock(tone[start : start + BLOCK_SAMPLES], 0)

    speaker.open(pull)
    until(lambda: speaker.status.first_ms is not None)
    recorded = np.frombuffer(sound.record(sound.people["mechanic"].heard, 1.5), np.int16)

    assert peak_hz(recorded[24_000:]) == pytest.approx(700.0, abs=3)
    assert speaker.status.state is SourceState.RUNNING
    assert 0 < speaker.latency_ms < 200


def test_an_open_speaker_changes_its_owner_without_being_opened_again(
    speaker: SpeakerSink,
) -> None:
    first, second = threading.Event(), threading.Event()
    speaker.open(first.set)
    until(lambda: speaker.status.state is SourceState.RUNNING)
    pulled = first.wait(DEADLINE_S)
    open_ms = speaker.status.open_ms

    speaker.open(second.set)

    assert pulled
    assert second.wait(DEADLINE_S)
    assert speaker.status.open_ms == open_ms


def test_a_removed_loudspeaker_is_lost(catalogue: SystemCatalogue, sound: VirtualSound) -> None:
    speaker = catalogue.speaker(DeviceId(sound.people["customer"].speaker))
    speaker.open(lambda: None)
    until(lambda: speaker.status.state is SourceState.RUNNING)

    sound.unplug_speaker("customer")
    try:
        until(lambda: speaker.status.state is SourceState.LOST)
        fault = speaker.status.fault
    finally:
        speaker.close()
        sound.plug_speaker("customer")

    assert fault is OpenFault.UNPLUGGED


def test_a_microphone_of_a_server_that_died_is_lost_and_closes() -> None:
    server = VirtualSound(["customer"])
    server.start()
    with pytest.MonkeyPatch.context() as environment:
        for name, value in server.environment.items():
            environment.setenv(name, value)
        found = SystemCatalogue(probe=FakeSystem())
        source = found.microphone(None)
        collect(source, 5)

        server.stop()
        until(lambda: source.status.state is SourceState.LOST)
        began = time.monotonic()
        source.close()

    assert time.monotonic() - began < DEADLINE_S / 2
    assert source.status.state is SourceState.CLOSED
