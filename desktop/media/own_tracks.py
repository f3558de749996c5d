"""The own tracks in one room: what is wished and what is really sent are two things."""

import asyncio
import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from livekit import rtc

from client_api.tasks import Tasks
from client_api.wire import AttemptId
from desktop.call.events import OwnFault, OwnMediaChanged, OwnMediaFailed, RoomEvent, TrackKind
from desktop.media.sdk_log import redact

_log = logging.getLogger(__name__)

PUBLISH_DEADLINE_S = 12.0
"""The SDK itself gives up after 10 s when the server does not answer."""
_UNPUBLISH_DEADLINE_S = 1.0
_IN_ORDER = (TrackKind.CAMERA, TrackKind.SCREEN, TrackKind.MICROPHONE)
"""WORKAROUND: the SDK adds a video track to its connection and only then says in which codec. An
offer that a sound track sets off in between asks for VP8, whatever was chosen (one call of about
thirty on a busy machine). So tracks are published one after the other, pictures first."""
_TURN_S = 2.0
"""Longest wait for the track before: it needs one way to the server and back."""
_FLIPS_APART_S = 0.5
"""The SDK sends each mute flag by a task of its own: two at once may come to the server in the
wrong order, which then keeps silent whom we show as heard."""

LocalTrack = rtc.LocalAudioTrack | rtc.LocalVideoTrack
MakeTrack = Callable[[], LocalTrack]


@dataclass(slots=True)
class _Own:
    make: MakeTrack
    options: rtc.TrackPublishOptions
    is_wished: bool
    track: LocalTrack | None = None
    publication: rtc.LocalTrackPublication | None = None
    is_publishing: bool = False
    flipped_s: float = -math.inf
    flip: asyncio.Task[None] | None = None


class OwnTracks:
    """Publishes the own tracks of one stay and keeps their mute flags as wished.

    The SDK publishes again by itself after a reconnect, so nothing here does; only the flags are
    looked at again. All methods run on the room's loop.
    """

    def __init__(self, attempt: AttemptId, emit: Callable[[RoomEvent], None], tasks: Tasks) -> None:
        self._attempt = attempt
        self._emit = emit
        self._tasks = tasks
        self._own: dict[TrackKind, _Own] = {}
        self._told: dict[TrackKind, bool] = {}
        self._stopped: dict[TrackKind, str] = {}
        self._may_publish = True
        self._is_closed = False
        self._newest_publish: asyncio.Task[Any] | None = None

    def add(
        self, kind: TrackKind, make: MakeTrack, options: rtc.TrackPublishOptions, *, is_on: bool
    ) -> None:
        """Get a track ready; it is made when it is published, and nobody sees it unwished.

        WORKAROUND: a track that is made while no room is open gets a libwebrtc runtime of its own
        (nine threads for the two tracks and the room). A rejoin that ends such a room, its tracks
        and their runtimes while the next one is open kills the process (docs/livekit.md).
        """
        self._own[kind] = _Own(make, options, is_on)

    def has(self, kind: TrackKind) -> bool:
        """True if there is such a track, published or not."""
        return kind in self._own

    def publish_all(self, participant: rtc.LocalParticipant) -> None:
        """Start to publish what is not published yet; each track tells its own outcome.

        The first request goes out in the very next step of the loop: whoever draws the joined
        call next holds the loop for longer than the request takes.
        """
        if not self._may_publish:
            return
        for kind, own in sorted(self._own.items(), key=lambda each: _IN_ORDER.index(each[0])):
            if own.publication is not None or own.is_publishing:
                continue
            own.is_publishing = True
            # Its own task, awaited behind a shield: it blocks while the SDK reconnects, and its
            # failure must be consumed also when we have stopped waiting.
            publishing = self._tasks.spawn(
                self._published_in_turn(own, participant), name=f"publishing {kind.value}"
            )
            self._tasks.spawn(
                self._publish(kind, own, participant, publishing), name=f"publish {kind.value}"
            )

    def wish(self, kind: TrackKind, *, is_on: bool) -> None:
        """Send or do not send; the last wish wins, also over a publish still under way."""
        if self._is_closed:
            return
        own = self._own.get(kind)
        if own is None:
            words = "there is no such device"
            self._emit(OwnMediaFailed(self._attempt, kind, words, OwnFault.DEVICE))
            return
        own.is_wished = is_on
        self._set_flag(own)
        if own.publication is not None:
            self._tell(kind, is_on and self._may_publish, again=True)

    async def drop(self, kind: TrackKind, participant: rtc.LocalParticipant) -> None:
        """Take one track back for good and say that it is off."""
        own = self._own.pop(kind, None)
        if own is None:
            return
        if own.publication is not None:
            await self._take_back([own], participant)
        self._tell(kind, False, again=True)

    async def renew(
        self, kind: TrackKind, options: rtc.TrackPublishOptions, participant: rtc.LocalParticipant
    ) -> None:
        """Take a published track back if it was published otherwise; `publish_all` sends it anew.

        One that is being published just now stays as it is.
        """
        own = self._own.get(kind)
        if own is None or own.options == options or own.is_publishing:
            return
        own.options = options
        await self._take_back([own], participant)

    def close(self) -> None:
        """Say nothing more: the stay is over, and what fails now fails because of that."""
        self._is_closed = True

    def apply_wishes(self) -> None:
        """Set every flag as wished, as after a reconnect."""
        for kind, own in self._own.items():
            self._set_flag(own)
            if own.publication is not None:
                self._tell(kind, own.is_wished and self._may_publish)

    def on_muted(self, kind: TrackKind, *, is_muted: bool) -> None:
        """The SDK reports a flag of ours; the server may have set it. Comes twice at times."""
        own = self._own.get(kind)
        # With another flip to come, this one is the echo of what is no longer wished.
        if own is not None and own.publication is not None and own.flip is None:
            self._tell(kind, not is_muted)

    def on_device(self, kind: TrackKind, fault: str | None) -> None:
        """The device behind a track stopped, or gives again (None). The track stays published."""
        if fault is None:
            self._stopped.pop(kind, None)
        else:
            self._stopped[kind] = fault
        own = self._own.get(kind)
        if own is not None and own.publication is not None:
            self._tell(kind, own.is_wished and self._may_publish, again=True)

    async def on_permission(self, participant: rtc.LocalParticipant) -> None:
        """The service changed what we may send. Withdrawn, the SDK leaves the track published
        for ever, so it is unpublished here."""
        may_publish = participant.permissions.can_publish
        if may_publish == self._may_publish:
            return
        self._may_publish = may_publish
        if may_publish:
            self.publish_all(participant)
            return
        await self.unpublish_all(participant)
        for kind in self._own:
            self._tell(kind, False)

    async def unpublish_all(self, participant: rtc.LocalParticipant) -> None:
        """Take the tracks back, at most a second in all; a failure is of no account any more."""
        await self._take_back(list(self._own.values()), participant)

    async def _take_back(self, tracks: list[_Own], participant: rtc.LocalParticipant) -> None:
        jobs: list[asyncio.Task[None]] = []
        for own in tracks:
            publication, own.publication = own.publication, None
            if publication is not None:
                jobs.append(
                    self._tasks.spawn(
                        _unpublish(participant, publication.sid), name="unpublish a track"
                    )
                )
        if jobs:
            await asyncio.wait(jobs, timeout=_UNPUBLISH_DEADLINE_S)

    async def _publish(
        self,
        kind: TrackKind,
        own: _Own,
        participant: rtc.LocalParticipant,
        publishing: asyncio.Task[rtc.LocalTrackPublication | str],
    ) -> None:
        done, _ = await asyncio.wait([publishing], timeout=PUBLISH_DEADLINE_S)
        if not done:
            self._tell_not_published(kind, own, "no answer in time")
            # The SDK may do it yet, when its connection is back: then the track is there, and
            # publishing it again would be a second one.
            await asyncio.wait([publishing])
        own.is_publishing = False
        result = publishing.result()
        if self._is_closed:
            return
        if self._own.get(kind) is not own:
            # Dropped meanwhile: nobody would take it back any more.
            if not isinstance(result, str):
                await _unpublish(participant, result.sid)
            return
        if isinstance(result, str):
            if done:
                self._tell_not_published(kind, own, result)
            return
        own.publication = result
        self._set_flag(own)
        self._tell(kind, own.is_wished)

    async def _published_in_turn(
        self, own: _Own, participant: rtc.LocalParticipant
    ) -> rtc.LocalTrackPublication | str:
        allowed = participant.permissions.can_publish_sources
        if allowed and own.options.source not in allowed:
            # The server would not answer at all, and the SDK give up after 10 s.
            return "the token does not allow it"
        before, self._newest_publish = self._newest_publish, asyncio.current_task()
        if before is not None:
            await asyncio.wait([before], timeout=_TURN_S)
        if own.track is None:
            own.track = own.make()
            if not own.is_wished:
                own.track.mute()
        return await _published(participant, own.track, own.options)

    def _tell_not_published(self, kind: TrackKind, own: _Own, words: str) -> None:
        if self._is_closed or self._own.get(kind) is not own:
            return
        _log.info("own %s was not published: %s", kind.value, words)
        self._told.pop(kind, None)
        self._emit(OwnMediaFailed(self._attempt, kind, words))

    def _set_flag(self, own: _Own) -> None:
        if own.track is None or own.track.muted != own.is_wished or own.flip is not None:
            return
        now_s = asyncio.get_running_loop().time()
        wait_s = own.flipped_s + _FLIPS_APART_S - now_s
        if wait_s > 0 and own.publication is not None:
            # Nothing is lost by waiting: what is wished off is closed at its source already.
            own.flip = self._tasks.spawn(self._flip_later(own, wait_s), name="set a mute flag")
            return
        own.flipped_s = now_s
        if own.is_wished:
            own.track.unmute()
        else:
            own.track.mute()

    async def _flip_later(self, own: _Own, wait_s: float) -> None:
        await asyncio.sleep(wait_s)
        own.flip = None
        if not self._is_closed:
            self._set_flag(own)

    def _tell(self, kind: TrackKind, is_on: bool, *, again: bool = False) -> None:
        if is_on and kind in self._stopped:
            # An open track with nothing behind it sends nothing: that is no "on".
            self._told.pop(kind, None)
            words = self._stopped[kind]
            self._emit(OwnMediaFailed(self._attempt, kind, words, OwnFault.DEVICE))
            return
        if again or self._told.get(kind) != is_on:
            self._told[kind] = is_on
            self._emit(OwnMediaChanged(self._attempt, kind, is_on))


async def _published(
    participant: rtc.LocalParticipant, track: LocalTrack, options: rtc.TrackPublishOptions
) -> rtc.LocalTrackPublication | str:
    try:
        return await participant.publish_track(track, options)
    except Exception as error:
        return redact(str(error) or type(error).__name__)


async def _unpublish(participant: rtc.LocalParticipant, sid: str) -> None:
    try:
        await participant.unpublish_track(sid)
    except Exception as error:
        _log.info("a track was not unpublished: %s", redact(str(error)))
