"""N01: DNS, TCP and TLS one after the other, each with its own time."""

import asyncio
import itertools
import socket
import ssl
import time
from urllib.parse import urlsplit

from preflight.model import MeasuredValue
from preflight.probe.trust import system_trust
from preflight.proxies import proxy_for

STAGE_S = 3.0
ATTEMPT_S = 0.9
"""One address of several may lead nowhere (a broken IPv6 path): it must not use up the stage.
The last attempt has the rest of it: systems send a lost first packet again after 1 s."""
_DATE_ERRORS = ("expired", "not yet valid")
"""What OpenSSL says of a good certificate when the machine's clock is wrong."""


async def reach(url: str) -> dict[str, MeasuredValue]:
    """Return the times of the stages; a stage that failed is false and named as ``stage``.

    With a proxy in the way the proxy is what must be reached: its TLS is not ours to judge.
    """
    target = urlsplit(url)
    proxy = proxy_for(target.scheme, target.hostname or "")
    peer = urlsplit(proxy) if proxy is not None else target
    host = peer.hostname or ""
    port = peer.port or (443 if peer.scheme == "https" else 80)
    figures: dict[str, MeasuredValue] = {
        "dns_ok": False,
        "tcp_ok": False,
        "tls_ok": False,
        "proxy": proxy is not None,
    }
    addresses = await _look_up(host, port, figures)
    if addresses is None:
        return figures
    connected = await _connect(addresses, figures)
    if connected is None:
        return figures
    try:
        if peer.scheme != "https":
            figures |= {"tls_ok": True, "tls_ms": 0.0}
        else:
            await _shake_hands(connected, host, figures)
    finally:
        connected.close()
    return figures


_Address = tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int]]


async def _look_up(
    host: str, port: int, figures: dict[str, MeasuredValue]
) -> list[_Address] | None:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    try:
        async with asyncio.timeout(STAGE_S):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError, UnicodeError):
        figures["stage"] = "dns"
        return None
    figures |= {"dns_ok": True, "dns_ms": _since(began)}
    return _in_turn([(family, _pair(address)) for family, _, _, _, address in found])


def _in_turn(addresses: list[_Address]) -> list[_Address]:
    """Order the addresses so that the families take turns, the system's favourite first."""
    by_family: dict[socket.AddressFamily, list[_Address]] = {}
    for each in addresses:
        by_family.setdefault(each[0], []).append(each)
    rounds = itertools.zip_longest(*by_family.values())
    return [each for taken in rounds for each in taken if each is not None]


def _pair(address: object) -> tuple[str, int] | tuple[str, int, int, int]:
    if isinstance(address, tuple) and len(address) in (2, 4):
        return address
    raise OSError("an address of an unknown form")


async def _connect(
    addresses: list[_Address], figures: dict[str, MeasuredValue]
) -> socket.socket | None:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    try:
        async with asyncio.timeout(STAGE_S):
            # The favourite once more at the end, in case its first packet alone was lost.
            attempts = [*addresses, addresses[0]] if len(addresses) > 1 else addresses
            for number, (family, address) in enumerate(attempts, 1):
                is_last = number == len(attempts)
                connection = socket.socket(family, socket.SOCK_STREAM)
                connection.setblocking(False)
                try:
                    async with asyncio.timeout(None if is_last else ATTEMPT_S):
                        await loop.sock_connect(connection, address)
                except OSError:
                    connection.close()
                    continue
                except BaseException:
                    connection.close()
                    raise
                figures |= {
                    "tcp_ok": True,
                    "tcp_ms": _since(began),
                    "family": "ipv6" if family is socket.AF_INET6 else "ipv4",
                }
                return connection
    except TimeoutError:
        pass
    figures["stage"] = "tcp"
    return None


async def _shake_hands(
    connection: socket.socket, host: str, figures: dict[str, MeasuredValue]
) -> None:
    began = time.perf_counter()
    try:
        async with asyncio.timeout(STAGE_S):
            _, writer = await asyncio.open_connection(
                sock=connection, ssl=system_trust(), server_hostname=host
            )
    except ssl.SSLCertVerificationError as refused:
        wrong_date = any(words in refused.verify_message for words in _DATE_ERRORS)
        figures["stage"] = "tls_clock" if wrong_date else "tls"
    except (OSError, TimeoutError):
        figures["stage"] = "tls"
    else:
        figures |= {"tls_ok": True, "tls_ms": _since(began)}
        writer.transport.abort()


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
