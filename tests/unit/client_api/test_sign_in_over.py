"""The end of a sign-in is told, and whoever walks away from a renewal costs nobody theirs."""

from __future__ import annotations

import asyncio

import pytest

from client_api.errors import BrokenAnswer, Refused
from client_api.secret import Secret
from client_api.sign_in import CUSTOMER_SECRET, SignedIn
from client_api.tasks import spawn
from client_api.wire import Role
from tests.fakes.http_service import Received, Reply, http_service, problem
from tests.fakes.stores import MemorySecretStore
from tests.unit.client_api.sign_in_world import (
    PASSWORD,
    PORTAL,
    World,
    mechanic,
    refused,
    tokens,
)

pytestmark = pytest.mark.usefixtures("tried_twice")


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.MECHANIC])
async def test_a_sign_in_that_the_service_ends_is_told_once(world: World, role: Role) -> None:
    told: list[SignedIn | None] = []
    world.sign_in.when_over(lambda: told.append(world.sign_in.signed_in))
    if role is Role.CUSTOMER:
        world.service.replies += [tokens(1)]
        await world.sign_in.sign_in_customer("sam@example.test", PASSWORD)
        world.service.replies += [problem("auth.expired", 401), refused("session_expired")]
    else:
        world.service.replies += [mechanic(1)]
        await world.sign_in.sign_in_mechanic("dana@example.test", PASSWORD)
        world.service.replies += [problem("auth.expired", 401), problem("auth.expired", 401)]

    with pytest.raises(Refused):
        await world.ask()
    await asyncio.sleep(0)

    assert told == [None]


async def test_a_sign_out_or_a_bad_network_is_no_end(world: World) -> None:
    told: list[str] = []
    world.sign_in.when_over(lambda: told.append("over"))
    world.service.replies += [tokens(1), problem("auth.expired", 401), PORTAL]
    await world.sign_in.sign_in_customer("sam@example.test", PASSWORD)
    with pytest.raises(BrokenAnswer):
        await world.ask()

    world.service.replies += [Reply(204)]
    await world.sign_in.sign_out()
    await asyncio.sleep(0)

    assert told == []


async def test_whoever_stopped_listening_hears_of_no_end(world: World) -> None:
    told: list[str] = []
    world.sign_in.when_over(lambda: told.append("over"))()
    world.service.replies += [tokens(1), problem("auth.expired", 401), refused("session_expired")]
    await world.sign_in.sign_in_customer("sam@example.test", PASSWORD)

    with pytest.raises(Refused):
        await world.ask()
    await asyncio.sleep(0)

    assert told == []


async def test_a_page_that_closes_in_the_middle_of_a_renewal_costs_no_sign_in(
    world: World,
) -> None:
    """The old refresh token is used up, so the answer with the new one must not be dropped."""
    world.service.replies += [tokens(1), problem("auth.expired", 401)]
    await world.sign_in.sign_in_customer("sam@example.test", PASSWORD)
    renewing, go_on = asyncio.Event(), asyncio.Event()

    async def renew_slowly(_: Received) -> Reply:
        renewing.set()
        await go_on.wait()
        return tokens(2)

    world.service.otherwise = renew_slowly
    page = spawn(world.ask(), name="a page's request")
    await renewing.wait()

    page.cancel()
    go_on.set()
    await world.sign_in.close()

    assert page.cancelled()
    assert await world.store.load(CUSTOMER_SECRET) == Secret("refresh-2")
    assert world.sign_in.signed_in == SignedIn(Role.CUSTOMER)


async def test_a_program_that_closes_in_the_middle_of_a_restore_costs_no_sign_in() -> None:
    store = MemorySecretStore()
    await store.save(CUSTOMER_SECRET, Secret("refresh-1"))
    async with http_service() as service:
        world = World(service, store)
        renewing, go_on = asyncio.Event(), asyncio.Event()

        async def renew_slowly(_: Received) -> Reply:
            renewing.set()
            await go_on.wait()
            return tokens(2)

        service.otherwise = renew_slowly
        start = spawn(world.sign_in.restore(), name="restore")
        await renewing.wait()

        start.cancel()
        closing = spawn(world.sign_in.close(), name="close")
        await asyncio.sleep(0)
        go_on.set()
        await closing
        await world.transport.close()

    assert await store.load(CUSTOMER_SECRET) == Secret("refresh-2")
