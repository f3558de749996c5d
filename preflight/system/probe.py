"""Picks the probe for the system this program runs on."""

import sys

import psutil

from preflight.devices.pulse import PulseServer
from preflight.system.linux import LinuxProbe
from preflight.system.macos import MacProbe
from preflight.system.ports import SystemProbe
from preflight.system.windows import WindowsProbe, WinregRegistry


def system_probe(pulse: PulseServer | None = None) -> SystemProbe:
    """Make the probe, on Qt's thread where there is one; asking is what takes time, not this."""
    if sys.platform == "win32":
        return WindowsProbe(WinregRegistry(), sys.executable, _runs)
    if sys.platform == "darwin":
        # Qt is needed on macOS alone, where it is the only one that may ask.
        from preflight.system.qt_permission import QtPermissions

        qt = QtPermissions()
        return MacProbe(qt.status, qt.request, bundled=bool(getattr(sys, "frozen", False)))
    return LinuxProbe(pulse or PulseServer())


def _runs(program: str) -> bool:
    wanted = program.lower()
    return any(
        (process.info["name"] or "").lower() == wanted for process in psutil.process_iter(["name"])
    )
