"""What an operator does to an account holds at once, for whoever is signed in to it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest
from structlog.testing import capture_logs

from liftbay_backend.auth import refresh
from liftbay_backend.db.models import MechanicTokenRow, RefreshTokenRow, UserRow
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.services import mechanic_sign_in
from liftbay_backend.services.account_keeping import AccountKeeping, KeepingRefused, Kept
from liftbay_backend.services.accounts import create_account, new_hash
from liftbay_backend.services.sign_in import AuthRefused, begin_sign_in, checked_user
from liftbay_backend.settings import Settings
from liftbay_backend.work import Work
from tests.fakes.backend_calls import call_bench
from tests.fakes.backend_service import (
    CLIENT_HEADER,
    PASSWORD,
    BackendService,
    Caller,
    backend_service,
)
from tests.fakes.loopback import on_loopback
from tests.integration.backend.held_writers import all_wait_to_write
from tests.integration.backend.test_event_streams import following

DANA = "dana@example.test"
NEW_PASSWORD = "a wholly other horse"
NEXT = "the next refresh token"
Act = Callable[[AccountKeeping, str], Awaitable[Kept]]


async def _new_password(keeping: AccountKeeping, named: str) -> Kept:
    return await keeping.set_password(named, "no hash of any password")


# Each ends every sign-in.
ENDING: dict[str, Act] = {
    "set-password": _new_password,
    "end-sign-ins": lambda keeping, named: keeping.end_sign_ins(named),
    "disable-account": lambda keeping, named: keeping.disable(named),
}


def keeping_of(service: BackendService) -> AccountKeeping:
    return AccountKeeping(service.core.works, service.core.settings)


async def by_cookie(service: BackendService, password: str = PASSWORD) -> httpx.AsyncClient:
    """Return a client of the mechanic Dana's that has tried to sign in."""
    http = await service.client(**CLIENT_HEADER)
    await http.post("/api/mechanic/login", json={"email": DANA, "password": password})
    return http


async def by_token(service: BackendService, password: str = PASSWORD) -> dict[str, str]:
    """Try to sign Dana in as a customer; returns the tokens, or nothing."""
    answer = await (await service.client()).post(
        "/auth/v1/token?grant_type=password", json={"email": DANA, "password": password}
    )
    return {} if answer.is_error else answer.json()


async def renewed(service: BackendService, tokens: dict[str, str]) -> int:
    answer = await (await service.client()).post(
        "/auth/v1/token?grant_type=refresh_token", json={"refresh_token": tokens["refresh_token"]}
    )
    return answer.status_code


async def dana(service: BackendService) -> str:
    """Make the mechanic Dana's account; returns its user id."""
    core = service.core
    account = await create_account(
        core.works, core.passwords, email=DANA, password=PASSWORD, name="Dana Roy", mechanic=True
    )
    return account.user.id


@pytest.mark.parametrize("command", list(ENDING))
async def test_every_sign_in_ends_with_its_streams(
    make_settings: Callable[..., Settings], command: str
) -> None:
    async with backend_service(make_settings(stream_poll_seconds=0.05)) as service:
        user_id = await dana(service)
        mechanic, tokens = await by_cookie(service), await by_token(service)
        customer = await service.client(Authorization=f"Bearer {tokens['access_token']}")
        bystander = await service.customer()
        before = [(await one.get("/api/me")).status_code for one in (mechanic, customer)]

        async with (
            on_loopback(service.app) as base,
            following(base, Caller(mechanic, user_id), "/api/events") as workshop,
            following(base, Caller(customer, user_id), "/api/events") as home,
        ):
            kept = await ENDING[command](keeping_of(service), DANA)
            async with asyncio.timeout(10):
                rest = [event async for event in workshop] + [event async for event in home]

        after = [
            (await mechanic.get("/api/me")).status_code,
            (await customer.get("/api/me")).status_code,
            (await mechanic.post("/api/mechanic/refresh")).status_code,
            await renewed(service, tokens),
        ]

        assert before == [200, 200]
        assert rest == []
        assert after == [401, 401, 401, 400]
        assert (kept.user_id, kept.sign_ins_ended) == (user_id, 2)
        assert (await bystander.http.get("/api/me")).status_code == 200


@pytest.mark.parametrize("command", list(ENDING))
async def test_a_sessions_stream_ends_as_well(
    make_settings: Callable[..., Settings], command: str
) -> None:
    async with backend_service(make_settings(stream_poll_seconds=0.05)) as service:
        bench = await call_bench(service)
        path = f"{bench.path}/events"

        async with on_loopback(service.app) as base:
            async with following(base, bench.mechanic, path) as events:
                await ENDING[command](keeping_of(service), bench.mechanic.user_id)
                async with asyncio.timeout(10):
                    async for _ in events:
                        pass
            async with following(base, bench.customer, path):
                pass

        assert (await bench.mechanic.http.get(bench.path)).status_code == 401


async def test_a_new_password_opens_both_doors_and_the_old_one_none(
    service: BackendService,
) -> None:
    await dana(service)
    hashed = await new_hash(service.core.passwords, NEW_PASSWORD)

    await keeping_of(service).set_password(DANA, hashed)

    old = await by_cookie(service), await by_token(service)
    new = await by_cookie(service, NEW_PASSWORD), await by_token(service, NEW_PASSWORD)
    assert (await old[0].get("/api/me")).status_code == 401
    assert old[1] == {}
    assert (await new[0].get("/api/me")).json()["roles"] == ["mechanic"]
    assert new[1]["user"] is not None


async def test_after_their_sign_ins_ended_people_sign_in_again(service: BackendService) -> None:
    await dana(service)

    await keeping_of(service).end_sign_ins(DANA)

    assert (await (await by_cookie(service)).get("/api/me")).status_code == 200
    assert (await by_token(service))["access_token"]


async def test_a_disabled_account_opens_to_no_password_until_it_is_enabled(
    service: BackendService,
) -> None:
    user_id = await dana(service)
    before, keeping = await by_cookie(service), keeping_of(service)

    await keeping.disable(DANA)
    with capture_logs() as lines:
        shut = await by_cookie(service), await by_token(service)
    await keeping.enable(DANA)
    after = await by_cookie(service), await by_token(service)

    assert (await shut[0].get("/api/me")).status_code == 401
    assert shut[1] == {}
    refused = [one for one in lines if one["event"] == "sign_in.refused"]
    assert [one["user_id"] for one in refused] == [user_id, user_id]
    assert (await after[0].get("/api/me")).status_code == 200
    assert after[1]["access_token"]
    # What was ended stays so.
    assert (await before.get("/api/me")).status_code == 401


@pytest.mark.parametrize("command", ["set-password", "disable-account"])
async def test_a_password_that_was_right_a_moment_ago_begins_no_sign_in(
    service: BackendService, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Checking it takes a tenth of a second, in which the operator was."""
    await dana(service)
    proved = await checked_user(service.core, DANA, PASSWORD)
    assert proved is not None

    async def proved_before(*_: object) -> UserRow:
        return proved

    monkeypatch.setattr(mechanic_sign_in, "checked_user", proved_before)

    await ENDING[command](keeping_of(service), DANA)

    with pytest.raises(AuthRefused):
        await begin_sign_in(service.core, proved)
    with pytest.raises(Problem) as refused:
        await mechanic_sign_in.mechanic_login(service.core, DANA, PASSWORD)
    assert refused.value.error is ErrorCode.AUTH_INVALID_CREDENTIALS


async def under_way_with_cookie(work: Work, old: str) -> None:
    """Take a mechanic's refresh cookie in and issue the next, as a renewal does."""
    used = await refresh.use_token(work, MechanicTokenRow, old, 10)
    assert isinstance(used, refresh.Renewed)
    refresh.store_mechanic_token(
        work,
        NEXT,
        mechanic_id=used.row.mechanic_id,
        sign_in_id=used.row.sign_in_id,
        expires_at=work.now + timedelta(days=1),
    )


async def under_way_with_token(work: Work, old: str) -> None:
    """Take a refresh token in and issue the next, as a renewal does."""
    used = await refresh.use_token(work, RefreshTokenRow, old, 10)
    assert isinstance(used, refresh.Renewed)
    refresh.store_user_token(
        work,
        NEXT,
        user_id=used.row.user_id,
        sign_in_id=used.row.sign_in_id,
        expires_at=work.now + timedelta(days=1),
    )


@pytest.mark.parametrize("door", ["cookie", "token"])
async def test_a_renewal_that_is_under_way_does_not_outlive_the_end(
    service: BackendService, door: str
) -> None:
    """It has taken its token and not yet committed the next one, which nobody else can see."""
    await dana(service)
    if door == "cookie":
        old = (await by_cookie(service)).cookies["aad_mech_refresh"]
    else:
        old = (await by_token(service))["refresh_token"]
    under_way = under_way_with_cookie if door == "cookie" else under_way_with_token
    core = service.core

    async with core.works.begin() as work:
        await under_way(work, old)
        await work.db.flush()
        ending = asyncio.ensure_future(keeping_of(service).end_sign_ins(DANA))
        await all_wait_to_write(core.database, 1)
    kept = await ending

    async with core.works.begin() as work:
        if door == "cookie":
            again: object = await refresh.use_token(work, MechanicTokenRow, NEXT, 10)
        else:
            again = await refresh.use_token(work, RefreshTokenRow, NEXT, 10)
    assert again is refresh.Refusal.REVOKED
    assert kept.sign_ins_ended == 1


async def test_who_came_first_with_an_address_gets_no_role_with_it(
    service: BackendService,
) -> None:
    """Nobody proves an address at a sign-up, so the operator's new password says who is meant."""
    stranger = await service.customer()
    email = (await stranger.http.get("/api/me")).json()["email"]
    hashed = await new_hash(service.core.passwords, NEW_PASSWORD)

    await keeping_of(service).give_support(email, password_hash=hashed)

    kim = await service.client()
    answer = await kim.post(
        "/auth/v1/token?grant_type=password", json={"email": email, "password": NEW_PASSWORD}
    )
    kim.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    assert (await kim.get("/api/me")).json()["roles"] == ["support"]
    assert (await stranger.http.get("/api/me")).status_code == 401


async def test_a_customer_may_be_a_mechanic_as_well(service: BackendService) -> None:
    customer = await service.customer("Sam Okafor")
    email = (await customer.http.get("/api/me")).json()["email"]
    hashed = await new_hash(service.core.passwords, NEW_PASSWORD)

    kept = await keeping_of(service).give_mechanic(email, name="Sam's Garage", password_hash=hashed)

    credentials = {"email": email, "password": NEW_PASSWORD}
    workshop, home = await service.client(**CLIENT_HEADER), await service.client()
    signed_in = await workshop.post("/api/mechanic/login", json=credentials)
    token = await home.post("/auth/v1/token?grant_type=password", json=credentials)
    home.headers["Authorization"] = f"Bearer {token.json()['access_token']}"
    assert signed_in.json()["name"] == "Sam's Garage"
    assert signed_in.json()["mechanic_id"] == kept.mechanic_id
    assert kept.user_id == customer.user_id
    assert (await home.get("/api/me")).json()["roles"] == ["customer"]


async def test_support_gives_nothing_back_in_a_session_of_its_own(
    service: BackendService,
) -> None:
    """A customer who became support is still the customer of what they had booked."""
    bench = await call_bench(service)
    await bench.start()
    await bench.end(bench.customer)
    keeping = keeping_of(service)
    email = (await bench.customer.http.get("/api/me")).json()["email"]
    hashed = await new_hash(service.core.passwords, NEW_PASSWORD)
    await keeping.give_support(email, password_hash=hashed)
    answer = await (await service.client()).post(
        "/auth/v1/token?grant_type=password", json={"email": email, "password": NEW_PASSWORD}
    )
    own = await service.client(Authorization=f"Bearer {answer.json()['access_token']}")

    refund = await own.post(f"{bench.path}/refund", json={"reason": "Mine."})
    quality = await own.get(f"{bench.path}/quality")
    summary = await own.get(f"{bench.path}/summary")

    assert (refund.status_code, refund.json()["code"]) == (403, "auth.role_required")
    assert (quality.status_code, quality.json()["code"]) == (403, "auth.role_required")
    assert summary.status_code == 200


async def test_support_is_a_customer_again_from_the_next_request_on(
    service: BackendService,
) -> None:
    support = await service.support()

    await keeping_of(service).take_support(support.user_id)

    assert (await support.http.get("/api/me")).json()["roles"] == ["customer"]
    answer = await support.http.get("/api/diagnostics/7K3M-Q2XZ")
    assert (answer.status_code, answer.json()["code"]) == (403, "auth.role_required")


WRONG: dict[str, tuple[Act, str]] = {
    "support again": (lambda k, who: k.give_support(who, password_hash="h"), "support already"),
    "support as mechanic": (
        lambda k, who: k.give_mechanic(who, name="Kim", password_hash="h"),
        "support cannot be a mechanic as well: use create-mechanic with another address",
    ),
    "not disabled": (lambda k, who: k.enable(who), "this account is not disabled"),
    "nobody": (
        lambda k, _: k.end_sign_ins("nobody@example.test"),
        "there is no account with this e-mail address or id",
    ),
}


@pytest.mark.parametrize("case", list(WRONG))
async def test_what_makes_no_sense_for_support_is_refused(
    service: BackendService, case: str
) -> None:
    support = await service.support()
    act, said = WRONG[case]

    with pytest.raises(KeepingRefused, match=said):
        await act(keeping_of(service), support.user_id)

    assert (await support.http.get("/api/me")).json()["roles"] == ["support"]


async def test_what_makes_no_sense_for_a_mechanic_is_refused(service: BackendService) -> None:
    await dana(service)
    keeping = keeping_of(service)

    with pytest.raises(KeepingRefused, match="create-support with another address"):
        await keeping.give_support(DANA, password_hash="h")
    with pytest.raises(KeepingRefused, match="set-password gives it a new password"):
        await keeping.give_mechanic(DANA, name="Dana", password_hash="h")
    with pytest.raises(KeepingRefused, match="not support"):
        await keeping.take_support(DANA)
    await keeping.disable(DANA)
    with pytest.raises(KeepingRefused, match="disabled: enable-account"):
        await keeping.disable(DANA)
    with pytest.raises(KeepingRefused, match="disabled: enable-account"):
        await keeping.give_support(DANA, password_hash="h")


async def test_each_change_is_one_line_of_the_security_log_without_a_name(
    service: BackendService,
) -> None:
    user_id = await dana(service)
    support = await service.support()
    keeping = keeping_of(service)

    with capture_logs() as lines:
        await keeping.set_password(DANA, "h")
        await keeping.end_sign_ins(DANA)
        await keeping.disable(DANA)
        await keeping.enable(DANA)
        await keeping.take_support(support.user_id)
        await keeping.give_support(support.user_id, password_hash="h")

    about = {"log_level": "info", "user_id": user_id}
    role = {"log_level": "info", "user_id": support.user_id, "role": "support"}
    assert lines == [
        {"event": "account.password_set", **about},
        {"event": "account.sign_ins_ended", **about},
        {"event": "account.disabled", **about},
        {"event": "account.enabled", **about},
        {"event": "account.role_taken", **role},
        {"event": "account.role_given", **role},
    ]
