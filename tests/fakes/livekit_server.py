"""A real LiveKit server for tests and plain scripts, with the rooms and tokens a service gives.

``with LiveKitServer() as server: …``; the process is killed at the end and its files go with it.
"""

import os
import signal
import tempfile
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from livekit import api

from desktop.app.demo.media_server import HERE, MediaServer, MediaServerError, Place, Ports, find
from liftbay_backend.rooms.livekit_rooms import LiveKitRooms
from liftbay_backend.rooms.ports import RoomPolicy

DEFAULT_KEY = "devkey"
DEFAULT_SECRET = "a-secret-of-at-least-32-characters-for-tests"
_POLICY = RoomPolicy(max_participants=0, empty_timeout_seconds=120, departure_timeout_seconds=60)


def find_binary() -> Path:
    """Return the server's binary; tests never build one.

    Raises:
        MediaServerError: there is none yet.
    """
    found = find()
    if found is None:
        raise MediaServerError(
            "no LiveKit server: python -m desktop.app.demo.media_server builds one once, or set "
            "LIVEKIT_SERVER_BIN"
        )
    return found


class LiveKitServer:
    """One server process, on loopback by default, where rooms must be created first.

    ``kill()`` and ``start()`` again keep the ports, so that clients can come back by themselves.
    """

    def __init__(
        self,
        *,
        key: str = DEFAULT_KEY,
        secret: str = DEFAULT_SECRET,
        webhook_url: str | None = None,
        place: Place = HERE,
        over_udp: bool = True,
    ) -> None:
        binary = find_binary()
        self.key = key
        self.secret = secret
        self._folder = tempfile.TemporaryDirectory(
            prefix="liftbay-livekit-", ignore_cleanup_errors=True
        )
        self._server = MediaServer(
            binary,
            Path(self._folder.name),
            api_key=key,
            api_secret=secret,
            webhook_url=webhook_url,
            place=place,
            over_udp=over_udp,
        )

    @property
    def url(self) -> str:
        """Address for clients, ``ws://…``."""
        return self._server.url

    @property
    def ports(self) -> Ports:
        """Where it listens."""
        return self._server.ports

    @property
    def http_url(self) -> str:
        """Address for the room API, ``http://…``."""
        return self._server.url.replace("ws://", "http://", 1)

    @property
    def pid(self) -> int:
        """Process id of the running server, for SIGSTOP and the like."""
        pid = self._server.pid
        assert pid is not None, "the server does not run"
        return pid

    def start(self) -> None:
        """Start and wait until it answers, at most 15 s.

        Raises:
            MediaServerError: it did not start.
        """
        self._server.start()

    def kill(self) -> None:
        """End the process at once; the rooms are lost. Idempotent."""
        self._server.kill()

    def stop(self) -> None:
        """Kill and remove the server's files. Idempotent."""
        self._server.kill()
        self._folder.cleanup()

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
        rooms = LiveKitRooms(self.url, self.key, self.secret)
        try:
            await rooms.ensure_room(room, _POLICY)
        finally:
            await rooms.close()

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

    def freeze(self) -> None:
        """Stop the process where it stands (SIGSTOP): it answers nothing and keeps its state."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen process go on."""
        os.kill(self.pid, signal.SIGCONT)
