"""macOS: what the interface's name and ``system_profiler SPAirPortDataType`` tell.

Source: Apple's documentation of system_profiler; `airport` is gone since macOS 14.4, and
CoreWLAN needs a bridge that we do not ship. Not yet proven on a real Mac.
"""

import re
import subprocess
from collections.abc import Callable

from preflight.system.network_ports import Medium, Traffic, Way, WifiSignal, vpn_by_name
from preflight.system.way_out import interface_towards, traffic_of

_PROFILER_S = 2.7
"""Below the deadline of N16; it takes one to two seconds."""
_SIGNAL = re.compile(r"^\s*Signal / Noise:\s*(-\d+) dBm")
_INTERFACE = re.compile(r"^\s*(en\d+):\s*$")
"""A network may be called so as well, further to the right than any interface."""
_CURRENT = "Current Network Information:"
_OTHERS = "Other Local Wi-Fi Networks:"


def ask_profiler() -> str | None:
    """Return what system_profiler tells of the Wi-Fi; None when it fails or takes too long."""
    try:
        told = subprocess.run(
            ("/usr/sbin/system_profiler", "SPAirPortDataType"),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PROFILER_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout


class MacNetwork:
    """``LocalNetwork`` from names and the system profiler; the tests bring both."""

    def __init__(
        self,
        towards: Callable[[str], str | None] = interface_towards,
        profiler: Callable[[], str | None] = ask_profiler,
    ) -> None:
        self._towards = towards
        self._profiler = profiler

    def way_to(self, host: str) -> Way | None:
        interface = self._towards(host)
        if interface is None:
            return None
        # en0 is the Wi-Fi of one Mac and the Ethernet of another: the name does not tell.
        medium = Medium.LOOPBACK if interface.startswith("lo") else Medium.UNKNOWN
        return Way(interface, medium, vpn_by_name(interface))

    def wifi(self, interface: str) -> WifiSignal | None:
        told = self._profiler()
        dbm = None if told is None else signal_dbm(told, interface)
        return None if dbm is None else WifiSignal(dbm=dbm)

    def metered(self, interface: str) -> bool | None:
        return None

    def traffic(self, interface: str) -> Traffic | None:
        return traffic_of(interface)


def signal_dbm(told: str, interface: str) -> float | None:
    """Read the signal of the network an interface is in; those it only hears do not count."""
    own = current = False
    section = 0
    for line in told.splitlines():
        indent = len(line) - len(line.lstrip())
        named = _INTERFACE.match(line)
        if named is not None and not 0 < section < indent:
            own, current = named[1] == interface, False
        elif line.strip() in (_CURRENT, _OTHERS):
            current, section = line.strip() == _CURRENT, indent
        signal = _SIGNAL.match(line)
        if own and current and signal is not None:
            return float(signal[1])
    return None
