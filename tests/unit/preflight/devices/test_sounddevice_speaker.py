"""A loudspeaker over a stream that the test holds in its hand; no PortAudio takes part."""

import time
from collections.abc import Callable
from typing import Any, cast

import pytest

from preflight.devices import sounddevice_speaker
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.ports import OpenFault, SourceState
from preflight.devices.sounddevice_speaker import OpenedStream, SounddeviceSpeaker, StreamPlace
from tests.conftest import ExpectedLogs

INFO = DeviceInfo(DeviceId("out.usb"), "Headset", DeviceKind.REAL)


class Stream:
    """An open stream; the test asks for sound in the driver's place."""

    latency_ms = 20.0

    def __init__(self) -> None:
        self.need: Callable[..., None] | None = None

    def ask(self) -> None:
        assert self.need is not None
        self.need(bytearray(960), 480, None, None)

    def place(self, callback: Callable[..., None]) -> OpenedStream:
        self.need = callback
        return OpenedStream(cast(Any, self))

    def close(self) -> None:
        """Nothing is behind it."""


def opened(place: StreamPlace) -> SounddeviceSpeaker:
    """Return a loudspeaker whose open has ended, well or badly."""
    speaker = SounddeviceSpeaker(INFO, place)
    speaker.open(lambda: None)
    end_s = time.monotonic() + 5
    while speaker.status.state is SourceState.OPENING and time.monotonic() < end_s:
        time.sleep(0.002)
    return speaker


def test_a_driver_that_throws_anything_has_failed_and_is_not_opening_for_ever(
    expected_logs: ExpectedLogs,
) -> None:
    """Only a loudspeaker that failed is told to the person who hears nothing."""
    expected_logs.allow("the loudspeaker out.usb failed")

    def throws(callback: object) -> OpenedStream:
        raise RuntimeError("made up")

    speaker = opened(throws)
    status = speaker.status
    speaker.close()

    assert (status.state, status.fault) == (SourceState.FAILED, OpenFault.REFUSED)


def test_a_loudspeaker_that_asks_for_no_sound_is_lost_and_back_when_it_asks_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sounddevice_speaker, "_SILENT_S", 0.02)
    stream = Stream()
    speaker = opened(stream.place)
    states = []

    for is_asked in (True, False, True):
        if not is_asked:
            time.sleep(0.03)
        else:
            stream.ask()
        states.append(speaker.status.state)
    fault = speaker.status.fault
    speaker.close()

    assert states == [SourceState.RUNNING, SourceState.LOST, SourceState.RUNNING]
    assert fault is None
