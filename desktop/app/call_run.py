"""One call on the screen: the actor's states, chat, notes and devices brought to the call page.

Made when *Join session* was pressed and the preflight handed its devices over; closed when the
page goes. The actor, the room and the outbox outlive it: a call decides nothing here.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from client_api.api import ServiceApi
from client_api.clock import Clock
from client_api.durable_queue import IntentKind, QueueFull
from client_api.errors import ClientError
from client_api.outbox import Delivered, Delivery, MessageBody, Outbox, Rejected
from client_api.records import Message
from client_api.stream_events import MessageArrived, ReadinessChanged, SessionEvent
from client_api.tasks import Tasks
from client_api.wire import ClientMessageId, Readiness, Role, Session, SessionClock
from desktop.app.call_devices import CallDevices
from desktop.app.entry import Entry
from desktop.app.last_call import LastCall
from desktop.app.queued_notes import QueuedNotes
from desktop.call.actor import CallActor
from desktop.call.events import JoinRequested, LeaveRequested, MediaSwitched, WindowClosed
from desktop.call.setup import CallSetup, MediaWishes
from desktop.call.states import CallState, Ended, EndReason, Idle
from desktop.viewmodels.call_page import CallPage
from desktop.viewmodels.chat_panel import ChatPanel
from desktop.viewmodels.notes_panel import NotesPanel
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.preflight_desk import DeviceRole
from preflight.devices.ports import DeviceCatalogue
from preflight.memory.call_devices_file import keep_call_devices

_log = logging.getLogger(__name__)

WhenOver = Callable[[Ended], None]


class _ActorsClock:
    """The paid clock of whatever call the actor runs now (`PaidClock`)."""

    def __init__(self, actor: CallActor) -> None:
        self._actor = actor

    @property
    def session_clock(self) -> SessionClock | None:
        return self._actor.server_clock.session_clock

    def server_now(self) -> datetime | None:
        return self._actor.server_clock.server_now()

    def remaining_seconds(self) -> float | None:
        return self._actor.server_clock.remaining_seconds()


class CallRun:
    """The call of one session. ``start`` once, ``close`` once."""

    def __init__(
        self,
        session: Session,
        entry: Entry,
        *,
        actor: CallActor,
        service: ServiceApi,
        outbox: Outbox,
        clock: Clock,
        catalogue: DeviceCatalogue,
        remote: PictureMailbox,
        screen: PictureMailbox,
        last_call: LastCall,
        reports: Path,
        when_over: WhenOver,
    ) -> None:
        self.session = session
        self._entry = entry
        self._their = entry.their
        self._actor = actor
        self._service = service
        self._outbox = outbox
        self._clock = clock
        self._last_call = last_call
        self._reports = reports
        self._wishes = entry.wishes
        self._when_over = when_over
        self._tasks = Tasks()
        self._endings: list[Callable[[], None]] = []
        self._began = False
        own = PictureMailbox()
        self.devices = CallDevices(
            entry.proven,
            catalogue,
            own,
            on_switched=lambda media: actor.post(MediaSwitched(media)),
            on_changed=self._on_devices_changed,
            on_used=self._on_used,
            their_rung=entry.their.rung,
            detail_first=session.my_role is Role.CUSTOMER,
        )
        role = session.my_role
        self.chat = ChatPanel(my_role=role, queue=self._queue_message, clock=clock)
        self._notes_desk = QueuedNotes(session.id, service, outbox)
        notes = None
        if role is Role.MECHANIC:
            notes = NotesPanel(desk=self._notes_desk, clock=clock, spawn=self._tasks.spawn)
        self.notes = notes
        self.page = CallPage(
            session=session,
            send=actor.post,
            paid_clock=_ActorsClock(actor),
            clock=clock,
            devices=self.devices,
            remote=remote,
            screen=screen,
            own=own,
            chat=self.chat,
            notes=notes,
        )

    def start(self) -> None:
        """Join, and keep the page up to date until ``close``."""
        self._endings = [
            self._actor.on_announcement(self.page.on_announcement),
            self._actor.on_session_event(self._on_session_event),
            self._actor.on_readiness(self._on_readiness),
            self._outbox.listen(self._on_delivery),
        ]
        self._actor.post(
            JoinRequested(
                CallSetup(
                    call_id=uuid.uuid4(),
                    session=self.session.id,
                    role=self.session.my_role,
                    report=self._entry.report,
                    media=self.devices.media,
                    wishes=self._entry.wishes,
                    rung=self._entry.proven.limits.receives,
                )
            )
        )
        self._endings.append(self._actor.subscribe(self._on_state))
        self.devices.look()
        if self.notes is not None:
            self.notes.start()
        self._tasks.spawn(self._fetch_messages(), name="earlier messages")
        noting = self._last_call.keep_noting(self.session.id, self._wished)
        self._tasks.spawn(noting, name="note the call")

    @property
    def is_running(self) -> bool:
        """True until the call is over."""
        return self._began and not isinstance(self._actor.state, Idle | Ended)

    async def leave_for_close(self) -> None:
        """The window is being closed: end shortly and leave; returns when the call is over."""
        if isinstance(self._actor.state, Idle | Ended):
            return
        self._actor.post(WindowClosed())
        await self._actor.wait_until_over()

    async def leave_for_stop(self) -> None:
        """The process must go: leave the room without ending the session."""
        if isinstance(self._actor.state, Idle | Ended):
            return
        self._actor.post(LeaveRequested())
        await self._actor.wait_until_over()

    async def close(self) -> None:
        """End what belongs to this call and close its devices. Idempotent."""
        endings, self._endings = self._endings, []
        for ending in endings:
            ending()
        self._notes_desk.close()
        self.page.close()
        await self._tasks.close()
        await self._last_call.note(self.session.id, self._wished)
        await self.devices.close()

    # --- what comes from the call -------------------------------------------------------------

    def _on_state(self, state: CallState) -> None:
        if not self._began:
            # The actor tells the end of an earlier call until it has heard of this one.
            if isinstance(state, Idle | Ended):
                return
            self._began = True
        self.page.on_call_state(state)
        self._note_wishes(state)
        if isinstance(state, Ended):
            self._when_over(state)

    def _wished(self) -> MediaWishes:
        return self._wishes

    def _note_wishes(self, state: CallState) -> None:
        talk = None if isinstance(state, Idle) else state.talk
        if talk is None or talk.wishes == self._wishes:
            return
        self._wishes = talk.wishes
        noting = self._last_call.note(self.session.id, self._wished)
        self._tasks.spawn(noting, name="note what is sent")

    def _on_session_event(self, event: SessionEvent) -> None:
        match event:
            case MessageArrived(message=message) if message.session_id == self.session.id:
                self.chat.on_messages([message])
            case ReadinessChanged() if self._their.hear(event):
                self.devices.limit_to(self._their.rung)
            case _:
                pass

    def _on_readiness(self, both: Readiness) -> None:
        # The actor tells no answer that an event came before.
        if self._their.answered(both, heard=self._their.heard):
            self.devices.limit_to(self._their.rung)

    def _on_devices_changed(self) -> None:
        self.page.on_devices_changed()

    def _on_used(self, role: DeviceRole) -> None:
        media = self.devices.media
        used = [
            None if device is None else device.info
            for device in (media.camera, media.microphone, media.speaker)
        ]
        keeping = keep_call_devices(self._reports, *used, chosen={role.value})
        self._tasks.spawn(keeping, name="keep the call's devices")

    # --- chat through the durable queue -------------------------------------------------------

    def _queue_message(self, client_id: ClientMessageId, text: str) -> None:
        self._tasks.spawn(self._keep_message(client_id, text), name="keep a message")

    async def _keep_message(self, client_id: ClientMessageId, text: str) -> None:
        try:
            await self._outbox.message(self.session.id, text, client_id=client_id)
        except (QueueFull, OSError) as error:
            _log.error("a message could not be kept: %s", type(error).__name__)
            self.chat.on_refused(client_id)

    async def _fetch_messages(self) -> None:
        for waiting in await self._outbox.waiting(self.session.id):
            if waiting.kind is IntentKind.MESSAGE:
                body = msgspec.json.decode(waiting.body, type=MessageBody)
                self.chat.on_waiting(body.client_id, body.text, self._clock.now())
        try:
            self.chat.on_messages(await self._service.messages(self.session.id))
        except ClientError as error:
            # The stream brings what comes from now on; only what was said earlier is missing.
            _log.info("earlier messages could not be read: %s", type(error).__name__)

    def _on_delivery(self, delivery: Delivery) -> None:
        intent = delivery.intent
        if intent.session != self.session.id or intent.kind is not IntentKind.MESSAGE:
            return
        match delivery:
            case Delivered(_, Message() as message):
                self.chat.on_messages([message])
            case Rejected():
                self.chat.on_refused(ClientMessageId(intent.key))
            case _:
                pass


def is_over_for_good(ended: Ended) -> bool:
    """True when the session itself is over, so that its summary is what comes next."""
    return ended.reason in (EndReason.SESSION_ENDED, EndReason.WINDOW_CLOSED)
