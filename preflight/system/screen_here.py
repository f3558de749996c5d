"""May the screen be shared? As each system tells it, without asking the person.

Linux on Wayland: whether the screen-cast portal is on the session's bus. macOS:
``CGPreflightScreenCaptureAccess`` (Core Graphics, from 10.15 on; Apple's documentation; not yet
proven on a real Mac). Windows and X11 let every program look.
"""

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Mapping

from preflight.system.ask_program import Ask, Told, ask
from preflight.system.screen_ports import ScreenAccess, ScreenRights

_PORTAL = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_SCREEN_CAST = "org.freedesktop.portal.ScreenCast"
_PROPERTIES = "org.freedesktop.DBus.Properties.Get"
_WAIT_MS = 800
_PATIENCE_S = 0.9
"""A little more, so that the tool itself says that no answer came; below the check's deadline."""
_NO_ANSWER = ("timed out", "NoReply")
"""What busctl and dbus-send say then: a portal that is only being started is not denied."""
QUESTIONS = (
    (
        *("busctl", "--user", f"--timeout={_WAIT_MS}ms"),
        *("get-property", _PORTAL, _PATH, _SCREEN_CAST, "version"),
    ),
    (
        *("dbus-send", "--session", "--print-reply", f"--reply-timeout={_WAIT_MS}"),
        *(f"--dest={_PORTAL}", _PATH, _PROPERTIES),
        *(f"string:{_SCREEN_CAST}", "string:version"),
    ),
)
"""The same question to whichever tool there is: systemd brings the one, D-Bus the other."""
_CORE_GRAPHICS = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics"


def ask_bus(command: tuple[str, ...]) -> Told | None:
    """Ask a tool of the bus, and leave it the time to say that no answer came."""
    return ask(command, _PATIENCE_S)


class LinuxScreen:
    """``ScreenRights`` from the kind of session; ``environment`` is another one in tests."""

    def __init__(
        self,
        environment: Mapping[str, str] = os.environ,
        asked: Ask = ask_bus,
        has: Callable[[str], bool] = lambda tool: shutil.which(tool) is not None,
    ) -> None:
        self._environment = environment
        self._ask = asked
        self._has = has

    def now(self) -> ScreenAccess:
        if on_wayland(self._environment):
            question = next((each for each in QUESTIONS if self._has(each[0])), None)
            if question is None:
                return ScreenAccess(None, "portal")
            return ScreenAccess(has_portal(self._ask(question)), "portal")
        if self._environment.get("DISPLAY"):
            return ScreenAccess(True, "always")
        return ScreenAccess(None, "no_screen")


def has_portal(told: Told | None) -> bool | None:
    """Say whether the portal answered; None where there was no time to find out."""
    if told is None or any(words in told.err for words in _NO_ANSWER):
        return None
    return told.status == 0


class MacScreen:
    """``ScreenRights`` from Core Graphics; None of it: the system is older than the question."""

    def __init__(self, preflight: Callable[[], bool | None] | None = None) -> None:
        self._preflight = preflight or _core_graphics_preflight

    def now(self) -> ScreenAccess:
        return ScreenAccess(self._preflight(), "privacy")


class OpenScreen:
    """``ScreenRights`` of a system that lets every program look (Windows)."""

    def now(self) -> ScreenAccess:
        return ScreenAccess(True, "always")


def screen_rights() -> ScreenRights:
    """Make the one of this system; asking is what takes time."""
    if sys.platform == "win32":
        return OpenScreen()
    if sys.platform == "darwin":
        return MacScreen()
    return LinuxScreen()


def on_wayland(environment: Mapping[str, str]) -> bool:
    """Say whether windows stand on Wayland, where no program sees the others."""
    return bool(environment.get("WAYLAND_DISPLAY")) or (
        environment.get("XDG_SESSION_TYPE") == "wayland"
    )


def _core_graphics_preflight() -> bool | None:
    try:
        library = ctypes.CDLL(_CORE_GRAPHICS)
        question = library.CGPreflightScreenCaptureAccess
    except (OSError, AttributeError):
        return None
    question.restype = ctypes.c_bool
    return bool(question())
