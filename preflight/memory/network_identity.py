"""Names the way out of this machine, so that a change of network is noticed.

Asks the routing table which local address a packet to the internet would leave from, by
connecting a UDP socket, which sends nothing; and which interface has that address. Virtual
interfaces that come and go beside it change nothing.
"""

import socket

import psutil

# Documentation addresses (RFC 5737, RFC 3849): routed like any other, owned by nobody.
_OUTSIDE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
_ANY_PORT = 9


def network_identity() -> str:
    """Return e.g. ``eth0 192.168.1.20; -``; a dash where there is no way out."""
    interfaces = {
        address.address.partition("%")[0]: name
        for name, addresses in psutil.net_if_addrs().items()
        for address in addresses
    }
    ways = []
    for family, target in _OUTSIDE:
        local = _local_address(family, target)
        if local is None:
            ways.append("-")
        elif family is socket.AF_INET6:
            # Temporary addresses change every day in the same network: the prefix tells.
            ways.append(f"{interfaces.get(local, '?')} {':'.join(local.split(':')[:4])}")
        else:
            ways.append(f"{interfaces.get(local, '?')} {local}")
    return "; ".join(ways)


def _local_address(family: socket.AddressFamily, target: str) -> str | None:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asked:
            asked.connect((target, _ANY_PORT))
            return str(asked.getsockname()[0]).partition("%")[0]
    except OSError:
        return None
