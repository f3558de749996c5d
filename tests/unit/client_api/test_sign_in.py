"""Signing in, staying signed in, and not losing it to a bad network.

The sign-in library is the real one; the service is a loopback server that speaks as
Supabase Auth and as the mechanic's endpoints do.
"""

from __future__ import annotations

import asyncio
import json

import pytest

from client_api.errors import BrokenAnswer, ErrorCode, Refused, Unreachable
from client_api.secret import Secret
from client_api.sign_in import CUSTOMER_SECRET, MECHANIC_SECRET, SignedIn, SignIn
from client_api.tasks import spawn
from client_api.transport import Call, Transport
from client_api.wire import Role
from tests.fakes.clock import FakeClock
from tests.fakes.contract import fixture
from tests.fakes.http_service import Reply, http_service, ok, problem
from tests.fakes.stores import MemorySecretStore
from tests.unit.client_api.sign_in_world import (
    AUTH_VERSION,
    PASSWORD,
    PORTAL,
    World,
    cookies,
    mechanic,
    refused,
    tokens,
)

pytestmark = pytest.mark.usefixtures("tried_twice")


async def test_a_customer_signs_in_and_signs_requests(world: World) -> None:
    world.service.replies += [tokens(1), ok({})]

    signed_in = await world.sign_in.sign_in_customer("sam@example.test", PASSWORD)
    request = await world.ask()

    assert signed_in == world.sign_in.signed_in == SignedIn(Role.CUSTOMER)
    assert request.headers["authorization"] == "Bearer access-1"
    assert await world.store.load(CUSTOMER_SECRET) == Secret("refresh-1")
    assert world.service.received[0].target == "/auth/v1/token?grant_type=password"
    assert world.service.received[0].headers["apikey"] == "public"


async def test_a_new_account_is_signed_in_at_once(world: World) -> None:
    world.service.replies.append(tokens(1))

    signed_in = await world.sign_in.sign_up("Sam Okafor", "sam@example.test", PASSWORD)

    assert signed_in.role is Role.CUSTOMER
    assert json.loads(world.service.received[0].body)["data"] == {"name": "Sam Okafor"}


async def test_an_account_that_waits_for_a_mail_says_so(world: World) -> None:
    user = json.loads(tokens(1).body)["user"]
    world.service.replies.append(ok(user))

    with pytest.raises(Refused) as caught:
        await world.sign_in.sign_up("Sam", "sam@example.test", PASSWORD)

    assert caught.value.code is ErrorCode.AUTH_CONFIRMATION_DUE
    assert world.sign_in.signed_in is None


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (refused("invalid_credentials"), ErrorCode.AUTH_INVALID_CREDENTIALS),
        (refused("user_already_exists", 422), ErrorCode.AUTH_ACCOUNT_EXISTS),
        (
            refused("weak_password", 422, weak_password={"reasons": ["length"]}),
            ErrorCode.AUTH_WEAK_PASSWORD,
        ),
        (refused("over_request_rate_limit", 429), ErrorCode.RATE_LIMITED),
        (refused("from_the_future", 422), ErrorCode.UNKNOWN),
    ],
)
async def test_a_refused_sign_in_says_why(world: World, reply: Reply, code: ErrorCode) -> None:
    world.service.replies.append(reply)

    with pytest.raises(Refused) as caught:
        await world.sign_in.sign_in_customer("sam@example.test", PASSWORD)

    assert caught.value.code is code
    assert world.sign_in.signed_in is None


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(cut=True), Unreachable),
        (Reply(502, b"<html>", (), "text/html"), Unreachable),
        (PORTAL, BrokenAnswer),
        (Reply(404, b"<html>", (), "text/html"), BrokenAnswer),
        (Reply(500, b'{"code": "unexpected_failure"}', (AUTH_VERSION,)), BrokenAnswer),
    ],
)
async def test_a_sign_in_without_an_answer_says_so(
    world: World, reply: Reply, error: type[Exception]
) -> None:
    world.service.replies.append(reply)

    with pytest.raises(error) as caught:
        await world.sign_in.sign_in_customer("sam@example.test", PASSWORD)

    assert "horse" not in repr(caught.value)


async def test_a_sign_in_that_hangs_ends_at_its_deadline(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("client_api.gotrue._TIMEOUT_S", 0.1)
    world.service.replies.append(Reply(hang=True))

    with pytest.raises(Unreachable):
        await world.sign_in.sign_in_customer("sam@example.test", PASSWORD)


async def test_a_token_that_runs_out_is_renewed_before(world: World) -> None:
    world.service.replies += [tokens(1), tokens(2), ok({})]
    await world.sign_in.sign_in_customer("sam@example.test", PASSWORD)

    world.clock.move(3580)
    request = await world.ask()

    assert request.headers["authorization"] == "Bearer access-2"
    assert await world.store.load(CUSTOMER_SECRET) == Secret("refresh-2")


async def test_many_requests_with_an_expired_token_renew_once(world: World) -> None:
    """Three at once would send three refreshes, and two of them would fail."""
    world.service.replies.append(tokens(1))
    await world.sign_in.sign_in_customer("sam@example.test", PASSWORD)
    world.service.otherwise = lambda request: (
        tokens(2)
        if request.path == "/auth/v1/token"
        else ok({})
        if request.headers["authorization"] == "Bearer access-2"
        else problem("auth.expired", 401)
    )

    await asyncio.gather(
        *(
            spawn(world.transport.send(Call("POST", "/x")), name=f"request {number}")
            for number in range(3)
        )
    )

    refreshes = [r for r in world.service.received if "refresh_token" in r.target]
    assert len(refreshes) == 1


@pytest.mark.parametrize(
    "reply", [Reply(cut=True), PORTAL, refused("over_request_rate_limit", 429)]
)
async def test_a_renewal_without_an_answer_loses_nothing(world: World, reply: Reply) -> None:
    world.service.replies += [tokens(1), reply, ok({})]
    await world.sign_in.sign_in_customer("sam@example.test", PASSWORD)

    world.clock.move(3580)
    request = await world.ask()

    assert request.headers["authorization"] == "Bearer access-1"
    assert world.sign_in.signed_in == SignedIn(Role.CUSTOMER)
    assert await world.store.load(CUSTOMER_SECRET) == Secret("refresh-1")


async def test_a_renewal_that_is_refused_forgets_the_sign_in(world: World) -> None:
    world.service.replies += [
        tokens(1),
        problem("auth.expired", 401),
        refused("refresh_token_not_found"),
    ]
    await world.sign_in.sign_in_customer("sam@example.test", PASSWORD)

    with pytest.raises(Refused) as caught:
        await world.ask()

    assert caught.value.code is ErrorCode.AUTH_EXPIRED
    assert world.sign_in.signed_in is None
    assert await world.store.load(CUSTOMER_SECRET) is None


async def test_the_next_start_takes_the_customers_sign_in_up(world: World) -> None:
    await world.store.save(CUSTOMER_SECRET, Secret("refresh-1"))
    world.service.replies.append(tokens(2))

    assert await world.sign_in.restore() == SignedIn(Role.CUSTOMER)
    assert await world.sign_in.restore() == SignedIn(Role.CUSTOMER)
    assert len(world.service.received) == 1


async def test_a_start_behind_a_captive_portal_loses_nothing(world: World) -> None:
    await world.store.save(CUSTOMER_SECRET, Secret("refresh-1"))
    world.service.replies += [PORTAL, Reply(cut=True), tokens(2)]

    with pytest.raises(BrokenAnswer):
        await world.sign_in.restore()
    with pytest.raises(Unreachable):
        await world.sign_in.restore()

    assert await world.sign_in.restore() == SignedIn(Role.CUSTOMER)


async def test_a_start_with_a_sign_in_that_is_over_asks_again(world: World) -> None:
    await world.store.save(CUSTOMER_SECRET, Secret("refresh-1"))
    world.service.replies.append(refused("refresh_token_not_found"))

    assert await world.sign_in.restore() is None
    assert await world.store.load(CUSTOMER_SECRET) is None
    assert await world.sign_in.restore() is None


async def test_a_mechanic_signs_in_by_cookies_alone(world: World) -> None:
    world.service.replies += [mechanic(1), ok({})]

    signed_in = await world.sign_in.sign_in_mechanic("dana@example.test", PASSWORD)
    request = await world.ask()

    assert signed_in == SignedIn(Role.MECHANIC)
    assert request.headers["cookie"] == "aad_mech=m-1"
    assert "authorization" not in request.headers
    assert await world.store.load(MECHANIC_SECRET) == Secret("r-1")


async def test_a_mechanics_wrong_password_says_so(world: World) -> None:
    world.service.replies.append(problem("auth.invalid_credentials", 401))

    with pytest.raises(Refused) as caught:
        await world.sign_in.sign_in_mechanic("dana@example.test", PASSWORD)

    assert caught.value.code is ErrorCode.AUTH_INVALID_CREDENTIALS


async def test_a_mechanics_sign_in_answered_by_a_portal_is_broken(world: World) -> None:
    world.service.replies.append(PORTAL)

    with pytest.raises(BrokenAnswer):
        await world.sign_in.sign_in_mechanic("dana@example.test", PASSWORD)

    assert world.sign_in.signed_in is None


async def test_a_mechanics_expired_cookie_is_renewed(world: World) -> None:
    world.service.replies += [
        mechanic(1),
        problem("auth.expired", 401),
        ok({"expires_in": 7200}, *cookies(2)),
        ok({}),
    ]
    await world.sign_in.sign_in_mechanic("dana@example.test", PASSWORD)

    request = await world.ask()

    assert request.headers["cookie"] == "aad_mech=m-2"
    assert await world.store.load(MECHANIC_SECRET) == Secret("r-2")


async def test_the_next_start_takes_the_mechanics_sign_in_up(world: World) -> None:
    await world.store.save(MECHANIC_SECRET, Secret("r-1"))
    world.service.replies += [ok({"expires_in": 7200}, *cookies(2)), ok({})]

    restored = await world.sign_in.restore()
    request = await world.ask()

    assert restored == SignedIn(Role.MECHANIC)
    assert world.service.received[0].headers["cookie"] == "aad_mech_refresh=r-1"
    assert request.headers["cookie"] == "aad_mech=m-2"


async def test_a_mechanics_renewal_that_is_refused_forgets_the_sign_in(world: World) -> None:
    await world.store.save(MECHANIC_SECRET, Secret("r-1"))
    world.service.replies.append(problem("auth.expired", 401))

    assert await world.sign_in.restore() is None
    assert await world.store.load(MECHANIC_SECRET) is None


async def test_a_mechanics_renewal_that_is_put_off_forgets_nothing(world: World) -> None:
    await world.store.save(MECHANIC_SECRET, Secret("r-1"))
    world.service.replies += [problem("rate.limited", 429, ("Retry-After", "60"))]

    with pytest.raises(Refused):
        await world.sign_in.restore()

    assert await world.store.load(MECHANIC_SECRET) == Secret("r-1")


async def test_one_sign_in_replaces_the_other(world: World) -> None:
    world.service.replies += [tokens(1), mechanic(1), tokens(2), ok({})]

    await world.sign_in.sign_in_customer("sam@example.test", PASSWORD)
    await world.sign_in.sign_in_mechanic("dana@example.test", PASSWORD)
    assert await world.store.load(CUSTOMER_SECRET) is None
    await world.sign_in.sign_in_customer("sam@example.test", PASSWORD)
    request = await world.ask()

    assert await world.store.load(MECHANIC_SECRET) is None
    assert "cookie" not in request.headers


async def test_a_service_that_sets_no_refresh_cookie_is_signed_in_for_now(world: World) -> None:
    world.service.replies.append(ok(fixture("mechanic_login")["response"]))

    await world.sign_in.sign_in_mechanic("dana@example.test", PASSWORD)

    assert await world.store.load(MECHANIC_SECRET) is None


async def test_signing_out_forgets_and_tells_the_service(world: World) -> None:
    world.service.replies += [tokens(1), Reply(204)]
    await world.sign_in.sign_in_customer("sam@example.test", PASSWORD)

    await world.sign_in.sign_out()

    assert world.sign_in.signed_in is None
    assert await world.store.load(CUSTOMER_SECRET) is None
    assert world.service.received[-1].target == "/auth/v1/logout?scope=local"
    assert not await world.sign_in.renew(await world.sign_in.credential())


async def test_signing_out_works_without_a_network(world: World) -> None:
    world.service.replies += [mechanic(1), Reply(cut=True)]
    await world.sign_in.sign_in_mechanic("dana@example.test", PASSWORD)

    await world.sign_in.sign_out()
    await world.sign_in.sign_out()

    assert world.sign_in.signed_in is None
    assert world.transport.cookie("aad_mech") is None


async def test_a_renewal_that_comes_after_a_sign_out_says_so(world: World) -> None:
    world.service.replies += [tokens(1), Reply(204)]
    await world.sign_in.sign_in_customer("sam@example.test", PASSWORD)
    used = await world.sign_in.credential()
    await world.sign_in.sign_out()

    assert not await world.sign_in.renew(used)


async def test_the_embedded_service_needs_no_public_key() -> None:
    async with http_service(tokens(1)) as service:
        clock = FakeClock()
        transport = Transport(service.url, clock)

        await SignIn(transport, MemorySecretStore(), clock).sign_in_customer("a@b.test", PASSWORD)
        await transport.close()

    assert "apikey" not in service.received[0].headers
