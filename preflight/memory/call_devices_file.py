"""Takes it down which devices a call uses, once another one was chosen in it.

The way back into the call goes by these, and the next preflight begins with what was chosen.
"""

import logging
from collections.abc import Collection
from functools import partial
from pathlib import Path

import msgspec

from preflight.devices.frames import DeviceInfo
from preflight.memory.fingerprint import device_parts, take_fingerprint
from preflight.memory.kept_run import load_kept, save_kept
from preflight.memory.machine_file import FILE_NAME, load_memory, save_memory, with_devices
from preflight.offload import Offload, on_daemon_thread

_log = logging.getLogger(__name__)


async def keep_call_devices(
    folder: Path,
    camera: DeviceInfo | None,
    microphone: DeviceInfo | None,
    speaker: DeviceInfo | None,
    *,
    chosen: Collection[str] = (),
    offload: Offload = on_daemon_thread,
) -> None:
    """Keep the devices in use; a full disk costs a longer preflight.

    Args:
        chosen: which of ``microphone`` and ``speaker`` the person chose by hand just now.
    """
    try:
        await offload(partial(_keep, folder, camera, microphone, speaker, chosen))
    except OSError as full:
        _log.info("the call's devices were not kept: %s", type(full).__name__)


def _keep(
    folder: Path,
    camera: DeviceInfo | None,
    microphone: DeviceInfo | None,
    speaker: DeviceInfo | None,
    chosen: Collection[str],
) -> None:
    if not (folder / FILE_NAME).exists():
        return
    memory = with_devices(load_memory(folder), camera, microphone, speaker, chosen)
    save_memory(folder, memory)
    kept = load_kept(folder)
    if kept is not None:
        used = take_fingerprint(device_parts(camera, microphone, speaker), memory.key)
        save_kept(folder, msgspec.structs.replace(kept, parts={**kept.parts, **used.parts}))
