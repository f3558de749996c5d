"""What the call needs of a room. The adapter is `desktop/media/livekit_room.py`.

Remote pictures and sound do not pass here: the adapter hands them to the video mailbox and to
the loudspeaker directly. Only facts pass, as the frozen events of `desktop.call.events`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from client_api.wire import AttemptId, RoomTicket
from desktop.call.events import RoomEvent
from desktop.call.setup import LocalMedia, MediaWishes

RoomListener: TypeAlias = Callable[[RoomEvent], None]
"""Called on the Qt/asyncio thread; returns at once, never raises."""


class RoomGateway(Protocol):
    """One person's way into rooms: one room at a time, a new SDK room for each attempt.

    Every event carries the attempt it belongs to. No method raises for what a network, a server
    or a device can do: that is told by events. All calls come from the Qt/asyncio thread.
    """

    def listen(self, listener: RoomListener) -> None:
        """Send all events to ``listener`` from now on; there is exactly one."""

    async def join(
        self, attempt: AttemptId, ticket: RoomTicket, media: LocalMedia, wishes: MediaWishes
    ) -> None:
        """Open the room and publish the open devices as ``wishes`` says, muted ones muted.

        Emits exactly one `RoomJoined` or `RoomJoinFailed`, before any other event of this
        attempt, and returns then. Publishing may end later; each own track tells its state by
        `OwnMediaChanged` or `OwnMediaFailed`. Peers that were there already are named in
        `RoomJoined.peers`; their tracks are told by `PeerMediaChanged`.

        The SDK's connect cannot be cancelled: the caller never cancels this coroutine (and the
        adapter shields the native call all the same). `leave` during a join lets it run out,
        closes a late success and reports ``RoomJoinFailed(ABANDONED)``.
        """

    async def leave(self, attempt: AttemptId) -> None:
        """Stop sending, leave the room of ``attempt`` and free what belongs to it.

        Unpublishes before it disconnects; the devices stay open. Safe to repeat, also for an
        attempt that never joined or is over. After it returned, no event of ``attempt``
        follows but the `RoomJoinFailed` of a join still running. At most 5 s.
        """

    async def set_microphone(self, attempt: AttemptId, is_on: bool) -> None:
        """Send sound or not; answered by `OwnMediaChanged`. The last wish wins."""

    async def set_camera(self, attempt: AttemptId, is_on: bool) -> None:
        """Send the camera or not (mute: no frame leaves); answered by `OwnMediaChanged`."""

    async def set_screen_share(self, attempt: AttemptId, is_on: bool) -> None:
        """Share the screen or not; `OwnMediaChanged`, or `OwnMediaFailed` if refused."""

    async def use_media(self, attempt: AttemptId, media: LocalMedia) -> None:
        """Feed the published tracks from these open devices from now on; nothing is republished."""
