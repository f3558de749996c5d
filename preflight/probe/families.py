"""N13: which of IPv4 and IPv6 the service has addresses in, and which of them answer."""

import asyncio
import errno
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from preflight.model import MeasuredValue
from preflight.proxies import proxy_for

LOOK_UP_S = 1.2
CONNECT_S = 1.4
"""Together below the check's deadline of 3 s."""
MOST_ADDRESSES = 2
"""Per family: one of several may be down for reasons of its own."""
_NO_WAY = {
    errno.ENETUNREACH,
    errno.EADDRNOTAVAIL,
    errno.EAFNOSUPPORT,
    errno.EPROTONOSUPPORT,
}
"""This machine has no such network: nothing is broken, it is not there."""


@dataclass(frozen=True, slots=True)
class Family:
    """What one family is worth here.

    Attributes:
        addresses: how many the name has.
        answers: None where there is no address or no way to any of them.
    """

    addresses: int
    answers: bool | None


async def families(url: str) -> dict[str, MeasuredValue]:
    """Connect by IPv4 and by IPv6, both at once.

    ``family_broken`` is left out where nothing can be told; ``fault`` then says why.
    """
    target = urlsplit(url)
    host = target.hostname or ""
    if proxy_for(target.scheme, host) is not None:
        # The proxy decides by which family the service is reached.
        return {"fault": "proxy"}
    port = target.port or (443 if target.scheme == "https" else 80)
    four, six = await asyncio.gather(
        _try_family(socket.AF_INET, host, port), _try_family(socket.AF_INET6, host, port)
    )
    return judge_families(four, six)


def judge_families(four: Family, six: Family) -> dict[str, MeasuredValue]:
    """Return the figures: broken is a family that has a way and no answer beside one with."""
    figures: dict[str, MeasuredValue] = {
        "ipv4_addresses": four.addresses,
        "ipv6_addresses": six.addresses,
        "ipv4_answers": four.answers,
        "ipv6_answers": six.answers,
    }
    if not four.answers and not six.answers:
        nameless = not four.addresses and not six.addresses
        return figures | {"fault": "dns" if nameless else "unreachable"}
    return figures | {
        "family_broken": four.answers is False or six.answers is False,
        "ipv6_only": four.answers is not True,
    }


async def _try_family(family: socket.AddressFamily, host: str, port: int) -> Family:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(LOOK_UP_S):
            found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError, UnicodeError):
        return Family(0, None)
    addresses = list(dict.fromkeys(address for *_, address in found))
    tried = await asyncio.gather(
        *(_answers(family, address) for address in addresses[:MOST_ADDRESSES])
    )
    known = [answer for answer in tried if answer is not None]
    return Family(len(addresses), any(known) if known else None)


async def _answers(family: socket.AddressFamily, address: object) -> bool | None:
    """Connect once; None where this machine has no way to the address."""
    loop = asyncio.get_running_loop()
    try:
        with socket.socket(family, socket.SOCK_STREAM) as connection:
            connection.setblocking(False)
            async with asyncio.timeout(CONNECT_S):
                await loop.sock_connect(connection, address)  # type: ignore[arg-type]  # as given
    except TimeoutError:
        return False
    except OSError as failed:
        return None if failed.errno in _NO_WAY else False
    return True
