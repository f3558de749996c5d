"""Linux: what sysfs, /proc and NetworkManager tell of the way out.

Sources: the kernel's ``Documentation/ABI/testing/sysfs-class-net``, ``drivers/net/tun.c``
(``tun_flags``), wireless(7) for ``/proc/net/wireless``, nmcli(1) for ``GENERAL.METERED``.
"""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from preflight.system.network_ports import Medium, Traffic, Way, WifiSignal, vpn_by_name
from preflight.system.way_out import interface_towards, traffic_of

_ARPHRD_ETHER, _ARPHRD_PPP, _ARPHRD_LOOPBACK = 1, 512, 772
_NMCLI_S = 0.8
"""Below the deadline of N15."""

Ask = Callable[[tuple[str, ...]], str | None]


def ask_nmcli(command: tuple[str, ...]) -> str | None:
    """Return what the command prints; None when it is not there, fails or takes too long."""
    try:
        told = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_NMCLI_S,
            check=True,
            env=os.environ | {"LC_ALL": "C"},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout


class LinuxNetwork:
    """``LocalNetwork`` from files; ``net`` and ``wireless`` are elsewhere in tests."""

    def __init__(
        self,
        net: Path = Path("/sys/class/net"),
        wireless: Path = Path("/proc/net/wireless"),
        towards: Callable[[str], str | None] = interface_towards,
        ask: Ask = ask_nmcli,
    ) -> None:
        self._net = net
        self._wireless = wireless
        self._towards = towards
        self._ask = ask

    def way_to(self, host: str) -> Way | None:
        interface = self._towards(host)
        if interface is None:
            return None
        return Way(interface, self._medium(interface), self._vpn(interface))

    def wifi(self, interface: str) -> WifiSignal | None:
        try:
            table = self._wireless.read_text("ascii", "replace")
        except OSError:
            return None
        dbm = signal_dbm(table, interface)
        return None if dbm is None else WifiSignal(dbm=dbm)

    def metered(self, interface: str) -> bool | None:
        if self._medium(interface) is Medium.CELLULAR:
            return True
        told = self._ask(("nmcli", "-g", "GENERAL.METERED", "device", "show", interface))
        return None if told is None else nm_metered(told)

    def traffic(self, interface: str) -> Traffic | None:
        return traffic_of(interface)

    def _vpn(self, interface: str) -> str | None:
        if (self._net / interface / "tun_flags").exists():
            return "tun"
        if self._devtype(interface) == "wireguard":
            return "wireguard"
        if self._type(interface) == _ARPHRD_PPP:
            return "ppp"
        return vpn_by_name(interface)

    def _medium(self, interface: str) -> Medium:
        devtype = self._devtype(interface)
        if devtype == "wlan" or (self._net / interface / "wireless").exists():
            return Medium.WIFI
        if devtype == "wwan" or interface.startswith("wwan"):
            return Medium.CELLULAR
        match self._type(interface):
            case kind if kind == _ARPHRD_LOOPBACK:
                return Medium.LOOPBACK
            case kind if kind == _ARPHRD_ETHER:
                return Medium.ETHERNET
            case _:
                return Medium.UNKNOWN

    def _type(self, interface: str) -> int | None:
        text = self._read(interface, "type").strip()
        return int(text) if text.isdecimal() else None

    def _devtype(self, interface: str) -> str:
        for line in self._read(interface, "uevent").splitlines():
            name, _, value = line.partition("=")
            if name == "DEVTYPE":
                return value
        return ""

    def _read(self, interface: str, name: str) -> str:
        try:
            return (self._net / interface / name).read_text("utf-8", "replace")
        except OSError:
            return ""


def signal_dbm(table: str, interface: str) -> float | None:
    """Read the level of an interface out of ``/proc/net/wireless``.

    None where the driver counts in a scale of its own: those are never below zero.
    """
    for line in table.splitlines():
        name, colon, rest = line.partition(":")
        fields = rest.split()
        if not colon or name.strip() != interface or len(fields) < 3:
            continue
        try:
            level = float(fields[2].rstrip("."))
        except ValueError:
            return None
        return level if level < 0 else None
    return None


def nm_metered(told: str) -> bool | None:
    """Read ``yes``, ``no``, ``yes (guessed)``, ``no (guessed)`` or ``unknown``."""
    word = told.strip().partition(" ")[0].lower()
    return {"yes": True, "no": False}.get(word)
