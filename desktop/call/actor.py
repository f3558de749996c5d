"""The one actor that runs a call: one task, one bounded queue, effects as tasks.

`machine.step` decides; here its effects meet the room, the service, the outbox and the clock, and
their results come back as events. Nothing here changes call state in any other way.

    post(event) ─> queue ─> step(state, event) ─> state ─> listeners
                     ^             │
                     └─ results ── effects (tasks)
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, TypeVarTuple, assert_never

from client_api.api import ServiceApi
from client_api.clock import Clock
from client_api.durable_queue import IntentKind, QueueFull
from client_api.errors import ClientError
from client_api.listeners import Listeners, Unsubscribe
from client_api.outbox import Delivered, Delivery, Outbox, Rejected, Waiting
from client_api.records import QualitySample
from client_api.server_clock import ServerClock
from client_api.stream_events import ClockChanged, ReadinessChanged, SessionEvent
from client_api.tasks import Tasks, spawn
from client_api.wire import AttemptId, EndedSession, SessionId
from desktop.call import effects as fx
from desktop.call import events as ev
from desktop.call.clock_poll import poll_clock
from desktop.call.machine import attempt_of, step
from desktop.call.ports import RoomGateway
from desktop.call.readiness_voice import ReadinessListener, ReadinessVoice
from desktop.call.refusals import failure_of
from desktop.call.samples import GatheredSamples
from desktop.call.session_feed import SessionFeed
from desktop.call.states import CallState, Ended, Idle, session_of

_log = logging.getLogger(__name__)

Ts = TypeVarTuple("Ts")

QUEUE_LENGTH = 512
ROOM_FOR_FACTS = 256
"""Beyond this, only events that the next one replaces are dropped."""
LONGEST_CHAIN = 64
JOIN_GRACE_S = 5.0

_REPLACEABLE = (ev.ClockTicked, ev.QualityMeasured, ev.MediaStalled)

_chain: ContextVar[int] = ContextVar("chain", default=0)
"""How many effects led to the present one without time passing or anybody acting."""

StateListener = Callable[[CallState], None]
AnnouncementListener = Callable[[fx.Announcement], None]
SessionEventListener = Callable[[SessionEvent], None]


class CallActor:
    """Runs calls, one after the other. Made once; `start`, then `post` events, then `close`.

    Always true: `state` changes only between two events; listeners are called on the
    Qt/asyncio thread, in order; a join is never cancelled.
    """

    def __init__(
        self,
        room: RoomGateway,
        service: ServiceApi,
        outbox: Outbox,
        clock: Clock,
        *,
        rng: random.Random | None = None,
    ) -> None:
        self._room = room
        self._service = service
        self._outbox = outbox
        self._clock = clock
        self._rng = rng or random.Random()
        self._state: CallState = Idle()
        self._queue: asyncio.Queue[tuple[ev.CallEvent, int]] = asyncio.Queue(QUEUE_LENGTH)
        self._tasks = Tasks()
        self._joins: set[asyncio.Task[None]] = set()
        self._timers: dict[ev.Timer, asyncio.Task[None]] = {}
        self._feed: SessionFeed | None = None
        self._samples = GatheredSamples(self._keep_samples)
        self._server_clock = ServerClock(clock)
        self._states = Listeners[CallState]("the call's state")
        self._announcements = Listeners[fx.Announcement]("what is told once")
        self._session_events = Listeners[SessionEvent]("the session's events")
        self._readiness = ReadinessVoice(service)
        self._outbox_ends: Unsubscribe = lambda: None
        room.listen(self.post)

    @property
    def state(self) -> CallState:
        """The present state."""
        return self._state

    @property
    def server_clock(self) -> ServerClock:
        """The paid clock of the present call; ask it for the remaining seconds to paint."""
        return self._server_clock

    def subscribe(self, listener: StateListener) -> Unsubscribe:
        """Call ``listener`` now and after every change of the state."""
        unsubscribe = self._states.add(listener)
        listener(self._state)
        return unsubscribe

    def on_announcement(self, listener: AnnouncementListener) -> Unsubscribe:
        """Call ``listener`` for what is to be told once (both joined, time left)."""
        return self._announcements.add(listener)

    def on_session_event(self, listener: SessionEventListener) -> Unsubscribe:
        """Call ``listener`` for every event of the session's stream (chat, notes …)."""
        return self._session_events.add(listener)

    def on_readiness(self, listener: ReadinessListener) -> Unsubscribe:
        """Call ``listener`` with what the service answers when it is told how far we are."""
        return self._readiness.listen(listener)

    def start(self) -> None:
        """Begin to work on events."""
        self._outbox_ends = self._outbox.listen(self._on_delivery)
        self._tasks.spawn(self._run(), name="call actor")

    def post(self, event: ev.CallEvent) -> None:
        """Say that something happened. From the Qt/asyncio thread; returns at once."""
        self._put(event, _chain.get())

    async def wait_until_over(self) -> Ended:
        """Return when the call is over; for whoever closes the window or the program."""
        over: asyncio.Future[Ended] = asyncio.get_running_loop().create_future()

        def look(state: CallState) -> None:
            if isinstance(state, Ended) and not over.done():
                over.set_result(state)

        unsubscribe = self.subscribe(look)
        try:
            return await over
        finally:
            unsubscribe()

    async def close(self) -> None:
        """Stop working. A room still open is left; a join that runs is let go, not cancelled."""
        self._outbox_ends()
        attempt = attempt_of(self._state)
        if attempt is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(JOIN_GRACE_S):
                    await self._room.leave(attempt)
        if self._feed is not None:
            await self._feed.close()
        await self._tasks.close()
        if self._joins:
            await asyncio.wait(self._joins, timeout=JOIN_GRACE_S)

    # --- the loop --------------------------------------------------------------------------------

    def _put(self, event: ev.CallEvent, chain: int) -> None:
        waiting = self._queue.qsize()
        if waiting >= ROOM_FOR_FACTS and isinstance(event, _REPLACEABLE):
            return
        if waiting >= QUEUE_LENGTH:
            _log.error("the call's queue is full; dropped %s", type(event).__name__)
            return
        self._queue.put_nowait((event, chain))

    async def _run(self) -> None:
        while True:
            event, chain = await self._queue.get()
            if chain > LONGEST_CHAIN:
                _log.error("events chase each other; cut at %s", type(event).__name__)
                event, chain = ev.EffectCrashed("endless chain"), 0
            try:
                self._turn(event, chain)
            except Exception as error:
                # The loop must live: it is what leaves the room and ends the session.
                _log.exception("%s could not be dealt with", type(event).__name__)
                if not isinstance(event, ev.EffectCrashed):
                    self._put(ev.EffectCrashed(f"turn: {type(error).__name__}"), chain + 1)

    def _turn(self, event: ev.CallEvent, chain: int) -> None:
        self._take_note(event)
        state, effects = step(self._state, event)
        if state is not self._state:
            self._state = state
            self._states.tell(state)
        # Whatever the effects set off is one link further from the event's own cause.
        token = _chain.set(chain + 1)
        try:
            for effect in effects:
                self._perform(effect)
        finally:
            _chain.reset(token)
        if isinstance(event, ev.SessionEventArrived):
            self._session_events.tell(event.event)

    def _take_note(self, event: ev.CallEvent) -> None:
        """Keep what painting and posting need and `step` does not decide on."""
        match event:
            case ev.JoinRequested():
                self._server_clock = ServerClock(self._clock)
                self._samples.begin()
            case ev.QualityMeasured(_, sample):
                self._samples.add(sample)
            case ev.ClockRead(_, clock) | ev.StartAnswered(_, clock):
                self._server_clock.apply(clock)
            case ev.SessionEventArrived(ClockChanged() as changed):
                self._server_clock.apply(changed.clock)
            case ev.SessionEventArrived(ReadinessChanged()):
                self._readiness.hear()
            case _:
                pass

    # --- effects ---------------------------------------------------------------------------------

    def _perform(self, effect: fx.Effect) -> None:
        match effect:
            case fx.JoinRoom():
                # Not one of `_tasks`: those are cancelled at the end, a join never is.
                join = spawn(self._join(effect), name="join room")
                self._joins.add(join)
                join.add_done_callback(self._joins.discard)
            case fx.LeaveRoom(attempt):
                self._work("leave room", self._leave, attempt)
            case fx.SendTrack():
                self._work("send track", self._send_track, effect)
            case fx.UseMedia(attempt, media):
                self._work("use media", self._room.use_media, attempt, media)
            case fx.FetchTicket():
                self._work("fetch ticket", self._fetch_ticket, effect)
                # Known before the paid clock begins to run, which both sides show at once.
                self._work("learn the time", self._learn_time, effect.session)
            case fx.StartSession():
                self._work("start session", self._start_session, effect)
            case fx.SendEnd():
                self._work("send end", self._send_end, effect)
            case fx.UndoEnd(session, attempt):
                self._work("undo end", self._undo_end, session, attempt)
            case fx.ReadClock(session, attempt):
                self._work("read clock", self._read_clock, session, attempt)
            case fx.TellReadiness():
                self._work("tell readiness", self._readiness.tell, effect)
            case fx.OpenStream(session):
                self._open_stream(session)
            case fx.CloseStream():
                # Given away at once: a new call may open its own before this one has ended.
                feed, self._feed = self._feed, None
                if feed is not None:
                    self._work("close stream", feed.close)
            case fx.StartTimer():
                self._start_timer(effect)
            case fx.StopTimers():
                for timer in self._timers.values():
                    timer.cancel()
                self._timers.clear()
            case fx.AnnounceBothJoined() | fx.AnnounceTimeLeft():
                self._announcements.tell(effect)
            case _:
                assert_never(effect)

    def _work(
        self, name: str, work: Callable[[*Ts], Coroutine[Any, Any, None]], *args: *Ts
    ) -> None:
        self._tasks.spawn(self._guarded(name, work, *args), name=name)

    async def _guarded(
        self, name: str, work: Callable[[*Ts], Coroutine[Any, Any, None]], *args: *Ts
    ) -> None:
        try:
            await work(*args)
        except Exception as error:
            # A fault of ours must end the call in words, not leave it standing for ever.
            _log.exception("the effect %r failed", name)
            self.post(ev.EffectCrashed(f"{name}: {type(error).__name__}"))

    async def _join(self, effect: fx.JoinRoom) -> None:
        await self._guarded(
            "join room",
            self._room.join,
            effect.attempt,
            effect.ticket,
            effect.media,
            effect.wishes,
        )

    async def _keep_samples(
        self, session: SessionId, attempt: AttemptId, samples: tuple[QualitySample, ...]
    ) -> None:
        with suppress(QueueFull):
            await self._outbox.quality(session, attempt, samples)

    async def _leave(self, attempt: AttemptId) -> None:
        await self._room.leave(attempt)
        self.post(ev.RoomLeft(attempt))
        await self._samples.keep_rest(attempt)

    async def _send_track(self, effect: fx.SendTrack) -> None:
        match effect.kind:
            case ev.TrackKind.MICROPHONE:
                await self._room.set_microphone(effect.attempt, effect.is_on)
            case ev.TrackKind.CAMERA:
                await self._room.set_camera(effect.attempt, effect.is_on)
            case ev.TrackKind.SCREEN:
                await self._room.set_screen_share(effect.attempt, effect.is_on)
            case _:
                assert_never(effect.kind)

    async def _fetch_ticket(self, effect: fx.FetchTicket) -> None:
        try:
            ticket = await self._service.session_token(
                effect.session, report=effect.report, attempt=effect.attempt
            )
        except ClientError as error:
            self.post(ev.TicketFailed(effect.attempt, failure_of(error)))
            return
        self.post(ev.TicketFetched(effect.attempt, ticket))

    async def _start_session(self, effect: fx.StartSession) -> None:
        try:
            started = await self._service.start_session(effect.session)
        except ClientError as error:
            self.post(ev.StartFailed(effect.attempt, failure_of(error)))
            return
        self.post(ev.StartAnswered(effect.attempt, started.clock))

    async def _read_clock(self, session: SessionId, attempt: AttemptId) -> None:
        await self._samples.keep_batch(session, attempt)
        try:
            clock = await poll_clock(session, self._service, self._server_clock, self._clock)
        except ClientError as error:
            self.post(ev.ClockFailed(attempt, failure_of(error)))
            return
        self.post(ev.ClockRead(attempt, clock))

    async def _learn_time(self, session: SessionId) -> None:
        # Silence is no news here: the polls of the call tell of it.
        with suppress(ClientError):
            clock = await poll_clock(session, self._service, self._server_clock, self._clock)
            self._server_clock.apply(clock)

    async def _send_end(self, effect: fx.SendEnd) -> None:
        pressed_at = self._server_clock.server_now() or self._clock.now()
        await self._outbox.end(
            effect.session, effect.reason, pressed_at=pressed_at, attempt=effect.attempt
        )

    async def _undo_end(self, session: SessionId, attempt: AttemptId) -> None:
        self.post(ev.EndUndone(attempt, await self._outbox.undo_end(session)))

    def _on_delivery(self, delivery: Delivery) -> None:
        attempt, session = attempt_of(self._state), session_of(self._state)
        intent = delivery.intent
        if attempt is None or intent.kind is not IntentKind.END or intent.session != session:
            return
        match delivery:
            case Delivered(_, answer):
                # An end is answered with its session: the kind was looked at above.
                assert isinstance(answer, EndedSession)
                self.post(ev.EndAnswered(attempt, answer))
            case Waiting():
                self.post(ev.EndQueued(attempt))
            case Rejected(_, code):
                self.post(ev.EndFailed(attempt, ev.Failure(ev.ServiceFault.REFUSED, code)))
            case _:
                assert_never(delivery)

    # --- time and stream -------------------------------------------------------------------------

    def _start_timer(self, effect: fx.StartTimer) -> None:
        running = self._timers.pop(effect.timer, None)
        if running is not None:
            running.cancel()
        seconds = effect.seconds
        if effect.jitter:
            seconds *= self._rng.uniform(1.0, 1.25)
        self._timers[effect.timer] = self._tasks.spawn(
            self._fire(effect.attempt, effect.timer, seconds), name=f"timer {effect.timer.value}"
        )

    async def _fire(self, attempt: AttemptId, timer: ev.Timer, seconds: float) -> None:
        _chain.set(0)
        await self._clock.sleep(seconds)
        self.post(ev.TimerFired(attempt, timer))

    def _open_stream(self, session: SessionId) -> None:
        if self._feed is None:
            self._feed = SessionFeed(
                session, self._service, self._server_clock, self._clock, self._post_afresh
            )
        self._feed.open()

    def _post_afresh(self, event: ev.CallEvent) -> None:
        """Post what nobody's effect led to."""
        self._put(event, 0)
