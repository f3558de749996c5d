"""Calls in each state, and one of every event: the examples that tests of calls share."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from client_api.errors import ErrorCode
from client_api.records import Message, QualitySample, SharedFiles
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
    SettlementChanged,
    StatusChanged,
)
from client_api.wire import (
    AttemptId,
    ClockState,
    EndedSession,
    PresenceState,
    ReadinessState,
    ReportId,
    Role,
    RoomTicket,
    Session,
    SessionClock,
    SessionEnd,
    SessionStatus,
    Settlement,
)
from desktop.call import events as ev
from desktop.call.setup import CallSetup, LocalMedia, MediaWishes
from desktop.call.states import (
    CallState,
    Ended,
    EndProgress,
    EndReason,
    FetchingToken,
    Idle,
    InCall,
    Joining,
    Leaving,
    LeavingFor,
    Peer,
    Rejoining,
    RejoinStage,
    Talk,
)
from tests.fakes.played_devices import FakeCamera, FakeMicrophone, FakeSpeaker
from tests.fakes.wire_samples import answer, sample_clock, sample_session

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CUSTOMER = "customer-5f0c6a52-8a0e-4c3f-9d0b-2f2d1a4b7c01"
MECHANIC = "mechanic-c2d4e6f8-1a3b-4c5d-8e7f-0a1b2c3d4e03"
NO_MEDIA = LocalMedia(None, None, None)
MEDIA = LocalMedia(FakeCamera(), FakeMicrophone(), FakeSpeaker())
"""For whoever reaches a room: it publishes what there is and nothing else."""
ALL_ON = MediaWishes()
OTHER_MEDIA = LocalMedia(None, None, None)
"""Devices are the same only when they are the very same."""


def setup(
    role: Role = Role.CUSTOMER, wishes: MediaWishes = ALL_ON, media: LocalMedia = NO_MEDIA
) -> CallSetup:
    """Return what a call begins with, without real devices."""
    return CallSetup(
        uuid.UUID("00000000-0000-4000-8000-000000000001"),
        sample_session().id,
        role,
        ReportId("aa11bb22-cc33-4d44-8e55-ff6677889907"),
        media,
        wishes,
    )


def talk(role: Role = Role.CUSTOMER, wishes: MediaWishes = ALL_ON) -> Talk:
    """Return a talk at its first attempt."""
    return Talk(setup(role, wishes), number=1, wishes=wishes, asked=wishes, given=NO_MEDIA)


def talk_in_room(role: Role = Role.CUSTOMER) -> Talk:
    """Return a talk whose room is open and empty."""
    fresh = talk(role)
    return replace(fresh, joined=fresh.attempt)


def talk_running(role: Role = Role.CUSTOMER) -> Talk:
    """Return a talk in which both are there and paid time runs."""
    return replace(
        talk_in_room(role),
        peer=Peer(in_room=True, was_seen=True, camera_on=True, microphone_on=True),
        clock=sample_clock(),
        is_started=True,
        start_asked=True,
        both_announced=True,
    )


def clock(state: ClockState = ClockState.RUNNING, revision: int = 3) -> SessionClock:
    """Return a paid clock in a state."""
    running = sample_clock()
    ends_at = running.ends_at if state is ClockState.RUNNING else None
    return msgspec.structs.replace(running, state=state, revision=revision, ends_at=ends_at)


def states() -> dict[str, CallState]:
    """Return every state, the ones with stages in each of them, all at the same attempt."""
    fresh, running = talk(), talk_running()
    found: dict[str, CallState] = {
        "idle": Idle(),
        "fetching": FetchingToken(fresh),
        "fetching again": FetchingToken(fresh, 1),
        "joining": Joining(fresh),
        "joining again": Joining(fresh, 1),
        "in call, alone": InCall(talk_in_room()),
        "in call": InCall(running),
        "in call, as mechanic": InCall(talk_running(Role.MECHANIC)),
        "in call, muted": InCall(
            replace(running, wishes=MediaWishes(False, False), asked=MediaWishes(False, False))
        ),
        "ended without a call": Ended(EndReason.USER_LEFT),
        "ended": Ended(EndReason.SESSION_ENDED, running),
    }
    for progress in EndProgress:
        found[f"in call, end {progress.value}"] = InCall(replace(running, end=progress))
    for stage in RejoinStage:
        found[f"rejoining, {stage.value}"] = Rejoining(running, stage)
        queued = replace(running, end=EndProgress.QUEUED)
        found[f"rejoining, {stage.value}, end queued"] = Rejoining(queued, stage, 3)
    for waits_for in LeavingFor:
        found[f"leaving for {waits_for.value}"] = Leaving(running, waits_for, EndReason.USER_LEFT)
    return found


def events(attempt: AttemptId) -> list[ev.CallEvent]:
    """Return one of every event and of every variant that is decided upon."""
    refused = [
        ev.Failure(ev.ServiceFault.REFUSED, code)
        for code in (
            ErrorCode.AUTH_EXPIRED,
            ErrorCode.PREFLIGHT_REQUIRED,
            ErrorCode.SESSION_ENDED,
            ErrorCode.SESSION_NOT_BOTH_PRESENT,
            ErrorCode.SESSION_NOT_FOUND,
            ErrorCode.SFU_UNAVAILABLE,
        )
    ]
    failures = [
        *refused,
        ev.Failure(ev.ServiceFault.UNREACHABLE),
        ev.Failure(ev.ServiceFault.BROKEN),
    ]
    made: list[ev.CallEvent] = [
        ev.JoinRequested(setup()),
        ev.MediaSwitched(OTHER_MEDIA),
        ev.EndRequested(),
        ev.UndoEndRequested(),
        ev.WindowClosed(),
        ev.LeaveRequested(),
        ev.RoomJoined(attempt, (), 200.0),
        ev.RoomJoined(attempt, (MECHANIC,), 200.0),
        ev.PeerJoined(attempt, MECHANIC),
        ev.PeerJoined(attempt, "probe-1"),
        ev.PeerLeft(attempt, MECHANIC),
        ev.PeerLeft(attempt, "probe-1"),
        ev.MediaStalled(attempt, 2_100.0),
        ev.MediaStalled(attempt, 5_100.0),
        ev.MediaResumed(attempt),
        ev.RoomReconnecting(attempt),
        ev.RoomReconnected(attempt, (MECHANIC,)),
        ev.QualityMeasured(attempt, quality_sample()),
        ev.RoomLeft(attempt),
        ev.TicketFetched(attempt, ticket(attempt)),
        ev.StartAnswered(attempt, clock()),
        ev.ClockRead(attempt, clock()),
        ev.ClockRead(attempt, clock(ClockState.PAUSED, 4)),
        ev.ClockRead(attempt, clock(ClockState.ENDED, 9)),
        ev.ClockRead(attempt, clock(ClockState.NOT_STARTED, 1)),
        ev.EndQueued(attempt),
        ev.EndAnswered(attempt, ended_session()),
        ev.EndAnswered(attempt, EndedSession(SessionStatus.LIVE, None, None)),
        ev.EndUndone(attempt, True),
        ev.EndUndone(attempt, False),
        ev.ClockTicked(1800.0),
        ev.ClockTicked(299.9),
        ev.ClockTicked(59.0),
        ev.ClockTicked(0.0),
        ev.EffectCrashed("test"),
    ]
    for is_on in (True, False):
        made += [
            ev.MicrophoneWished(is_on),
            ev.CameraWished(is_on),
            ev.ScreenShareWished(is_on),
            ev.OwnNetworkChanged(attempt, is_on),
            ev.SpeakerChanged(attempt, is_on),
        ]
        for kind in ev.TrackKind:
            made.append(ev.PeerMediaChanged(attempt, MECHANIC, kind, is_on))
            made.append(ev.OwnMediaChanged(attempt, kind, is_on))
    made.append(ev.PeerMediaChanged(attempt, "probe-1", ev.TrackKind.CAMERA, True))
    made += [
        ev.OwnMediaFailed(attempt, kind, "", fault)
        for kind in ev.TrackKind
        for fault in ev.OwnFault
    ]
    made += [ev.RoomJoinFailed(attempt, fault) for fault in ev.JoinFault]
    made += [ev.RoomDisconnected(attempt, reason) for reason in ev.DisconnectReason]
    made += [ev.TimerFired(attempt, timer) for timer in ev.Timer]
    for failure in failures:
        made += [
            ev.TicketFailed(attempt, failure),
            ev.StartFailed(attempt, failure),
            ev.ClockFailed(attempt, failure),
            ev.EndFailed(attempt, failure),
            ev.SessionStreamFailed(failure),
        ]
    made += [ev.SessionEventArrived(event) for event in session_events()]
    return made


def session_events() -> list[ev.SessionEvent]:
    """Return one of every kind of the session's stream, and both presences."""
    absent = PresenceChanged(NOW, Role.MECHANIC, PresenceState.ABSENT, NOW, NOW, 590.0)
    return [
        StatusChanged(NOW, SessionStatus.LIVE),
        StatusChanged(NOW, SessionStatus.COMPLETED),
        ReadinessChanged(NOW, Role.MECHANIC, ReadinessState.READY, 6),
        absent,
        PresenceChanged(NOW, Role.MECHANIC, PresenceState.PRESENT, NOW, None, 590.0),
        PresenceChanged(NOW, Role.CUSTOMER, PresenceState.ABSENT, NOW, NOW, 590.0),
        ClockChanged(NOW, clock()),
        ClockChanged(NOW, clock(ClockState.ENDED, 9)),
        MessageArrived(NOW, answer("message", Message)),
        FileShared(NOW, answer("files", SharedFiles).files[0]),
        NotesChanged(NOW, 2),
        RecordingConsentSaid(NOW, Role.MECHANIC, True, False),
        ExtensionPaid(NOW, 15, 1499),
        SessionEnded(NOW, SessionStatus.COMPLETED, session_end()),
        SettlementChanged(NOW, settlement()),
    ]


def session_end() -> SessionEnd:
    """Return how the fixtures' session ended."""
    end = answer("session_completed", Session).end
    assert end is not None
    return end


def ended_session() -> EndedSession:
    """Return the answer to an end."""
    return answer("session_end", EndedSession)


def settlement() -> Settlement:
    """Return a settlement that is done."""
    done = answer("session_completed", Session).settlement
    assert done is not None
    return done


def ticket(attempt: AttemptId) -> RoomTicket:
    """Return the way into the room for an attempt."""
    return msgspec.structs.replace(answer("session_token", RoomTicket), attempt=attempt)


def quality_sample() -> QualitySample:
    """Return a second of a good call."""
    return QualitySample(NOW, 24.0, 0.0, 0.0, 3.0, 1650.0, 1610.0, 30.0, 30.0, 1280, 720, 0)
