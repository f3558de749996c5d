"""Linux: device nodes, /proc and the Pulse server."""

import os
from collections.abc import Iterator
from pathlib import Path

from preflight.devices.pulse import Direction, PulseServer
from preflight.system.ports import Holder, InputLevel, Permission
from preflight.system.v4l2 import driver_name


class LinuxProbe:
    """``SystemProbe`` from files; ``proc`` and ``sandbox_mark`` are elsewhere in tests."""

    def __init__(
        self,
        pulse: PulseServer,
        proc: Path = Path("/proc"),
        sandbox_mark: Path = Path("/.flatpak-info"),
    ) -> None:
        self._pulse = pulse
        self._proc = proc
        self._sandbox_mark = sandbox_mark

    def camera_permission(self, device: str) -> Permission:
        """Read and write access to the node; in a sandbox the portal decides, unknown here."""
        if self._sandbox_mark.exists():
            return Permission.UNKNOWN
        node = Path(device)
        if not node.exists():
            return Permission.UNKNOWN
        allowed = os.access(node, os.R_OK | os.W_OK)
        return Permission.GRANTED if allowed else Permission.DENIED

    def microphone_permission(self, device: str) -> Permission:
        """Unknown: outside a sandbox there is no switch to ask, inside the portal decides."""
        return Permission.UNKNOWN

    def camera_holder(self, device: str) -> Holder | None:
        """Look for the node among the open files of all processes but this one."""
        target = os.path.realpath(device)
        for process in self._processes():
            try:
                links = list((process / "fd").iterdir())
            except OSError:
                # Another user's process: it may hold the camera, but that is no proof.
                continue
            if any(_points_to(link, target) for link in links):
                return Holder(self._program(process), int(process.name))
        return None

    def camera_driver(self, device: str) -> str | None:
        return driver_name(device)

    def microphone_holder(self, device: str) -> Holder | None:
        """Find the owner of a raw ALSA capture stream; Pulse shares its sources."""
        for status in sorted(self._proc.glob("asound/card*/pcm*c/sub*/status")):
            pid = _owner_pid(status)
            if pid is None or pid == os.getpid():
                continue
            program = self._program(self._proc / str(pid))
            if program not in ("pulseaudio", "pipewire", "wireplumber"):
                return Holder(program, pid)
        return None

    def microphone_level(self, device: str) -> InputLevel | None:
        for source in self._pulse.devices(Direction.IN):
            if source.name == device:
                return InputLevel(source.muted, source.volume_percent)
        return None

    def settings_link(self, what: str) -> str | None:
        return None

    def _processes(self) -> Iterator[Path]:
        own = str(os.getpid())
        for process in self._proc.iterdir():
            if process.name.isdigit() and process.name != own:
                yield process

    def _program(self, process: Path) -> str | None:
        try:
            return (process / "comm").read_text("utf-8", "replace").strip() or None
        except OSError:
            return None


def _points_to(link: Path, target: str) -> bool:
    try:
        return str(link.readlink()) == target
    except OSError:
        return False


def _owner_pid(status: Path) -> int | None:
    try:
        for line in status.read_text("utf-8", "replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "owner_pid" and value.strip().isdigit():
                return int(value)
    except OSError:
        return None
    return None
