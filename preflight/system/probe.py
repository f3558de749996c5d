"""Picks the probe for the system this program runs on."""

import sys
from collections.abc import Callable

import psutil

from preflight.devices.pulse import PulseServer
from preflight.system.linux import LinuxProbe
from preflight.system.macos import MacProbe
from preflight.system.ports import SystemProbe
from preflight.system.windows import WindowsProbe, WinregRegistry


def system_probe(pulse: PulseServer, permission_status: Callable[[str], str]) -> SystemProbe:
    """Make the probe; ``permission_status`` is asked on macOS only (see ``MacProbe``)."""
    if sys.platform == "win32":
        return WindowsProbe(WinregRegistry(), sys.executable, _runs)
    if sys.platform == "darwin":
        return MacProbe(permission_status, bundled=bool(getattr(sys, "frozen", False)))
    return LinuxProbe(pulse)


def _runs(program: str) -> bool:
    wanted = program.lower()
    return any(
        (process.info["name"] or "").lower() == wanted for process in psutil.process_iter(["name"])
    )
