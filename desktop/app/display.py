"""Whether windows can be shown here; asked before Qt, which aborts the process where they cannot.

Sockets are tried as X and Wayland programs find them: DISPLAY is often left over in a shell whose
display is gone.
"""

import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

_ANSWER_WITHIN_S = 1.0
_X_TCP_PORT = 6000


def has_display(environment: Mapping[str, str] = os.environ) -> bool:
    """True where a display is named and something listens there."""
    if sys.platform in ("win32", "darwin"):
        return True
    wayland, x11 = environment.get("WAYLAND_DISPLAY"), environment.get("DISPLAY")
    folder = Path(environment.get("XDG_RUNTIME_DIR") or "/")
    return bool(wayland and _listens(str(folder / wayland))) or bool(x11 and _x_listens(x11))


def can_open_windows(environment: Mapping[str, str] = os.environ) -> bool:
    """True where Qt will start: a display, or a platform of Qt's that was asked for by name."""
    return bool(environment.get("QT_QPA_PLATFORM")) or has_display(environment)


def _x_listens(name: str) -> bool:
    found = re.fullmatch(r"(?:unix|(?P<host>[^:/]+))?:(?P<number>\d{1,5})(?:\.\d+)?", name)
    if found is None:
        # A path, as on XQuartz, or something new: Qt may know it.
        return True
    number, host = int(found["number"]), found["host"]
    if host:
        try:
            socket.create_connection((host, _X_TCP_PORT + number), _ANSWER_WITHIN_S).close()
        except (OSError, OverflowError):
            return False
        return True
    path = f"/tmp/.X11-unix/X{number}"
    return _listens(path) or _listens("\0" + path)


def _listens(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as tried:
        tried.settimeout(_ANSWER_WITHIN_S)
        try:
            tried.connect(address)
        except OSError:
            return False
        return True
