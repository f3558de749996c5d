"""Windows: what the interface's name and ``netsh wlan show interfaces`` tell.

Source: Microsoft's documentation of netsh. Its words are those of the system's language, but the
signal is the only figure in per cent and stands before the profile. Not yet proven on a real
Windows.
"""

import re
import subprocess
from collections.abc import Callable

from preflight.system.network_ports import Medium, Traffic, Way, WifiSignal, vpn_by_name
from preflight.system.way_out import interface_towards, traffic_of

_NETSH_S = 2.5
"""Below the deadline of N16."""
_NO_WINDOW = 0x08000000
"""CREATE_NO_WINDOW, which other systems' `subprocess` does not have."""
_LINE = re.compile(r"^\s*(?P<label>[^:]+?)\s*:\s(?P<value>.*?)\s*$")
_PERCENT = re.compile(r"^(?:(\d{1,3})\s*%|%\s*(\d{1,3}))$")
"""Turkish puts the sign first."""
_NETWORK_NAME = "ssid"
"""The same in every language; a network may be called "50%"."""
_LOOPBACK = re.compile(r"loopback", re.IGNORECASE)
_WIFI = re.compile(r"wlan|wi-?fi|drahtlos|sans fil|wireless", re.IGNORECASE)
_CELLULAR = re.compile(r"mobilfunk|cellular|cellulaire|mobile broadband|wwan", re.IGNORECASE)
_ETHERNET = re.compile(r"^(?:v?ethernet|lan)", re.IGNORECASE)


def ask_netsh() -> str | None:
    """Return what netsh tells of the Wi-Fi; None when it fails (no Wi-Fi service, for one)."""
    try:
        told = subprocess.run(
            ("netsh", "wlan", "show", "interfaces"),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_NETSH_S,
            check=True,
            creationflags=_NO_WINDOW,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return told.stdout


class WindowsNetwork:
    """``LocalNetwork`` from names and netsh; the tests bring both."""

    def __init__(
        self,
        towards: Callable[[str], str | None] = interface_towards,
        netsh: Callable[[], str | None] = ask_netsh,
    ) -> None:
        self._towards = towards
        self._netsh = netsh

    def way_to(self, host: str) -> Way | None:
        interface = self._towards(host)
        if interface is None:
            return None
        return Way(interface, medium_by_name(interface), vpn_by_name(interface))

    def wifi(self, interface: str) -> WifiSignal | None:
        told = self._netsh()
        percent = None if told is None else signal_percent(told, interface)
        return None if percent is None else WifiSignal(percent=percent)

    def metered(self, interface: str) -> bool | None:
        """Qt knows the connection's cost; from here only mobile data is seen."""
        return True if medium_by_name(interface) is Medium.CELLULAR else None

    def traffic(self, interface: str) -> Traffic | None:
        return traffic_of(interface)


def medium_by_name(interface: str) -> Medium:
    """Tell the medium by the name Windows gives a connection; people may have renamed it."""
    for pattern, medium in (
        (_LOOPBACK, Medium.LOOPBACK),
        (_CELLULAR, Medium.CELLULAR),
        (_WIFI, Medium.WIFI),
        (_ETHERNET, Medium.ETHERNET),
    ):
        if pattern.search(interface):
            return medium
    return Medium.UNKNOWN


def signal_percent(told: str, interface: str) -> int | None:
    """Read the signal of one interface; each begins with its name, whatever the language."""
    own, begins = False, True
    for line in told.splitlines():
        found = _LINE.match(line)
        if found is None:
            own, begins = False, True
            continue
        if begins:
            # The first line alone: a network may be called like an interface.
            own, begins = found["value"] == interface, False
        percent = _PERCENT.match(found["value"])
        if own and percent is not None and found["label"].lower() != _NETWORK_NAME:
            return min(100, int(percent[1] or percent[2]))
    return None
