"""The versions and the machine that a report names. Reading them takes some milliseconds."""

import getpass
import os
import platform
import socket
from dataclasses import dataclass, field
from importlib import metadata

import psutil

from preflight.model import MeasuredValue

_PACKAGES = {
    "liftbay": "liftbay",
    "livekit": "livekit",
    "qt": "PySide6-Essentials",
    "opencv": "opencv-python",
}
_MB = 1024 * 1024


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
            "cpu": platform.processor(),
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


def _power() -> str:
    # Absent on systems without the sensors, per psutil's documentation.
    read = getattr(psutil, "sensors_battery", None)
    battery = None if read is None else read()
    if battery is None:
        return "mains"
    return "mains" if battery.power_plugged else "battery"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # A container may run as a number without a name.
        return ""
