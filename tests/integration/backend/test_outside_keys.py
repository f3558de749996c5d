"""An outside sign-in's keys over a real socket: rotated, removed, unreachable, slow, forged."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from liftbay_backend.auth.outside_keys import (
    FRESH_SECONDS,
    KEPT_SECONDS,
    MAX_BYTES,
    PAUSE_SECONDS,
    OutsideKeys,
)
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.settings import Settings
from tests.fakes.backend_service import BackendService, backend_service
from tests.fakes.jwks_server import JwksServer, jwks_server, sign
from tests.fakes.service_clock import FakeServiceClock

ISSUER = "https://auth.example.test/auth/v1"
TOLERANCE = 30


class Outside:
    """The service, and the sign-in that it trusts."""

    def __init__(self, service: BackendService, server: JwksServer) -> None:
        self.service = service
        self.server = server

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = int(self.service.clock.now().timestamp())
        claims = {
            "sub": "5f0c6a52-8a0e-4c3f-9d0b-2f2d1a4b7c01",
            "aud": "authenticated",
            "iss": ISSUER,
            "email": "sam@example.test",
            "iat": now,
            "exp": now + 7 * 86400,
        }
        return {**claims, **changes}

    def token(self, kid: str, **changes: Any) -> str:
        return self.server.sign(kid, self.claims(**changes))

    async def ask(self, token: str) -> tuple[int, str | None]:
        """Return the status and the code of `GET /api/me`."""
        http = await self.service.client(Authorization=f"Bearer {token}")
        answer = await http.get("/api/me")
        return answer.status_code, answer.json().get("code")


@pytest.fixture
async def outside(make_settings: Callable[..., Settings]) -> AsyncIterator[Outside]:
    async with jwks_server() as server:
        server.add("one")
        settings = make_settings(
            auth_jwks_url=server.url, auth_issuer=ISSUER, auth_tolerance_seconds=TOLERANCE
        )
        async with backend_service(settings) as service:
            yield Outside(service, server)


IN = (200, None)
REFUSED = (401, "auth.required")
EXPIRED = (401, "auth.expired")
UNKNOWN = (503, "server.unavailable")


async def test_keys_are_fetched_once_for_many_requests(outside: Outside) -> None:
    answers = await asyncio.gather(*(outside.ask(outside.token("one")) for _ in range(8)))

    assert set(answers) == {IN}
    assert outside.server.asked == 1


async def test_an_rs256_key_is_as_good(outside: Outside) -> None:
    outside.server.add("rsa", rsa.generate_private_key(public_exponent=65537, key_size=2048))

    assert await outside.ask(outside.token("rsa")) == IN


async def test_a_rotated_key_is_taken_and_the_old_one_until_it_is_removed(
    outside: Outside,
) -> None:
    server, clock = outside.server, outside.service.clock
    old = outside.token("one")
    assert await outside.ask(old) == IN
    server.add("two")
    clock.advance(seconds=PAUSE_SECONDS)

    both = await outside.ask(outside.token("two")), await outside.ask(old)
    server.remove("one")
    clock.advance(seconds=FRESH_SECONDS + 1)
    removed = await outside.ask(old), await outside.ask(outside.token("two"))

    assert both == (IN, IN)
    assert removed == (REFUSED, IN)
    assert server.asked == 3


async def test_a_key_that_was_replaced_under_its_name_is_believed_no_more(
    outside: Outside,
) -> None:
    """Also for a token that was found right with the key before."""
    token = outside.token("one")
    assert await outside.ask(token) == IN
    outside.server.add("one")
    outside.service.clock.advance(seconds=FRESH_SECONDS + 1)

    assert await outside.ask(token) == REFUSED
    assert await outside.ask(outside.token("one")) == IN


async def test_a_removed_key_is_not_taken_after_the_set_is_old(outside: Outside) -> None:
    """Also when no new key ever comes that would bring a fetch."""
    assert await outside.ask(outside.token("one")) == IN
    outside.server.add("other")
    key = outside.server.remove("one")
    outside.service.clock.advance(seconds=FRESH_SECONDS + 1)

    assert await outside.ask(sign(key, "one", outside.claims())) == REFUSED


async def test_a_sign_in_that_is_down_signs_nobody_out(outside: Outside) -> None:
    server, clock = outside.server, outside.service.clock
    token = outside.token("one")
    assert await outside.ask(token) == IN
    server.status = 500
    answers = []

    for _ in range(20):
        clock.advance(seconds=FRESH_SECONDS)
        answers.append(await outside.ask(token))

    assert set(answers) == {IN}
    server.status = 200
    clock.advance(seconds=PAUSE_SECONDS)
    assert await outside.ask(token) == IN


async def test_keys_are_not_believed_for_ever(outside: Outside) -> None:
    token = outside.token("one")
    assert await outside.ask(token) == IN
    outside.server.status = 500
    outside.service.clock.advance(seconds=KEPT_SECONDS + 1)

    assert await outside.ask(token) == UNKNOWN


async def test_before_the_first_answer_nobody_can_be_told(outside: Outside) -> None:
    outside.server.status = 502
    down = await outside.ask(outside.token("one"))
    outside.server.status = 200
    outside.service.clock.advance(seconds=PAUSE_SECONDS)

    assert down == UNKNOWN
    assert await outside.ask(outside.token("one")) == IN


async def test_forged_key_ids_do_not_hammer_the_sign_in(outside: Outside) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    assert await outside.ask(outside.token("one")) == IN
    outside.service.clock.advance(seconds=PAUSE_SECONDS)
    forged = [sign(key, str(uuid.uuid4()), outside.claims()) for _ in range(30)]

    answers = await asyncio.gather(*(outside.ask(token) for token in forged))

    assert set(answers) == {REFUSED}
    assert outside.server.asked == 2
    assert await outside.ask(outside.token("one")) == IN


async def test_nor_do_they_while_it_is_down(outside: Outside) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    assert await outside.ask(outside.token("one")) == IN
    outside.server.status = 500
    outside.service.clock.advance(seconds=PAUSE_SECONDS)
    forged = [sign(key, str(uuid.uuid4()), outside.claims()) for _ in range(10)]

    answers = [await outside.ask(token) for token in forged]

    # One of them could be a new key, so nobody is told that the sign-in is worth nothing.
    assert set(answers) == {UNKNOWN}
    assert outside.server.asked == 2


async def test_a_slow_sign_in_has_a_deadline_over_all_of_its_answer() -> None:
    """A byte now and then keeps every socket's timeout alive."""
    async with jwks_server() as server:
        server.add("one")
        server.pause_seconds = 0.1
        keys = OutsideKeys(server.url, FakeServiceClock(), deadline_seconds=0.3)
        begun = time.monotonic()

        with pytest.raises(Problem) as caught:
            await keys.key_of(server.sign("one", {}))

        assert caught.value.error is ErrorCode.SERVER_UNAVAILABLE
        assert time.monotonic() - begun < 5
        server.pause_seconds = 0.0


async def test_who_has_a_known_key_does_not_wait_for_a_slow_fetch(outside: Outside) -> None:
    token = outside.token("one")
    assert await outside.ask(token) == IN
    outside.service.clock.advance(seconds=FRESH_SECONDS + 1)
    outside.server.pause_seconds = 0.2
    first = asyncio.create_task(outside.ask(token))
    while outside.server.asked < 2:
        await asyncio.sleep(0.01)

    second = await outside.ask(token)

    assert second == IN
    assert not first.done()
    outside.server.pause_seconds = 0
    assert await first == IN


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"<html>", b'{"keys": 1}', b'{"keys": []}', b"\xff\xfe", b" " * (MAX_BYTES + 1)],
)
async def test_what_is_no_key_set_changes_nothing(outside: Outside, body: bytes) -> None:
    token = outside.token("one")
    assert await outside.ask(token) == IN
    outside.server.body = body
    outside.service.clock.advance(seconds=FRESH_SECONDS + 1)

    assert await outside.ask(token) == IN


async def test_a_secret_in_the_set_is_no_key(outside: Outside) -> None:
    """A symmetric key would let whoever reads the public set sign."""
    outside.server.body = b'{"keys": [{"kty": "oct", "kid": "s", "alg": "HS256", "k": "c2VjcmV0"}]}'
    token = jwt.encode(outside.claims(), "secret" * 8, algorithm="HS256", headers={"kid": "s"})

    assert await outside.ask(token) == REFUSED


async def test_a_token_without_a_key_id_asks_nobody(outside: Outside) -> None:
    key = outside.server.remove("one")

    assert await outside.ask(sign(key, None, outside.claims())) == REFUSED
    assert outside.server.asked == 0


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"exp": 0}, IN),
        ({"exp": -TOLERANCE + 1}, IN),
        ({"exp": -TOLERANCE}, EXPIRED),
        ({"nbf": TOLERANCE}, IN),
        ({"nbf": TOLERANCE + 1}, REFUSED),
        ({"iat": TOLERANCE}, IN),
        ({"iat": TOLERANCE + 1}, REFUSED),
        ({"exp": 60.5}, IN),
    ],
)
async def test_another_clock_is_tolerated_so_far(
    outside: Outside, changes: dict[str, float], answer: tuple[int, str | None]
) -> None:
    now = outside.service.clock.now().timestamp()
    moved = {name: now + seconds for name, seconds in changes.items()}
    whole = {name: value if value % 1 else int(value) for name, value in moved.items()}

    assert await outside.ask(outside.token("one", **whole)) == answer


@pytest.mark.parametrize("odd", ["1", None, True, 10**400, -1, [1], {"a": 1}])
@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
async def test_a_moment_that_is_none_is_refused(outside: Outside, name: str, odd: Any) -> None:
    assert (await outside.ask(outside.token("one", **{name: odd})))[0] == 401


async def test_the_server_of_these_tests_serves_what_it_signs_with(outside: Outside) -> None:
    async with httpx.AsyncClient() as http:
        told = (await http.get(outside.server.url)).json()

    claims = jwt.decode(
        outside.token("one"),
        jwt.PyJWKSet.from_dict(told)["one"],
        algorithms=["ES256"],
        audience="authenticated",
        options={"verify_exp": False, "verify_iat": False},
    )
    assert claims["iss"] == ISSUER
