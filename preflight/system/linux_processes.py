"""Linux: who runs, and who holds a raw sound stream, as ``/proc`` tells."""

import os
from pathlib import Path
from typing import Final, Literal

from preflight.system.ports import Holder

_SOUND_SERVERS: Final = ("pulseaudio", "pipewire", "wireplumber")


def program_of(process: Path) -> str | None:
    """Return the name of the program of a folder below ``/proc``; None where it has ended."""
    try:
        return (process / "comm").read_text("utf-8", "replace").strip() or None
    except OSError:
        return None


def raw_sound_holder(proc: Path, way: Literal["c", "p"]) -> Holder | None:
    """Return who owns a raw ALSA stream, but for this program and the sound servers.

    Args:
        way: ALSA's letter, ``c`` for capture and ``p`` for playback.
    """
    for status in sorted(proc.glob(f"asound/card*/pcm*{way}/sub*/status")):
        pid = _owner_pid(status)
        if pid is None or pid == os.getpid():
            continue
        program = program_of(proc / str(pid))
        if program not in _SOUND_SERVERS:
            return Holder(program, pid)
    return None


def _owner_pid(status: Path) -> int | None:
    try:
        for line in status.read_text("utf-8", "replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "owner_pid" and value.strip().isdigit():
                return int(value)
    except OSError:
        return None
    return None
