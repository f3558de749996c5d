"""Set this machine up for a make target: system packages, uv, the locked environment, LiveKit.

Run by ``make``; needs nothing but Python 3.11 and, where something is missing, root or sudo on
a Debian-like system. Every step says what it does; a second run finds all in place and is done
in under a second. Steps that are not needed for the target are left out.

    python3 scripts/setup.py demo|test|bench|check
"""

import ctypes.util
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "liftbay"
UV_VERSION = "0.13.9"
UV_OLDEST = (0, 9, 17)
"""The first that reads ``exclude-newer = "4 days"``; older ones refuse the lock (tried)."""
NPM_FOLDER = ROOT / "benchmarks" / "browser"


@dataclass(frozen=True)
class Package:
    """A Debian package and how to see that what it brings is there."""

    name: str
    present: Callable[[], bool]


def _library(name: str) -> Callable[[], bool]:
    return lambda: ctypes.util.find_library(name) is not None


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _file(*paths: str) -> Callable[[], bool]:
    return lambda: any(Path(path).exists() for path in paths)


# What PySide6's and OpenCV's wheels link to and do not carry, and PortAudio for sounddevice.
CLIENT = (
    Package("libegl1", _library("EGL")),
    Package("libgl1", _library("GL")),
    Package("libglib2.0-0", _library("glib-2.0")),
    Package("libxkbcommon0", _library("xkbcommon")),
    Package("libxkbcommon-x11-0", _library("xkbcommon-x11")),
    Package("libdbus-1-3", _library("dbus-1")),
    Package("libfontconfig1", _library("fontconfig")),
    Package("libportaudio2", _library("portaudio")),
    Package("libpulse0", _library("pulse")),
    # pactl: what the sound server lists. PipeWire's Pulse server does not bring it along.
    Package("pulseaudio-utils", _program("pactl")),
    Package("libxcb-cursor0", _library("xcb-cursor")),
    Package("libxcb-icccm4", _library("xcb-icccm")),
    Package("libxcb-image0", _library("xcb-image")),
    Package("libxcb-keysyms1", _library("xcb-keysyms")),
    Package("libxcb-randr0", _library("xcb-randr")),
    Package("libxcb-render-util0", _library("xcb-render-util")),
    Package("libxcb-shape0", _library("xcb-shape")),
    Package("libxcb-xinerama0", _library("xcb-xinerama")),
    Package("libxcb-xkb1", _library("xcb-xkb")),
    Package(
        "fonts-inter", _file("/usr/share/fonts/opentype/inter", "/usr/share/fonts/truetype/inter")
    ),
    Package("ca-certificates", _file("/etc/ssl/certs/ca-certificates.crt")),
)
# The virtual sound card, the window system and the browser that tests and measurements use.
BENCH = (
    Package("pulseaudio", _program("pulseaudio")),
    Package("xvfb", _program("Xvfb")),
    Package("chromium", _program("chromium", "chromium-browser", "google-chrome")),
    Package("npm", _program("npm")),
)
# The service's tests start servers of their own from these programs; without them their PostgreSQL
# half would vanish without a word.
POSTGRESQL = "postgresql"
POSTGRESQL_PROGRAMS = Path("/usr/lib/postgresql")
BALANCER = "haproxy"
TEST = (
    *BENCH,
    # What a script reads a diagnosis with: `liftbay diagnose --json | jq`.
    Package("jq", _program("jq")),
    # xwininfo: what a window system knows of the guided demo's windows.
    Package("x11-utils", _program("xwininfo")),
    # The voices on which the microphone's checks are tried (tests/accuracy).
    Package("espeak-ng", _program("espeak-ng")),
    Package(POSTGRESQL, lambda: _postgresql_is_there()),
    # make cluster. Debian's redis-server is a link to a program of redis-tools, and would start
    # a server of its own besides.
    Package("redis-tools", _program("redis-server", "redis-check-rdb")),
    Package(BALANCER, _file("/usr/sbin/haproxy", "/usr/local/sbin/haproxy", "/usr/bin/haproxy")),
    # The impaired line's namespaces and devices (tests/impaired).
    Package("iproute2", _program("ip")),
)
NO_CLUSTER = "/etc/postgresql-common/createcluster.d/liftbay-setup.conf"
"""Lies there while the package is installed: Debian's makes and starts a server otherwise."""
NO_START = "/usr/sbin/policy-rc.d"
"""Debian asks it before a package starts a server of its own."""


class SetupError(Exception):
    """A step failed; the text says what to do."""


def main(arguments: Sequence[str]) -> int:
    """Do what the target needs; print one line a step; 1 with a sentence on failure."""
    target = arguments[0] if arguments else "demo"
    if target not in ("demo", "test", "bench", "check"):
        print(__doc__, file=sys.stderr)
        return 2
    started = time.monotonic()
    steps: list[tuple[str, Callable[[], bool]]] = []
    packages: tuple[Package, ...] = ()
    if target != "check":
        packages = CLIENT + {"demo": (), "bench": BENCH, "test": TEST}[target]
        steps.append(("system packages", lambda: _system_packages(packages)))
    steps.append(("uv and the locked Python environment", _environment))
    # The demo uses the server that LIVEKIT_URL names; tests start and kill their own.
    if target in ("test", "bench") or (target == "demo" and not os.environ.get("LIVEKIT_URL")):
        steps.append(("a real LiveKit server", _media_server))
    if target == "test":
        steps.append(("an S3 server for the tests of files", _s3_server))
    if target in ("test", "bench"):
        steps.append(("livekit-client for the browser peer", _browser_peer))
    if target == "test":
        steps.append(("stripe-mock for the shapes of payments", _stripe_mock))
    try:
        for number, (name, step) in enumerate(steps, 1):
            begun = time.monotonic()
            _say(f"[{number}/{len(steps)}] {name} …")
            changed = step()
            done = "done" if changed else "already there"
            _say(f"[{number}/{len(steps)}] {name}: {done} ({time.monotonic() - begun:.1f} s)")
    except SetupError as error:
        _say(f"set-up stopped: {error}")
        return 1
    _say(f"set-up ready ({time.monotonic() - started:.1f} s)")
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _run(command: Sequence[str], *, deadline_s: int, env: dict[str, str] | None = None) -> None:
    try:
        subprocess.run(command, check=True, timeout=deadline_s, env=env, cwd=ROOT)
    except subprocess.TimeoutExpired as error:
        raise SetupError(f"{command[0]} took over {deadline_s} s; run it again") from error
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupError(f"`{' '.join(command)}` failed ({error})") from error


def _system_packages(packages: Sequence[Package]) -> bool:
    missing = [package.name for package in packages if not package.present()]
    if not missing:
        return False
    if not shutil.which("apt-get"):
        raise SetupError(
            "this is no Debian-like system; install what these Debian packages bring, then run "
            "again: " + " ".join(missing)
        )
    _say("    missing: " + " ".join(missing))
    with ExitStack() as meanwhile:
        if POSTGRESQL in missing:
            meanwhile.enter_context(_no_cluster(missing))
        if BALANCER in missing:
            meanwhile.enter_context(_no_start(missing))
        _apt(missing)
    return True


def _postgresql_is_there() -> bool:
    return any(
        (folder / "initdb").exists() and (folder / "postgres").exists()
        for folder in (
            *(Path(found).resolve().parent for found in (shutil.which("initdb"),) if found),
            *POSTGRESQL_PROGRAMS.glob("*/bin"),
        )
    )


@contextmanager
def _no_cluster(names: Sequence[str]) -> Iterator[None]:
    """Keep Debian's PostgreSQL from making a server; nothing of this stays on the machine."""
    prefix = _as_root(names)
    write = 'mkdir -p "$(dirname "$0")" && echo "create_main_cluster = false" > "$0"'
    _run([*prefix, "sh", "-c", write, NO_CLUSTER], deadline_s=30)
    try:
        yield
    finally:
        erase = 'rm -f "$0"; rmdir --ignore-fail-on-non-empty "$(dirname "$0")"'
        _run([*prefix, "sh", "-c", erase, NO_CLUSTER], deadline_s=30)


@contextmanager
def _no_start(names: Sequence[str]) -> Iterator[None]:
    """Keep Debian's HAProxy from starting; a machine that has a policy of its own keeps it."""
    if Path(NO_START).exists():
        yield
        return
    prefix = _as_root(names)
    write = 'printf "#!/bin/sh\nexit 101\n" > "$0" && chmod 755 "$0"'
    _run([*prefix, "sh", "-c", write, NO_START], deadline_s=30)
    try:
        yield
    finally:
        _run([*prefix, "rm", "-f", NO_START], deadline_s=30)


def _as_root(names: Sequence[str]) -> list[str]:
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        raise SetupError("root or sudo is needed to install: " + " ".join(names))
    return ["sudo"]


def _apt(names: Sequence[str]) -> None:
    prefix = _as_root(names)
    quiet = ["-o", "Dpkg::Use-Pty=0", "-qq"]
    _run([*prefix, "apt-get", *quiet, "update"], deadline_s=600)
    _run(
        [
            *prefix,
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            *quiet,
            "install",
            "-y",
            "--no-install-recommends",
            # A test needs pulseaudio, which a desktop's pipewire-audio does not suffer beside it:
            # better no tests than a desktop taken apart.
            "--no-remove",
            *names,
        ],
        deadline_s=1800,
    )


def _uv() -> str:
    """Return a uv: one on PATH that is new enough, or our own in the cache, installed with pip."""
    found = shutil.which("uv")
    if found and _uv_version(found) >= UV_OLDEST:
        return found
    venv = CACHE / f"uv-{UV_VERSION}"
    uv = venv / ("Scripts/uv.exe" if os.name == "nt" else "bin/uv")
    if uv.exists():
        return str(uv)
    _say(f"    installing uv {UV_VERSION} into {venv}")
    if os.name == "posix" and not _can_make_environments():
        _apt(["python3-venv"])
    _run([sys.executable, "-m", "venv", "--clear", str(venv)], deadline_s=120)
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    _run(
        [
            str(python),
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            f"uv=={UV_VERSION}",
        ],
        deadline_s=300,
    )
    return str(uv)


def _uv_version(uv: str) -> tuple[int, ...]:
    """Return what this uv says of itself; nothing for a shim whose program is not there."""
    try:
        told = subprocess.run([uv, "--version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    match = re.search(r"(\d+)\.(\d+)\.(\d+)", told.stdout) if told.returncode == 0 else None
    return tuple(int(part) for part in match.groups()) if match else ()


def _can_make_environments() -> bool:
    probe = subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True)
    return probe.returncode == 0


def _environment() -> bool:
    stamp = ROOT / ".venv" / ".liftbay-stamp"
    wanted = hashlib.sha256()
    for path in (ROOT / "uv.lock", ROOT / "pyproject.toml", ROOT / "backend" / "pyproject.toml"):
        wanted.update(path.read_bytes())
    wanted.update(str(ROOT).encode())
    if stamp.exists() and stamp.read_text() == wanted.hexdigest():
        return False
    # The interpreter that runs make's commands is the one that the environment gets, unless
    # the caller chose another one (the test matrix does).
    interpreter = os.environ.get("UV_PYTHON") or sys.executable
    # Compiled at once: where Python may write no bytecode, each start would compile all that it
    # imports, and the service took 5 s to start instead of 2.
    sync = [_uv(), "sync", "--locked", "--all-packages", "--compile-bytecode"]
    _run([*sync, "--python", interpreter], deadline_s=1800)
    stamp.write_text(wanted.hexdigest())
    return True


def _python() -> str:
    return str(ROOT / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def _media_server() -> bool:
    check = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from desktop.app.demo.media_server import find; sys.exit(find() is None)",
        ],
        cwd=ROOT,
        capture_output=True,
    )
    if check.returncode == 0:
        return False
    _run(
        [_python(), "-m", "desktop.app.demo.media_server"],
        deadline_s=1500,
        env=os.environ | {"UV": _uv()},
    )
    return True


def _s3_server() -> bool:
    check = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from scripts.s3_server import find; sys.exit(find() is None)",
        ],
        cwd=ROOT,
        capture_output=True,
    )
    if check.returncode == 0:
        return False
    _run([_python(), "scripts/s3_server.py"], deadline_s=600, env=os.environ | {"UV": _uv()})
    return True


def _stripe_mock() -> bool:
    """Build Stripe's own mock server once; it holds our fake to their description."""
    find = "import sys; from tests.fakes.stripe_mock import BINARY; sys.exit(not BINARY.exists())"
    check = subprocess.run([sys.executable, "-c", find], cwd=ROOT, capture_output=True)
    if check.returncode == 0:
        return False
    _run(
        [_python(), "-m", "tests.fakes.stripe_mock"],
        deadline_s=900,
        env=os.environ | {"UV": _uv()},
    )
    return True


def _browser_peer() -> bool:
    """Install livekit-client exactly as locked; the browser itself is a system package."""
    lock = NPM_FOLDER / "package-lock.json"
    installed = NPM_FOLDER / "node_modules" / ".package-lock.json"
    wanted = json.loads(lock.read_text())["packages"]
    if installed.exists():
        have = json.loads(installed.read_text())["packages"]
        if {name for name in wanted if name} <= set(have):
            return False
    _run(["npm", "ci", "--prefix", str(NPM_FOLDER), "--no-audit", "--no-fund"], deadline_s=600)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
