"""The SDK's room without a server: it opens, closes and tells what the test says."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

from livekit import rtc

PEER = "customer-1"


class SdkRoom:
    """Stands for ``rtc.Room``; put in its place with ``monkeypatch.setattr(rtc, "Room", SdkRoom)``.

    Attributes:
        may_connect, may_disconnect: cleared, a connect or disconnect waits.
        while_disconnecting: called when a disconnect has begun, before it ends.
        connects, disconnects: how often each was called.
    """

    def __init__(self) -> None:
        self.handlers: dict[str, Callable[..., None]] = {}
        self.remote_participants: dict[str, object] = {}
        self.local_participant = LocalPerson()
        self.may_connect = asyncio.Event()
        self.may_connect.set()
        self.may_disconnect = asyncio.Event()
        self.may_disconnect.set()
        self.while_disconnecting: Callable[[], None] = lambda: None
        self.connects = 0
        self.disconnects = 0

    def on(self, name: str, handler: Callable[..., None]) -> None:
        self.handlers[name] = handler

    async def connect(self, url: str, token: str, options: object) -> None:
        self.connects += 1
        await self.may_connect.wait()

    async def disconnect(self) -> None:
        self.disconnects += 1
        self.while_disconnecting()
        await self.may_disconnect.wait()

    async def get_rtc_stats(self) -> object:
        return SimpleNamespace(publisher_stats=[], subscriber_stats=[])

    def subscribe_all(self) -> None:
        """Tell of the peer's picture and sound, as the SDK does when they come."""
        for kind, source in (
            (rtc.RemoteVideoTrack, rtc.TrackSource.SOURCE_CAMERA),
            (rtc.RemoteAudioTrack, rtc.TrackSource.SOURCE_MICROPHONE),
        ):
            track = object.__new__(kind)
            track._info = cast(Any, SimpleNamespace(sid=f"TR_{source}"))
            publication = SimpleNamespace(source=source, muted=False, sid=track._info.sid)
            self.handlers["track_subscribed"](track, publication, SimpleNamespace(identity=PEER))


class LocalPerson:
    """Stands for ``rtc.LocalParticipant``: publishes everything at once, or fails to.

    Attributes:
        is_away: while set, publishing fails as in a repair.
    """

    def __init__(self) -> None:
        self.identity = "mechanic-1"
        self.permissions = SimpleNamespace(can_publish=True, can_publish_sources=[])
        self.published: list[int] = []
        self.is_away = False

    async def publish_track(self, track: object, options: rtc.TrackPublishOptions) -> object:
        if self.is_away:
            raise RuntimeError("the engine is closed")
        self.published.append(options.source)
        return SimpleNamespace(sid=f"TR_own_{len(self.published)}")

    async def unpublish_track(self, sid: str) -> None:
        """Nothing is left to do."""
