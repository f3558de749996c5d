"""PortAudio's list is read anew only while no stream can be hurt by it."""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any, ClassVar

import pytest

from preflight.devices import fresh_sound_list, portaudio, pulse
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.fresh_sound_list import fresh_devices
from preflight.devices.ports import SourceState
from preflight.devices.pulse import Direction, PulseDevice, PulseServer
from preflight.devices.sounddevice_microphone import pulse_microphone
from preflight.devices.source_thread import OpenGuard
from preflight.devices.threaded_microphone import ThreadedMicrophone
from preflight.devices.turn import Turn

STUCK = 1
"""The number of the device whose driver hangs while a test says so."""


class RawStream:
    """A stream whose device is looked for again while it is being closed, as on an unplug."""

    latency = 0.02

    def __init__(self, *, device: int, **_: object) -> None:
        if device == STUCK or os.environ.get("PULSE_SOURCE") == "stuck":
            Library.free.wait(5)
        # libpulse reads the environment when it connects.
        self.connected = (os.environ.get("PULSE_SOURCE"), os.environ.get("PULSE_PROP"))
        self.restarts_while_closing = -1
        Library.streams.append(self)

    def start(self) -> None:
        """It plays nothing."""

    def abort(self, *, ignore_errors: bool) -> None:
        portaudio.devices()

    def close(self, *, ignore_errors: bool) -> None:
        portaudio.devices()
        self.restarts_while_closing = Library.restarts


class Library:
    """Stands in the place of sounddevice."""

    PortAudioError = RuntimeError
    RawInputStream = RawStream
    restarts = 0
    streams: list[RawStream]
    free = threading.Event()
    """Not set: the driver hangs while it opens the stuck device."""

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
    Library.free.set()
    monkeypatch.setattr(portaudio, "_library", lambda: Library)


@pytest.fixture
def hanging() -> Iterator[ThreadPoolExecutor]:
    """Threads for what hangs until the test is over."""
    Library.free.clear()
    with ThreadPoolExecutor() as pool:
        yield pool
        Library.free.set()


def _open(device: int) -> portaudio.AudioStream:
    return portaudio.open_stream(Direction.IN, device, 1, 0.02, lambda *_: None)


def until(condition: Callable[[], bool]) -> None:
    end_s = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end_s, "it did not happen"
        time.sleep(0.002)


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


def test_a_driver_that_hangs_while_it_opens_keeps_nobody_from_listing(
    hanging: ThreadPoolExecutor,
) -> None:
    stuck = hanging.submit(_open, STUCK)
    until(portaudio.is_frozen)

    listed = hanging.submit(portaudio.devices).result(timeout=2)

    assert listed == ()
    assert Library.restarts == 0, "started again under the open"
    Library.free.set()
    stuck.result(timeout=5).close()
    assert not portaudio.is_frozen()


def test_a_driver_that_hangs_keeps_no_other_device_closed(
    hanging: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portaudio, "_turn", Turn(patience_s=0.05))
    stuck = hanging.submit(_open, STUCK)
    until(portaudio.is_frozen)

    other = hanging.submit(_open, 0).result(timeout=2)

    assert not stuck.done()
    Library.free.set()
    for each in (stuck.result(timeout=5), other):
        each.close()


class Server(PulseServer):
    """A server that knows two microphones, and the streams by what they connected with."""

    numbers: ClassVar[dict[str, int]] = {"stuck": 7, "headset": 8}

    def look(self, direction: Direction) -> tuple[PulseDevice, ...]:
        return tuple(
            PulseDevice(index, name, name, False, False, 1, 100, False)
            for name, index in self.numbers.items()
        )

    def index_of_stream(self, direction: Direction, tag: str) -> int | None:
        for stream in Library.streams:
            source, told = stream.connected
            if source is not None and told == f"liftbay.stream={tag}":
                return self.numbers[source]
        return None


def microphone(name: str) -> ThreadedMicrophone:
    info = DeviceInfo(DeviceId(name), name, DeviceKind.REAL)
    return pulse_microphone(info, Server("no-pactl"), OpenGuard())


def test_a_microphone_whose_driver_hangs_keeps_no_other_one_closed(
    hanging: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hung one wakes into another's environment: it has failed then, and says so."""
    monkeypatch.setattr(portaudio, "_turn", Turn(patience_s=0.05))
    monkeypatch.setattr(pulse, "_environment", Turn(patience_s=0.05))
    monkeypatch.setattr(portaudio, "pulse_index", lambda _: 0)
    monkeypatch.setenv("PULSE_SOURCE", "the_persons_own")
    stuck, other = microphone("stuck"), microphone("headset")
    stuck.open()
    until(lambda: os.environ["PULSE_SOURCE"] == "stuck")

    other.open()
    until(lambda: other.status.state is SourceState.RUNNING)

    still = stuck.status.state
    after = os.environ["PULSE_SOURCE"]
    Library.free.set()
    until(lambda: stuck.status.state is not SourceState.OPENING)
    # It was refused once, and is tried a second time as any other.
    detail, end = stuck.status.detail, stuck.status.state
    for each in (stuck, other):
        each.close()
    assert still is SourceState.OPENING
    assert after == "the_persons_own", "what the hung one had set is gone as well"
    assert Library.streams[0].connected[0] == "headset"
    assert Library.streams[1].connected[0] == "the_persons_own", "the hung one's first try"
    assert (end, detail) == (SourceState.RUNNING, "")
    assert os.environ["PULSE_SOURCE"] == "the_persons_own"


def test_a_fresh_list_comes_from_a_process_of_its_own() -> None:
    row = portaudio.PortAudioDevice(3, "Headset", "Core Audio", 1, 0, 48_000.0, True, False)
    script = f"print({json.dumps([asdict(row)])!r})"

    assert fresh_devices((sys.executable, "-c", script)) == (row,)


@pytest.mark.parametrize("script", ["print('no json')", "raise SystemExit(3)"])
def test_a_fresh_list_that_fails_is_none(script: str) -> None:
    assert fresh_devices((sys.executable, "-c", script)) is None


def test_that_process_prints_what_portaudio_lists(capsys: pytest.CaptureFixture[str]) -> None:
    fresh_sound_list.main()

    assert json.loads(capsys.readouterr().out) == []


def test_the_default_is_that_of_a_devices_own_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows PortAudio's own default is MME's, and none of the devices that we use."""

    def device(index: int, api: int, name: str, inputs: int, outputs: int) -> dict[str, Any]:
        return {
            "index": index,
            "name": name,
            "hostapi": api,
            "max_input_channels": inputs,
            "max_output_channels": outputs,
            "default_samplerate": 48_000.0,
        }

    def api(name: str, default_input: int, default_output: int) -> dict[str, Any]:
        return {
            "name": name,
            "default_input_device": default_input,
            "default_output_device": default_output,
        }

    rows = [
        device(0, 0, "Microsoft Sound Mapper - Output", 0, 2),
        device(1, 1, "Speakers", 0, 2),
        device(2, 1, "Headset", 0, 2),
        device(3, 1, "Microphone", 1, 0),
        device(4, 1, "Headset Microphone", 1, 0),
    ]
    monkeypatch.setattr(Library, "query_devices", lambda: rows)
    apis = [api("MME", -1, 0), api("Windows WASAPI", 4, 2)]
    monkeypatch.setattr(Library, "query_hostapis", lambda: apis)

    found = portaudio.devices()

    assert [row.index for row in found if row.default_output] == [0, 2]
    assert [row.index for row in found if row.default_input] == [4]
