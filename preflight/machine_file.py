"""What this machine remembers between runs: its random id, its key, the devices that passed.

The id is no serial number: the person can reset it by deleting the file. The key never leaves
the machine.
"""

import contextlib
import secrets
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind

FILE_NAME = "preflight-machine.json"


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
