"""N01 against sockets of this machine: which stage fails, and which address is taken."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from preflight.probe.reach import ATTEMPT_S, reach

SERVICE = "http://service.test"


@pytest.fixture
def open_port() -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def dead_port() -> Iterator[int]:
    """A port whose queue is full: who connects waits and hears nothing."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=0)) as listener:
        address = listener.getsockname()
        crowd = []
        for _ in range(4):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(address)
            crowd.append(waiting)
        yield address[1]
        for waiting in crowd:
            waiting.close()


def answer_with(monkeypatch: pytest.MonkeyPatch, *ports: int) -> None:
    """Let every name have an address on 127.0.0.1 for each port, in this order."""

    async def getaddrinfo(*_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)) for port in ports]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)


async def test_a_service_that_can_be_reached_has_a_time_for_each_stage(
    monkeypatch: pytest.MonkeyPatch, open_port: int
) -> None:
    answer_with(monkeypatch, open_port)

    found = await reach(SERVICE)

    assert (found["dns_ok"], found["tcp_ok"], found["tls_ok"]) == (True, True, True)
    assert "stage" not in found
    assert found["family"] == "ipv4"


async def test_an_address_that_leads_nowhere_leaves_time_for_the_next_one(
    monkeypatch: pytest.MonkeyPatch, open_port: int, dead_port: int
) -> None:
    """Names often have an IPv6 address that a home's line cannot use."""
    answer_with(monkeypatch, dead_port, open_port)

    found = await reach(SERVICE)

    assert found["tcp_ok"] is True
    assert isinstance(found["tcp_ms"], float)
    assert found["tcp_ms"] >= ATTEMPT_S * 1000


@pytest.mark.parametrize("addresses", [1, 2])
async def test_a_first_packet_that_is_lost_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, open_port: int, dead_port: int, addresses: int
) -> None:
    """A line that loses 3 % each way lost every sixteenth first packet, which fails nothing."""
    answer_with(monkeypatch, open_port, *[dead_port] * (addresses - 1))
    loop = asyncio.get_running_loop()
    connect, tried = loop.sock_connect, 0

    async def lose_the_first(connection: socket.socket, address: tuple[str, int]) -> None:
        nonlocal tried
        tried += 1
        if tried == 1:
            # As long as a system waits before it sends it again.
            await asyncio.sleep(1.05)
        await connect(connection, address)

    monkeypatch.setattr(loop, "sock_connect", lose_the_first)

    found = await reach(SERVICE)

    assert found["tcp_ok"] is True, found


async def test_a_closed_port_is_the_stage_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    answer_with(monkeypatch, port)

    found = await reach(SERVICE)

    assert (found["dns_ok"], found["tcp_ok"], found["stage"]) == (True, False, "tcp")


async def test_a_name_that_nobody_knows_is_the_stage_that_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def getaddrinfo(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)

    found = await reach(SERVICE)

    assert (found["dns_ok"], found["stage"]) == (False, "dns")
