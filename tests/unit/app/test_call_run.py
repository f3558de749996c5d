"""One call from the hand-over on: what it begins with, what it hears, and what it leaves behind."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from client_api.records import Message
from client_api.stream_events import MessageArrived, ReadinessChanged
from client_api.wire import (
    ClientMessageId,
    Readiness,
    ReadinessState,
    ReportId,
    Role,
    SideReadiness,
)
from desktop.app.call_run import CallRun, is_over_for_good
from desktop.app.entry import Entry, TheirSide
from desktop.app.last_call import LastCall
from desktop.call.setup import MediaWishes
from desktop.call.states import Ended, EndReason, InCall
from desktop.viewmodels.pictures import PictureMailbox
from desktop.viewmodels.preflight_desk import DeviceRole
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.ports import ProvenDevices, SourceState
from preflight.memory.machine_file import load_memory, save_memory
from preflight.verdicts.recommendation import UNLIMITED
from tests.fakes.call_stage import Stage
from tests.fakes.calls import MECHANIC
from tests.fakes.clock import settle
from tests.fakes.device_shelf import EagerCamera, EagerMicrophone, EagerSpeaker, Shelf, named
from tests.fakes.offload import at_once
from tests.fakes.wire_samples import sample_session

REPORT = ReportId("aa11bb22-cc33-4d44-8e55-ff6677889907")
READ_AT = sample_session().clock.server_now
MUTED = MediaWishes(microphone_on=False, camera_on=False)


@dataclass
class Call:
    """A `CallRun` on fakes, as a customer; nothing runs before `join`."""

    folder: Path
    stage: Stage = field(default_factory=Stage)
    shelf: Shelf = field(default_factory=Shelf)
    over: list[Ended] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.camera = EagerCamera(named("Camera"))
        self.microphone = EagerMicrophone(named("Microphone"))
        self.speaker = EagerSpeaker(named("Speaker"))
        self.camera.open()
        self.microphone.open()
        self.speaker.open(lambda: None)
        self.last_call = LastCall(self.folder, self.stage.clock, at_once)
        self.run: CallRun

    async def join(
        self,
        wishes: MediaWishes = MediaWishes(),  # noqa: B008 - frozen
        *,
        their_rung: int | None = None,
    ) -> CallRun:
        """Take the devices over and come into the room."""
        self.answer_rung(their_rung)
        session = self.stage.service.find(self.stage.session)
        proven = ProvenDevices(self.camera, self.microphone, self.speaker)
        self.stage.actor.start()
        self.run = CallRun(
            session,
            Entry(REPORT, proven, wishes, TheirSide(session)),
            actor=self.stage.actor,
            service=self.stage.service,
            outbox=self.stage.outbox,
            clock=self.stage.clock,
            catalogue=self.shelf,
            remote=PictureMailbox(),
            screen=PictureMailbox(),
            last_call=self.last_call,
            reports=self.folder,
            when_over=self.over.append,
        )
        self.run.start()
        await settle()
        return self.run

    def answer_rung(self, rung: int | None) -> None:
        """Let the service say that the mechanic can receive this."""
        both = self.stage.service.find(self.stage.session).readiness
        mechanic = SideReadiness(ReadinessState.READY, rung)
        self.stage.service.change(self.stage.session, readiness=Readiness(both.customer, mechanic))

    def mechanic_says(
        self, state: ReadinessState, rung: int | None, at: datetime, role: Role = Role.MECHANIC
    ) -> None:
        self.stage.service.tell(ReadinessChanged(at, role, state, rung))

    @property
    def sent_rung(self) -> int:
        """The rung of what the room is given."""
        media = self.stage.room.media
        assert media is not None
        return media.limits.rung

    @property
    def sent_camera(self) -> DeviceId | None:
        """The camera that the room is given."""
        media = self.stage.room.media
        return None if media is None or media.camera is None else media.camera.info.id

    async def close(self) -> None:
        await self.run.close()
        await self.stage.actor.close()


@pytest.fixture
async def call(tmp_path: Path) -> AsyncIterator[Call]:
    made = Call(tmp_path)
    yield made
    await made.close()


async def test_it_begins_with_the_report_the_wishes_and_the_very_devices(call: Call) -> None:
    await call.join(MediaWishes(camera_on=False))

    state = call.stage.expect(InCall)
    assert state.talk.setup.report == REPORT
    assert state.talk.setup.rung == UNLIMITED.receives
    assert state.talk.wishes == MediaWishes(camera_on=False)
    media = call.stage.room.media
    assert media is not None
    assert (media.camera, media.microphone) == (call.camera, call.microphone)
    assert call.stage.room.was_sending[0][1]
    assert not call.stage.room.was_sending[1][1]


async def test_it_sends_what_they_receive_from_the_beginning_and_more_once_they_can(
    call: Call,
) -> None:
    await call.join(their_rung=1)
    narrow = call.sent_rung

    call.mechanic_says(ReadinessState.READY, None, READ_AT + timedelta(seconds=5))
    await settle()

    assert narrow == 1
    assert call.sent_rung == UNLIMITED.rung


async def test_what_was_said_before_the_session_was_read_limits_nothing(call: Call) -> None:
    """The session's stream tells everything from its first event on."""
    await call.join()
    before = call.stage.room.calls.count("use_media")

    call.mechanic_says(ReadinessState.CHECKING, 0, READ_AT - timedelta(seconds=9))
    call.mechanic_says(ReadinessState.READY, 3, READ_AT - timedelta(seconds=5))
    await settle()

    assert call.sent_rung == UNLIMITED.rung
    assert call.stage.room.calls.count("use_media") == before


async def test_what_we_said_ourselves_limits_nothing(call: Call) -> None:
    await call.join()

    call.mechanic_says(ReadinessState.READY, 1, READ_AT + timedelta(seconds=5), Role.CUSTOMER)
    await settle()

    assert call.sent_rung == UNLIMITED.rung


async def test_the_answer_to_our_own_readiness_says_what_they_receive(call: Call) -> None:
    call.stage.service.hold("put_readiness")
    await call.join()
    before = call.sent_rung

    call.answer_rung(2)
    call.stage.service.release("put_readiness")
    await settle()

    assert before == UNLIMITED.rung
    assert call.sent_rung == 2


async def test_an_answer_is_no_news_where_an_event_came_before_it(call: Call) -> None:
    call.stage.service.hold("put_readiness")
    await call.join()
    call.mechanic_says(ReadinessState.READY, 3, READ_AT + timedelta(seconds=5))
    await settle()

    call.stage.service.release("put_readiness")
    await settle()

    assert call.sent_rung == 3


async def test_a_message_of_this_session_is_shown(call: Call) -> None:
    run = await call.join()
    mine = Message(
        1, ClientMessageId(str(uuid.uuid4())), run.session.id, Role.MECHANIC, "Hello", READ_AT
    )

    call.stage.service.tell(MessageArrived(READ_AT, mine))
    await settle()

    assert [each.text for each in run.chat.state.value.lines] == ["Hello"]


async def test_the_end_is_told_once_and_an_earlier_one_is_not(call: Call) -> None:
    call.stage.room.peers.append(MECHANIC)
    run = await call.join()
    ran = run.is_running

    await run.leave_for_stop()
    await settle()

    assert ran
    assert [each.reason for each in call.over] == [EndReason.USER_LEFT]
    assert not run.is_running
    assert not is_over_for_good(call.over[0])


async def test_its_devices_are_closed_with_it(call: Call) -> None:
    run = await call.join()

    await run.close()

    for device in (call.camera, call.microphone, call.speaker):
        assert device.status.state is SourceState.CLOSED


@pytest.mark.parametrize("role", [DeviceRole.MICROPHONE, DeviceRole.SPEAKER])
async def test_what_is_chosen_in_the_call_is_remembered_as_chosen(
    call: Call, role: DeviceRole
) -> None:
    save_memory(call.folder, load_memory(None))
    run = await call.join()

    run.devices.choose(role, DeviceId("spare"))
    async with asyncio.timeout(5):
        while load_memory(call.folder).speaker is None:
            await asyncio.sleep(0.01)

    memory = load_memory(call.folder)
    chosen = {
        DeviceRole.MICROPHONE: memory.chosen_microphone,
        DeviceRole.SPEAKER: memory.chosen_speaker,
    }
    assert {one for one, info in chosen.items() if info is not None} == {role}
    used = memory.microphone if role is DeviceRole.MICROPHONE else memory.speaker
    assert used == chosen[role] == DeviceInfo(DeviceId("spare"), "Spare", DeviceKind.REAL)


async def test_another_camera_reaches_the_room(call: Call) -> None:
    run = await call.join()

    run.devices.choose(DeviceRole.CAMERA, DeviceId("spare"))
    async with asyncio.timeout(5):
        # The one before is closed behind it, in a thread.
        while call.sent_camera != "spare" or call.camera.status.state is not SourceState.CLOSED:
            await asyncio.sleep(0.01)

    assert call.camera.status.state is SourceState.CLOSED


async def test_a_muted_person_is_remembered_as_muted(call: Call) -> None:
    run = await call.join()
    on = await call.last_call.wishes_in(run.session.id)

    mute = run.page.state.value.microphone.toggle
    assert mute is not None
    mute()
    await settle()

    assert on == MediaWishes()
    assert await call.last_call.wishes_in(run.session.id) == MediaWishes(microphone_on=False)


async def test_a_call_is_noted_at_its_end_as_it_was_left(call: Call) -> None:
    run = await call.join(MUTED)
    await call.stage.clock.advance(29)

    await run.close()
    call.stage.clock.move(599)

    assert await call.last_call.wishes_in(run.session.id) == MUTED
