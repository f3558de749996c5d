"""N01 and N11: names, ports and certificates of made servers on this machine.

Truth. ``net.unreachable``: which stage was broken on purpose: the name, the port, the certificate
(of an unknown or missing authority, out of date, for another name), or TLS itself; a name that
takes 0.65 to 2.8 s is warned (the time is made, nobody waits for it). ``net.tls_intercepted``:
whether the chain ends at an authority of the public bundle or at one that the system alone knows,
under the names that security programs and companies use. The bundle and the system's store are
made.
"""

import asyncio
import os
import random
import socket
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import certifi

from client_api.clock import Clock
from preflight.probe import interception, reach
from tests.accuracy.asked_machine import made_folder
from tests.accuracy.asked_network import network_figures, on_real_sockets
from tests.accuracy.kinds import FAILED, UNKNOWN, UNTOLD, WARNED, Found, Make, cases_of
from tests.accuracy.made_chains import Authority, below, named, root, server_chain
from tests.accuracy.tally import Case

SEED = 370_000


class ShiftedTime:
    """The machine's time, and seconds that are said to have passed."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def perf_counter(self) -> float:
        return time.perf_counter() + self.ahead_s


@cache
def _public_root() -> Authority:
    return root(named("Made Public Root G2", "Made Trust Services"))


@asynccontextmanager
async def _server(chain: Path | None, *, says: bytes = b"") -> AsyncIterator[int]:
    """Listen; with TLS where there is a chain, else answer with some bytes and close."""
    writers: list[asyncio.StreamWriter] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            if says:
                await reader.read(1)
                writer.write(says)
                await writer.drain()
            elif chain is not None:
                await reader.read()
        writer.close()

    trust = None
    if chain is not None:
        trust = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        trust.load_cert_chain(chain)
    # A client that does not trust us ends the handshake: no word for the log.
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=trust)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await server.wait_closed()


def _closed_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def reached(
    rng: random.Random,
    chain: Path | None,
    *,
    scheme: str = "https",
    dns_s: float | None = 0.05,
    says: bytes = b"",
    dead_first: int = 0,
    listens: bool = True,
    store: bytes | None = None,
) -> Found:
    """Reach for a service.

    Args:
        dns_s: how long its name takes; None: there is none.
        dead_first: addresses that refuse, before the right one.
        store: what the system trusts.
    """
    shifted = ShiftedTime()
    refusals = (socket.EAI_NONAME, socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_NODATA)

    async def work(clock: Clock) -> Found:
        async with _server(chain, says=says) as port:
            ports = [_closed_port() for _ in range(dead_first)]
            ports += [port] if listens else [_closed_port()]

            async def getaddrinfo(*_: object, **__: object) -> list[Any]:
                if dns_s is None:
                    raise socket.gaierror(rng.choice(refusals), "made up")
                shifted.ahead_s += dns_s
                return [
                    (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", each))
                    for each in ports
                ]

            with patch.object(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo):
                return await network_figures(
                    "net.unreachable", clock, url=f"{scheme}://service.test"
                )

    with ExitStack() as stack:
        folder = stack.enter_context(made_folder({}))
        trusted = folder / "store.pem"
        trusted.write_bytes(store if store is not None else _public_root().pem + _store())
        stack.enter_context(patch.dict(os.environ, {"SSL_CERT_FILE": str(trusted)}))
        stack.enter_context(patch.object(reach, "time", shifted))
        stack.enter_context(patch.object(reach, "proxy_for", lambda _scheme, _host: None))
        return on_real_sockets(work)


@cache
def _store() -> bytes:
    """The root above `_public`."""
    top = root(named("Made Public Root X1", "Made Trust Services"))
    middle = below(top, named("R3", "Made Trust Services"))
    _chains["public"] = middle
    return top.pem


_chains: dict[str, Authority] = {}


def _intermediate() -> Authority:
    _store()
    return _chains["public"]


def _https(
    *,
    days: tuple[int, int] = (-30, 60),
    names: tuple[str, ...] = ("service.test",),
    signer: str = "public",
    whole: bool = True,
) -> Make:
    def make(rng: random.Random) -> Found:
        with made_folder({}) as folder:
            chain = server_chain(
                folder / "server.pem",
                _signer(rng, signer),
                days=days,
                names=rng.choice((names, (*names, "other.test"))),
                whole=whole,
            )
            return reached(rng, chain, dead_first=rng.choice((0, 0, 1, 2)))

    return make


def _signer(rng: random.Random, kind: str) -> Authority | None:
    if kind == "itself":
        return None
    if kind == "unknown":
        return root(named("Unknown", None))
    if kind == "between":
        return _intermediate()
    return rng.choice((_intermediate(), _public_root()))


def _plain(rng: random.Random) -> Found:
    return reached(rng, None, scheme="http", dead_first=rng.choice((0, 0, 1, 3)))


def _names_take(low_s: float, high_s: float) -> Make:
    return lambda rng: reached(rng, None, scheme="http", dns_s=rng.uniform(low_s, high_s))


def _no_tls(rng: random.Random) -> Found:
    says = rng.choice(
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b"\0\0", b"")
    )
    return reached(rng, None, says=says)


# --- N11 ---------------------------------------------------------------------------------------


_READERS = (
    ("Avast Web/Mail Shield Root", "Avast Web/Mail Shield"),
    ("ESET SSL Filter CA", "ESET, spol. s r. o."),
    ("Kaspersky Anti-Virus Personal Root Certificate", "AO Kaspersky Lab"),
    ("Zscaler Root CA", "Zscaler Inc."),
    ("Firmen-Stammzertifikat", "Müller & Söhne GmbH"),
    ("FortiGate CA", None),
    (None, "Netskope"),
    ("会社ルート", "会社"),
    ("Fiddler Root", "DO_NOT_TRUST"),
    ("mitmproxy", "mitmproxy"),
)


def _intercepted(*, by_program: bool | None) -> Make:
    """A chain of the public bundle, or of one that the system alone knows; None: nobody does."""

    def make(rng: random.Random) -> Found:
        reader = root(named(*rng.choice(_READERS)))
        own = reader if rng.random() < 0.6 else below(reader, named("Proxy CA 2", None))
        signer = own if by_program is not False else rng.choice((_public_root(), _intermediate()))
        bundle = _public_root().pem + _store()
        # A company's own authority is in the system's store whether it reads along or not.
        store = bundle + (
            reader.pem if by_program is not None and (by_program or rng.random() < 0.5) else b""
        )
        with ExitStack() as stack:
            folder = stack.enter_context(made_folder({}))
            chain = server_chain(folder / "server.pem", signer)
            for name, text in (("store.pem", store), ("bundle.pem", bundle)):
                (folder / name).write_bytes(text)
            stack.enter_context(
                patch.dict(os.environ, {"SSL_CERT_FILE": str(folder / "store.pem")})
            )
            stack.enter_context(patch.object(certifi, "where", lambda: str(folder / "bundle.pem")))
            stack.enter_context(
                patch.object(interception, "proxy_for", lambda _scheme, _host: None)
            )
            host = rng.choice(("127.0.0.1", "localhost"))
            return on_real_sockets(lambda clock: asked_over(chain, clock, host))

    return make


async def asked_over(
    chain: Path | None, clock: Clock, host: str, *, scheme: str = "https"
) -> Found:
    async with _server(chain) as port:
        return await network_figures("net.tls_intercepted", clock, url=f"{scheme}://{host}:{port}")


def _no_answer(rng: random.Random) -> Found:
    scheme = rng.choice(("https", "http"))
    with patch.object(interception, "proxy_for", lambda _scheme, _host: None):
        return on_real_sockets(lambda clock: asked_over(None, clock, "127.0.0.1", scheme=scheme))


def cases() -> Iterator[Case]:
    """Yield the cases of both checks."""
    yield from cases_of(
        "net.unreachable",
        SEED,
        (
            ("plain", _plain),
            ("a good chain", _https()),
            ("names within half a second", _names_take(0.0, 0.4)),
        ),
        (
            ("names late", WARNED, _names_take(0.65, 2.8)),
            ("no name", FAILED, lambda rng: reached(rng, None, dns_s=None)),
            (
                "no port",
                FAILED,
                lambda rng: reached(rng, None, listens=False, dead_first=rng.randint(0, 2)),
            ),
            ("an unknown authority", FAILED, _https(signer="unknown")),
            ("signed by itself", FAILED, _https(signer="itself")),
            ("out of date", FAILED, _https(days=(-300, -1))),
            ("not yet valid", FAILED, _https(days=(2, 90))),
            ("for another name", FAILED, _https(names=("garage.test",))),
            ("an authority left out", FAILED, _https(signer="between", whole=False)),
            ("no TLS", FAILED, _no_tls),
        ),
    )
    yield from cases_of(
        "net.tls_intercepted",
        SEED + 100_000,
        (("of the public bundle", _intercepted(by_program=False)),),
        (("of the system alone", WARNED, _intercepted(by_program=True)),),
        (("of nobody", UNKNOWN, _intercepted(by_program=None)), ("no TLS", UNTOLD, _no_answer)),
    )
