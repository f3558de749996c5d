"""The tone and the sound file as microphones, and the silent loudspeaker."""

import threading
from pathlib import Path

import numpy as np
import pytest

from preflight.devices.file_microphone import read_wav
from preflight.devices.frames import SAMPLE_RATE_HZ, AudioBlock, DeviceKind
from preflight.devices.null_speaker import NullSpeaker
from preflight.devices.ports import OpenFault, SourceState
from preflight.devices.source_thread import OpenFailed, OpenGuard
from preflight.devices.tone_microphone import gated_tone, tone_microphone
from tests.fakes.sound_files import write_wav

DEADLINE_S = 5.0


def rms_dbfs(samples: np.ndarray[tuple[int, ...], np.dtype[np.int16]]) -> float:
    power = float(np.mean((samples.astype(np.float64) / 32768) ** 2))
    return 10 * float(np.log10(power))


def test_the_tone_is_on_for_300_ms_and_off_for_200() -> None:
    samples = gated_tone(440.0)[:, 0]

    on, off = samples[480:13_920], samples[14_400:24_000]

    assert rms_dbfs(on) == pytest.approx(-15.0, abs=0.5)
    assert rms_dbfs(off) == pytest.approx(-66.0, abs=1.0)
    spectrum = np.abs(np.fft.rfft(on.astype(np.float64)))
    assert float(np.argmax(spectrum)) * SAMPLE_RATE_HZ / len(on) == pytest.approx(440.0, abs=4)


def test_the_quiet_part_is_no_digital_silence() -> None:
    """All zeros would be judged as a muted microphone."""
    off = gated_tone(440.0)[14_400:24_000, 0]

    assert len(np.unique(off)) > 20


def test_a_tone_microphone_delivers_blocks_of_10_ms() -> None:
    microphone = tone_microphone(600.0, OpenGuard())
    blocks: list[AudioBlock] = []
    enough = threading.Event()

    def tap(block: AudioBlock) -> None:
        blocks.append(block)
        if len(blocks) == 10:
            enough.set()

    microphone.attach(tap)
    microphone.open()
    arrived = enough.wait(DEADLINE_S)
    microphone.close()

    assert arrived
    assert {block.samples.shape for block in blocks} == {(480, 1)}
    assert not any(block.samples.flags.writeable for block in blocks)
    assert microphone.info.kind is DeviceKind.TONE
    assert microphone.info.id == "tone:600"


@pytest.mark.parametrize("hz", [0.0, 20.0, 9000.0])
def test_a_pitch_that_no_call_carries_is_refused(hz: float) -> None:
    with pytest.raises(ValueError, match="not between"):
        tone_microphone(hz, OpenGuard())


def test_a_wav_file_at_48_khz_is_taken_as_it_is(tmp_path: Path) -> None:
    samples = np.arange(960, dtype=np.int16).reshape(480, 2)
    write_wav(tmp_path / "a.wav", samples, 48_000)

    assert np.array_equal(read_wav(tmp_path / "a.wav"), samples)


def test_another_rate_is_brought_to_48_khz(tmp_path: Path) -> None:
    at = np.arange(16_000) / 16_000
    tone = np.round(8000 * np.sin(2 * np.pi * 500 * at)).astype(np.int16)[:, np.newaxis]
    write_wav(tmp_path / "a.wav", tone, 16_000)

    samples = read_wav(tmp_path / "a.wav")[:, 0]

    spectrum = np.abs(np.fft.rfft(samples.astype(np.float64)))
    assert len(samples) == 48_000
    assert float(np.argmax(spectrum)) == pytest.approx(500, abs=1)


def test_what_is_wrong_with_a_sound_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("no sound")
    write_wav(tmp_path / "short.wav", np.zeros((10, 1), np.int16), 48_000)
    faults = {}

    for name in ("none.wav", "text.wav", "short.wav"):
        with pytest.raises(OpenFailed) as failed:
            read_wav(tmp_path / name)
        faults[name] = failed.value.fault

    assert faults == {
        "none.wav": OpenFault.NOT_FOUND,
        "text.wav": OpenFault.REFUSED,
        "short.wav": OpenFault.NO_DATA,
    }


def test_the_silent_loudspeaker_pulls_and_can_be_handed_over() -> None:
    speaker = NullSpeaker()
    first, second = threading.Event(), threading.Event()
    speaker.open(first.set)
    pulled = first.wait(DEADLINE_S)

    speaker.open(second.set)
    handed_over = second.wait(DEADLINE_S)
    state = speaker.status.state
    speaker.close()

    assert (pulled, handed_over) == (True, True)
    assert state is SourceState.RUNNING
    assert speaker.info.kind is DeviceKind.NONE
    with pytest.raises(RuntimeError, match="closed"):
        speaker.open(first.set)
