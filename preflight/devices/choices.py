"""What a person types for a device: ``0``, part of a name, ``file:PATH``, ``pattern`` …

One rule for every way in: the command line, the settings file, the demo's plan and a catalogue
all read a choice here, with `read_choice`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from pathlib import Path
from typing import Final, TypeAlias

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
TONE_HZ: Final = (50.0, 8_000.0)
"""The pitches of a made microphone, which shall pass for a voice."""

_LONGEST_NUMBER: Final = 9


class Wanted(Enum):
    """What a choice is for, in the word people read."""

    CAMERA = "camera"
    MICROPHONE = "microphone"
    SPEAKER = "loudspeaker"


class ChoiceFault(StrEnum):
    """What is wrong with a choice; stable, for support and logs."""

    UNREADABLE = "device.choice_unreadable"
    UNFIT = "device.choice_unfit"
    """It is a choice, but not for such a device."""
    PITCH = "device.choice_pitch"


class BadChoice(ValueError):
    """A text that is no choice for this device; its words say how one looks."""

    def __init__(self, fault: ChoiceFault, words: str) -> None:
        super().__init__(words)
        self.fault = fault


_KNOWN: Final[Mapping[Wanted, str]] = {
    Wanted.CAMERA: "0, a part of its name, file:PATH or pattern",
    Wanted.MICROPHONE: "0, a part of its name, file:PATH or tone:440",
    Wanted.SPEAKER: "0, a part of its name, or null",
}
_UNFIT: Final[Mapping[Wanted, tuple[type[Choice], ...]]] = {
    Wanted.CAMERA: (Tone, Null),
    Wanted.MICROPHONE: (Pattern, Null),
    Wanted.SPEAKER: (Pattern, Tone, FromFile),
}


def read_choice(text: str | None, wanted: Wanted) -> Choice:
    """Read a choice of a camera, microphone or loudspeaker.

    Whether such a device or file exists is another question: it may come later.

    Raises:
        BadChoice: it cannot be read, has no pitch of a voice, or is for another device.
    """
    try:
        choice = parse_choice(text)
    except BadChoice as error:
        if error.fault is ChoiceFault.UNREADABLE:
            raise BadChoice(error.fault, f"{error}: use {_KNOWN[wanted]}") from None
        raise
    if isinstance(choice, _UNFIT[wanted]):
        words = f"{text!r} is no {wanted.value}: use {_KNOWN[wanted]}"
        raise BadChoice(ChoiceFault.UNFIT, words)
    return choice


def parse_choice(text: str | None) -> Choice:
    """Read a choice of any device.

    Raises:
        BadChoice: ``file:`` without a path, ``tone:`` without a pitch of a voice, or digits
             that are no number.
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
            return Tone(_pitch(text, rest))
        case "file", True if rest:
            return FromFile(Path(rest).expanduser())
        case "file", True:
            raise _unreadable(text)
        case number, False if number.isdigit():
            return ByNumber(_number(text, number))
        case _:
            return ByName(text.strip())


def _pitch(text: str, words: str) -> float:
    try:
        hz = float(words)
    except ValueError:
        raise _unreadable(text) from None
    lowest, highest = TONE_HZ
    # Neither "nan" nor "inf" lies between two numbers.
    if not lowest <= hz <= highest:
        use = f"use tone:{lowest:g} to tone:{highest:g}"
        raise BadChoice(ChoiceFault.PITCH, f"{text!r} is no pitch of a voice: {use}")
    return hz


def _number(text: str, digits: str) -> int:
    # isdigit takes "²" and the digits of every script, int only some of them.
    if not digits.isascii() or len(digits) > _LONGEST_NUMBER:
        raise _unreadable(text)
    return int(digits)


def _unreadable(text: str) -> BadChoice:
    return BadChoice(ChoiceFault.UNREADABLE, f"{text!r} cannot be read")


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
