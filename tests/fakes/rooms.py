"""A media server in memory: rooms, people coming and going, and a switch that takes it down."""

import json
from collections.abc import Callable
from datetime import datetime

from liftbay_backend.domain.ids import AttemptId
from liftbay_backend.rooms.ports import (
    JoinGrant,
    RoomEvent,
    RoomParticipant,
    RoomPolicy,
    RoomsUnavailable,
    RoomToken,
    WebhookRefused,
    attempt_in,
)

SIGNATURE = "Bearer signed-by-the-fake"


class FakeRooms:
    """Keeps `RoomService`'s promises as LiveKit does with ``auto_create: false``.

    Attributes:
        is_down: every call raises `RoomsUnavailable` while True.
        created: names in the order of their creation, repeats included.
        deleted: names in the order in which a deletion was asked for.
        grants: every grant a token was made of, by the token's text.
    """

    def __init__(self, now: Callable[[], datetime], url: str = "ws://127.0.0.1:7880") -> None:
        self._now = now
        self._url = url
        self._rooms: dict[str, dict[str, RoomParticipant]] = {}
        self._policies: dict[str, RoomPolicy] = {}
        self.is_down = False
        self.created: list[str] = []
        self.deleted: list[str] = []
        self.grants: dict[str, JoinGrant] = {}

    @property
    def url(self) -> str:
        return self._url

    async def ensure_room(self, room: str, policy: RoomPolicy) -> None:
        self._answer()
        if room not in self._rooms:
            self._rooms[room] = {}
            self._policies[room] = policy
            self.created.append(room)

    async def delete_room(self, room: str) -> None:
        self._answer()
        self.deleted.append(room)
        self._rooms.pop(room, None)

    async def participants(self, room: str) -> tuple[RoomParticipant, ...] | None:
        self._answer()
        people = self._rooms.get(room)
        return None if people is None else tuple(people.values())

    def join_token(self, grant: JoinGrant) -> RoomToken:
        token = RoomToken(f"fake-token-{len(self.grants)}")
        self.grants[token.value] = grant
        return token

    def read_webhook(self, body: str, authorization: str) -> RoomEvent:
        if authorization != SIGNATURE:
            raise WebhookRefused("bad signature")
        try:
            found = json.loads(body)
            return RoomEvent(
                id=found["id"],
                kind=found["event"],
                room=found["room"],
                created_at=datetime.fromisoformat(found["created_at"]),
                identity=found.get("identity"),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise WebhookRefused("not a webhook") from error

    async def close(self) -> None:
        return

    def has(self, room: str) -> bool:
        """Tell whether there is such a room."""
        return room in self._rooms

    def join(self, room: str, identity: str, attempt: AttemptId | None = None) -> None:
        """Put somebody into the room, as a client with a token would.

        Raises:
            LookupError: there is no such room (``auto_create: false``).
        """
        if room not in self._rooms:
            raise LookupError(f"no room {room}")
        self._rooms[room][identity] = RoomParticipant(identity, self._now(), attempt)

    def join_with(self, token: str) -> None:
        """Join with a token this fake signed."""
        grant = self.grants[token]
        self.join(grant.room, grant.identity, attempt_in(grant.metadata))

    def leave(self, room: str, identity: str) -> None:
        """Take somebody out; somebody who is not there is a no-op."""
        self._rooms.get(room, {}).pop(identity, None)

    def restart(self) -> None:
        """Forget every room, as a restarted server does."""
        self._rooms.clear()
        self._policies.clear()

    def webhook(self, event_id: str, kind: str, room: str, identity: str | None = None) -> str:
        """Return a webhook's body; send it with `SIGNATURE`."""
        return json.dumps(
            {
                "id": event_id,
                "event": kind,
                "room": room,
                "created_at": self._now().isoformat(),
                "identity": identity,
            }
        )

    def _answer(self) -> None:
        if self.is_down:
            raise RoomsUnavailable("taken down by the test")
