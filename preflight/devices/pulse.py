"""What the Pulse server (PulseAudio or PipeWire) says of sources, sinks and our own streams.

Asked through ``pactl``: 5 ms of CPU, once a second while a stream is open. On Debian PulseAudio
depends on its package (``pulseaudio-utils``), PipeWire's Pulse server merely suggests it.
Without a server every list is empty and ``look()`` is None; nothing here raises.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any

from preflight.devices.turn import Turn

_DEADLINE_S = 2.0
_FULL_VOLUME = 65_536
_PLACEHOLDER = "auto_null"
"""The sink that servers make up where there is no sound card: nobody hears it."""
_STREAM_TAG = "liftbay.stream"
_METER = "Peak detect"
"""What pavucontrol and desktops call the stream of a level meter."""
_MONITOR_END = ".monitor"
_UNSAID = "(null)"
"""What pactl 16 writes, as JSON alone, for every text that is not plain ASCII."""
_NAMED = re.compile(r"^\tName: (.*)\n(?:\t.*\n)*?\tDescription: (.*)$", re.MULTILINE)
_environment = Turn(patience_s=2.0)
"""The environment belongs to the whole process, so the turns at it do too."""


class Direction(Enum):
    """Sound into the program (sources) or out of it (sinks)."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class PulseDevice:
    """A source or sink.

    Attributes:
        index: the server's number, by which streams name it; new after each plugging in.
        monitor: a source that repeats what a sink plays; never a microphone.
        volume_percent: of the loudest channel; None when unknown.
        rate_hz: its own rate; telephone headsets have 8 or 16 kHz. None when unknown.
        loopback: a source that was made of a monitor: it hears what the computer plays.
        profile: of a Bluetooth device, e.g. ``a2dp-sink`` or ``headset-head-unit``; else None.
    """

    index: int
    name: str
    description: str
    monitor: bool
    muted: bool
    channels: int
    volume_percent: int | None
    default: bool
    rate_hz: int | None = None
    loopback: bool = False
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Recorder:
    """A program that records from a source, as it told the server."""

    program: str | None
    pid: int


class PulseServer:
    """Questions to the server named by ``PULSE_SERVER`` or the system's own."""

    def __init__(self, pactl: str | None = None) -> None:
        self._pactl = pactl or shutil.which("pactl")

    def devices(self, direction: Direction) -> tuple[PulseDevice, ...]:
        """List as `look` does; nothing where no server answers."""
        return self.look(direction) or ()

    def look(self, direction: Direction) -> tuple[PulseDevice, ...] | None:
        """List sources or sinks, the default first, without monitors and the placeholder.

        None where no server answers, or not in time.
        """
        info, kind = self._ask("info"), _kind(direction)
        rows = self._ask("list", f"{kind}s") if isinstance(info, dict) else None
        if not isinstance(info, dict) or not isinstance(rows, list):
            return None
        rows = self._with_words(kind, rows)
        default = str(info.get(f"default_{kind}_name", ""))
        found = [read_device(row, default) for row in rows if isinstance(row, dict)]
        chosen = [
            device
            for device in found
            if device is not None and not device.monitor and device.name != _PLACEHOLDER
        ]
        return tuple(sorted(chosen, key=lambda device: (not device.default, device.index)))

    def index_of_stream(self, direction: Direction, tag: str) -> int | None:
        """Return the index of the source or sink our stream with this tag is on, or None."""
        streams = "source-outputs" if direction is Direction.IN else "sink-inputs"
        for row in self._rows("list", streams):
            properties = row.get("properties")
            if not isinstance(properties, dict) or properties.get(_STREAM_TAG) != tag:
                continue
            if properties.get("application.process.id", str(os.getpid())) != str(os.getpid()):
                continue
            index = row.get(_kind(direction))
            return index if isinstance(index, int) else None
        return None

    def recorders(self, source: str) -> tuple[Recorder, ...]:
        """List the other programs that record from the source of this name.

        Level meters of mixers listen to every source and hold none: they are left out.
        """
        index = next(
            (
                row.get("index")
                for row in self._rows("list", "sources")
                if row.get("name") == source
            ),
            None,
        )
        if index is None:
            return ()
        found = [
            read_recorder(row)
            for row in self._rows("list", "source-outputs")
            if row.get("source") == index
        ]
        return tuple(each for each in found if each is not None and each.pid != os.getpid())

    def _rows(self, *words: str) -> list[dict[str, Any]]:
        answer = self._ask(*words)
        if not isinstance(answer, list):
            return []
        return [row for row in answer if isinstance(row, dict)]

    def _with_words(self, kind: str, rows: list[Any]) -> list[Any]:
        """Return the rows with the descriptions that pactl 16 left out; it lists them as text."""
        if not any(isinstance(row, dict) and row.get("description") == _UNSAID for row in rows):
            return rows
        said = read_descriptions((self._run("list", f"{kind}s") or b"").decode("utf-8", "replace"))
        return [
            {**row, "description": said.get(str(row.get("name")))}
            if isinstance(row, dict) and row.get("description") == _UNSAID
            else row
            for row in rows
        ]

    def _ask(self, *words: str) -> Any:
        try:
            return json.loads(self._run("--format=json", *words) or b"null")
        except ValueError:
            return None

    def _run(self, *words: str) -> bytes | None:
        """Return what pactl prints; None where it fails or takes too long."""
        if self._pactl is None:
            return None
        try:
            done = subprocess.run(
                [self._pactl, *words],
                capture_output=True,
                timeout=_DEADLINE_S,
                check=False,
                stdin=subprocess.DEVNULL,
                # The program's own PULSE_SOURCE and tags are not meant for this question.
                env={**os.environ, "LC_ALL": "C.UTF-8"},
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout if done.returncode == 0 else None


def read_device(row: Mapping[str, Any], default: str) -> PulseDevice | None:
    """Read one row of ``pactl --format=json list sources|sinks``; None when it has no name."""
    name, index = row.get("name"), row.get("index")
    if not isinstance(name, str) or not isinstance(index, int):
        return None
    properties = row.get("properties")
    device_class = properties.get("device.class") if isinstance(properties, dict) else None
    # A sink's row names its monitor in the same field, so only the class tells for certain.
    monitor = device_class == "monitor"
    channels = row.get("channel_map")
    return PulseDevice(
        index=index,
        name=name,
        description=str(row.get("description") or name),
        monitor=monitor,
        muted=row.get("mute") is True,
        channels=len(channels.split(",")) if isinstance(channels, str) and channels else 1,
        volume_percent=_volume_percent(row.get("volume")),
        default=name == default,
        rate_hz=_rate_hz(row.get("sample_specification")),
        loopback=_master(properties).endswith(_MONITOR_END),
        profile=_profile(properties if isinstance(properties, dict) else {}),
    )


def read_descriptions(words: str) -> Mapping[str, str]:
    """Read what ``pactl list sources|sinks`` prints in English: descriptions by name."""
    return dict(_NAMED.findall(words))


def read_recorder(row: Mapping[str, Any]) -> Recorder | None:
    """Read a row of ``pactl --format=json list source-outputs``; None for a meter or no program."""
    properties = row.get("properties")
    if not isinstance(properties, dict) or properties.get("media.name") == _METER:
        return None
    pid = str(properties.get("application.process.id", ""))
    if not pid.isdigit():
        return None
    told = (properties.get(f"application.{what}") for what in ("process.binary", "name"))
    named = (each for each in told if isinstance(each, str) and each not in ("", _UNSAID))
    return Recorder(next(named, None), int(pid))


def _master(properties: object) -> str:
    return str(properties.get("device.master_device", "")) if isinstance(properties, dict) else ""


def _rate_hz(specification: object) -> int | None:
    """Read the rate of ``s16le 1ch 48000Hz``."""
    words = specification.split() if isinstance(specification, str) else []
    digits = words[-1].removesuffix("Hz") if words else ""
    return int(digits) if digits.isdigit() else None


@contextmanager
def routed(direction: Direction, device: str, tag: str) -> Iterator[None]:
    """Let a stream opened inside this block go to ``device`` and carry ``tag``.

    libpulse reads the environment when it connects, and PortAudio offers no other way to name
    a source. One opening at a time, so that two never mix their devices up. A driver that hangs
    in here holds the others up for 2 s; what it opens later may be another's device, without the
    tag: `index_of_stream` finds no stream of that tag then.
    """
    variable = "PULSE_SOURCE" if direction is Direction.IN else "PULSE_SINK"
    wanted = {variable: device, "PULSE_PROP": f"{_STREAM_TAG}={tag}"}
    before: dict[str, str | None] = {}

    def enter() -> None:
        before.update({name: os.environ.get(name) for name in wanted})
        os.environ.update(wanted)

    def leave() -> None:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    with _environment.taken(enter, leave):
        yield


def _kind(direction: Direction) -> str:
    return "source" if direction is Direction.IN else "sink"


def _profile(properties: Mapping[str, Any]) -> str | None:
    """Return a Bluetooth profile as PipeWire (first) or PulseAudio names it, with hyphens."""
    for name in ("api.bluez5.profile", "bluetooth.protocol"):
        told = properties.get(name)
        if isinstance(told, str) and told:
            return told.replace("_", "-")
    return None


def _volume_percent(volume: object) -> int | None:
    if not isinstance(volume, dict):
        return None
    values = [
        channel["value"]
        for channel in volume.values()
        if isinstance(channel, dict) and isinstance(channel.get("value"), int)
    ]
    return round(100 * max(values) / _FULL_VOLUME) if values else None
