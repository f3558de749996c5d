"""Support and mechanics whose sign-in an outside Supabase keeps: by the operator's word alone."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from liftbay_backend.repositories.restored import settle_in
from liftbay_backend.services.account_keeping import AccountKeeping, KeepingRefused, Kept
from liftbay_backend.services.accounts import (
    AccountFault,
    AccountRefused,
    create_account,
    new_hash,
)
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import call_bench
from tests.fakes.backend_service import (
    CLIENT_HEADER,
    INTAKE,
    PASSWORD,
    BackendService,
    Caller,
    backend_service,
)
from tests.fakes.bundles import packed
from tests.fakes.loopback import on_loopback
from tests.fakes.outside_sign_in import OUTSIDE
from tests.integration.backend.test_bundles import ZIP
from tests.integration.backend.test_diagnostics import diagnostic, sent
from tests.integration.backend.test_event_streams import following

KIM = "kim@example.test"
TOLERANCE = timedelta(seconds=30)
Act = Callable[[AccountKeeping, str], Awaitable[Kept]]


@pytest_asyncio.fixture
async def service(make_settings: Callable[..., Settings]) -> AsyncIterator[BackendService]:
    """Return the service whose sign-in is an outside Supabase's."""
    async with backend_service(make_settings(**OUTSIDE, stream_poll_seconds=0.05)) as running:
        yield running


@pytest.fixture
def keeping(service: BackendService) -> AccountKeeping:
    return AccountKeeping(service.core.works, service.core.settings)


async def roles(caller: Caller) -> list[str] | int:
    """Return the roles that the service sees, or the status of its refusal."""
    answer = await caller.http.get("/api/me")
    return answer.status_code if answer.is_error else answer.json()["roles"]


async def test_support_gives_back_reads_quality_and_finds_reports_and_bundles(
    service: BackendService,
) -> None:
    bench = await call_bench(service)
    await bench.start()
    service.clock.advance(minutes=5)
    await bench.end(bench.customer)
    report = diagnostic()
    code = await sent(service, report)
    content = packed(report)
    kept = await bench.customer.http.put(
        f"/api/diagnostics/{code}/bundle", content=content, headers=ZIP
    )
    support = await service.support()

    refund = await support.http.post(
        f"{bench.path}/refund", json={"reason": "It froze.", "amount_cents": 100}
    )
    quality = await support.http.get(f"{bench.path}/quality")
    found = await support.http.get(f"/api/diagnostics/{code}")
    bundle = await support.http.get(f"/api/diagnostics/{code}/bundle")

    assert kept.status_code == 200
    assert await roles(support) == ["support"]
    assert (refund.status_code, refund.json()["refund_cents"]) == (200, 100)
    assert (quality.status_code, found.status_code) == (200, 200)
    assert bundle.content == content


async def test_a_role_that_was_given_before_the_first_sign_in_is_there_with_it(
    service: BackendService,
) -> None:
    core, sub = service.core, str(uuid.uuid4())
    made = await create_account(
        core.works,
        core.passwords,
        email=KIM,
        password=None,
        name="Kim Lee",
        support=True,
        outside_id=sub.upper(),
    )

    # What the token says of address and name is nobody's proof, and changes nothing.
    kim = await service.from_outside("anything@example.test", sub=sub, name="Not Kim")

    me = (await kim.http.get("/api/me")).json()
    assert (me["roles"], me["name"], me["email"]) == (["support"], "Kim Lee", KIM)
    assert me["user_id"] == made.user.id


async def test_an_address_in_a_token_brings_no_role(
    service: BackendService, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("account.email_taken")
    core = service.core
    await create_account(
        core.works,
        core.passwords,
        email=KIM,
        password=None,
        name="Kim Lee",
        support=True,
        outside_id=str(uuid.uuid4()),
    )

    stranger = await service.from_outside(KIM)

    assert await roles(stranger) == 401


async def test_a_role_needs_the_persons_id_and_not_the_address_alone(
    service: BackendService, keeping: AccountKeeping
) -> None:
    """Whoever came first with Kim's address has the account, and may be a stranger."""
    first = await service.from_outside(KIM)
    assert await roles(first) == ["customer"]

    with pytest.raises(KeepingRefused, match=f"--sub is missing.*that of {first.user_id}"):
        await keeping.give_support(KIM)
    with pytest.raises(KeepingRefused, match=f"that of {first.user_id} and not of this id"):
        await keeping.give_support(KIM, outside_id=str(uuid.uuid4()))
    with pytest.raises(KeepingRefused, match="--sub is missing"):
        await keeping.give_mechanic(KIM, name="Kim", password_hash="h")
    assert await roles(first) == ["customer"]

    await keeping.give_support(KIM, outside_id=first.user_id)

    assert await roles(first) == ["support"]


async def test_support_that_was_revoked_is_a_customer_with_the_same_token(
    service: BackendService, keeping: AccountKeeping
) -> None:
    support = await service.support()
    assert await roles(support) == ["support"]

    await keeping.take_support(support.user_id)

    refused = await support.http.get("/api/diagnostics/7K3M-Q2XZ")
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.role_required")
    assert await roles(support) == ["customer"]


async def test_the_operator_says_whose_account_it_is_and_nobody_else_opens_it(
    service: BackendService, keeping: AccountKeeping, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("account.email_taken")
    squatter = await service.from_outside(KIM)
    assert await roles(squatter) == ["customer"]
    sub = str(uuid.uuid4())

    async with (
        on_loopback(service.app) as base,
        following(base, squatter, "/api/events") as events,
    ):
        await keeping.set_outside_id(KIM, sub)
        async with asyncio.timeout(10):
            rest = [event async for event in events]
    await keeping.give_support(KIM, outside_id=sub)
    service.clock.advance(seconds=TOLERANCE.total_seconds() + 1)

    kim = await service.from_outside(KIM, sub=sub)
    again = await service.from_outside(KIM, sub=squatter.user_id)
    assert rest == []
    assert await roles(kim) == ["support"]
    assert (await roles(squatter), await roles(again)) == (401, 401)


async def test_an_account_from_before_the_outside_sign_in_is_given_to_its_owner(
    service: BackendService, keeping: AccountKeeping, expected_logs: ExpectedLogs
) -> None:
    """`create-support` once made accounts that no outside token could open."""
    expected_logs.allow("account.email_taken")
    core = service.core
    await create_account(
        core.works, core.passwords, email=KIM, password=PASSWORD, name="Kim", support=True
    )
    kim = await service.from_outside(KIM)
    before = await roles(kim)

    await keeping.set_outside_id(KIM, kim.user_id)
    service.clock.advance(seconds=TOLERANCE.total_seconds() + 1)

    after = await service.from_outside(KIM, sub=kim.user_id)
    assert (before, await roles(after)) == (401, ["support"])


async def test_an_id_opens_one_account_alone(
    service: BackendService, keeping: AccountKeeping
) -> None:
    support, customer = await service.support(), await service.customer()
    assert await roles(customer) == ["customer"]

    with pytest.raises(KeepingRefused, match=f"another account already, {customer.user_id}"):
        await keeping.set_outside_id(support.user_id, customer.user_id)
    with pytest.raises(KeepingRefused, match="signs in to this account already"):
        await keeping.set_outside_id(customer.user_id, customer.user_id)
    with pytest.raises(AccountRefused) as refused:
        await keeping.set_outside_id(support.user_id, "kim@example.test")
    with pytest.raises(AccountRefused) as taken:
        await create_account(
            service.core.works,
            service.core.passwords,
            email="new@example.test",
            password=None,
            name="New",
            support=True,
            outside_id=customer.user_id,
        )

    assert refused.value.fault is AccountFault.OUTSIDE_ID_INVALID
    assert taken.value.fault is AccountFault.OUTSIDE_ID_TAKEN


async def test_a_mechanic_is_a_customer_as_well_with_the_outside_token(
    service: BackendService, keeping: AccountKeeping
) -> None:
    dana = await service.from_outside("dana@example.test", name="Dana Roy")
    assert await roles(dana) == ["customer"]
    hashed = await new_hash(service.core.passwords, PASSWORD)

    kept = await keeping.give_mechanic(
        dana.user_id, name="Dana's Garage", password_hash=hashed, outside_id=dana.user_id
    )
    service.clock.advance(seconds=TOLERANCE.total_seconds() + 1)

    workshop = await service.client(**CLIENT_HEADER)
    signed_in = await workshop.post(
        "/api/mechanic/login", json={"email": "dana@example.test", "password": PASSWORD}
    )
    home = await service.from_outside("dana@example.test", sub=dana.user_id)
    asked = (await home.http.post("/api/intake/start", json=INTAKE)).json()["session"]
    own = await workshop.post(f"/api/mechanics/requests/{asked['request_id']}/accept", json={})
    assert signed_in.json()["mechanic_id"] == kept.mechanic_id
    assert kept.user_id == dana.user_id
    assert await roles(home) == ["customer"]
    # One account, so that nobody is paid for their own request.
    assert own.status_code in (403, 404)


SHUTTING: dict[str, Act] = {
    "disable-account": lambda keeping, named: keeping.disable(named),
    "end-sign-ins": lambda keeping, named: keeping.end_sign_ins(named),
}


@pytest.mark.parametrize("command", list(SHUTTING))
@pytest.mark.parametrize("who", ["customer", "support"])
async def test_a_token_that_is_out_already_opens_nothing_any_more(
    service: BackendService, keeping: AccountKeeping, command: str, who: str
) -> None:
    """The outside Supabase's refresh tokens are not ours; what it issued until now is looked at."""
    caller = await (service.customer() if who == "customer" else service.support())
    assert await roles(caller) == [who]

    async with (
        on_loopback(service.app) as base,
        following(base, caller, "/api/events") as events,
    ):
        await SHUTTING[command](keeping, caller.user_id)
        async with asyncio.timeout(10):
            rest = [event async for event in events]
    with capture_logs() as lines:
        after = await roles(caller)

    assert (rest, after) == ([], 401)
    assert [one["event"] for one in lines] == ["account.refused", "http.request"]


async def test_a_sessions_stream_ends_with_the_account(
    service: BackendService, keeping: AccountKeeping
) -> None:
    bench = await call_bench(service)

    async with (
        on_loopback(service.app) as base,
        following(base, bench.customer, f"{bench.path}/events") as events,
    ):
        await keeping.disable(bench.customer.user_id)
        async with asyncio.timeout(10):
            async for _ in events:
                pass

    assert (await bench.customer.http.get(bench.path)).status_code == 401


async def test_a_disabled_account_opens_to_no_newer_token_either(
    service: BackendService, keeping: AccountKeeping
) -> None:
    caller = await service.customer()
    email = (await caller.http.get("/api/me")).json()["email"]
    await keeping.disable(email)
    service.clock.advance(minutes=10)
    newer = await service.from_outside(email, sub=caller.user_id)

    shut = await roles(newer)
    await keeping.enable(email)

    assert (shut, await roles(newer)) == (401, ["customer"])
    assert await roles(caller) == 401


async def test_after_their_sign_ins_ended_a_newer_token_is_taken(
    service: BackendService, keeping: AccountKeeping
) -> None:
    """Not at once: the outside clock may be ahead by the tolerance, and tokens of before too."""
    caller = await service.customer()
    email = (await caller.http.get("/api/me")).json()["email"]

    await keeping.end_sign_ins(email)
    service.clock.advance(seconds=TOLERANCE.total_seconds() - 1)
    ahead = await roles(await service.from_outside(email, sub=caller.user_id))
    service.clock.advance(seconds=2)
    newer = await roles(await service.from_outside(email, sub=caller.user_id))

    assert (ahead, newer) == (401, ["customer"])


async def test_a_password_is_set_for_mechanics_alone(
    service: BackendService, keeping: AccountKeeping
) -> None:
    support = await service.support()

    with pytest.raises(KeepingRefused, match="the password is changed there"):
        await keeping.set_password(support.user_id, "h")


async def test_tokens_from_before_a_restore_open_nothing(service: BackendService) -> None:
    """One that the operator ended since the backup would live again."""
    caller = await service.customer()
    assert await roles(caller) == ["customer"]
    service.clock.advance(seconds=60)

    async with service.core.database.writer.connect() as connection:
        await connection.run_sync(settle_in, service.clock.now())
        await connection.commit()

    assert await roles(caller) == 401
