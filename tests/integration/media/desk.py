"""A room gateway in the test's own process, with a listener that remembers."""

import asyncio

from client_api.clock import SystemClock
from client_api.secret import Secret
from client_api.wire import AttemptId, Role, RoomTicket
from desktop.call.events import RoomEvent, RoomJoined, RoomJoinFailed
from desktop.call.setup import LocalMedia, MediaWishes
from desktop.media.livekit_room import LiveKitRoom
from desktop.viewmodels.pictures import PictureMailbox

ATTEMPT = AttemptId("attempt-1")
NO_MEDIA = LocalMedia(None, None, None)


class Desk:
    """A gateway, its pictures, and everything it told."""

    def __init__(self, *, connect_deadline_s: float = 15.0) -> None:
        self.events: list[RoomEvent] = []
        self.pictures = PictureMailbox()
        self.room = LiveKitRoom(
            clock=SystemClock(),
            camera_pictures=self.pictures,
            screen_pictures=PictureMailbox(),
            connect_deadline_s=connect_deadline_s,
        )
        self.room.listen(self.events.append)

    async def join(
        self, url: str, token: str, media: LocalMedia = NO_MEDIA, attempt: AttemptId = ATTEMPT
    ) -> RoomEvent:
        """Join and return the answer."""
        ticket = RoomTicket(
            url=url,
            token=Secret(token),
            room="a room",
            identity="customer-1",
            role=Role.CUSTOMER,
            attempt=attempt,
        )
        await self.room.join(attempt, ticket, media, MediaWishes())
        answers = [each for each in self.events if isinstance(each, RoomJoined | RoomJoinFailed)]
        return answers[-1]

    async def until_pictures_flow(self, timeout_s: float = 15) -> None:
        """Wait until at least five pictures came in half a second."""
        async with asyncio.timeout(timeout_s):
            while True:
                before = self.pictures.put_count
                await asyncio.sleep(0.5)
                if self.pictures.put_count - before >= 5:
                    return

    async def until(self, kind: type[RoomEvent], timeout_s: float = 15) -> RoomEvent:
        """The first event of a kind."""
        async with asyncio.timeout(timeout_s):
            while True:
                for event in self.events:
                    if isinstance(event, kind):
                        return event
                await asyncio.sleep(0.02)
