"""N01, N06, N11 and N13, blind: chains as servers send them, readers by name, other networks.

Written from the catalogue, RFC 5246 and 8446 (order of certificates), RFC 5280, and what servers
are known to send: the root along, certificates twice, in another order, and strangers among them.
Sockets, names and clocks are the harness's; the chains and what is true of them are not.
"""

import errno
import random
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from os import environ
from pathlib import Path
from unittest.mock import patch

import certifi

from preflight.probe import interception
from tests.accuracy.asked_machine import made_folder
from tests.accuracy.asked_network import on_real_sockets
from tests.accuracy.kinds import FAILED, UNTOLD, WARNED, Found, Make, blind_cases_of
from tests.accuracy.made_chains import Authority, below, named, root, server_chain
from tests.accuracy.made_time import MadeTimeLoop
from tests.accuracy.network_secure_cases import asked_over, reached
from tests.accuracy.network_service_cases import Change, MadeWays, changed_by
from tests.accuracy.network_wifi_cases import State, over_network
from tests.accuracy.tally import Case

SEED = 8_900_000
_END = "-----END CERTIFICATE-----\n"

# --- Chains ------------------------------------------------------------------------------------


@cache
def _trusted() -> tuple[Authority, Authority, Authority]:
    """Return a public root, one below it, and one below that."""
    top = root(named("Blind Root CA - G4", "Blind Trust LLC"))
    middle = below(top, named("Blind Intermediate E7", "Blind Trust LLC"))
    return top, middle, below(middle, named("Blind Issuing 2026", None))


@cache
def _stranger() -> Authority:
    return root(named("Garage Test CA", "Garage"))


def _written(
    rng: random.Random, folder: Path, signer: Authority | None, how: str, days: tuple[int, int]
) -> Path:
    """Write a server's key and chain; ``how`` it is sent."""
    names = ("service.test", "localhost", *rng.sample(("www.service.test", "*.other.test"), 1))
    if how == "another name":
        names = rng.choice((("service.test.example",), ("www.service.test", "*.service.test")))
    path = folder / "chain.pem"
    server_chain(path, signer, names=names, days=days, whole=how != "leaf alone")
    key, _, rest = path.read_text("ascii").partition("-----BEGIN CERTIFICATE-----")
    blocks = [each + _END for each in ("-----BEGIN CERTIFICATE-----" + rest).split(_END)[:-1]]
    leaf, others = blocks[0], blocks[1:]
    if how == "root along":
        others.append(_trusted()[0].pem.decode())
    elif how == "turned":
        others.reverse()
    elif how == "twice":
        others = [*others, *others]
    elif how == "strangers":
        others.insert(rng.randint(0, len(others)), _stranger().pem.decode())
    path.write_text(key + leaf + "".join(others), "ascii")
    return path


def _handshake(
    *hows: str, days: tuple[int, int] = (-3, 3), signer: str = "public", dead_first: int = 0
) -> Make:
    def make(rng: random.Random) -> Found:
        top, middle, issuing = _trusted()
        by: Authority | None = rng.choice((middle, issuing))
        if signer == "stranger":
            by = _stranger()
        elif signer == "itself":
            by = None
        with made_folder({}) as folder:
            chain = _written(rng, folder, by, rng.choice(hows), days)
            return reached(rng, chain, dead_first=dead_first, store=top.pem)

    return make


_BANNERS = (
    b"SSH-2.0-OpenSSH_9.6p1\r\n",
    b"220 mail.service.test ESMTP Postfix\r\n",
    b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
    b"RFB 003.008\n",
)


def _another_service(rng: random.Random) -> Found:
    return reached(rng, None, says=rng.choice(_BANNERS))


def _nobody(rng: random.Random) -> Found:
    return reached(rng, None, listens=False, dead_first=rng.randint(0, 2))


def _names_take(rng: random.Random, seconds: float | None) -> Found:
    with made_folder({}) as folder:
        chain = _written(rng, folder, _trusted()[1], "as it should be", (-9, 60))
        return reached(rng, chain, dns_s=seconds, store=_trusted()[0].pem)


# --- N11 ---------------------------------------------------------------------------------------

_READERS = (
    ("Zscaler Intermediate Root CA (zscalertwo.net)", "Zscaler Inc."),
    ("Kaspersky Anti-Virus Personal Root Certificate", "AO Kaspersky Lab"),
    ("ESET SSL Filter CA", "ESET, spol. s r. o."),
    ("Avast Web/Mail Shield Root", "Avast"),
    ("FG100FTK22001234", "Fortinet"),
    ("ООО «Гараж» Корневой ЦС", None),
    (None, "Garage Proxy"),
)


def _read_along(*, by: str) -> Make:
    """The chain is a reader's, whom the system trusts; the public's; or nobody's."""

    def make(rng: random.Random) -> Found:
        top, middle, _ = _trusted()
        reader = root(named(*rng.choice(_READERS)))
        signer = {"public": middle, "reader": reader, "nobody": _stranger()}[by]
        if by == "reader" and rng.random() < 0.5:
            signer = below(reader, named("TLS inspection 7", None))
        store = top.pem + (reader.pem if by == "reader" or rng.random() < 0.7 else b"")
        with ExitStack() as stack:
            folder = stack.enter_context(made_folder({}))
            chain = _written(rng, folder, signer, "as it should be", (-30, 60))
            (folder / "store.pem").write_bytes(store)
            (folder / "bundle.pem").write_bytes(top.pem)
            told = {"SSL_CERT_FILE": str(folder / "store.pem")}
            stack.enter_context(patch.dict(environ, told))
            stack.enter_context(patch.object(certifi, "where", lambda: str(folder / "bundle.pem")))
            stack.enter_context(patch.object(interception, "proxy_for", lambda _s, _h: None))
            return on_real_sockets(lambda clock: asked_over(chain, clock, "localhost"))

    return make


# --- N13 ---------------------------------------------------------------------------------------

_UP: State = "up"
_DOWN: tuple[State, ...] = ("silent", errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ETIMEDOUT)


def _both(rng: random.Random) -> Found:
    """Each family that has names comes through, be it by its second address."""
    slow: list[State] = rng.choice(([_UP], [errno.ECONNREFUSED, _UP], [_UP, _UP]))
    four, six = rng.choice((([_UP], slow), (slow, [_UP]), ([_UP], []), ([], [_UP])))
    return over_network(rng, four, six)


def _one_is_broken(rng: random.Random) -> Found:
    broken = [rng.choice(_DOWN) for _ in range(rng.randint(1, 2))]
    four, six = ([_UP], broken) if rng.random() < 0.7 else (broken, [_UP])
    return over_network(rng, four, six)


def _no_names(rng: random.Random) -> Found:
    return over_network(rng, [], [])


# --- N06 ---------------------------------------------------------------------------------------


def _bridge_comes(rng: random.Random, ways: MadeWays, _loop: MadeTimeLoop) -> None:
    ways.beside[rng.choice(("lxdbr0", "vmnet8", "VirtualBox Host-Only Network"))] = "192.168.56.1"


def _bridge_goes(_rng: random.Random, ways: MadeWays, _loop: MadeTimeLoop) -> None:
    ways.beside = {"lo": "127.0.0.1"}


def _phone_is_plugged_in(_rng: random.Random, ways: MadeWays, _loop: MadeTimeLoop) -> None:
    """It shares its line, which nothing goes over as yet."""
    ways.beside["enx0a1b2c3d4e5f"] = "172.20.10.2"


def _cable_is_pulled(rng: random.Random, ways: MadeWays, _loop: MadeTimeLoop) -> None:
    """The Wi-Fi, which was there beside it, takes over: in the same network."""
    before = ways.four or "192.168.7.20"
    ways.interface = "wlp0s20f3"
    ways.four = f"{before.rpartition('.')[0]}.{rng.randint(100, 250)}"


def _another_lease(rng: random.Random, ways: MadeWays, _loop: MadeTimeLoop) -> None:
    ways.four = f"100.{rng.randint(64, 127)}.{rng.randint(0, 250)}.{rng.randint(2, 250)}"


def _tethered(rng: random.Random, ways: MadeWays, _loop: MadeTimeLoop) -> None:
    ways.beside[ways.interface] = ways.four or "192.168.7.20"
    ways.interface, ways.four = "enx0a1b2c3d4e5f", f"172.20.10.{rng.randint(2, 14)}"


_STAYS: tuple[Change, ...] = (_bridge_comes, _bridge_goes, _phone_is_plugged_in)
_IS_ANOTHER: tuple[Change, ...] = (_cable_is_pulled, _another_lease, _tethered)


def cases() -> Iterator[Case]:
    """Yield the blind cases; names that take nearly half a second are not made."""
    yield from blind_cases_of(
        "net.unreachable",
        SEED,
        (
            ("chains of all sorts", _handshake("root along", "turned", "twice", "strangers")),
            ("after a dead address", _handshake("as it should be", dead_first=1)),
        ),
        (
            ("slow names", WARNED, lambda rng: _names_take(rng, rng.uniform(0.6, 2.5))),
            ("no name", FAILED, lambda rng: _names_take(rng, None)),
            ("nobody listens", FAILED, _nobody),
            ("another service", FAILED, _another_service),
            ("out of date", FAILED, _handshake("as it should be", "twice", days=(-90, -1))),
            ("not yet", FAILED, _handshake("as it should be", days=(2, 90))),
            ("another's", FAILED, _handshake("another name")),
            ("in between is missing", FAILED, _handshake("leaf alone")),
            ("a stranger's", FAILED, _handshake("as it should be", signer="stranger")),
            ("its own", FAILED, _handshake("as it should be", signer="itself")),
        ),
    )
    yield from blind_cases_of(
        "net.tls_intercepted",
        SEED + 20_000,
        (("the public's", _read_along(by="public")),),
        (("a reader's", WARNED, _read_along(by="reader")),),
        (("nobody's", UNTOLD, _read_along(by="nobody")),),
    )
    yield from blind_cases_of(
        "net.ipv6",
        SEED + 40_000,
        (("whole", _both),),
        (("one family is broken", WARNED, _one_is_broken),),
        (("no names", UNTOLD, _no_names),),
    )
    yield from blind_cases_of(
        "net.changed",
        SEED + 60_000,
        (("it stays", changed_by(*_STAYS)),),
        (("it is another", FAILED | WARNED, changed_by(*_IS_ANOTHER)),),
    )
