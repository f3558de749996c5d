"""A call page on fakes: what the call says goes in, what the person wished comes out."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from client_api.records import Message, Notes, NotesDraft
from client_api.server_clock import ServerClock
from client_api.tasks import Tasks
from client_api.wire import ClientMessageId, ReportId, Role, SessionId
from desktop.call.events import CallEvent
from desktop.call.setup import CallSetup, LocalMedia, MediaWishes
from desktop.call.states import CallState, InCall, Peer, Talk
from desktop.viewmodels.call_page import CallPage
from desktop.viewmodels.call_state import CallPageState, RefusedChoice
from desktop.viewmodels.chat_panel import ChatPanel
from desktop.viewmodels.notes_panel import NotesPanel
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.preflight_desk import DeviceChoice, DeviceChoices, DeviceRole
from preflight.devices.frames import DeviceId
from tests.fakes.clock import FakeClock
from tests.fakes.preflight_desk import device
from tests.fakes.wire_samples import mechanic_session, sample_clock, sample_session

PRESENT = Peer(in_room=True, was_seen=True, camera_on=True, microphone_on=True)


def make_talk(peer: Peer = PRESENT, **changes: Any) -> Talk:
    """Return a talk with both sides there, changed as asked for."""
    setup = CallSetup(
        call_id=uuid.UUID(int=1),
        session=SessionId("s"),
        role=Role.MECHANIC,
        report=ReportId("r"),
        media=LocalMedia(None, None, None),
    )
    fields: dict[str, Any] = {"wishes": MediaWishes(), "asked": MediaWishes()} | changes
    return Talk(setup=setup, number=1, peer=peer, **fields)


class FakeCallDevices:
    """The devices of a call, what was chosen, and how often somebody looked for more."""

    def __init__(self) -> None:
        self.devices = DeviceChoices(
            camera=DeviceChoice((device("Integrated"), device("USB")), DeviceId("integrated")),
            microphone=DeviceChoice((device("Headset"),), DeviceId("headset")),
        )
        self.chosen: list[tuple[DeviceRole, DeviceId]] = []
        self.refused: RefusedChoice | None = None
        self.looks = 0

    def look(self) -> None:
        self.looks += 1

    def dismiss(self) -> None:
        self.refused = None

    def choose(self, role: DeviceRole, choice: DeviceId) -> None:
        self.refused = None
        self.chosen.append((role, choice))
        if role is DeviceRole.MICROPHONE:
            self.devices = replace(self.devices, microphone=DeviceChoice(chosen=choice))


class MemoryNotesDesk:
    """Keeps notes in memory and counts their versions."""

    def __init__(self) -> None:
        self.stored = Notes(version=0, findings=(), text="", updated_at=None)

    async def read(self) -> Notes:
        return self.stored

    async def write(self, draft: NotesDraft, *, version: int) -> Notes:
        self.stored = Notes(
            version=version + 1, findings=draft.findings, text=draft.text, updated_at=None
        )
        return self.stored


class CallStage:
    """A call page of one role with everything around it.

    Attributes:
        sent: the wishes the call's actor would get.
        queued: the chat messages the durable queue would get.
    """

    def __init__(self, role: Role = Role.MECHANIC) -> None:
        self.clock = FakeClock()
        self.paid = ServerClock(self.clock)
        self.tasks = Tasks()
        self.sent: list[CallEvent] = []
        self.queued: list[tuple[ClientMessageId, str]] = []
        self.devices = FakeCallDevices()
        self.notes_desk = MemoryNotesDesk()
        self.remote, self.screen, self.own = (PictureMailbox() for _ in range(3))
        self.chat = ChatPanel(
            my_role=role, queue=lambda *message: self.queued.append(message), clock=self.clock
        )
        is_mechanic = role is Role.MECHANIC
        self.notes = (
            NotesPanel(desk=self.notes_desk, clock=self.clock, spawn=self.tasks.spawn)
            if is_mechanic
            else None
        )
        self.page = CallPage(
            session=mechanic_session() if is_mechanic else sample_session(),
            send=self.sent.append,
            paid_clock=self.paid,
            clock=self.clock,
            devices=self.devices,
            remote=self.remote,
            screen=self.screen,
            own=self.own,
            chat=self.chat,
            notes=self.notes,
        )

    def now(self) -> CallPageState:
        """Return the page state."""
        return self.page.state.value

    def show(self, call: CallState) -> CallPageState:
        """Have the call be in a state; return what the page makes of it."""
        self.page.on_call_state(call)
        return self.now()

    def go_live(self, peer: Peer = PRESENT, **changes: Any) -> CallPageState:
        """Put both into the call."""
        return self.show(InCall(make_talk(peer, **changes)))

    def run_clock(self, remaining_s: float) -> None:
        """Have the paid clock run with so much left."""
        now = self.clock.now()
        self.paid.apply(
            sample_clock(
                server_now=now.isoformat(),
                ends_at=(now + timedelta(seconds=remaining_s)).isoformat(),
                remaining_seconds=remaining_s,
            )
        )

    def pass_time(self, seconds: float) -> CallPageState:
        """Let time pass and have the page look at it."""
        self.clock.move(seconds)
        self.page.tick()
        return self.now()

    def say(self, text: str, *, author: Role = Role.CUSTOMER, number: int = 1) -> None:
        """Have a chat message arrive."""
        self.chat.on_messages(
            [
                Message(
                    id=number,
                    client_id=ClientMessageId(f"m{number}"),
                    session_id=SessionId("s"),
                    author=author,
                    text=text,
                    sent_at=self.clock.now(),
                )
            ]
        )
