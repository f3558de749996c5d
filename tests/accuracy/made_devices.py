"""Tables of made devices behind the system's own catalogue; only what it opens is made.

Cameras are rows as ``cv2-enumerate-cameras`` gives them, with udev's links in a folder; microphones
and loudspeakers are rows as ``pactl --format=json`` prints them. What is pulled out stops: its
driver says so, or says nothing and only sends no more.
"""

import asyncio
import json
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from client_api.clock import Clock
from preflight.devices import opencv_camera
from preflight.devices.catalogue import SystemCatalogue
from preflight.devices.choices import ByName, ByNumber, FirstReal, parse_choice, pick
from preflight.devices.frames import DeviceId, DeviceInfo
from preflight.devices.ports import (
    DeviceNotFound,
    OpenFault,
    PullBlock,
    SourceState,
    SourceStatus,
)
from preflight.devices.pulse import PulseServer
from preflight.devices.stable_names import stable_names
from tests.fakes.devices import FakeCamera, FakeMicrophone, FakeSpeaker, FakeSystem

Row = dict[str, Any]
_FPS = 12.0
"""Enough for what comes and goes; every picture is work for all who look at it."""


@dataclass(eq=False)
class MadeCamera:
    """A piece of hardware.

    Attributes:
        link: udev's name of it by maker, model and serial number; empty: it has none.
        port: the socket that it is in.
    """

    name: str
    link: str
    port: str


@dataclass(eq=False)
class CameraTable:
    """What is plugged in, as Linux (nodes and udev's links) or Windows (numbers and paths) tells.

    Attributes:
        hidden: left out of the next list, which was read at a bad moment.
        quiet: whether the driver of a camera that is pulled says nothing.
    """

    root: Path
    windows: bool = False
    plugged: dict[int, MadeCamera] = field(default_factory=dict)
    hidden: set[MadeCamera] = field(default_factory=set)
    quiet: bool = False
    opened: list[tuple[MadeCamera, FakeCamera]] = field(default_factory=list)

    def plug(self, *cameras: MadeCamera) -> None:
        """Plug in; each gets the first number that is free."""
        for camera in cameras:
            step = 1 if self.windows else 2
            number = next(n for n in range(0, 99, step) if n not in self.plugged)
            self.plugged[number] = camera

    def pull(self, camera: MadeCamera) -> None:
        """Pull out: whoever has it open gets no more pictures. Windows numbers the rest anew."""
        self.plugged = {n: each for n, each in self.plugged.items() if each is not camera}
        if self.windows:
            self.plugged = dict(enumerate(self.plugged[n] for n in sorted(self.plugged)))
        for hardware, source in self.opened:
            if hardware is camera and self.quiet:
                source.delivers = False
            elif hardware is camera:
                source.unplug()

    def shuffle(self, rng: random.Random) -> None:
        """Give every camera another number, as after a start of the machine."""
        cameras = list(self.plugged.values())
        rng.shuffle(cameras)
        self.plugged = {}
        self.plug(*cameras)

    def rows(self, _backend: int) -> list[SimpleNamespace]:
        """Stand for ``enumerate_cameras``."""
        return [
            SimpleNamespace(index=number, name=camera.name, path=self._path(number, camera))
            for number, camera in self.plugged.items()
            if camera not in self.hidden
        ]

    def links(self) -> Path:
        """Write udev's links as they are now; of cameras with one name the first has the link."""
        for kind in ("by-id", "by-path"):
            (self.root / kind).mkdir(parents=True, exist_ok=True)
            for old in (self.root / kind).iterdir():
                old.unlink()
        for number, camera in () if self.windows else sorted(self.plugged.items()):
            node = f"/dev/video{number}"
            (self.root / "by-path" / f"{camera.port}-video-index0").symlink_to(node)
            by_id = self.root / "by-id" / f"{camera.link}-video-index0"
            if camera.link and not by_id.is_symlink():
                by_id.symlink_to(node)
        return self.root

    def hardware(self, info: DeviceInfo) -> MadeCamera:
        """Return what is behind a row of the list."""
        return next(
            camera for number, camera in self.plugged.items() if self._id(number, camera) == info.id
        )

    def _id(self, number: int, camera: MadeCamera) -> str:
        path = self._path(number, camera)
        return f"{number}@{path}" if self.windows else path

    def _path(self, number: int, camera: MadeCamera) -> str:
        if self.windows:
            return f"\\\\?\\usb#vid_046d&pid_082d&mi_00#{camera.port}#global"
        return f"/dev/video{number}"

    @contextmanager
    def listed(self) -> Iterator[None]:
        """Let the program find these cameras and no others."""
        with (
            patch.object(opencv_camera, "enumerate_cameras", self.rows),
            patch.object(opencv_camera, "stable_names", lambda: stable_names(self.links())),
        ):
            yield


def sound_row(
    index: int,
    name: str,
    description: str,
    *,
    rate_hz: int = 48_000,
    percent: float = 60.0,
    muted: bool = False,
    properties: dict[str, str] | None = None,
) -> Row:
    """Return a row of ``pactl --format=json list sources|sinks``, without what nobody reads."""
    value = round(percent * 655.36)
    side = {"value": value, "value_percent": f"{round(percent)}%", "db": "-13.31 dB"}
    return {
        "index": index,
        "state": "SUSPENDED",
        "name": name,
        "description": description,
        "driver": "PipeWire",
        "sample_specification": f"s16le 2ch {rate_hz}Hz",
        "channel_map": "front-left,front-right",
        "mute": muted,
        "volume": {"front-left": side, "front-right": side},
        "balance": 0.0,
        "properties": {"device.class": "sound", "device.api": "alsa", **(properties or {})},
    }


class MadePulse(PulseServer):
    """A sound server of rows that a case changes, read from what pactl would print.

    Attributes:
        busy: it answers nothing.
        ascii_alone: pactl is of version 16.
    """

    def __init__(self, sources: Sequence[Row] = (), sinks: Sequence[Row] = ()) -> None:
        super().__init__("pactl")
        self.rows = {"sources": list(sources), "sinks": list(sinks)}
        self.default = {
            kind: rows[0]["name"] if rows else f"auto_null{kind}"
            for kind, rows in self.rows.items()
        }
        self.busy = False
        self.ascii_alone = False

    def remove(self, kind: str, name: str) -> None:
        """Unplug; the server takes the first that is left for its default."""
        self.rows[kind] = [row for row in self.rows[kind] if row["name"] != name]
        if self.default[kind] == name and self.rows[kind]:
            self.default[kind] = self.rows[kind][0]["name"]

    def _run(self, *words: str) -> bytes | None:
        if self.busy:
            return None
        if words[0] != "--format=json":
            return printed_as_text(words[-1], self.rows[words[-1]]).encode()
        if words[-1] == "info":
            told: Any = {
                "server_name": "PulseAudio (on PipeWire 1.0.5)",
                "default_sink_name": self.default["sinks"],
                "default_source_name": self.default["sources"],
            }
        else:
            told = self.rows.get(words[-1], [])
        return printed_as_json(told, ascii_alone=self.ascii_alone).encode()


def printed_as_json(told: Any, *, ascii_alone: bool) -> str:
    """Print as pactl does: version 16 writes ``(null)`` for a text that is not plain ASCII."""

    def said(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: said(each) for key, each in value.items()}
        if isinstance(value, list):
            return [said(each) for each in value]
        return "(null)" if isinstance(value, str) and not value.isascii() else value

    return json.dumps(said(told) if ascii_alone else told, ensure_ascii=False)


def printed_as_text(kind: str, rows: Sequence[Row]) -> str:
    """Print as ``pactl list sinks`` does, in English."""
    title = "Sink" if kind == "sinks" else "Source"
    blocks = [
        f"{title} #{row['index']}\n\tState: {row['state']}\n\tName: {row['name']}\n"
        f"\tDescription: {row['description']}\n\tDriver: {row['driver']}\n"
        f"\tMute: {'yes' if row['mute'] else 'no'}\n\tProperties:\n"
        f'\t\tdevice.description = "{row["description"]}"\n'
        for row in rows
    ]
    return "\n".join(blocks)


class MadeSpeaker(FakeSpeaker):
    """A loudspeaker whose driver takes its time.

    Attributes:
        open_s: how long it opens; None: for ever.
        pulls: whether it asks for sound once it is open.
        dies_s: when it is lost after that; None: never.
    """

    def __init__(self, info: DeviceInfo, clock: Clock) -> None:
        super().__init__(info, clock)
        self.open_s: float | None = 0.0
        self.pulls = True
        self.dies_s: float | None = None
        self._time = clock
        self._opening: asyncio.Task[None] | None = None

    def open(self, pull: PullBlock) -> None:
        if self.status.state is SourceState.RUNNING:
            super().open(pull)
            return
        self.status = SourceStatus(SourceState.OPENING)
        self._opening = asyncio.get_running_loop().create_task(self._open(pull))

    def close(self) -> None:
        if self._opening is not None:
            self._opening.cancel()
        super().close()

    async def _open(self, pull: PullBlock) -> None:
        if self.open_s is None:
            return
        await self._time.sleep(self.open_s)
        self.clock = self._time if self.pulls else None
        super().open(pull)
        if self.dies_s is not None:
            await self._time.sleep(self.dies_s)
            self.status = SourceStatus(SourceState.LOST, OpenFault.UNPLUGGED)


class MadeCatalogue(SystemCatalogue):
    """Lists and chooses as the program does, and opens made devices.

    Attributes:
        camera_mood, microphone_mood, speaker_mood: called with each source that is made.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        cameras: CameraTable | None = None,
        pulse: PulseServer | None = None,
        camera_choice: str | None = None,
        microphone_choice: str | None = None,
        speaker_choice: str | None = None,
    ) -> None:
        super().__init__(
            camera_choice=camera_choice,
            microphone_choice=microphone_choice,
            speaker_choice=speaker_choice,
            pulse=pulse or MadePulse(),
            probe=FakeSystem(),
        )
        self._clock = clock
        self._cameras = cameras
        self.camera_mood: Callable[[FakeCamera], None] = lambda _: None
        self.microphone_mood: Callable[[FakeMicrophone], None] = lambda _: None
        self.speaker_mood: Callable[[MadeSpeaker], None] = lambda _: None
        self.opened_cameras: list[FakeCamera] = []
        self.opened_microphones: list[FakeMicrophone] = []
        self.opened_speakers: list[MadeSpeaker] = []

    def camera(self, choice: DeviceId | None) -> FakeCamera:
        info = _picked("camera", choice or self._camera_choice, self.cameras())
        camera = FakeCamera(self._clock, info, fps=_FPS)
        if self._cameras is not None:
            self._cameras.opened.append((self._cameras.hardware(info), camera))
        self.camera_mood(camera)
        self.opened_cameras.append(camera)
        return camera

    def microphone(self, choice: DeviceId | None) -> FakeMicrophone:
        info = _picked("microphone", choice or self._microphone_choice, self.microphones())
        microphone = FakeMicrophone(self._clock, info)
        self.microphone_mood(microphone)
        self.opened_microphones.append(microphone)
        return microphone

    def speaker(self, choice: DeviceId | None) -> MadeSpeaker:
        info = _picked("speaker", choice or self._speaker_choice, self.speakers())
        speaker = MadeSpeaker(info, self._clock)
        self.speaker_mood(speaker)
        self.opened_speakers.append(speaker)
        return speaker

    def close_all(self) -> None:
        """Close what was opened, whoever has it now."""
        for camera in self.opened_cameras:
            camera.close()
        for microphone in self.opened_microphones:
            microphone.close()
        for speaker in self.opened_speakers:
            speaker.close()


def _picked(what: str, wanted: str | None, devices: tuple[DeviceInfo, ...]) -> DeviceInfo:
    choice = parse_choice(wanted)
    assert isinstance(choice, FirstReal | ByNumber | ByName), "a made source is no device here"
    info = pick(choice, devices)
    if info is None:
        raise DeviceNotFound(what, wanted)
    return info


@contextmanager
def no_cameras() -> Iterator[None]:
    """Let the program find no camera, whatever this machine has."""
    with patch.object(opencv_camera, "enumerate_cameras", lambda _backend: []):
        yield
