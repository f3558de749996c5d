"""N11 against a real TLS server on this machine, with an authority of the test's own."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import certifi
import pytest

from preflight.model import CheckState
from preflight.probe import interception as module
from preflight.probe.interception import _connection, interception
from preflight.probe.issuer import issuer_of
from preflight.verdicts.catalogue import judge
from tests.check_cases import clears, just_misses, raises
from tests.fakes.certificates import ORGANISATION, PrivateAuthority, name_of


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "proxy_for", lambda scheme, host: None)


@pytest.fixture
def authority(tmp_path: Path) -> PrivateAuthority:
    return PrivateAuthority(tmp_path)


def trusted_by_the_system(monkeypatch: pytest.MonkeyPatch, authority: PrivateAuthority) -> None:
    """Let the system's store hold this authority alone (OpenSSL's own variable)."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.authority))


@asynccontextmanager
async def tls_service(authority: PrivateAuthority) -> AsyncIterator[str]:
    trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trust.load_cert_chain(authority.chain)
    writers: list[asyncio.StreamWriter] = []

    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with suppress(ConnectionError):
            await reader.read()
        writer.close()

    server = await asyncio.start_server(wait, "127.0.0.1", 0, ssl=trust)
    try:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await server.wait_closed()


@raises("net.tls_intercepted")
async def test_an_authority_that_only_the_system_knows_is_an_interception(
    monkeypatch: pytest.MonkeyPatch, authority: PrivateAuthority
) -> None:
    trusted_by_the_system(monkeypatch, authority)
    async with tls_service(authority) as url:
        found = await interception(url)

    assert found == {"intercepted": True, "issuer": ORGANISATION}
    assert judge("net.tls_intercepted", found) is CheckState.WARNED


@clears("net.tls_intercepted")
async def test_an_authority_that_both_know_is_none(
    monkeypatch: pytest.MonkeyPatch, authority: PrivateAuthority
) -> None:
    trusted_by_the_system(monkeypatch, authority)
    monkeypatch.setattr(certifi, "where", lambda: str(authority.authority))
    async with tls_service(authority) as url:
        found = await interception(url)

    assert found["intercepted"] is False
    assert judge("net.tls_intercepted", found) is CheckState.PASSED


@just_misses("net.tls_intercepted")
async def test_what_nobody_trusts_is_for_n01_to_say(authority: PrivateAuthority) -> None:
    async with tls_service(authority) as url:
        assert await interception(url) == {"fault": "tls"}


async def test_plain_http_has_nothing_to_compare() -> None:
    assert await interception("http://127.0.0.1:1") == {"fault": "not_offered"}


async def test_a_port_that_is_closed_or_mute_tells_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "BUDGET_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        assert await interception(f"https://127.0.0.1:{port}") == {"fault": "unreachable"}
    assert await interception(f"https://127.0.0.1:{port}") == {"fault": "unreachable"}


def test_through_a_proxy_the_handshake_is_still_the_services(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "proxy_for", lambda scheme, host: "http://sam:a%40b@proxy.test:8")

    made = _connection("https://api.test", ssl.create_default_context())

    assert (made.host, made.port) == ("proxy.test", 8)
    assert vars(made)["_tunnel_host"] == "api.test"
    assert vars(made)["_tunnel_headers"]["Proxy-Authorization"].startswith("Basic ")


def test_the_issuer_is_read_from_the_certificate(tmp_path: Path) -> None:
    assert issuer_of(PrivateAuthority(tmp_path).server) == ORGANISATION
    common = PrivateAuthority(tmp_path, name_of("Garage root é")).server
    assert issuer_of(common) == "Garage root é"


@pytest.mark.parametrize("cut", [0, 1, 2, 5, 40, 90])
def test_a_certificate_that_is_cut_off_has_no_issuer(tmp_path: Path, cut: int) -> None:
    assert issuer_of(PrivateAuthority(tmp_path).server[:cut]) == ""
    assert issuer_of(b"\x30\x80" + bytes(cut)) == ""
