"""What this machine remembers between runs: its random id, its key, the devices that passed.

The id is no serial number: the person can reset it by deleting the file. The key never leaves
the machine.
"""

import contextlib
import logging
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import msgspec

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.fingerprint import take_fingerprint
from preflight.offload import Offload

FILE_NAME = "preflight-machine.json"
_log = logging.getLogger(__name__)


class _KnownDevice(msgspec.Struct, frozen=True):
    id: str
    name: str
    kind: DeviceKind


class _Stored(msgspec.Struct, frozen=True):
    machine_id: str
    key: str
    camera: _KnownDevice | None = None
    microphone: _KnownDevice | None = None


@dataclass(frozen=True, slots=True)
class MachineMemory:
    """The file's content; ``key`` is for keyed hashes."""

    machine_id: str
    key: bytes = field(repr=False)
    camera: DeviceInfo | None = None
    microphone: DeviceInfo | None = None


class Machine:
    """The memory of one run's machine, read and written beside the loop.

    Args:
        folder: where the file is; None: a machine that is new each time.
    """

    def __init__(self, folder: Path | None, offload: Offload) -> None:
        self._folder = folder
        self._offload = offload
        self._memory: MachineMemory | None = None

    async def read(self) -> MachineMemory:
        """Read the file; call it once, before the rest counts."""
        folder = self._folder
        self._memory = await self._offload(lambda: load_memory(folder))
        return self._memory

    def fingerprint(self, plain: Mapping[str, str]) -> str | None:
        """Hash the plain parts with this machine's key; None before it is read."""
        return None if self._memory is None else take_fingerprint(plain, self._memory.key).whole

    async def keep(self, camera: DeviceInfo | None, microphone: DeviceInfo | None) -> None:
        """Keep the devices that passed: next time they are looked at for a shorter time."""
        if self._folder is None or self._memory is None:
            return
        self._memory = replace(self._memory, camera=camera, microphone=microphone)
        try:
            await self._offload(partial(save_memory, self._folder, self._memory))
        except OSError as full:
            _log.info("the devices could not be remembered: %s", type(full).__name__)


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
    return MachineMemory(stored.machine_id, key, _device(stored.camera), _device(stored.microphone))


def save_memory(folder: Path, memory: MachineMemory) -> None:
    """Replace the file, readable by this user alone. May block.

    Raises:
        OSError: the disk is full or not writable.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stored = _Stored(
        memory.machine_id, memory.key.hex(), _known(memory.camera), _known(memory.microphone)
    )
    written = folder / f".{FILE_NAME}.new"
    written.touch(mode=0o600)
    written.write_bytes(msgspec.json.encode(stored))
    written.replace(folder / FILE_NAME)


def _device(known: _KnownDevice | None) -> DeviceInfo | None:
    return None if known is None else DeviceInfo(DeviceId(known.id), known.name, known.kind)


def _known(info: DeviceInfo | None) -> _KnownDevice | None:
    return None if info is None else _KnownDevice(info.id, info.name, info.kind)
