"""What an address of the settings names. Pure."""

from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit


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


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address can be reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
