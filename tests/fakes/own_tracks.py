"""Own tracks over a participant that answers as the test says."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

from livekit import rtc

from client_api.tasks import Tasks
from client_api.wire import AttemptId
from desktop.call.events import RoomEvent, TrackKind
from desktop.media.own_tracks import OwnTracks
from desktop.media.publish_options import camera_options

ATTEMPT = AttemptId("attempt-1")
CAMERA = TrackKind.CAMERA


class FakeTrack:
    """A track with nothing behind it but its mute flag."""

    def __init__(self) -> None:
        self.muted = False
        self.flips: list[bool] = []

    def mute(self) -> None:
        self.muted = True
        self.flips.append(True)

    def unmute(self) -> None:
        self.muted = False
        self.flips.append(False)


@dataclass
class FakePublication:
    """A publication with its SID."""

    sid: str


@dataclass
class FakePermissions:
    """What the service allows."""

    can_publish: bool = True
    can_publish_sources: list[int] = field(default_factory=list)


class FakeParticipant:
    """Publishes when ``gate`` is set; fails with ``error`` if there is one."""

    def __init__(self) -> None:
        self.permissions = FakePermissions()
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.published: list[bool] = []
        self.sources: list[int] = []
        self.unpublished: list[str] = []

    async def publish_track(
        self, track: FakeTrack, options: rtc.TrackPublishOptions
    ) -> FakePublication:
        self.published.append(track.muted)
        self.sources.append(options.source)
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return FakePublication(f"TR_{len(self.published)}")

    async def unpublish_track(self, sid: str) -> None:
        self.unpublished.append(sid)


class Bench:
    """Own tracks with one camera, and what they told."""

    def __init__(self, *, is_on: bool = True) -> None:
        self.events: list[RoomEvent] = []
        self.tasks = Tasks()
        self.tracks = OwnTracks(ATTEMPT, self.events.append, self.tasks)
        self.track = FakeTrack()
        self.made = 0
        self.participant = FakeParticipant()
        self.tracks.add(CAMERA, self.make, camera_options(), is_on=is_on)

    def make(self) -> Any:
        self.made += 1
        return self.track

    async def publish(self) -> None:
        self.tracks.publish_all(cast(Any, self.participant))
        await self.settle()

    async def settle(self) -> None:
        for _ in range(8):
            await asyncio.sleep(0)
