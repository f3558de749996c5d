"""A real LiveKit server for tests, demo and bench: own ports, own rules, killed at the end.

Works without pytest too: ``with LiveKitServer() as server: …``. The binary is the first of
``LIVEKIT_SERVER_BIN``, ``livekit-server`` on PATH, and the user cache's ``livekit/server``.
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from livekit import api
from platformdirs import user_cache_path

DEFAULT_KEY = "devkey"
DEFAULT_SECRET = "a-secret-of-at-least-32-characters-for-tests"
_RELAY_PORTS = 20


class LiveKitServerMissing(Exception):
    """No server binary was found; the message says where it was looked for."""


def find_binary(environment: Mapping[str, str] | None = None) -> Path:
    """Return the server binary.

    Raises:
        LiveKitServerMissing: none of the three places has one.
    """
    environment = os.environ if environment is None else environment
    named = environment.get("LIVEKIT_SERVER_BIN")
    if named:
        if Path(named).is_file():
            return Path(named)
        raise LiveKitServerMissing(f"LIVEKIT_SERVER_BIN names {named}, which is not a file")
    on_path = shutil.which("livekit-server", path=environment.get("PATH"))
    if on_path:
        return Path(on_path)
    cached = user_cache_path("liftbay") / "livekit" / "server"
    if cached.is_file():
        return cached
    raise LiveKitServerMissing(
        f"no livekit-server on PATH, none at {cached}, and LIVEKIT_SERVER_BIN is not set"
    )


class LiveKitServer:
    """One server process on loopback with the configuration that the measurements used.

    Rooms must be created first (``auto_create`` is off, as in production). ``kill()`` and
    ``start()`` again keep the ports, so that clients can come back by themselves.
    """

    def __init__(
        self,
        *,
        key: str = DEFAULT_KEY,
        secret: str = DEFAULT_SECRET,
        webhook_url: str | None = None,
        turn: bool = False,
        auto_create: bool = False,
    ) -> None:
        self.key = key
        self.secret = secret
        self.port, self.tcp_port = _free_tcp_ports(2)
        self.udp_port, self.turn_port = _free_udp_ports(2)
        self._config = self._make_config(webhook_url, turn=turn, auto_create=auto_create)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address for clients, ``ws://…``."""
        return f"ws://127.0.0.1:{self.port}"

    @property
    def http_url(self) -> str:
        """Address for the room API, ``http://…``."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Process id of the running server, for SIGSTOP and the like."""
        assert self._process is not None, "the server does not run"
        return self._process.pid

    @property
    def log_path(self) -> Path:
        """What the server wrote."""
        assert self._folder is not None, "the server was never started"
        return Path(self._folder.name) / "server.log"

    def start(self, timeout_s: float = 15.0) -> None:
        """Start and wait until the port answers.

        Raises:
            LiveKitServerMissing: there is no binary.
            RuntimeError: it ended or did not answer in time; the message has its last words.
        """
        assert self._process is None, "the server already runs"
        binary = find_binary()
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="liftbay-livekit-")
        config = Path(self._folder.name) / "livekit.yaml"
        # JSON is YAML, and needs no library of its own.
        config.write_text(json.dumps(self._config), encoding="utf-8")
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [str(binary), "--config", str(config)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + timeout_s
        while not self._answers():
            ended = self._process.poll()
            if ended is not None or time.monotonic() > deadline:
                self.kill()
                words = self.log_path.read_text(encoding="utf-8", errors="replace")[-2000:]
                raise RuntimeError(f"livekit-server did not start (status {ended}): {words}")
            time.sleep(0.02)

    def kill(self) -> None:
        """End the process at once (SIGKILL: SIGTERM would drain and keep calls). Idempotent."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait(timeout=5)
        self._process = None

    def stop(self) -> None:
        """Kill and remove the server's files. Idempotent."""
        self.kill()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def token(
        self,
        room: str,
        identity: str,
        *,
        ttl_s: float = 120,
        sources: tuple[str, ...] = ("camera", "microphone", "screen_share", "screen_share_audio"),
    ) -> str:
        """A participant's token with the grants that the service gives."""
        grants = api.VideoGrants(
            room_join=True,
            room=room,
            can_publish=True,
            can_subscribe=True,
            can_publish_data=True,
            can_publish_sources=list(sources),
        )
        return (
            api.AccessToken(self.key, self.secret)
            .with_identity(identity)
            .with_grants(grants)
            .with_ttl(timedelta(seconds=ttl_s))
            .to_jwt()
        )

    async def create_room(self, room: str) -> None:
        """Create a room, as the service does before it gives out tokens."""
        async with api.LiveKitAPI(self.http_url, self.key, self.secret) as rooms:
            await rooms.room.create_room(
                api.CreateRoomRequest(name=room, empty_timeout=120, departure_timeout=60)
            )

    async def delete_room(self, room: str) -> None:
        """Delete a room, as the service does after an end."""
        async with api.LiveKitAPI(self.http_url, self.key, self.secret) as rooms:
            await rooms.room.delete_room(api.DeleteRoomRequest(room=room))

    async def remove_participant(self, room: str, identity: str) -> None:
        """Take one participant out of a room."""
        async with api.LiveKitAPI(self.http_url, self.key, self.secret) as rooms:
            await rooms.room.remove_participant(
                api.RoomParticipantIdentity(room=room, identity=identity)
            )

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=0.2):
                return True
        except OSError:
            return False

    def _make_config(
        self, webhook_url: str | None, *, turn: bool, auto_create: bool
    ) -> dict[str, Any]:
        config: dict[str, Any] = {
            "port": self.port,
            "bind_addresses": ["127.0.0.1"],
            "log_level": "warn",
            "rtc": {
                "tcp_port": self.tcp_port,
                "udp_port": self.udp_port,
                "use_external_ip": False,
                "node_ip": "127.0.0.1",
                "enable_loopback_candidate": True,
                # On a host with several addresses the server else answers from a wrong socket.
                "interfaces": {"includes": ["lo"]},
                # Else public STUN hosts are handed out, and offline their look-ups pile up threads.
                "stun_servers": [f"127.0.0.1:{self.turn_port}"],
            },
            "room": {"auto_create": auto_create, "departure_timeout": 20},
            "keys": {self.key: self.secret},
        }
        if turn:
            del config["rtc"]["stun_servers"]
            first = 30_000 + (self.turn_port % 1000) * _RELAY_PORTS
            config["turn"] = {
                "enabled": True,
                # On 0.0.0.0 answers come from another local address and are dropped.
                "bind_addresses": ["127.0.0.1"],
                "udp_port": self.turn_port,
                "relay_range_start": first,
                "relay_range_end": first + _RELAY_PORTS,
                "allow_restricted_peer_cidrs": ["127.0.0.0/8"],
            }
        if webhook_url is not None:
            config["webhook"] = {"api_key": self.key, "urls": [webhook_url]}
        return config


def _free_tcp_ports(count: int) -> list[int]:
    return _free_ports(count, socket.SOCK_STREAM)


def _free_udp_ports(count: int) -> list[int]:
    return _free_ports(count, socket.SOCK_DGRAM)


def _free_ports(count: int, kind: socket.SocketKind) -> list[int]:
    sockets = [socket.socket(socket.AF_INET, kind) for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()
