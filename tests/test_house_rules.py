"""Rules of the house that no linter knows, each with its reason and the way to go instead."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ("client_api", "preflight", "desktop", "resources")
SERVICE = ("backend/liftbay_backend",)
PURE_MODULES = (
    "client_api.client",
    "client_api.sign_in",
    "client_api.durable_queue",
    "desktop.call.machine",
    "desktop.call.actor",
    "desktop.call.ports",
    "preflight.model",
    "preflight.running.runner",
    "preflight.verdicts.gate",
    "preflight.verdicts.rules",
    "preflight.verdicts.catalogue",
    "preflight.devices.ports",
    "preflight.devices.frames",
)
BARE_EXCEPTION = re.compile(
    r"#\s*(noqa(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)?|type:\s*ignore(\[[^\]]*\])?)\s*$"
)
IMPURE = ("PySide6", "qasync", "livekit", "cv2", "sounddevice")


@dataclass(frozen=True)
class Rule:
    """A pattern that must not stand in a line of the named folders."""

    name: str
    pattern: str
    folders: tuple[str, ...]
    why: str
    allowed: tuple[str, ...] = ()


RULES = (
    Rule(
        "no nested event loops",
        r"\.exec\(\)|\.exec_\(|(?<!qasync\.)\bQEventLoop\(",
        CLIENT,
        "exec() inside a task kills any other task that wakes meanwhile: open() and await it",
    ),
    Rule(
        "no spinning of the loop",
        r"processEvents\(",
        CLIENT,
        "the loop turns by itself: await, or send an event",
    ),
    Rule(
        "one theme",
        r"\.setStyleSheet\(",
        CLIENT,
        "colours and sizes live in resources/theme: give the widget a property the theme knows",
        allowed=("desktop/views/theme.py",),
    ),
    Rule(
        "no f-string in tr()",
        r"\btr\(\s*f[\"']",
        CLIENT,
        "lupdate sees literals only: tr('%1 …') or .format() after tr()",
    ),
    Rule(
        "no bare tasks",
        r"(asyncio|loop)\.(create_task|ensure_future)\(",
        (*CLIENT, *SERVICE),
        "a bare task loses its exception: use the room's spawn(coro, name=…)",
        allowed=(
            "client_api/tasks.py",
            "backend/liftbay_backend/tasks.py",
        ),
    ),
    Rule(
        "no wall clock outside the Clock port",
        r"datetime\.now\(|datetime\.utcnow\(|[^_a-z]time\.time\(|[^_a-z]time\.time_ns\(",
        (*CLIENT, *SERVICE),
        "ask the Clock port, so that tests have virtual time and a stepped clock moves nothing",
        allowed=(
            "client_api/clock.py",
            "backend/liftbay_backend/clock.py",
        ),
    ),
    Rule(
        "cv2 is imported in one place",
        r"^\s*(import cv2|from cv2)",
        (*CLIENT, "tests", "benchmarks"),
        "its import bends Qt's plugin path; preflight/devices/opencv.py puts that right",
        allowed=("preflight/devices/opencv.py",),
    ),
    Rule(
        "preflight never draws",
        r"PySide6\.Qt(Gui|Widgets)|from PySide6 import .*Qt(Gui|Widgets)",
        ("preflight",),
        "checks run without a window: QtCore, QtNetwork and QtMultimedia at most, in system/",
    ),
    Rule(
        "no fork",
        r"os\.fork\(|get_context\([\"']fork",
        (*CLIENT, *SERVICE, "tests"),
        "the SDK refuses requests after fork: spawn a process",
        # Hundreds of processes that settle; none of them ever asks the SDK.
        allowed=("tests/faults/settlement/settling_process.py",),
    ),
)


def python_files(folders: tuple[str, ...]) -> Iterator[Path]:
    """Yield the tracked kind of Python files below the folders, without build leftovers."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "node_modules" not in path.parts and "__pycache__" not in path.parts:
                yield path


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name.replace(" ", "-"))
def test_the_house_rule_holds(rule: Rule) -> None:
    pattern = re.compile(rule.pattern)
    broken: list[str] = []

    for path in python_files(rule.folders):
        name = path.relative_to(ROOT).as_posix()
        if name in rule.allowed or path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if pattern.search(line.split("  # ")[0]):
                broken.append(f"{name}:{number}: {line.strip()}")

    assert not broken, f"{rule.name}: {rule.why}\n" + "\n".join(broken)


def test_a_rule_finds_what_it_bans(tmp_path: Path) -> None:
    """A pattern that matches nothing would hold for ever."""
    samples = {
        "no nested event loops": "dialog.exec()",
        "no spinning of the loop": "app.processEvents()",
        "one theme": "button.setStyleSheet('color: red')",
        "no f-string in tr()": "self.tr(f'{name} left')",
        "no bare tasks": "asyncio.create_task(run())",
        "no wall clock outside the Clock port": "now = datetime.now(UTC)",
        "cv2 is imported in one place": "import cv2",
        "preflight never draws": "from PySide6.QtGui import QImage",
        "no fork": "os.fork()",
    }

    missed = [rule.name for rule in RULES if not re.search(rule.pattern, samples[rule.name])]

    assert missed == []


def test_whoever_silences_a_tool_says_why_beside_it() -> None:
    """Without its reason nobody dares to take an exception away again."""
    bare = [
        f"{path.relative_to(ROOT).as_posix()}:{number}: {line.strip()}"
        for path in python_files((*CLIENT, *SERVICE, "tests", "benchmarks", "scripts"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if BARE_EXCEPTION.search(line)
    ]

    assert bare == []


@pytest.mark.parametrize(
    ("line", "is_bare"),
    [
        ("import x  # noqa", True),
        ("import x  # noqa: F401, E402", True),
        ("x = 1  # type: ignore", True),
        ("x = 1  # type: ignore[arg-type, misc]  ", True),
        ("import x  # noqa: F401 - for its effect", False),
        ("x = 1  # type: ignore[arg-type]  # pydantic wraps it", False),
    ],
)
def test_a_reason_is_told_from_none(line: str, is_bare: bool) -> None:
    assert bool(BARE_EXCEPTION.search(line)) is is_bare


def test_an_init_file_holds_a_docstring_and_nothing_else() -> None:
    """What an ``__init__.py`` imports reaches everybody, and import-linter does not see it."""
    wrong: list[str] = []
    for path in python_files((*CLIENT, *SERVICE, "tests", "benchmarks")):
        if path.name != "__init__.py":
            continue
        body = ast.parse(path.read_text()).body
        if len(body) > 1 or (body and not isinstance(body[0], ast.Expr)):
            wrong.append(path.relative_to(ROOT).as_posix())

    assert wrong == []


def test_no_module_is_named_for_nothing() -> None:
    banned = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}

    named = [
        path.relative_to(ROOT).as_posix()
        for path in python_files((*CLIENT, *SERVICE, "tests", "benchmarks", "scripts"))
        if path.stem in banned or path.parent.name in banned
    ]

    assert named == []


def test_no_file_grows_past_one_reading() -> None:
    """400 lines ask for the second subject; 450 is where we stop asking."""
    long = {
        path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines())
        for path in python_files((*CLIENT, *SERVICE, "tests", "benchmarks", "scripts"))
        # A migration is frozen history, not a page to read.
        if "migrations" not in path.parts and len(path.read_text().splitlines()) > 450
    }

    assert long == {}


@pytest.mark.parametrize("module", PURE_MODULES)
def test_a_pure_module_brings_no_library_of_the_desktop(module: str) -> None:
    """In a fresh interpreter, since import-linter cannot see what a third module drags in."""
    code = (
        f"import sys, {module}\nprint(','.join(name for name in {IMPURE!r} if name in sys.modules))"
    )

    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert told.returncode == 0, told.stderr
    assert told.stdout.strip() == ""
