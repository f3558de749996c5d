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
from preflight.system.machine_here import local_machine
from preflight.system.windows_name import windows_names

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
    """What does not change during a run; user, host and ``names`` are for redaction alone.

    Attributes:
        names: of people, e.g. the full name of the system's user.
    """

    app: dict[str, str]
    host: dict[str, MeasuredValue]
    user: str = field(repr=False)
    host_name: str = field(repr=False)
    names: tuple[str, ...] = field(default=(), repr=False)


def read_surroundings() -> Surroundings:
    """Read versions and machine; what is unknown is an empty text."""
    app = {name: _version(package) for name, package in _PACKAGES.items()}
    app["python"] = platform.python_version()
    user = _user()
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
        user=user,
        host_name=socket.gethostname(),
        names=(*_full_name(), *windows_names(user)),
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
    try:
        battery = local_machine().battery()
    except Exception:
        # A driver's file that cannot be read. The names must be known all the same: without them
        # nothing could be taken out of a report.
        return ""
    return "battery" if battery is not None and battery.on_mains is False else "mains"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # A container may run as a number without a name.
        return ""


def _full_name() -> tuple[str, ...]:
    """Return the full name of the user where the system has a list of users, for redaction."""
    try:
        import pwd

        told = pwd.getpwuid(os.getuid()).pw_gecos.partition(",")[0].strip()
    except (ImportError, KeyError):
        return ()
    return (told,) if told else ()
