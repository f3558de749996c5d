"""Rate limits that instances share in a real Redis, and what happens while it is away."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest
import pytest_asyncio
import redis.asyncio

from liftbay_backend.auth.limits import Limits
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.settings import Settings, SettingsError
from liftbay_backend.settings_reading import load_settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_service import PASSWORD, backend_service
from tests.fakes.redis_server import RedisServer

RULE = "3/minute"
SECRET = "a-password-that-no-line-may-hold"
AWAY = "limits.redis_away"


@pytest.fixture
def server() -> Iterator[RedisServer]:
    """Run a Redis of our own."""
    with RedisServer(SECRET) as running:
        yield running


@pytest_asyncio.fixture
async def pair(server: RedisServer) -> AsyncIterator[tuple[Limits, Limits]]:
    """Return what two instances count with."""
    both = (Limits(server.url, rest_seconds=0.2), Limits(server.url, rest_seconds=0.2))
    yield both
    for one in both:
        await one.close()


async def allowed(limits: Limits, *key: str) -> bool:
    """Count one hit and tell whether it was allowed."""
    try:
        await limits.hit(RULE, *key)
    except Problem as refusal:
        return (refusal.error, refusal.headers) != (ErrorCode.RATE_LIMITED, {"Retry-After": "60"})
    return True


async def test_two_instances_count_one_caller_together(pair: tuple[Limits, Limits]) -> None:
    one, two = pair

    together = [await allowed(each, "sign-in", "sam") for each in (one, two, one, two, one)]
    somebody_else = await allowed(two, "sign-in", "ida")

    assert together == [True, True, True, False, False]
    assert somebody_else


async def test_at_once_no_more_pass_than_the_limit_says(pair: tuple[Limits, Limits]) -> None:
    tries = [allowed(pair[number % 2], "sign-in", "sam") for number in range(20)]

    assert sum(await asyncio.gather(*tries)) == 3


async def test_who_looks_into_redis_learns_no_name(
    server: RedisServer, pair: tuple[Limits, Limits]
) -> None:
    await allowed(pair[0], "sign-in", "sam@example.test")

    async with redis.asyncio.from_url(server.url) as client:
        keys = [key.decode() async for key in client.scan_iter()]

    assert len(keys) == 1
    assert keys[0].startswith("liftbay-limits")
    assert "sam" not in keys[0]


async def test_parts_of_a_key_are_not_run_together(pair: tuple[Limits, Limits]) -> None:
    assert [await allowed(pair[0], "a", "bc") for _ in range(3)] == [True] * 3

    assert await allowed(pair[0], "ab", "c")


async def test_without_redis_each_counts_for_itself_and_says_so_once(
    server: RedisServer,
    pair: tuple[Limits, Limits],
    expected_logs: ExpectedLogs,
    caplog: pytest.LogCaptureFixture,
) -> None:
    expected_logs.allow(AWAY)
    server.kill()

    tries = {
        number: [await allowed(one, "sign-in", "sam") for _ in range(4)]
        for number, one in enumerate(pair)
    }
    await asyncio.sleep(0.3)
    later = await allowed(pair[0], "sign-in", "ida")

    assert tries == {0: [True, True, True, False], 1: [True, True, True, False]}
    assert later
    assert sum(AWAY in line.getMessage() for line in caplog.records) == len(pair)
    assert SECRET not in caplog.text


async def test_a_redis_that_is_back_is_counted_in_again(
    server: RedisServer, pair: tuple[Limits, Limits], expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow(AWAY)
    server.kill()
    assert [await allowed(one, "sign-in", "sam") for one in pair] == [True, True]

    server.start()
    await asyncio.sleep(0.3)
    again = [await allowed(pair[number % 2], "sign-in", "sam") for number in range(4)]

    assert again == [True, True, True, False]


async def test_a_redis_that_hangs_delays_one_request_and_not_the_next(
    server: RedisServer, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow(AWAY)
    limits = Limits(server.url)
    assert await allowed(limits, "sign-in", "sam")
    server.freeze()
    try:
        begun = time.monotonic()
        first = await allowed(limits, "sign-in", "sam")
        waited = time.monotonic() - begun
        begun = time.monotonic()
        next_ones = [await allowed(limits, "sign-in", "ida") for _ in range(3)]
        waited_next = time.monotonic() - begun
    finally:
        server.thaw()
        await limits.close()

    assert first
    assert next_ones == [True] * 3
    assert waited >= 0.9
    assert waited_next < waited


async def test_a_password_that_is_wrong_is_no_outage(
    server: RedisServer, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow(AWAY)
    limits = Limits(server.url.replace(SECRET, "another-password"))

    tries = [await allowed(limits, "sign-in", "sam") for _ in range(4)]
    await limits.close()

    assert tries == [True, True, True, False]


async def test_two_services_refuse_the_same_caller(
    server: RedisServer, make_settings: Callable[..., Settings]
) -> None:
    """The setting reaches the routes: signing in is refused at the second instance as well."""
    settings = make_settings(redis_url=server.url, sign_in_limit="2/minute")
    body = {"email": "sam@example.test", "password": PASSWORD}

    async def sign_in(http: httpx.AsyncClient) -> int:
        return (await http.post("/auth/v1/token?grant_type=password", json=body)).status_code

    async with backend_service(settings) as one, backend_service(settings) as two:
        answers = [await sign_in(await each.client()) for each in (one, two, one, two)]
        await one.core.limits.close()
        await two.core.limits.close()

    assert answers == [400, 400, 429, 429]


@pytest.mark.parametrize("url", ["redis", "http://127.0.0.1:6379", "redis://", "redis://h:port/0"])
def test_an_address_of_another_kind_stops_a_start(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(redis_url=url)

    assert str(caught.value) == "LIFTBAY_REDIS_URL is no address like redis://127.0.0.1:6379/0"
