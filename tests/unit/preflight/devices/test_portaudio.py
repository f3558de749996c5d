"""PortAudio's list is read anew only while no stream can be hurt by it."""

from types import SimpleNamespace
from typing import Any

import pytest

from preflight.devices import portaudio
from preflight.devices.pulse import Direction


class RawStream:
    """A stream whose device is looked for again while it is being closed, as on an unplug."""

    def __init__(self, **_: object) -> None:
        self.restarts_while_closing = -1
        Library.streams.append(self)

    def abort(self, *, ignore_errors: bool) -> None:
        portaudio.devices()

    def close(self, *, ignore_errors: bool) -> None:
        portaudio.devices()
        self.restarts_while_closing = Library.restarts


class Library:
    """Stands in the place of sounddevice."""

    PortAudioError = RuntimeError
    RawInputStream = RawStream
    default = SimpleNamespace(device=(0, 0))
    restarts = 0
    streams: list[RawStream]

    @staticmethod
    def _terminate() -> None:
        Library.restarts += 1

    @staticmethod
    def _initialize() -> None:
        """Nothing is behind it."""

    @staticmethod
    def query_hostapis() -> list[Any]:
        return []

    @staticmethod
    def query_devices() -> list[Any]:
        return []


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch) -> None:
    Library.restarts, Library.streams = 0, []
    monkeypatch.setattr(portaudio, "_library", lambda: Library)


def test_portaudio_is_not_started_again_under_a_stream_that_is_being_closed() -> None:
    """It would free the stream, and the close would reach into memory that is gone."""
    stream = portaudio.open_stream(Direction.IN, 0, 1, 0.02, lambda *_: None)

    stream.close()

    assert [each.restarts_while_closing for each in Library.streams] == [0]


def test_a_closed_stream_no_longer_keeps_the_list_from_being_read_anew() -> None:
    stream = portaudio.open_stream(Direction.IN, 0, 1, 0.02, lambda *_: None)
    stream.close()
    stream.close()

    portaudio.devices()

    assert Library.restarts == 1
