"""What this machine remembers between runs: its random id, its key, the devices that passed, and
how cameras are put upright.

The id is no serial number: the person can reset it by deleting the file. The key never leaves
the machine.
"""

import asyncio
import contextlib
import logging
import secrets
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind, Orientation
from preflight.memory.fingerprint import Fingerprint, take_fingerprint
from preflight.model import MeasuredValue
from preflight.offload import Offload
from preflight.whole_file import write_whole

FILE_NAME = "preflight-machine.json"
HEARD_FOR = timedelta(days=30)
"""For so long a loudspeaker that was heard is not asked about again."""
_log = logging.getLogger(__name__)


class _KnownDevice(msgspec.Struct, frozen=True):
    id: str
    name: str
    kind: DeviceKind
    stable: str = ""


class _KnownTurn(msgspec.Struct, frozen=True):
    turn: int
    mirrored: bool
    confirmed_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class EncodeMemory(msgspec.Struct, frozen=True):
    """How this machine encoded in its last trial call.

    Attributes:
        figures: those of H01.
        app, power: version of the program, and the power source, under which they were taken.
    """

    figures: dict[str, MeasuredValue]
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    app: str
    power: str


class _Stored(msgspec.Struct, frozen=True):
    machine_id: str
    key: str
    camera: _KnownDevice | None = None
    microphone: _KnownDevice | None = None
    encode: EncodeMemory | None = None
    orientations: dict[str, _KnownTurn] = {}
    speaker: str | None = None
    """Its name alone: all that earlier versions wrote, and read."""
    heard_speakers: dict[str, date] = {}
    loudspeaker: _KnownDevice | None = None
    chosen_microphone: _KnownDevice | None = None
    chosen_speaker: _KnownDevice | None = None


@dataclass(frozen=True, slots=True)
class KnownOrientation:
    """How a camera is put upright, and when a person last said that it is right so (UTC)."""

    orientation: Orientation
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MachineMemory:
    """The file's content.

    Attributes:
        key: for keyed hashes.
        camera, microphone, speaker: of the last run that passed, or of its call.
        orientations: by `preflight.devices.stable_names.device_key`.
        chosen_microphone, chosen_speaker: what a person chose by hand last, which comes first from
            then on. Where nobody ever chose, the system's own choice does. A camera needs no
            choice: no system has a usual one.
        heard_speakers: when each loudspeaker was last heard, by its name.
    """

    machine_id: str
    key: bytes = field(repr=False)
    camera: DeviceInfo | None = None
    microphone: DeviceInfo | None = None
    encode: EncodeMemory | None = None
    orientations: Mapping[str, KnownOrientation] = field(default_factory=dict)
    speaker: DeviceInfo | None = None
    heard_speakers: Mapping[str, date] = field(default_factory=dict)
    chosen_microphone: DeviceInfo | None = None
    chosen_speaker: DeviceInfo | None = None

    def heard_days_ago(self, speaker: str, today: date) -> int | None:
        """Return when a person last heard this loudspeaker; None: not within the last 30 days."""
        when = self.heard_speakers.get(speaker)
        if when is None or not timedelta(0) <= today - when <= HEARD_FOR:
            return None
        return (today - when).days


class Machine:
    """The memory of one run's machine, read and written beside the loop.

    Args:
        folder: where the file is; None: a machine that is new each time.
    """

    def __init__(self, folder: Path | None, offload: Offload) -> None:
        self._folder = folder
        self._offload = offload
        self._memory: MachineMemory | None = None
        self._one_at_a_time = asyncio.Lock()

    @property
    def encode(self) -> EncodeMemory | None:
        """How this machine encoded last; None where that is not known."""
        return None if self._memory is None else self._memory.encode

    async def read(self) -> MachineMemory:
        """Read the file; call it once, before the rest counts. A new machine gets its file."""
        self._memory = await self._offload(partial(_load_or_begin, self._folder))
        return self._memory

    def fingerprint(self, plain: Mapping[str, str]) -> Fingerprint | None:
        """Hash the plain parts with this machine's key; None before it is read."""
        return None if self._memory is None else take_fingerprint(plain, self._memory.key)

    @property
    def memory(self) -> MachineMemory | None:
        """What the file said, with what was kept since; None before it is read."""
        return self._memory

    async def keep(
        self,
        camera: DeviceInfo | None,
        microphone: DeviceInfo | None,
        speaker: DeviceInfo | None = None,
        *,
        chosen: Collection[str] = (),
    ) -> None:
        """Keep the devices that passed: next time they are looked at for a shorter time.

        Args:
            chosen: which of ``microphone`` and ``speaker`` a person chose by hand.
        """
        if self._memory is not None:
            self._memory = with_devices(self._memory, camera, microphone, speaker, chosen)
            await self._save()

    async def keep_heard(self, speaker: str, *, heard: bool, today: date) -> None:
        """Keep that a person heard a loudspeaker today, or forget that they ever did."""
        if self._memory is None:
            return
        others = {
            name: when
            for name, when in self._memory.heard_speakers.items()
            if name != speaker and today - when <= HEARD_FOR
        }
        told = {**others, speaker: today} if heard else others
        self._memory = replace(self._memory, heard_speakers=told)
        await self._save()

    async def keep_encode(self, encode: EncodeMemory) -> None:
        """Keep how the machine encodes, for a run in which no trial call is possible."""
        if self._memory is not None:
            self._memory = replace(self._memory, encode=encode)
            await self._save()

    async def keep_orientations(self, orientations: Mapping[str, KnownOrientation]) -> None:
        """Keep how cameras are put upright."""
        if self._memory is not None:
            self._memory = replace(self._memory, orientations=dict(orientations))
            await self._save()

    async def _save(self) -> None:
        async with self._one_at_a_time:
            if self._folder is None or self._memory is None:
                return
            try:
                await self._offload(partial(save_memory, self._folder, self._memory))
            except OSError as full:
                _log.info("the machine's memory was not kept: %s", type(full).__name__)


def with_devices(
    memory: MachineMemory,
    camera: DeviceInfo | None,
    microphone: DeviceInfo | None,
    speaker: DeviceInfo | None,
    chosen: Collection[str] = (),
) -> MachineMemory:
    """Return the memory with other devices in use; see `Machine.keep`."""
    return replace(
        memory,
        camera=camera,
        microphone=microphone,
        speaker=speaker or memory.speaker,
        chosen_microphone=microphone if "microphone" in chosen else memory.chosen_microphone,
        chosen_speaker=speaker if "speaker" in chosen else memory.chosen_speaker,
    )


def load_memory(folder: Path | None) -> MachineMemory:
    """Read the file; without one (or with a broken one) the machine is new. May block."""
    stored: _Stored | None = None
    if folder is not None:
        with contextlib.suppress(OSError, ValueError):
            stored = msgspec.json.decode((folder / FILE_NAME).read_bytes(), type=_Stored)
    if stored is None:
        return MachineMemory(str(uuid.uuid4()), secrets.token_bytes(32))
    try:
        key = bytes.fromhex(stored.key)
    except ValueError:
        key = secrets.token_bytes(32)
    return MachineMemory(
        stored.machine_id,
        key,
        _device(stored.camera),
        _device(stored.microphone),
        stored.encode,
        {
            name: KnownOrientation(Orientation(known.turn, known.mirrored), known.confirmed_at)
            for name, known in stored.orientations.items()
            # A file from elsewhere may hold anything.
            if known.turn in (0, 90, 180, 270)
        },
        _device(stored.loudspeaker) or _by_name(stored.speaker),
        stored.heard_speakers,
        _device(stored.chosen_microphone),
        _device(stored.chosen_speaker),
    )


def _load_or_begin(folder: Path | None) -> MachineMemory:
    """Read the file, and make it where there is none: the next run is the same machine's."""
    memory = load_memory(folder)
    if folder is not None and not (folder / FILE_NAME).exists():
        try:
            save_memory(folder, memory)
        except OSError as full:
            _log.info("the machine could not be remembered: %s", type(full).__name__)
    return memory


def save_memory(folder: Path, memory: MachineMemory) -> None:
    """Replace the file, readable by this user alone. May block.

    Raises:
        OSError: the disk is full or not writable.
    """
    stored = _Stored(
        memory.machine_id,
        memory.key.hex(),
        _known(memory.camera),
        _known(memory.microphone),
        memory.encode,
        {
            name: _KnownTurn(known.orientation.turn, known.orientation.mirrored, known.confirmed_at)
            for name, known in memory.orientations.items()
        },
        None if memory.speaker is None else memory.speaker.name,
        dict(memory.heard_speakers),
        _known(memory.speaker),
        _known(memory.chosen_microphone),
        _known(memory.chosen_speaker),
    )
    write_whole(folder / FILE_NAME, msgspec.json.encode(stored))


def _device(known: _KnownDevice | None) -> DeviceInfo | None:
    if known is None:
        return None
    return DeviceInfo(DeviceId(known.id), known.name, known.kind, known.stable)


def _by_name(name: str | None) -> DeviceInfo | None:
    return None if name is None else DeviceInfo(DeviceId(name), name, DeviceKind.REAL)


def _known(info: DeviceInfo | None) -> _KnownDevice | None:
    return None if info is None else _KnownDevice(info.id, info.name, info.kind, info.stable)
