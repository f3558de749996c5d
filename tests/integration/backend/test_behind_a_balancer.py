"""Rate limits count people, not the balancer that brings them, and nobody can choose their name."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from liftbay_backend.settings import Settings
from tests.fakes.backend_service import BackendService, backend_service

BALANCER = "10.0.0.5"
SAM, IDA = "203.0.113.7", "198.51.100.9"


@asynccontextmanager
async def served(
    make_settings: Callable[..., Settings], *trusted: str
) -> AsyncIterator[BackendService]:
    settings = make_settings(anonymous_limit="2/minute", trusted_proxies=trusted)
    async with backend_service(settings) as service:
        yield service


async def ask(service: BackendService, peer: str, forwarded: str | None = None) -> int:
    """Ask from an address, perhaps with what a balancer says about whom it asks for."""
    transport = httpx.ASGITransport(service.app, client=(peer, 4711))
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as http:
        return (await http.get("/portal-check", headers=headers)).status_code


async def test_each_person_behind_a_balancer_has_a_limit_of_their_own(
    make_settings: Callable[..., Settings],
) -> None:
    async with served(make_settings, BALANCER) as service:
        sam = [await ask(service, BALANCER, SAM) for _ in range(3)]
        ida = [await ask(service, BALANCER, IDA) for _ in range(3)]

    assert sam == ida == [200, 200, 429]


async def test_nobody_gets_a_new_limit_by_a_header_of_their_own(
    make_settings: Callable[..., Settings],
) -> None:
    """The balancer appends the address it sees; what stands before it is the caller's invention."""
    async with served(make_settings, BALANCER) as service:
        invented = [await ask(service, BALANCER, f"192.0.2.{one}, {SAM}") for one in range(3)]

    assert invented == [200, 200, 429]


async def test_who_comes_past_the_balancer_is_not_believed(
    make_settings: Callable[..., Settings],
) -> None:
    async with served(make_settings, BALANCER) as service:
        past = [await ask(service, SAM, f"192.0.2.{one}") for one in range(3)]

    assert past == [200, 200, 429]


async def test_without_the_setting_the_header_means_nothing(
    make_settings: Callable[..., Settings],
) -> None:
    async with served(make_settings) as service:
        answers = [await ask(service, BALANCER, f"192.0.2.{one}") for one in range(3)]

    assert answers == [200, 200, 429]


async def test_two_balancers_of_one_network_may_stand_behind_each_other(
    make_settings: Callable[..., Settings],
) -> None:
    async with served(make_settings, "10.0.0.0/24") as service:
        answers = [await ask(service, BALANCER, f"{SAM}, 10.0.0.{one}") for one in (7, 8, 9)]

    assert answers == [200, 200, 429]


@pytest.mark.parametrize("odd", ["", "nonsense", "x" * 5000, ",,,", "1.2.3.4:99999", "[::1"])
async def test_what_is_no_address_is_counted_all_the_same(
    make_settings: Callable[..., Settings], odd: str
) -> None:
    async with served(make_settings, BALANCER) as service:
        answers = [await ask(service, BALANCER, odd) for _ in range(3)]

    assert answers == [200, 200, 429]


async def test_one_line_with_many_addresses_of_ipv6_is_one_caller(
    make_settings: Callable[..., Settings],
) -> None:
    async with served(make_settings) as service:
        one_line = [await ask(service, f"2001:db8:1:2::{one:x}") for one in range(3)]
        another = await ask(service, "2001:db8:1:3::1")
        mapped = [await ask(service, peer) for peer in (SAM, f"::ffff:{SAM}", SAM)]

    assert one_line == [200, 200, 429]
    assert another == 200
    assert mapped == [200, 200, 429]
