"""How facts change what a call knows (`Talk`). Pure functions; they decide nothing.

Whether a fact means to start, to leave or to come back is `machine.step`'s business.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias, assert_never

from client_api.stream_events import (
    ClockChanged,
    ExtensionPaid,
    FileShared,
    MessageArrived,
    NotesChanged,
    PresenceChanged,
    ReadinessChanged,
    RecordingConsentSaid,
    SessionEnded,
    SessionEvent,
    SettlementChanged,
    StatusChanged,
)
from client_api.wire import ClockState, PresenceState, SessionClock, SessionStatus
from desktop.call.effects import AnnounceTimeLeft
from desktop.call.events import (
    CameraWished,
    MediaResumed,
    MediaStalled,
    MediaSwitched,
    MicrophoneWished,
    OwnFault,
    OwnMediaChanged,
    OwnMediaFailed,
    OwnNetworkChanged,
    PeerJoined,
    PeerLeft,
    PeerMediaChanged,
    QualityMeasured,
    ScreenShareWished,
    SpeakerChanged,
    TrackKind,
)
from desktop.call.setup import MediaWishes, role_of_identity
from desktop.call.states import MediaHealth, OwnMedia, Peer, Talk

LOST_AFTER_MS = 5_000.0

Wish: TypeAlias = MicrophoneWished | CameraWished | ScreenShareWished | MediaSwitched
RoomFact: TypeAlias = (
    PeerJoined
    | PeerLeft
    | PeerMediaChanged
    | OwnMediaChanged
    | OwnMediaFailed
    | SpeakerChanged
    | MediaStalled
    | MediaResumed
    | OwnNetworkChanged
    | QualityMeasured
)

WISHES = (MicrophoneWished, CameraWished, ScreenShareWished, MediaSwitched)
ROOM_FACTS = (
    PeerJoined,
    PeerLeft,
    PeerMediaChanged,
    OwnMediaChanged,
    OwnMediaFailed,
    SpeakerChanged,
    MediaStalled,
    MediaResumed,
    OwnNetworkChanged,
    QualityMeasured,
)


def with_wish(talk: Talk, wish: Wish) -> Talk:
    """Keep what the person wants; the last wish wins."""
    match wish:
        case MicrophoneWished(is_on):
            return replace(talk, wishes=replace(talk.wishes, microphone_on=is_on))
        case CameraWished(is_on):
            return replace(talk, wishes=replace(talk.wishes, camera_on=is_on))
        case ScreenShareWished(is_on):
            return replace(talk, wishes=replace(talk.wishes, screen_on=is_on))
        case MediaSwitched(media):
            return replace(talk, setup=replace(talk.setup, media=media))
        case _:
            assert_never(wish)


def with_room_fact(talk: Talk, fact: RoomFact) -> Talk:
    """Take over what the room saw."""
    match fact:
        case PeerJoined(_, identity):
            return with_peers(talk, (identity,))
        case PeerLeft(_, identity) if _is_peer(talk, identity):
            gone = replace(talk.peer, in_room=False, camera_on=False, microphone_on=False)
            return replace(talk, peer=replace(gone, screen_on=False))
        case PeerMediaChanged(_, identity, kind, is_on) if _is_peer(talk, identity):
            return replace(talk, peer=_peer_track(talk.peer, kind, is_on))
        case PeerLeft() | PeerMediaChanged():
            return talk
        case OwnMediaChanged(_, kind, is_on):
            return _own_track(talk, kind, is_on)
        case OwnMediaFailed(_, kind, _, fault):
            return _own_track_failed(talk, kind, fault)
        case SpeakerChanged(_, is_ok):
            return replace(talk, own=replace(talk.own, speaker_failed=not is_ok))
        case MediaStalled(_, age_ms):
            health = MediaHealth.LOST if age_ms >= LOST_AFTER_MS else MediaHealth.UNSTABLE
            return replace(talk, peer=replace(talk.peer, health=health, media_age_ms=age_ms))
        case MediaResumed():
            peer = replace(talk.peer, health=MediaHealth.GOOD, media_age_ms=0.0)
            return replace(talk, peer=peer)
        case OwnNetworkChanged(_, is_ok):
            return replace(talk, own_network_ok=is_ok)
        case QualityMeasured(_, sample):
            return replace(talk, quality=sample)
        case _:
            assert_never(fact)


def with_peers(talk: Talk, identities: tuple[str, ...]) -> Talk:
    """Note that these are in the room; only the other side of the session counts."""
    if not any(_is_peer(talk, identity) for identity in identities):
        return talk
    return replace(talk, peer=replace(talk.peer, in_room=True, was_seen=True))


def without_room(talk: Talk) -> Talk:
    """Begin the next attempt: nothing of the old room holds any more, the wishes do."""
    peer = Peer(
        was_seen=talk.peer.was_seen,
        is_absent=talk.peer.is_absent,
        absent_since=talk.peer.absent_since,
        pauses_at=talk.peer.pauses_at,
        absence_left_seconds=talk.peer.absence_left_seconds,
    )
    return replace(
        talk,
        number=talk.number + 1,
        own=OwnMedia(),
        peer=peer,
        own_network_ok=True,
        start_asked=False,
        quality=None,
    )


def with_clock(talk: Talk, clock: SessionClock) -> Talk:
    """Take a clock over unless it is older. One that grew arms its warnings again."""
    known = talk.clock
    if known is not None and clock.revision < known.revision:
        return talk
    shown = talk.warnings_shown
    if known is not None and clock.total_seconds > known.total_seconds:
        shown = frozenset(limit for limit in shown if limit >= clock.remaining_seconds)
    is_running = clock.state in (ClockState.RUNNING, ClockState.PAUSED)
    return replace(
        talk, clock=clock, warnings_shown=shown, is_started=talk.is_started or is_running
    )


def with_session_event(talk: Talk, event: SessionEvent) -> Talk:
    """Take over what the service told."""
    match event:
        case ClockChanged():
            return with_clock(talk, event.clock)
        case StatusChanged():
            is_live = event.status is SessionStatus.LIVE
            return replace(talk, is_started=talk.is_started or is_live)
        case PresenceChanged() if event.role is talk.peer_role:
            is_absent = event.state is PresenceState.ABSENT
            peer = replace(
                talk.peer,
                is_absent=is_absent,
                absent_since=event.since if is_absent else None,
                pauses_at=event.pauses_at if is_absent else None,
                absence_left_seconds=event.absence_left_seconds,
            )
            return replace(talk, peer=peer)
        case PresenceChanged() | ReadinessChanged() | MessageArrived() | NotesChanged():
            return talk
        case FileShared() | ExtensionPaid() | SessionEnded() | SettlementChanged():
            return talk
        case RecordingConsentSaid():
            # Nothing here records yet.
            return talk
        case _:
            assert_never(event)


def with_time_left(talk: Talk, remaining_seconds: float) -> tuple[Talk, AnnounceTimeLeft | None]:
    """Decide on a warning: each threshold once, never early, none after the time is up.

    When several were passed unseen (a rejoin), only the last one is told.
    """
    clock = talk.clock
    if clock is None or clock.state is not ClockState.RUNNING or remaining_seconds <= 0:
        return talk, None
    due = [
        limit
        for limit in clock.warnings
        if remaining_seconds <= limit < clock.total_seconds and limit not in talk.warnings_shown
    ]
    if not due:
        return talk, None
    shown = talk.warnings_shown.union(due)
    return replace(talk, warnings_shown=shown), AnnounceTimeLeft(min(due), remaining_seconds)


def wish_of(wishes: MediaWishes, kind: TrackKind) -> bool:
    """Return what is wanted of one kind."""
    match kind:
        case TrackKind.CAMERA:
            return wishes.camera_on
        case TrackKind.MICROPHONE:
            return wishes.microphone_on
        case TrackKind.SCREEN:
            return wishes.screen_on
        case _:
            assert_never(kind)


def _is_peer(talk: Talk, identity: str) -> bool:
    return role_of_identity(identity) is talk.peer_role


def _peer_track(peer: Peer, kind: TrackKind, is_on: bool) -> Peer:
    match kind:
        case TrackKind.CAMERA:
            return replace(peer, camera_on=is_on)
        case TrackKind.MICROPHONE:
            return replace(peer, microphone_on=is_on)
        case TrackKind.SCREEN:
            return replace(peer, screen_on=is_on)
        case _:
            assert_never(kind)


def _own_track(talk: Talk, kind: TrackKind, is_on: bool) -> Talk:
    own = talk.own
    match kind:
        case TrackKind.CAMERA:
            return replace(talk, own=replace(own, camera_on=is_on, camera_fault=None))
        case TrackKind.MICROPHONE:
            return replace(talk, own=replace(own, microphone_on=is_on, microphone_fault=None))
        case TrackKind.SCREEN:
            # Whoever stops the share in the system's own bar has changed the wish as well.
            wishes = talk.wishes if is_on else replace(talk.wishes, screen_on=False)
            own = replace(own, screen_on=is_on, screen_failed=False)
            return replace(talk, own=own, wishes=wishes, asked=replace(talk.asked, screen_on=is_on))
        case _:
            assert_never(kind)


def _own_track_failed(talk: Talk, kind: TrackKind, fault: OwnFault) -> Talk:
    own = talk.own
    match kind:
        case TrackKind.CAMERA:
            return replace(talk, own=replace(own, camera_on=False, camera_fault=fault))
        case TrackKind.MICROPHONE:
            return replace(talk, own=replace(own, microphone_on=False, microphone_fault=fault))
        case TrackKind.SCREEN:
            own = replace(own, screen_on=False, screen_failed=True)
            off = replace(talk.wishes, screen_on=False)
            return replace(talk, own=own, wishes=off, asked=replace(talk.asked, screen_on=False))
        case _:
            assert_never(kind)
