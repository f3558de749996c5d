"""What a person types for a device: ``0``, part of a name, ``file:PATH``, ``pattern`` …"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from preflight.devices.frames import DeviceInfo


@dataclass(frozen=True, slots=True)
class FirstReal:
    """No choice: the first real device."""


@dataclass(frozen=True, slots=True)
class ByNumber:
    """The device at this place of the list, from 0."""

    number: int


@dataclass(frozen=True, slots=True)
class ByName:
    """The device with this id or name, else the first whose name contains it."""

    text: str


@dataclass(frozen=True, slots=True)
class FromFile:
    """A clip or a WAV file."""

    path: Path


@dataclass(frozen=True, slots=True)
class Pattern:
    """The made picture."""


@dataclass(frozen=True, slots=True)
class Tone:
    """The made sound."""

    hz: float


@dataclass(frozen=True, slots=True)
class Null:
    """A loudspeaker that plays to nobody."""


Choice: TypeAlias = FirstReal | ByNumber | ByName | FromFile | Pattern | Tone | Null

DEFAULT_TONE_HZ = 440.0


def parse_choice(text: str | None) -> Choice:
    """Read a choice. Whether such a device exists is another question.

    Raises:
        ValueError: ``file:`` without a path, or ``tone:`` without a number.
    """
    if text is None or not text.strip():
        return FirstReal()
    kind, colon, rest = text.strip().partition(":")
    match kind, bool(colon):
        case "pattern", False:
            return Pattern()
        case "null", False:
            return Null()
        case "tone", False:
            return Tone(DEFAULT_TONE_HZ)
        case "tone", True:
            return Tone(float(rest))
        case "file", True if rest:
            return FromFile(Path(rest).expanduser())
        case "file", True:
            raise ValueError("file: needs a path, as in file:clip.mp4")
        case number, False if number.isdigit():
            return ByNumber(int(number))
        case _:
            return ByName(text.strip())


def pick(choice: FirstReal | ByNumber | ByName, devices: Sequence[DeviceInfo]) -> DeviceInfo | None:
    """Find the device that is meant, or None."""
    match choice:
        case FirstReal():
            return devices[0] if devices else None
        case ByNumber(number):
            return devices[number] if number < len(devices) else None
        case ByName(text):
            for device in devices:
                if text in (device.id, device.name):
                    return device
            wanted = text.casefold()
            for device in devices:
                if wanted in device.name.casefold() or wanted in device.id.casefold():
                    return device
            return None
