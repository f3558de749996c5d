"""The versions and the machine that a report names. Reading them takes some milliseconds."""

import getpass
import os
import platform
import socket
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import psutil

from preflight.model import MeasuredValue

_PACKAGES = {
    "liftbay": "liftbay",
    "livekit": "livekit",
    "qt": "PySide6-Essentials",
    "opencv": "opencv-python",
}
_MB = 1024 * 1024
_CPU_INFO = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What does not change during a run; ``user`` and ``host_name`` are for redaction alone."""

    app: dict[str, str]
    host: dict[str, MeasuredValue]
    user: str = field(repr=False)
    host_name: str = field(repr=False)


def read_surroundings() -> Surroundings:
    """Read versions and machine; what is unknown is an empty text."""
    app = {name: _version(package) for name, package in _PACKAGES.items()}
    app["python"] = platform.python_version()
    return Surroundings(
        app=app,
        host={
            "os": platform.system(),
            "os_build": platform.release(),
            "arch": platform.machine(),
            "cpu": _cpu(_CPU_INFO),
            "cpus": os.cpu_count() or 0,
            "ram_mb": psutil.virtual_memory().total // _MB,
            "power": _power(),
        },
        user=_user(),
        host_name=socket.gethostname(),
    )


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _cpu(info: Path) -> str:
    """Return the processor's model; Python itself does not know it on Linux."""
    try:
        lines = info.read_text("utf-8", "replace").splitlines()
    except OSError:
        return platform.processor()
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor())


def _power() -> str:
    # Absent on systems without the sensors, per psutil's documentation.
    read = getattr(psutil, "sensors_battery", None)
    try:
        battery = None if read is None else read()
    except Exception:
        # A driver's file that psutil cannot read. The names must be known all the same: without
        # them nothing could be taken out of a report.
        return ""
    if battery is None:
        return "mains"
    return "mains" if battery.power_plugged else "battery"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # A container may run as a number without a name.
        return ""
