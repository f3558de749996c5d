"""LiveKit's room API behind the `RoomService` port.

The only module of the service that knows LiveKit. The server runs with ``auto_create: false``, so
that an old token cannot bring a deleted room back (livekit.md 7.4).
"""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

import aiohttp
from livekit import api

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

CALL_DEADLINE_SECONDS: Final = 3.0
# LiveKit sends bounds in whole 10 ms, so these reach a client as 0 and 0: show each picture as it
# comes. An upper bound of 10 lets the server raise the lower one to it, and then pictures stop
# (docs/decisions/0018).
MIN_PLAYOUT_DELAY_MS: Final = 1
MAX_PLAYOUT_DELAY_MS: Final = 9
_NOT_FOUND: Final = "not_found"
# livekit.ParticipantInfo.State.ACTIVE: signalling and the media transport both stand.
_ACTIVE: Final = 2
_T = TypeVar("_T")


class LiveKitRooms:
    """Rooms on a LiveKit server. Make it anywhere, use it on one event loop, close it there."""

    def __init__(
        self,
        url: str,
        api_key: str,
        api_secret: str,
        *,
        public_url: str | None = None,
        deadline_seconds: float = CALL_DEADLINE_SECONDS,
    ) -> None:
        """Keep the address and the secret; nothing is connected yet.

        Args:
            url: where the service reaches the room API; ws:// and http:// are both understood.
            public_url: where clients reach the server, when that is another address.
            deadline_seconds: the longest any call may take.
        """
        self._url = url
        self._public_url = public_url or url
        self._key = api_key
        self._secret = api_secret
        self._deadline_seconds = deadline_seconds
        self._receiver = api.WebhookReceiver(api.TokenVerifier(api_key, api_secret))
        self._client: api.LiveKitAPI | None = None

    @property
    def url(self) -> str:
        """Where clients connect."""
        return self._public_url

    async def ensure_room(self, room: str, policy: RoomPolicy) -> None:
        """See the port. LiveKit answers an existing room's creation with that room."""
        request = api.CreateRoomRequest(
            name=room,
            max_participants=policy.max_participants,
            empty_timeout=policy.empty_timeout_seconds,
            departure_timeout=policy.departure_timeout_seconds,
            min_playout_delay=MIN_PLAYOUT_DELAY_MS,
            max_playout_delay=MAX_PLAYOUT_DELAY_MS,
        )
        await self._ask(self._api().room.create_room(request))

    async def delete_room(self, room: str) -> None:
        """See the port."""
        try:
            await self._ask(self._api().room.delete_room(api.DeleteRoomRequest(room=room)))
        except _NotFound:
            return

    async def participants(self, room: str) -> tuple[RoomParticipant, ...] | None:
        """See the port. The server lists a vanished room as empty, so an empty list asks again."""
        try:
            listed = await self._ask(
                self._api().room.list_participants(api.ListParticipantsRequest(room=room))
            )
            if not listed.participants:
                rooms = await self._ask(
                    self._api().room.list_rooms(api.ListRoomsRequest(names=[room]))
                )
                return () if rooms.rooms else None
        except _NotFound:
            return None
        return tuple(
            RoomParticipant(
                identity=one.identity,
                joined_at=datetime.fromtimestamp(one.joined_at, UTC),
                attempt=attempt_in(one.metadata),
            )
            for one in listed.participants
            if one.state == _ACTIVE
        )

    def join_token(self, grant: JoinGrant) -> RoomToken:
        """See the port."""
        grants = api.VideoGrants(
            room_join=True,
            room=grant.room,
            can_publish=bool(grant.sources),
            can_publish_sources=list(grant.sources),
            can_subscribe=True,
            can_publish_data=True,
        )
        token = (
            api.AccessToken(self._key, self._secret)
            .with_identity(grant.identity)
            .with_name(grant.name)
            .with_metadata(grant.metadata)
            .with_ttl(timedelta(seconds=grant.ttl_seconds))
            .with_grants(grants)
        )
        return RoomToken(token.to_jwt())

    def read_webhook(self, body: str, authorization: str) -> RoomEvent:
        """See the port."""
        token = authorization.removeprefix("Bearer ").strip()
        try:
            event = self._receiver.receive(body, token)
        except Exception as error:
            # The library raises JWT errors, parse errors and plain Exception("hash mismatch").
            raise WebhookRefused(type(error).__name__) from error
        return RoomEvent(
            id=event.id,
            kind=event.event,
            room=event.room.name,
            created_at=datetime.fromtimestamp(event.created_at, UTC),
            identity=event.participant.identity or None,
        )

    async def close(self) -> None:
        """Close the HTTP session, if one was opened."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    def _api(self) -> api.LiveKitAPI:
        # The HTTP session binds to the running loop, so it is made with the first call.
        if self._client is None:
            self._client = api.LiveKitAPI(
                self._url,
                self._key,
                self._secret,
                timeout=aiohttp.ClientTimeout(total=self._deadline_seconds),
                failover=False,
            )
        return self._client

    async def _ask(self, call: Awaitable[_T]) -> _T:
        try:
            async with asyncio.timeout(self._deadline_seconds):
                return await call
        except api.ServerError as error:
            if error.code == _NOT_FOUND:
                raise _NotFound from error
            raise RoomsUnavailable(f"{error.code} ({error.status})") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise RoomsUnavailable(type(error).__name__) from error


class _NotFound(Exception):
    """The room is not there."""
