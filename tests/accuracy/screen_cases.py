"""X01 and X02: what systems say of sharing the screen, and made screens before the real look.

Truth is what was made, written down from the catalogue before it was tried:

- ``screen.permission``: answers of busctl and dbus-send as they print them, environments of X11
  and Wayland, Core Graphics' yes or no, Windows. A portal that is missing is no leave; one that
  does not answer in time is unknown. Wayland, Windows and macOS: made from documentation.
- ``screen.black``: screens of seven sizes and three scales, with a desktop, dark programs, a lock
  screen, a covered part, or one line of text (25 glyphs and more), against black ones, nearly
  black ones and ones of a single colour, as overlays give. Not made: a desktop of a single colour
  with nothing on it, and black with a pointer or a few bright points alone.
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
from preflight.system import ask_program, screen_here
from preflight.system.screen_here import LinuxScreen, MacScreen, OpenScreen
from preflight.system.screen_ports import ScreenEye, ScreenRights
from tests.accuracy.kinds import SKIPPED, UNKNOWN, WARNED, Found, Make, asked, cases_of
from tests.accuracy.made_time import MadeTimeLoop, in_made_time
from tests.accuracy.tally import Case
from tests.fakes.offload import at_once

SEED = 1_500_000
Luma: TypeAlias = npt.NDArray[np.uint8]
Scene: TypeAlias = Callable[[np.random.Generator, int, int], Luma]
_X11: tuple[Mapping[str, str], ...] = (
    {"DISPLAY": ":0", "XDG_SESSION_TYPE": "x11"},
    {"DISPLAY": ":1.0"},
    {"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "10.0.0.7 50222 10.0.0.2 22"},
    {"DISPLAY": ":99", "XDG_SESSION_TYPE": "tty"},
    {"DISPLAY": ":0", "XDG_SESSION_TYPE": "x11", "WAYLAND_DISPLAY": ""},
)
_WAYLAND: tuple[Mapping[str, str], ...] = (
    {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"},
    {"WAYLAND_DISPLAY": "wayland-1"},
    {"XDG_SESSION_TYPE": "wayland", "DISPLAY": ":0", "QT_QPA_PLATFORM": "xcb"},
    {"WAYLAND_DISPLAY": "/run/user/1000/wayland-0", "XDG_CURRENT_DESKTOP": "KDE"},
)
_NO_SCREEN: tuple[Mapping[str, str], ...] = (
    {},
    {"XDG_SESSION_TYPE": "tty"},
    {"DISPLAY": "", "WAYLAND_DISPLAY": ""},
)
_MISSING = {
    "busctl": (
        "Failed to get property version on interface org.freedesktop.portal.ScreenCast: "
        "The name org.freedesktop.portal.Desktop was not provided by any .service files\n",
        "Failed to get property version on interface org.freedesktop.portal.ScreenCast: "
        "No such interface “org.freedesktop.portal.ScreenCast”\n",
        "Failed to connect to user scope bus via local transport: No such file or directory\n",
        "Failed to get property version on interface org.freedesktop.portal.ScreenCast: "
        "Unknown interface org.freedesktop.portal.ScreenCast or property version.\n",
    ),
    "dbus-send": (
        "Error org.freedesktop.DBus.Error.ServiceUnknown: The name "
        "org.freedesktop.portal.Desktop was not provided by any .service files\n",
        "Error org.freedesktop.DBus.Error.InvalidArgs: No such interface "
        "“org.freedesktop.portal.ScreenCast”\n",
        'Failed to open connection to "session" message bus: Unable to autolaunch a '
        "dbus-daemon without a $DISPLAY for X11\n",
        "Error org.freedesktop.DBus.Error.Spawn.ChildExited: Process "
        "org.freedesktop.portal.Desktop exited with status 1\n",
    ),
}
_SLOW = {
    "busctl": "Failed to get property version on interface org.freedesktop.portal.ScreenCast: "
    "Connection timed out\n",
    "dbus-send": "Error org.freedesktop.DBus.Error.NoReply: Did not receive a reply. Possible "
    "causes include: the remote application did not send a reply, the message bus security "
    "policy blocked the reply, the reply timeout expired, or the network connection was broken.\n",
}
_SIZES = (
    (1366, 768),
    (1920, 1080),
    (2560, 1440),
    (3840, 2160),
    (1280, 1024),
    (1080, 1920),
    (3440, 1440),
)


def _checked(code: str, rights: ScreenRights, eye: ScreenEye | None = None) -> Found:
    async def work(_: MadeTimeLoop) -> Found:
        checks = {each.code: each for each in screen_group(rights, eye, at_once).checks}
        return await asked(checks[code])

    return in_made_time(work)


# --- X01 ---------------------------------------------------------------------------------------


def _portal(answer: Callable[[random.Random, str], tuple[int, str, str] | None]) -> Make:
    """Let busctl or dbus-send print this; None: it does not end."""

    def make(rng: random.Random) -> Found:
        tool = rng.choice(("busctl", "dbus-send"))
        told = answer(rng, tool)

        def run(command: Sequence[str], **more: Any) -> SimpleNamespace:
            assert command[0] == tool
            if told is None:
                raise subprocess.TimeoutExpired(command, more["timeout"])
            return SimpleNamespace(returncode=told[0], stdout=told[1], stderr=told[2])

        tools = SimpleNamespace(
            run=run, DEVNULL=subprocess.DEVNULL, SubprocessError=subprocess.SubprocessError
        )
        with patch.object(ask_program, "subprocess", tools):
            return _checked(
                "screen.permission", LinuxScreen(rng.choice(_WAYLAND), has=lambda it: it == tool)
            )

    return make


def _answers(rng: random.Random, tool: str) -> tuple[int, str, str]:
    version = rng.randrange(1, 6)
    if tool == "busctl":
        return 0, f"u {version}\n", ""
    return (
        0,
        f"method return time={rng.uniform(1e9, 2e9):.6f} sender=:1.{rng.randrange(99)} -> "
        f"destination=:1.{rng.randrange(99)} serial=4 reply_serial=2\n"
        f"   variant       uint32 {version}\n",
        "",
    )


def _is_missing(rng: random.Random, tool: str) -> tuple[int, str, str]:
    return 1, "", rng.choice(_MISSING[tool])


def _is_slow(rng: random.Random, tool: str) -> tuple[int, str, str] | None:
    return None if rng.random() < 0.3 else (1, "", _SLOW[tool])


def _linux(environments: Sequence[Mapping[str, str]], *, tools: bool = True) -> Make:
    def make(rng: random.Random) -> Found:
        rights = LinuxScreen(rng.choice(environments), has=lambda _: tools)
        return _checked("screen.permission", rights)

    return make


def _core_graphics(*, allowed: bool | None) -> Make:
    """Let Core Graphics say so; None: it is not there, or older than the question."""

    def make(rng: random.Random) -> Found:
        def load(path: str) -> SimpleNamespace:
            assert path.endswith("/CoreGraphics")
            if allowed is None and rng.random() < 0.5:
                raise OSError("no such library")
            if allowed is None:
                return SimpleNamespace()

            def answer() -> int:
                return int(allowed)

            return SimpleNamespace(CGPreflightScreenCaptureAccess=answer)

        with patch.object(screen_here, "ctypes", SimpleNamespace(CDLL=load, c_bool=bool)):
            return _checked("screen.permission", MacScreen())

    return make


def _permission_cases(seed: int) -> Iterator[Case]:
    yield from cases_of(
        "screen.permission",
        seed,
        [
            ("X11", _linux(_X11)),
            ("Wayland, a portal answers", _portal(_answers)),
            ("Windows", lambda _: _checked("screen.permission", OpenScreen())),
            ("macOS, allowed", _core_graphics(allowed=True)),
        ],
        [
            ("Wayland, no portal", WARNED, _portal(_is_missing)),
            ("macOS, not allowed", WARNED, _core_graphics(allowed=False)),
        ],
        [
            ("Wayland, a slow portal", UNKNOWN, _portal(_is_slow)),
            ("Wayland, nothing to ask with", UNKNOWN, _linux(_WAYLAND, tools=False)),
            ("an older macOS", UNKNOWN, _core_graphics(allowed=None)),
            ("no screen", SKIPPED, _linux(_NO_SCREEN)),
        ],
    )


# --- X02 ---------------------------------------------------------------------------------------


class _MadeScreen:
    """A ``QScreen`` that shows a picture; sizes are in points, grabs in pixels."""

    def __init__(self, picture: Luma, scale: float) -> None:
        self._picture = picture
        self._scale = scale

    def size(self) -> QSize:
        height, width = self._picture.shape
        return QSize(int(width / self._scale), int(height / self._scale))

    def grabWindow(self, window: int, x: int, y: int, width: int, height: int) -> Any:
        assert (window, x) == (0, 0)
        top = min(int(y * self._scale), self._picture.shape[0] - 1)
        rows = self._picture[top : top + max(1, round(height * self._scale))]
        colour = np.repeat(rows[:, :, np.newaxis], 4, axis=2)
        image = QImage(
            colour.tobytes(), rows.shape[1], rows.shape[0], QImage.Format.Format_RGB32
        ).copy()
        return SimpleNamespace(toImage=lambda: image)


def _seen(scene: Scene) -> Make:
    def make(rng: random.Random) -> Found:
        width, height = rng.choice(_SIZES)
        picture = scene(np.random.default_rng(rng.randrange(2**32)), width, height)
        return _black([_MadeScreen(picture, rng.choice((1.0, 1.5, 2.0)))], {"DISPLAY": ":0"})

    return make


def _black(screens: Sequence[Any], environment: Mapping[str, str]) -> Found:
    with (
        patch.object(screen_look, "QGuiApplication", SimpleNamespace(screens=lambda: screens)),
        patch.object(screen_look, "os", SimpleNamespace(environ=environment)),
    ):
        return _checked("screen.black", OpenScreen(), ScreenLook())


def _even(height: int, width: int, luma: float) -> Luma:
    return np.full((height, width), round(luma), np.uint8)


def _text(rng: np.random.Generator, picture: Luma, top: int, left: int, glyphs: int) -> None:
    """Write one line of made glyphs: each has strokes over a third of its field."""
    size = int(rng.integers(14, 26)) * max(1, picture.shape[1] // 1900)
    bright = int(rng.integers(190, 256))
    for number in range(glyphs):
        if rng.random() < 0.15:
            continue
        x = left + number * (size // 2 + 2)
        strokes = rng.random((4, 3)) < 0.4
        strokes[int(rng.integers(4)), int(rng.integers(3))] = True
        field = np.kron(strokes, np.ones((size // 4, size // 6), bool))
        there = picture[top : top + field.shape[0], x : x + field.shape[1]]
        there[field[: there.shape[0], : there.shape[1]]] = bright


def _wallpaper(rng: np.random.Generator, width: int, height: int) -> Luma:
    y, x = np.mgrid[0:height:4, 0:width:4]
    waves = np.zeros(x.shape)
    for _ in range(4):
        waves += rng.uniform(10, 30) * np.sin(
            x / rng.uniform(80, 900) + y / rng.uniform(80, 900) + rng.uniform(0, 6)
        )
    coarse = np.clip(rng.uniform(40, 180) + waves, 0, 255).astype(np.uint8)
    return np.kron(coarse, np.ones((4, 4), np.uint8))[:height, :width]


def _dark_program(rng: np.random.Generator, width: int, height: int) -> Luma:
    picture = _even(height, width, rng.uniform(18, 40))
    for top in range(40, height - 40, int(rng.integers(20, 40))):
        if rng.random() < 0.75:
            _text(rng, picture, top, int(rng.integers(40, 300)), int(rng.integers(8, 70)))
    return picture


def _page(rng: np.random.Generator, width: int, height: int) -> Luma:
    return np.asarray(255 - _dark_program(rng, width, height), np.uint8)


def _one_line(rng: np.random.Generator, width: int, height: int) -> Luma:
    picture = _even(height, width, rng.choice((0, 0, rng.uniform(0, 30))))
    top = int(rng.integers(0, height - 60))
    _text(rng, picture, top, int(rng.integers(0, width // 4)), int(rng.integers(30, 70)))
    return picture


def _lock_screen(rng: np.random.Generator, width: int, height: int) -> Luma:
    """Dark, with a clock and a field for the password."""
    picture = _even(height, width, rng.uniform(0, 25))
    tall = height // 12
    for number in range(5):
        x = width // 2 - 3 * tall + number * tall
        picture[height // 4 : height // 4 + tall, x : x + tall // 2] = int(rng.integers(150, 256))
    picture[height // 2 : height // 2 + 40, width // 2 - 160 : width // 2 + 160] = 70
    return picture


def _partly_covered(rng: np.random.Generator, width: int, height: int) -> Luma:
    """A protected video is a black hole in a desktop."""
    picture = _wallpaper(rng, width, height)
    share = rng.uniform(0.5, 0.92) ** 0.5
    picture[: int(height * share), : int(width * share)] = 0
    return picture


def _dialog(rng: np.random.Generator, width: int, height: int) -> Luma:
    picture = _even(height, width, rng.uniform(0, 20))
    top, left = int(rng.integers(height - 200)), int(rng.integers(width - 400))
    picture[top : top + 200, left : left + 400] = int(rng.integers(90, 256))
    return picture


def _all_black(_: np.random.Generator, width: int, height: int) -> Luma:
    return _even(height, width, 0)


def _nearly_black(rng: np.random.Generator, width: int, height: int) -> Luma:
    """A grab that is dithered, or shaded towards its corners."""
    if rng.random() < 0.5:
        return rng.integers(0, int(rng.integers(2, 5)), (height, width), dtype=np.uint8)
    shade = np.linspace(0, rng.uniform(1, 5), width)
    return np.broadcast_to(np.round(shade), (height, width)).astype(np.uint8)


def _one_colour(rng: np.random.Generator, width: int, height: int) -> Luma:
    return _even(height, width, rng.uniform(5, 250))


def _not_looked_at(rng: random.Random) -> Found:
    screen = _MadeScreen(_even(600, 800, 0), 1.0)
    return _black([screen], rng.choice(_WAYLAND))


def _gives_nothing(_: random.Random) -> Found:
    nothing = SimpleNamespace(toImage=QImage)
    screen = SimpleNamespace(size=lambda: QSize(800, 600), grabWindow=lambda *_: nothing)
    return _black([screen], {"DISPLAY": ":0"})


def _black_cases(seed: int) -> Iterator[Case]:
    yield from cases_of(
        "screen.black",
        seed,
        [
            ("a wallpaper", _seen(_wallpaper)),
            ("a dark program", _seen(_dark_program)),
            ("a page", _seen(_page)),
            ("one line of text", _seen(_one_line)),
            ("a lock screen", _seen(_lock_screen)),
            ("partly covered", _seen(_partly_covered)),
            ("a dialog on black", _seen(_dialog)),
        ],
        [
            ("black", WARNED, _seen(_all_black)),
            ("nearly black", WARNED, _seen(_nearly_black)),
            ("one colour", WARNED, _seen(_one_colour)),
        ],
        [
            ("Wayland", SKIPPED, _not_looked_at),
            ("no screen", SKIPPED, lambda _: _black([], {"DISPLAY": ":0"})),
            ("it gives nothing", SKIPPED, _gives_nothing),
        ],
    )


def cases() -> Iterator[Case]:
    """Yield every case."""
    yield from _permission_cases(SEED)
    yield from _black_cases(SEED + 20_000)
