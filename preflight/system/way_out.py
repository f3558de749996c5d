"""Which interface packets to a host would leave by, and how much went through it.

Asks the routing table by connecting a UDP socket, which sends nothing. A name is looked up first.
"""

import socket

import psutil

from preflight.system.network_ports import Traffic

_ANY_PORT = 9


def interface_towards(host: str) -> str | None:
    """Return the name of the interface; None without a way, or when the name is unknown."""
    local = _local_address(host)
    if local is None:
        return None
    for name, addresses in psutil.net_if_addrs().items():
        if any(each.address.partition("%")[0] == local for each in addresses):
            return name
    return None


def traffic_of(interface: str) -> Traffic | None:
    """Return the interface's counters; None when it is gone."""
    counted = psutil.net_io_counters(pernic=True).get(interface)
    return None if counted is None else Traffic(counted.bytes_sent, counted.bytes_recv)


def _local_address(host: str) -> str | None:
    try:
        found = socket.getaddrinfo(host, _ANY_PORT, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError):
        return None
    for family, _, _, _, address in found:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as asked:
                asked.connect(address)
                return str(asked.getsockname()[0]).partition("%")[0]
        except OSError:
            continue
    return None
