"""N13 on the loopback of both families, and on made answers."""

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from preflight.model import CheckState
from preflight.probe import families as module
from preflight.probe.families import Family, _answers, families, judge_families
from preflight.verdicts.catalogue import judge
from tests.check_cases import clears, just_misses, raises

YES, NO, NONE = Family(1, True), Family(1, False), Family(0, None)


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6 loopback")


@pytest.fixture
def open_port() -> Iterator[int]:
    """A port that listens on 127.0.0.1 alone."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield listener.getsockname()[1]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "proxy_for", lambda scheme, host: None)


def both_loopbacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every name have the loopback address of each family."""

    async def getaddrinfo(_host: str, port: int, *, family: int, **_: object) -> list[Any]:
        six = family == socket.AF_INET6
        address = ("::1", port, 0, 0) if six else ("127.0.0.1", port)
        return [(family, socket.SOCK_STREAM, 6, "", address)]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)


@clears("net.ipv6")
async def test_an_address_of_one_family_is_enough(open_port: int) -> None:
    found = await families(f"http://127.0.0.1:{open_port}")

    assert (found["ipv4_answers"], found["ipv6_answers"]) == (True, None)
    assert (found["ipv4_addresses"], found["ipv6_addresses"]) == (1, 0)
    assert (found["family_broken"], found["ipv6_only"]) == (False, False)


@needs_ipv6
async def test_ipv6_alone_is_named() -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        found = await families(f"http://[::1]:{listener.getsockname()[1]}")

    assert (found["family_broken"], found["ipv6_only"]) == (False, True)
    assert judge("net.ipv6", found) is CheckState.PASSED


@needs_ipv6
async def test_both_families_that_answer_are_well(monkeypatch: pytest.MonkeyPatch) -> None:
    both_loopbacks(monkeypatch)
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as listener:
        found = await families(f"http://service.test:{listener.getsockname()[1]}")

    assert (found["ipv4_answers"], found["ipv6_answers"]) == (True, True)
    assert found["family_broken"] is False


@needs_ipv6
@raises("net.ipv6")
async def test_a_family_that_refuses_beside_one_that_answers_is_broken(
    monkeypatch: pytest.MonkeyPatch, open_port: int
) -> None:
    both_loopbacks(monkeypatch)

    found = await families(f"http://service.test:{open_port}")

    assert (found["ipv4_answers"], found["ipv6_answers"]) == (True, False)
    assert judge("net.ipv6", found) is CheckState.WARNED


@just_misses("net.ipv6")
async def test_no_way_to_a_family_is_no_fault_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_way(*_: object) -> None:
        raise OSError(errno.ENETUNREACH, "made up")

    monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", no_way)

    assert await _answers(socket.AF_INET6, ("2001:db8::1", 443, 0, 0)) is None


async def test_a_name_that_is_unknown_tells_nothing() -> None:
    found = await families("http://no-such-name.invalid")

    assert found["fault"] == "dns"


async def test_behind_a_proxy_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "proxy_for", lambda scheme, host: "http://u:p@proxy.test")

    assert await families("https://api.test") == {"fault": "proxy"}


@pytest.mark.parametrize(
    ("four", "six", "broken", "only"),
    [
        (YES, YES, False, False),
        (YES, NONE, False, False),
        (YES, Family(1, None), False, False),
        (YES, NO, True, False),
        (NO, YES, True, True),
        (NONE, YES, False, True),
    ],
)
def test_broken_is_a_family_with_a_way_and_no_answer(
    four: Family, six: Family, broken: bool, only: bool
) -> None:
    found = judge_families(four, six)

    assert (found["family_broken"], found["ipv6_only"]) == (broken, only)


def test_where_neither_answers_n01_speaks() -> None:
    assert judge_families(NO, NO)["fault"] == "unreachable"
    assert judge_families(NONE, NONE)["fault"] == "dns"
