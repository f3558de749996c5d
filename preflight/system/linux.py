"""Linux: device nodes, /proc, PipeWire and the Pulse server."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from preflight.devices.pulse import Direction, PulseServer
from preflight.system.linux_processes import program_of, raw_sound_holder
from preflight.system.linux_settings import LinuxSettings
from preflight.system.pipewire import SERVERS, camera_user, pipewire_dump
from preflight.system.ports import Holder, InputLevel, Permission
from preflight.system.settings_pages import Opening, SettingsPage
from preflight.system.v4l2 import driver_name


class LinuxProbe:
    """``SystemProbe`` from files; what it asks is elsewhere in tests.

    Args:
        dump: brings PipeWire's objects as JSON; None where there is no PipeWire.
    """

    def __init__(
        self,
        pulse: PulseServer,
        proc: Path = Path("/proc"),
        sandbox_mark: Path = Path("/.flatpak-info"),
        dump: Callable[[], bytes | None] = pipewire_dump,
        settings: LinuxSettings | None = None,
    ) -> None:
        self._pulse = pulse
        self._dump = dump
        self._proc = proc
        self._sandbox_mark = sandbox_mark
        self._settings = settings or LinuxSettings()

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

    def request_permission(self, what: str) -> None:
        """Nothing: a sandbox's portal asks when the device is opened."""

    def camera_holder(self, device: str) -> Holder | None:
        """Look for the node among the open files of all processes but this one.

        A camera that PipeWire holds is held by whoever it sends the pictures to.
        """
        found = self._opener(device)
        if found is None or found.program not in SERVERS:
            return found
        dump = self._dump()
        user = None if dump is None else camera_user(dump, device, self._program_of)
        return user or found

    def _opener(self, device: str) -> Holder | None:
        target = os.path.realpath(device)
        for process in self._processes():
            try:
                links = list((process / "fd").iterdir())
            except OSError:
                # Another user's process: it may hold the camera, but that is no proof.
                continue
            if any(_points_to(link, target) for link in links):
                return Holder(program_of(process), int(process.name))
        return None

    def camera_driver(self, device: str) -> str | None:
        return driver_name(device)

    def microphone_holder(self, device: str) -> Holder | None:
        """Find the owner of a raw ALSA capture stream, else who records through Pulse.

        Pulse shares its sources, so one of its programs seldom is what is in the way.
        """
        holder = raw_sound_holder(self._proc, "c")
        if holder is not None:
            return holder
        for recorder in self._pulse.recorders(device):
            return Holder(recorder.program, recorder.pid)
        return None

    def microphone_level(self, device: str) -> InputLevel | None:
        for source in self._pulse.devices(Direction.IN):
            if source.name == device:
                return InputLevel(
                    source.muted, source.volume_percent, source.default, source.loopback
                )
        return None

    def settings_page(self, page: SettingsPage) -> Opening | None:
        return self._settings.page(page)

    def _processes(self) -> Iterator[Path]:
        own = str(os.getpid())
        for process in self._proc.iterdir():
            if process.name.isdigit() and process.name != own:
                yield process

    def _program_of(self, pid: int) -> str | None:
        return program_of(self._proc / str(pid))


def _points_to(link: Path, target: str) -> bool:
    try:
        return str(link.readlink()) == target
    except OSError:
        return False
