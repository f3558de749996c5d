"""N14 against real servers on this machine that lose what is large."""

import asyncio
import socket

import pytest

from preflight.model import CheckState
from preflight.probe.large_packets import LARGE, PATH, SMALL, SMALL_S, STALL_S, TRIES, large_packets
from preflight.verdicts.catalogue import judge
from tests.check_cases import clears, just_misses, raises
from tests.fakes.http_service import Received, Reply, http_service

ONE_PACKET = 1400
QUICK_S = 0.3


def echo(request: Received) -> Reply:
    return Reply(200, request.body)


@clears("net.mtu")
async def test_an_echo_of_both_sizes_is_well() -> None:
    async with http_service() as service:
        service.otherwise = echo
        found = await large_packets(service.url + "/")

    assert (found["black_hole"], found["stalls"]) == (False, 0)
    assert [len(each.body) for each in service.received] == [SMALL, LARGE]
    assert {each.path for each in service.received} == {PATH}
    assert judge("net.mtu", found) is CheckState.PASSED


@raises("net.mtu")
async def test_a_line_that_loses_every_large_body_is_a_black_hole() -> None:
    def lossy(request: Received) -> Reply:
        return Reply(hang=True) if len(request.body) > ONE_PACKET else echo(request)

    async with http_service() as service:
        service.otherwise = lossy
        found = await large_packets(service.url, stall_s=QUICK_S)
        # The threads that still wait end by their own time limit.
        await asyncio.sleep(QUICK_S)

    assert (found["black_hole"], found["stalls"]) == (True, 2)
    assert judge("net.mtu", found) is CheckState.FAILED


@just_misses("net.mtu")
async def test_one_stall_alone_is_bad_luck() -> None:
    stalls = 0

    def once(request: Received) -> Reply:
        nonlocal stalls
        if len(request.body) > ONE_PACKET and not stalls:
            stalls += 1
            return Reply(hang=True)
        return echo(request)

    async with http_service() as service:
        service.otherwise = once
        found = await large_packets(service.url, stall_s=QUICK_S)

    assert (found["black_hole"], found["stalls"]) == (False, 1)


async def test_a_dead_line_is_not_blamed_on_large_packets() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        assert await large_packets(url, small_s=QUICK_S) == {"fault": "small_lost"}


@pytest.mark.parametrize("status", [404, 429, 503])
async def test_a_service_that_refuses_is_no_black_hole(status: int) -> None:
    async with http_service(Reply(status)) as service:
        found = await large_packets(service.url)

    assert found["fault"] == "refused"
    assert judge("net.mtu", found) is CheckState.UNKNOWN


async def test_an_echo_that_is_changed_or_cut_off_tells_nothing() -> None:
    async with http_service(Reply(200, b"x" * SMALL)) as service:
        assert (await large_packets(service.url))["fault"] == "refused"
    async with http_service(Reply(cut=True)) as service:
        assert (await large_packets(service.url))["fault"] == "refused"


def test_all_waits_together_stay_below_the_checks_deadline() -> None:
    assert SMALL_S + TRIES * STALL_S < 8
