"""Devices that do not run at 48 kHz."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from preflight.devices import portaudio
from preflight.devices.block_resampler import BlockResampler
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.portaudio import PortAudioDevice, RateRefused, fault_of
from preflight.devices.ports import OpenFault
from preflight.devices.pulse import Direction
from preflight.devices.sounddevice_microphone import PortAudioReader
from preflight.devices.sounddevice_speaker import portaudio_speaker
from tests.fakes.played_devices import BlockMaker

DEADLINE_S = 5.0
ONLY_44100 = PortAudioDevice(4, "Line", "Windows WASAPI", 2, 2, 44_100.0, True, True)


class PlayedStream:
    """An open stream whose callback the test calls."""

    latency_ms = 10.0
    active = True

    def __init__(self, callback: Callable[..., None]) -> None:
        self.callback = callback
        self.closed = False

    def start(self) -> None:
        return None

    def close(self) -> None:
        self.closed = True


class OldSoundCard:
    """Stands in PortAudio's place: refuses every rate but 44.1 kHz."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.streams: list[PlayedStream] = []
        self.opened = threading.Event()

    def open_stream(
        self,
        direction: Direction,
        index: int,
        channels: int,
        latency_s: float,
        callback: Callable[..., None],
        rate_hz: int = 48_000,
    ) -> Any:
        self.asked.append(rate_hz)
        if rate_hz != 44_100:
            raise RateRefused(OpenFault.REFUSED, "Invalid sample rate")
        self.streams.append(PlayedStream(callback))
        self.opened.set()
        return self.streams[-1]


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> OldSoundCard:
    made = OldSoundCard()
    monkeypatch.setattr(portaudio, "devices", lambda: (ONLY_44100,))
    monkeypatch.setattr(portaudio, "open_stream", made.open_stream)
    return made


def tone(count: int, hz: float = 1000.0, rate_hz: int = 44_100) -> Any:
    return np.round(9000 * np.sin(2 * np.pi * hz * np.arange(count) / rate_hz)).astype(np.int16)


def test_blocks_of_another_rate_join_without_a_seam() -> None:
    resampler = BlockResampler(441, 480)
    blocks = tone(44_100).reshape(100, 441, 1)

    joined = np.concatenate([resampler.convert(block) for block in blocks])[:, 0]

    spectrum = np.abs(np.fft.rfft(joined.astype(np.float64)))
    assert joined.shape == (48_000,)
    assert int(np.argmax(spectrum)) == 1000
    spectrum[995:1006] = 0
    assert spectrum.max() < 9000 * 24_000 * 0.01


def test_a_microphone_of_44100_hz_is_opened_at_its_own_rate(card: OldSoundCard) -> None:
    reader = PortAudioReader("Line")

    reader.open()
    stereo = np.repeat(tone(441)[:, np.newaxis], 2, axis=1)
    card.streams[0].callback(stereo.tobytes(), 441, None, None)
    block = reader.read(threading.Event())
    reader.close()

    assert card.asked == [48_000, 44_100]
    assert block is not None
    assert block.samples.shape == (480, 2)
    assert card.streams[0].closed


def test_a_speaker_of_44100_hz_gets_its_10_ms_on_both_channels(card: OldSoundCard) -> None:
    speaker = portaudio_speaker(DeviceInfo(DeviceId("portaudio:Line"), "Line", DeviceKind.REAL))
    maker = BlockMaker()
    speaker.open(maker.block)
    assert card.opened.wait(DEADLINE_S)
    out = bytearray(441 * 2 * 2)

    card.streams[0].callback(memoryview(out), 441, None, None)
    speaker.close()

    played = np.frombuffer(bytes(out), np.int16).reshape(441, 2)
    assert card.asked == [48_000, 44_100]
    assert played.any()
    assert np.array_equal(played[:, 0], played[:, 1])


@pytest.mark.parametrize(
    ("code", "words", "fault"),
    [
        (-9985, "Device unavailable", OpenFault.BUSY),
        (-9996, "Invalid device", OpenFault.NOT_FOUND),
        (-9999, "Unanticipated host error 'Access is denied.'", OpenFault.DENIED),
        (-9999, "0x80070005", OpenFault.DENIED),
        (-9999, "Device or resource busy", OpenFault.BUSY),
        (-9999, "Unanticipated host error (2, -2147024891, 'UNKNOWN ERROR')", OpenFault.DENIED),
        (-9999, "Error (2, -2004287478, 'AUDCLNT_E_DEVICE_IN_USE')", OpenFault.BUSY),
        (-9999, "Error (2, -2004287480, 'AUDCLNT_E_UNSUPPORTED_FORMAT')", OpenFault.REFUSED),
        (-9986, "Internal PortAudio error", OpenFault.REFUSED),
    ],
)
def test_portaudios_errors_get_a_reason(code: int, words: str, fault: OpenFault) -> None:
    assert fault_of(code, words) is fault
