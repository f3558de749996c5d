"""X01 and X02, blind: portals of other desktops and languages, and other things on a screen.

Written from the catalogue, the portal's documentation, and the words of busctl, dbus-send, GLib
and dbus-daemon. GLib words "no such interface" in the language of the portal's own process, so
busctl prints it in any.
"""

import random
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, TypeAlias
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from desktop.media import screen_look
from desktop.media.screen_look import ScreenLook
from preflight.checks.screen.group import screen_group
from preflight.system import ask_program
from preflight.system.screen_here import LinuxScreen, MacScreen, OpenScreen
from preflight.system.screen_ports import ScreenEye, ScreenRights
from tests.accuracy.kinds import UNKNOWN, UNTOLD, WARNED, Found, Make, asked, blind_cases_of
from tests.accuracy.made_time import MadeTimeLoop, in_made_time
from tests.accuracy.tally import Case
from tests.fakes.offload import at_once

SEED = 8_300_000
Luma: TypeAlias = npt.NDArray[np.uint8]
Scene: TypeAlias = Callable[[np.random.Generator, int, int], Luma]


def _checked(code: str, rights: ScreenRights, eye: ScreenEye | None = None) -> Found:
    async def work(_: MadeTimeLoop) -> Found:
        check = next(
            each for each in screen_group(rights, eye, at_once).checks if each.code == code
        )
        return await asked(check)

    return in_made_time(work)


# --- X01 ---------------------------------------------------------------------------------------

_CAST = "org.freedesktop.portal.ScreenCast"
_WAYLAND: tuple[Mapping[str, str], ...] = (
    {"WAYLAND_DISPLAY": "wayland-1", "XDG_SESSION_TYPE": "wayland", "XDG_CURRENT_DESKTOP": "sway"},
    {"WAYLAND_DISPLAY": "wayland-0", "XDG_CURRENT_DESKTOP": "COSMIC", "DISPLAY": ":1"},
)
_X11: tuple[Mapping[str, str], ...] = (
    {"DISPLAY": ":0.0", "XDG_SESSION_TYPE": "x11", "XDG_CURRENT_DESKTOP": "XFCE"},
    {"DISPLAY": "10.0.0.9:0"},
)
_NO_INTERFACE = (
    "No such interface “{}” on object at path /org/freedesktop/portal/desktop",
    "No such interface “{}”",
    "Keine derartige Schnittstelle »{}« des Objekts im Pfad /org/freedesktop/portal/desktop",
    "Aucune interface « {} » de ce type sur l’objet /org/freedesktop/portal/desktop",
    "オブジェクトパス /org/freedesktop/portal/desktop にインターフェース“{}”はありません",
    "Интерфейс «{}» у объекта с путём /org/freedesktop/portal/desktop отсутствует",
)
_NO_NAME = "The name org.freedesktop.portal.Desktop was not provided by any .service files"


def _lacks(rng: random.Random, tool: str) -> tuple[int, str, str]:
    """Return what is printed where no portal is, or one without this interface."""
    if rng.random() < 0.3:
        words, error = _NO_NAME, "ServiceUnknown"
    else:
        words, error = rng.choice(_NO_INTERFACE).format(_CAST), "InvalidArgs"
    if tool == "busctl":
        return 1, "", f"Failed to get property version on interface {_CAST}: {words}\n"
    return 1, "", f"Error org.freedesktop.DBus.Error.{error}: {words}\n"


def _offers(rng: random.Random, tool: str) -> tuple[int, str, str]:
    version = rng.choice((1, 3, 4, 5, 6))
    if tool == "busctl":
        return 0, f"u {version}\n", ""
    reply = (
        f"method return time=17.{rng.randrange(10**6)} sender=:1.31 -> destination=:1.402 serial=9"
    )
    return 0, f"{reply} reply_serial=2\n   variant       uint32 {version}\n", ""


def _is_late(_rng: random.Random, tool: str) -> tuple[int, str, str]:
    if tool == "busctl":
        late = "Connection timed out"
        return 1, "", f"Failed to get property version on interface {_CAST}: {late}\n"
    return (
        1,
        "",
        (
            "Error org.freedesktop.DBus.Error.NoReply: Did not receive a reply. Possible causes "
            "include: the remote application did not send a reply, the message bus security policy "
            "blocked the reply, the reply timeout expired, or the network connection was broken.\n"
        ),
    )


def _portal(answer: Callable[[random.Random, str], tuple[int, str, str]]) -> Make:
    def make(rng: random.Random) -> Found:
        tool = rng.choice(("busctl", "dbus-send"))
        status, out, err = answer(rng, tool)
        told = SimpleNamespace(returncode=status, stdout=out, stderr=err)
        tools = SimpleNamespace(
            run=lambda _command, **_more: told,
            DEVNULL=subprocess.DEVNULL,
            SubprocessError=subprocess.SubprocessError,
        )
        with patch.object(ask_program, "subprocess", tools):
            rights = LinuxScreen(rng.choice(_WAYLAND), has=lambda it: it == tool)
            return _checked("screen.permission", rights)

    return make


def _always(rng: random.Random) -> Found:
    rights = rng.choice((LinuxScreen(rng.choice(_X11), has=lambda _: True), OpenScreen()))
    return _checked("screen.permission", rights)


def _mac(*, allowed: bool) -> Make:
    return lambda _rng: _checked("screen.permission", MacScreen(lambda: allowed))


# --- X02 ---------------------------------------------------------------------------------------


class _Screen:
    """A ``QScreen`` that shows a picture, in points of ``scale`` pixels."""

    def __init__(self, picture: Luma, scale: float) -> None:
        self._picture, self._scale = picture, scale

    def size(self) -> QSize:
        height, width = self._picture.shape
        return QSize(int(width / self._scale), int(height / self._scale))

    def grabWindow(self, _window: int, _x: int, y: int, _width: int, height: int) -> Any:
        top = min(int(y * self._scale), len(self._picture) - 1)
        rows = self._picture[top : top + max(1, round(height * self._scale))]
        colour = np.ascontiguousarray(np.repeat(rows[:, :, np.newaxis], 4, axis=2))
        size = rows.shape[1], rows.shape[0]
        image = QImage(colour.tobytes(), *size, QImage.Format.Format_RGB32).copy()
        return SimpleNamespace(toImage=lambda: image)


def _spreadsheet(rng: np.random.Generator, width: int, height: int) -> Luma:
    picture = np.full((height, width), 246, np.uint8)
    picture[:: int(rng.integers(18, 40))] = 190
    picture[:, :: int(rng.integers(60, 140))] = 190
    return picture


def _film(rng: np.random.Generator, width: int, height: int) -> Luma:
    """A dim film between black bars."""
    picture = np.zeros((height, width), np.uint8)
    bar = height // 7
    fade = np.linspace(6, float(rng.uniform(30, 90)), width)
    picture[bar:-bar] = np.clip(fade + rng.normal(0, 2, (height - 2 * bar, width)), 0, 255)
    return picture


def _terminal(rng: np.random.Generator, width: int, height: int) -> Luma:
    """Some lines of light text on a dark ground, from the top."""
    picture = np.full((height, width), 24, np.uint8)
    for row in range(int(rng.integers(6, 30))):
        top, length = 8 + 20 * row, int(rng.integers(120, width // 2))
        if top + 14 < height:
            picture[top : top + 14, 10 : 10 + length : 3] = 205
    return picture


def _one_window(rng: np.random.Generator, width: int, height: int) -> Luma:
    """A small bright window on a ground of one colour."""
    picture = np.full((height, width), int(rng.integers(0, 90)), np.uint8)
    high, wide = height // 4, width // 4
    top, left = int(rng.integers(height - high)), int(rng.integers(width - wide))
    picture[top : top + high, left : left + wide] = 240
    return picture


def _protected(_: np.random.Generator, width: int, height: int) -> Luma:
    return np.zeros((height, width), np.uint8)


def _filled(rng: np.random.Generator, width: int, height: int) -> Luma:
    return np.full((height, width), int(rng.integers(1, 255)), np.uint8)


def _seen(*scenes: Scene) -> Make:
    def make(rng: random.Random) -> Found:
        width, height = rng.choice(((1366, 768), (1920, 1200), (2256, 1504), (3440, 1440)))
        picture = rng.choice(scenes)(np.random.default_rng(rng.randrange(2**32)), width, height)
        screens = [_Screen(picture, rng.choice((1.0, 1.25, 2.0)))]
        return _black(screens, {"DISPLAY": ":0"})

    return make


def _black(screens: Sequence[Any], environment: Mapping[str, str]) -> Found:
    with (
        patch.object(screen_look, "QGuiApplication", SimpleNamespace(screens=lambda: screens)),
        patch.object(screen_look, "os", SimpleNamespace(environ=environment)),
    ):
        return _checked("screen.black", OpenScreen(), ScreenLook())


def _on_wayland(rng: random.Random) -> Found:
    return _black([_Screen(np.zeros((768, 1366), np.uint8), 1.0)], rng.choice(_WAYLAND))


def cases() -> Iterator[Case]:
    """Yield the blind cases."""
    yield from blind_cases_of(
        "screen.permission",
        SEED,
        (
            ("a portal", _portal(_offers)),
            ("X11 or Windows", _always),
            ("macOS", _mac(allowed=True)),
        ),
        (("no portal", WARNED, _portal(_lacks)), ("macOS", WARNED, _mac(allowed=False))),
        (("it does not answer", UNKNOWN, _portal(_is_late)),),
    )
    yield from blind_cases_of(
        "screen.black",
        SEED + 20_000,
        (("something", _seen(_spreadsheet, _film, _terminal, _one_window)),),
        (("one colour", WARNED, _seen(_protected, _filled)),),
        (("Wayland", UNTOLD, _on_wayland),),
    )
