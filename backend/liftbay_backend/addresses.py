"""What an address of the settings names. Pure."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

_PRIVATE: Final = tuple(
    ip_network(one)
    for one in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        *("::1/128", "fc00::/7", "fe80::/10"),
    )
)
"""Python's `is_private` means "not of the whole internet": 0.0.0.0 and documentation's, too."""
_WIDEST_BITS: Final = {4: 8, 6: 16}
"""A public network above these is nobody's own: the widest of a provider is far below."""


def is_address(text: str, schemes: tuple[str, ...]) -> bool:
    """Tell whether a text is an absolute address of one of these schemes."""
    try:
        parts = urlsplit(text)
        # Reading the port raises where it is no number.
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_network(text: str) -> bool:
    """Tell whether a text names an IP address or a network of them."""
    try:
        # Strict: a network that is written with bits of a host is not the one that is meant.
        return ip_network(text).num_addresses > 0
    except ValueError:
        return False


def is_ip_address(host: str) -> bool:
    """Tell whether a host is given by its number."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address can be reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_of_everybody(network: str) -> bool:
    """Tell whether a network is so wide that it holds strangers, such as 0.0.0.0/0 or its half."""
    found = ip_network(network)
    return found.prefixlen < _WIDEST_BITS[found.version] and not _is_private(found)


def is_inside(host: str) -> bool:
    """Tell whether a host is this machine, or of a private network, as of containers."""
    if is_loopback(host):
        return True
    try:
        return _is_private(ip_address(host))
    except ValueError:
        # A name without a dot is one that only a private network can know.
        return "." not in host


def _is_private(one: IPv4Address | IPv6Address | IPv4Network | IPv6Network) -> bool:
    whole = ip_network(one)
    return any(
        whole.version == private.version
        and int(private.network_address) <= int(whole.network_address)
        and int(whole.broadcast_address) <= int(private.broadcast_address)
        for private in _PRIVATE
    )
