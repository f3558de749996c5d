"""Two instances on one PostgreSQL: each room is looked at once a round and a fifth, not twice."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from liftbay_backend.clock import Clock
from liftbay_backend.domain.duties import STANDBY_EVERY
from liftbay_backend.durable.crm_delivery import CrmDelivery
from liftbay_backend.durable.engine import DurableWork
from liftbay_backend.durable.lease import LEASE_SECONDS
from liftbay_backend.durable.settling import Settling
from liftbay_backend.durable.transfers import BookTransfers
from liftbay_backend.lifecycle import learn_duties, look_at_rooms
from liftbay_backend.live import build_live
from liftbay_backend.rooms.ports import RoomParticipant
from liftbay_backend.settings import Settings
from tests.fakes.backend_service import BackendService, backend_service
from tests.fakes.rooms import FakeRooms
from tests.integration.backend.conftest import ENGINES

SESSIONS = 12
ROUNDS = 2 * STANDBY_EVERY

# The embedded database is one process's: nobody shares anything there.
on_postgresql = pytest.mark.parametrize(
    "new_database", [one for one in ENGINES if one == "postgresql"], indirect=True
)


class CountingRooms(FakeRooms):
    """Counts who looked into which room."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock.now)
        self.looks: Counter[str] = Counter()

    async def participants(self, room: str) -> tuple[RoomParticipant, ...] | None:
        self.looks[room] += 1
        return await super().participants(room)


class Instance:
    """One instance's loops, to be turned by hand."""

    def __init__(self, service: BackendService, name: str, rooms: CountingRooms) -> None:
        core = service.core
        self.live = build_live(core, rooms)
        self.durable = DurableWork(
            replace(core, settings=core.settings.model_copy(update={"instance_id": name})),
            Settling(core, BookTransfers(core.database, core.clock)),
            CrmDelivery(core, None),
        )


@asynccontextmanager
async def two_instances(
    make_settings: Callable[..., Settings],
) -> AsyncIterator[tuple[BackendService, tuple[Instance, Instance], CountingRooms]]:
    """Open two instances that live, and sessions whose rooms they look at.

    Yields:
        The second instance's service, both instances, and the media server that they look at.
    """
    settings = make_settings(instance_id="one")
    other = settings.model_copy(update={"instance_id": "two"})
    async with backend_service(settings) as first, backend_service(other) as second:
        rooms = CountingRooms(first.clock)
        both = (Instance(first, "one", rooms), Instance(second, "two", rooms))
        for one in both:
            await one.durable.renew_lease()
        for one in both:
            await learn_duties(one.live, one.durable)
        customer, mechanic = await first.customer(), await first.mechanic()
        for _ in range(SESSIONS):
            await first.waiting_session(customer, mechanic)
        yield second, both, rooms


@on_postgresql
async def test_two_instances_share_the_rooms(make_settings: Callable[..., Settings]) -> None:
    async with two_instances(make_settings) as (_, both, rooms):
        for round_number in range(ROUNDS):
            for one in both:
                await look_at_rooms(one.live, round_number)

    assert len(rooms.looks) == SESSIONS
    assert set(rooms.looks.values()) == {ROUNDS + ROUNDS // STANDBY_EVERY}


@on_postgresql
async def test_a_dead_instance_is_missed_for_some_rounds_and_then_replaced(
    make_settings: Callable[..., Settings],
) -> None:
    async with two_instances(make_settings) as (service, both, rooms):
        survivor = both[1]
        for round_number in range(STANDBY_EVERY):
            await look_at_rooms(survivor.live, round_number)
        meanwhile = Counter(rooms.looks)
        service.clock.advance(seconds=LEASE_SECONDS + 1)
        await survivor.durable.renew_lease()
        await learn_duties(survivor.live, survivor.durable)
        rooms.looks.clear()
        for round_number in range(ROUNDS):
            await look_at_rooms(survivor.live, round_number)

    assert len(meanwhile) == SESSIONS, "each once in five rounds at least"
    assert set(meanwhile.values()) == {1, STANDBY_EVERY}
    assert set(rooms.looks.values()) == {ROUNDS}
