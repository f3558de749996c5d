"""Questions to this machine about its own network: interfaces, Wi-Fi, counters, hints.

Pure. Nothing here is sent anywhere; no name of a network and no address is told.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Medium(StrEnum):
    """What an interface goes over."""

    ETHERNET = "ethernet"
    WIFI = "wifi"
    CELLULAR = "cellular"
    LOOPBACK = "loopback"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Way:
    """How packets to one host leave this machine.

    Attributes:
        interface: its name in this system.
        vpn: what tells that it is one (``tun``, ``wireguard``, ``ppp``, ``name``); else None.
    """

    interface: str
    medium: Medium
    vpn: str | None = None


@dataclass(frozen=True, slots=True)
class WifiSignal:
    """How strong the Wi-Fi is, in the unit the system tells.

    Attributes:
        dbm: -100 (nothing) to -30 (beside the router); None where per cent are told.
        percent: 0..100.
    """

    dbm: float | None = None
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class Traffic:
    """Bytes that went through an interface since the system started."""

    sent: int
    received: int


class LocalNetwork(Protocol):
    """What the operating system knows. Every method may take up to a second: not on the loop."""

    def way_to(self, host: str) -> Way | None:
        """Return how packets to ``host`` would leave; None where there is no way."""
        ...

    def wifi(self, interface: str) -> WifiSignal | None:
        """Return the signal; None where the interface is no Wi-Fi or the system does not tell."""
        ...

    def metered(self, interface: str) -> bool | None:
        """Say whether data is counted there; None where the system does not tell."""
        ...

    def traffic(self, interface: str) -> Traffic | None: ...


@dataclass(frozen=True, slots=True)
class NetworkHint:
    """What a desktop's network service says of the connection; None where it does not tell."""

    metered: bool | None = None
    portal: bool | None = None
    medium: Medium | None = None

    @property
    def counted(self) -> bool | None:
        """Whether data is counted: as it says, and where it does not, over mobile data."""
        if self.metered is None and self.medium is Medium.CELLULAR:
            return True
        return self.metered


class NetworkHints(Protocol):
    """A desktop's network service."""

    def now(self) -> NetworkHint:
        """Return what it says. At once; on the thread of the event loop alone."""
        ...

    def proxied(self, url: str) -> bool:
        """Say whether the system's settings (a PAC file too) send an http or https URL by a proxy.

        May fetch and run the PAC file for seconds: not on the loop.
        """
        ...


_VPN_NAME = re.compile(r"^(?:u?tun|tap|wg|ppp|ipsec|zt|tailscale|nordlynx|proton|cscotun|gpd)\d*")
_VPN_VENDOR = re.compile(
    r"vpn|wireguard|tailscale|zerotier|anyconnect|globalprotect|forticlient|fortinet|nordlynx"
    r"|mullvad|proton|pulse secure|wintun|tap-windows|cloudflarewarp|hamachi|netbird"
)


def vpn_by_name(interface: str) -> str | None:
    """Return ``name`` for an interface that is called like a VPN's, else None."""
    name = interface.lower()
    return "name" if _VPN_NAME.match(name) or _VPN_VENDOR.search(name) else None
