"""An actor with everything around it faked, and rooms that misbehave."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import TypeVar

from client_api.outbox import Outbox
from client_api.wire import (
    AccountId,
    AttemptId,
    RoomTicket,
)
from desktop.call import effects as fx
from desktop.call import events as ev
from desktop.call.actor import CallActor
from desktop.call.setup import LocalMedia, MediaWishes
from desktop.call.states import (
    CallState,
)
from tests.fakes.calls import MECHANIC, MEDIA, setup
from tests.fakes.clock import FakeClock, settle
from tests.fakes.intent_queue import FakeIntentQueue
from tests.fakes.room import FakeRoom
from tests.fakes.service import FakeService

S = TypeVar("S", bound=CallState)

ACCOUNT = AccountId("customer-u-1")


class BrokenRoom(FakeRoom):
    """A room with a bug in it."""

    async def join(
        self, attempt: AttemptId, ticket: RoomTicket, media: LocalMedia, wishes: MediaWishes
    ) -> None:
        raise ZeroDivisionError


class StubbornRoom(FakeRoom):
    """A room that unmutes as often as it is muted."""

    async def set_microphone(self, attempt: AttemptId, is_on: bool) -> None:
        self.emit(ev.OwnMediaChanged(attempt, ev.TrackKind.MICROPHONE, True))


class StickyRoom(FakeRoom):
    """A room that takes for ever to leave."""

    async def leave(self, attempt: AttemptId) -> None:
        await asyncio.Event().wait()


@dataclass
class Stage:
    """An actor and everything around it."""

    clock: FakeClock = field(default_factory=FakeClock)
    room: FakeRoom = field(default_factory=FakeRoom)
    states: list[CallState] = field(default_factory=list)
    told: list[fx.Announcement] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.service = FakeService(clock_=self.clock)
        self.session = self.service.add_session().id
        self.queue = FakeIntentQueue()
        rng = random.Random(7)
        self.outbox = Outbox(self.queue, self.service, self.clock, rng=rng)
        self.outbox.use(ACCOUNT)
        self.actor = CallActor(self.room, self.service, self.outbox, self.clock, rng=rng)
        self.actor.subscribe(self.states.append)
        self.actor.on_announcement(self.told.append)

    async def join(self, wishes: MediaWishes = MediaWishes()) -> None:  # noqa: B008 - frozen
        self.actor.post(ev.JoinRequested(setup(wishes=wishes, media=MEDIA)))
        await settle()

    async def run(self) -> None:
        """Come to a running session with both in the room."""
        self.room.peers.append(MECHANIC)
        await self.join()
        await self.clock.advance(0.5)

    @property
    def state(self) -> CallState:
        return self.actor.state

    def expect(self, kind: type[S]) -> S:
        """Return the state, which must be of this kind."""
        state = self.actor.state
        assert isinstance(state, kind)
        return state
