"""Sign-in of customers with Supabase's own library, and of mechanics with their cookie."""

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import select
from structlog.testing import capture_logs
from supabase_auth import AsyncGoTrueClient
from supabase_auth.errors import AuthApiError, AuthWeakPasswordError

from liftbay_backend.db.models import UserRow
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import committed
from tests.fakes.backend_service import CLIENT_HEADER, PASSWORD, BackendService, backend_service
from tests.fakes.loopback import on_loopback


def library(base: str) -> AsyncGoTrueClient:
    return AsyncGoTrueClient(
        url=f"{base}/auth/v1",
        headers={"apikey": "liftbay"},
        auto_refresh_token=False,
        persist_session=False,
    )


async def test_the_clients_library_signs_up_in_and_out(service: BackendService) -> None:
    async with on_loopback(service.app) as base:
        client = library(base)
        made = await client.sign_up(
            {
                "email": "Sam@Example.test",
                "password": PASSWORD,
                "options": {"data": {"name": "Sam Okafor"}},
            }
        )
        assert made.session is not None
        signed_in = await client.sign_in_with_password(
            {"email": "sam@example.test", "password": PASSWORD}
        )
        assert signed_in.session is not None
        user = await client.get_user()
        renewed = await client.refresh_session()
        assert renewed.session is not None
        await client.sign_out()
        async with httpx.AsyncClient(base_url=base) as http:
            after = await http.get(
                "/api/me",
                headers={"Authorization": f"Bearer {renewed.session.access_token}"},
            )
        await client.close()

    async with service.core.database.reading() as db:
        [kept] = (await db.execute(select(UserRow.password_hash))).scalars()

    assert str(kept).startswith("$argon2id$")
    assert user is not None
    assert user.user.email == "sam@example.test"
    assert user.user.user_metadata == {"name": "Sam Okafor"}
    assert renewed.session.refresh_token != signed_in.session.refresh_token
    assert after.status_code == 401


async def test_the_library_understands_every_refusal(service: BackendService) -> None:
    codes = []
    async with on_loopback(service.app) as base:
        client = library(base)
        await client.sign_up({"email": "sam@example.test", "password": PASSWORD})
        for email, password in (
            ("sam@example.test", "a wrong password"),
            ("nobody@example.test", PASSWORD),
        ):
            with pytest.raises(AuthApiError) as wrong:
                await client.sign_in_with_password({"email": email, "password": password})
            codes.append((wrong.value.status, wrong.value.code))
        with pytest.raises(AuthApiError) as taken:
            await client.sign_up({"email": "SAM@example.test", "password": PASSWORD})
        with pytest.raises(AuthWeakPasswordError) as weak:
            await client.sign_up({"email": "ida@example.test", "password": "short"})
        with pytest.raises(AuthApiError) as unknown:
            await client.refresh_session("no-such-token")
        with pytest.raises(AuthApiError) as disabled:
            await client.sign_in_with_otp({"email": "sam@example.test"})
        await client.close()

    assert codes == [(400, "invalid_credentials")] * 2
    assert (taken.value.status, taken.value.code) == (422, "user_already_exists")
    assert weak.value.reasons == ["length"]
    assert (unknown.value.status, unknown.value.code) == (400, "refresh_token_not_found")
    assert disabled.value.code == "otp_disabled"


async def test_a_rotated_token_works_for_ten_seconds_and_then_ends_the_sign_in(
    service: BackendService,
) -> None:
    http = await service.client()
    first = (await _sign_up(http)).json()

    async def renew(token: str) -> httpx.Response:
        return await http.post(
            "/auth/v1/token?grant_type=refresh_token", json={"refresh_token": token}
        )

    second = await renew(first["refresh_token"])
    service.clock.advance(seconds=9)
    lost_answer = await renew(first["refresh_token"])
    service.clock.advance(seconds=2)
    stolen = await renew(first["refresh_token"])
    after = await renew(second.json()["refresh_token"])
    me = await http.get(
        "/api/me", headers={"Authorization": f"Bearer {second.json()['access_token']}"}
    )

    assert (second.status_code, lost_answer.status_code) == (200, 200)
    assert (stolen.status_code, after.status_code) == (400, 400)
    assert me.status_code == 401


async def test_a_stolen_mechanics_cookie_ends_the_sign_in_for_both(
    service: BackendService,
) -> None:
    mechanic = await service.mechanic()
    stolen = {"Cookie": f"aad_mech_refresh={mechanic.http.cookies['aad_mech_refresh']}"}
    thief = await service.client(**CLIENT_HEADER)
    own = await mechanic.http.post("/api/mechanic/refresh")
    service.clock.advance(seconds=11)

    with capture_logs() as lines:
        theirs = await thief.post("/api/mechanic/refresh", headers=stolen)
    after = [
        await mechanic.http.get("/api/me"),
        await mechanic.http.post("/api/mechanic/refresh"),
    ]

    assert (own.status_code, theirs.status_code) == (200, 401)
    assert [one.status_code for one in after] == [401, 401]
    [logged] = [one for one in lines if one["event"] == "sign_in.token_reused"]
    assert logged["kind"] == "mechanic_tokens"
    assert mechanic.http.cookies["aad_mech_refresh"] not in str(lines)
    assert stolen["Cookie"].partition("=")[2] not in str(lines)


async def test_a_sign_out_reaches_as_far_as_it_says(service: BackendService) -> None:
    """`local` ends one device, `others` all but one, `global` every one."""
    async with on_loopback(service.app) as base, httpx.AsyncClient(base_url=base) as http:
        devices = [library(base) for _ in range(3)]
        await devices[0].sign_up({"email": "sam@example.test", "password": PASSWORD})
        tokens = []
        for device in devices:
            made = await device.sign_in_with_password(
                {"email": "sam@example.test", "password": PASSWORD}
            )
            assert made.session is not None
            tokens.append(made.session.access_token)

        async def alive() -> list[bool]:
            answers = [
                await http.get("/api/me", headers={"Authorization": f"Bearer {one}"})
                for one in tokens
            ]
            return [one.status_code == 200 for one in answers]

        await devices[0].sign_out({"scope": "local"})
        after_local = await alive()
        await devices[1].sign_out({"scope": "others"})
        after_others = await alive()
        await devices[1].sign_out({"scope": "global"})
        after_global = await alive()
        for device in devices:
            await device.close()

    assert after_local == [False, True, True]
    assert after_others == [False, True, False]
    assert after_global == [False, False, False]


async def test_guessing_passwords_is_slowed_down(make_settings: Callable[..., Settings]) -> None:
    async with backend_service(make_settings(sign_in_limit="3/minute")) as service:
        http = await service.client()
        await _sign_up(http)
        mechanic = await service.mechanic()

        tries = [
            await http.post(
                "/auth/v1/token?grant_type=password",
                json={"email": "sam@example.test", "password": f"guess {number}"},
            )
            for number in range(4)
        ]
        cookie_tries = [
            await mechanic.http.post(
                "/api/mechanic/login",
                json={"email": "no@example.test", "password": f"guess {number}"},
            )
            for number in range(4)
        ]

        assert [one.status_code for one in tries] == [400, 400, 400, 429]
        assert tries[-1].json()["code"] == "over_request_rate_limit"
        assert [one.status_code for one in cookie_tries] == [401, 401, 401, 429]
        assert int(cookie_tries[-1].headers["retry-after"]) > 0


async def test_the_mechanics_cookies_are_out_of_reach_for_scripts_and_other_sites(
    service: BackendService,
) -> None:
    mechanic = await service.mechanic()

    answer = await mechanic.http.post("/api/mechanic/refresh")

    cookies = answer.headers.get_list("set-cookie")
    assert answer.status_code == 200
    assert answer.json() == {
        "user_id": mechanic.user_id,
        "mechanic_id": mechanic.mechanic_id,
        "name": "Dana Roy",
        "expires_in": 7200,
    }
    assert [cookie.partition("=")[0] for cookie in cookies] == ["aad_mech", "aad_mech_refresh"]
    assert all("HttpOnly" in cookie and "SameSite=strict" in cookie for cookie in cookies)
    assert "Max-Age=7200; Path=/;" in cookies[0]
    assert "Max-Age=2592000; Path=/api/mechanic;" in cookies[1]


async def test_cookies_are_secure_beyond_loopback(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings(public_url="https://api.example.test")
    async with backend_service(settings) as service:
        http = await service.client(**CLIENT_HEADER)
        mechanic = await service.mechanic()
        answer = await http.post(
            "/api/mechanic/login",
            json={"email": "dana1@example.test", "password": PASSWORD},
        )

        assert mechanic.mechanic_id is not None
        assert all("Secure" in one for one in answer.headers.get_list("set-cookie"))


async def test_a_mechanics_cookie_ends_after_two_hours_and_can_be_renewed(
    service: BackendService,
) -> None:
    mechanic = await service.mechanic()
    jar = dict(mechanic.http.cookies)
    service.clock.advance(seconds=7200)

    expired = await mechanic.http.get("/api/me", headers={"Cookie": f"aad_mech={jar['aad_mech']}"})
    renewed = await mechanic.http.post(
        "/api/mechanic/refresh",
        headers={"Cookie": f"aad_mech_refresh={jar['aad_mech_refresh']}"},
    )

    assert (expired.status_code, expired.json()["code"]) == (401, "auth.expired")
    assert renewed.status_code == 200


async def test_a_signed_out_mechanic_is_out_at_once_everywhere(service: BackendService) -> None:
    mechanic = await service.mechanic()
    jar = dict(mechanic.http.cookies)
    kept = "; ".join(f"{name}={value}" for name, value in jar.items())

    left = await mechanic.http.post("/api/mechanic/logout")
    other = await service.client(**CLIENT_HEADER)
    me = await other.get("/api/me", headers={"Cookie": kept})
    renewed = await other.post("/api/mechanic/refresh", headers={"Cookie": kept})

    assert left.status_code == 204
    assert (me.status_code, renewed.status_code) == (401, 401)


async def test_a_logout_of_nobody_writes_nothing_and_is_limited(
    make_settings: Callable[..., Settings],
) -> None:
    async with backend_service(make_settings(address_limit="2/minute")) as service:
        anyone = await service.client(**CLIENT_HEADER)
        before = committed()
        codes = [(await anyone.post("/api/mechanic/logout")).status_code for _ in range(3)]
        written = committed() - before

    assert codes == [204, 204, 429]
    assert written == 0


@pytest.mark.parametrize("path", ["/api/mechanic/refresh", "/api/mechanic/logout"])
async def test_another_sites_page_cannot_use_the_cookie(service: BackendService, path: str) -> None:
    mechanic = await service.mechanic()
    del mechanic.http.headers["X-Liftbay-Client"]

    answers = [
        await mechanic.http.post(path),
        await mechanic.http.put("/api/me/presence", json={"available": False}),
    ]

    assert {(one.status_code, one.json()["code"]) for one in answers} == {(403, "auth.csrf")}
    assert (await mechanic.http.get("/api/me")).status_code == 200


async def test_a_customers_account_is_no_mechanics(service: BackendService) -> None:
    http = await service.client()
    await _sign_up(http)

    answer = await http.post(
        "/api/mechanic/login", json={"email": "sam@example.test", "password": PASSWORD}
    )

    assert (answer.status_code, answer.json()["code"]) == (401, "auth.invalid_credentials")


async def test_who_comes_with_both_is_both_and_the_mechanic_wins(
    service: BackendService,
) -> None:
    customer, mechanic = await service.customer(), await service.mechanic()
    session = await service.waiting_session(customer, mechanic)
    mechanic.http.headers["Authorization"] = customer.http.headers["Authorization"]

    me = (await mechanic.http.get("/api/me")).json()
    shown = (await mechanic.http.get(f"/api/sessions/{session['id']}")).json()

    assert me["roles"] == ["customer", "mechanic"]
    assert (me["user_id"], me["mechanic_id"]) == (mechanic.user_id, mechanic.mechanic_id)
    assert shown["my_role"] == "mechanic"


async def _sign_up(http: httpx.AsyncClient) -> httpx.Response:
    return await http.post(
        "/auth/v1/signup", json={"email": "sam@example.test", "password": PASSWORD}
    )
