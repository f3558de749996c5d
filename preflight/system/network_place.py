"""Which network this machine is in: its gateway and its Wi-Fi, to be hashed and never told.

The way out alone does not say: 192.168.1.20 on eth0 is an address in a million homes. Sources: the
kernel's proc(5) for ``/proc/net/route`` and ``/proc/net/arp``, nmcli(1), Microsoft's documentation
of ``route print`` and ``netsh wlan``, Apple's route(8) and networksetup(8). Not yet proven on a
real Windows or Mac.
"""

import os
import re
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_WITHIN_S = 0.8
_NO_WINDOW = 0x08000000
"""CREATE_NO_WINDOW of Windows."""
_RTF_GATEWAY = 0x2

Ask = Callable[[tuple[str, ...]], str]


@dataclass(frozen=True, slots=True)
class NetworkPlace:
    """One network, as far as the system tells; empty where it does not.

    Attributes:
        gateway: address of the default gateway, with its hardware address where that is known.
        wifi: name of the Wi-Fi network.
    """

    gateway: str = ""
    wifi: str = ""


def network_place() -> NetworkPlace:
    """Read it. May take a second or two: not on the loop."""
    if sys.platform == "win32":
        return windows_place(ask)
    if sys.platform == "darwin":
        return macos_place(ask)
    return linux_place(Path("/proc/net"), ask)


def ask(command: tuple[str, ...]) -> str:
    """Return what a command prints; nothing when it is not there, fails or takes too long."""
    flags = _NO_WINDOW if sys.platform == "win32" else 0
    try:
        told = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_WITHIN_S,
            check=True,
            creationflags=flags,
            env=os.environ | {"LC_ALL": "C"},
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return ""
    return told.stdout


def linux_place(proc_net: Path, ask: Ask) -> NetworkPlace:
    """Read the routing and neighbour tables; NetworkManager knows the Wi-Fi, if it runs."""
    gateway = _default_gateway(_text(proc_net / "route"))
    hardware = _hardware_address(_text(proc_net / "arp"), gateway)
    told = ask(("nmcli", "-t", "-f", "ACTIVE,SSID", "device", "wifi", "list", "--rescan", "no"))
    active = (line.partition(":") for line in told.splitlines())
    wifi = next((name for is_active, _, name in active if is_active == "yes"), "")
    return NetworkPlace(f"{gateway} {hardware}".strip(), wifi)


def windows_place(ask: Ask) -> NetworkPlace:
    """Read the route of lowest metric, and the one label that netsh does not translate."""
    routes = re.findall(
        r"^\s*0\.0\.0\.0\s+0\.0\.0\.0\s+(\d+\.\d+\.\d+\.\d+)\s+\S+\s+(\d+)\s*$",
        ask(("route", "print", "-4", "0.0.0.0")),
        re.MULTILINE,
    )
    gateway = min(routes, key=lambda route: int(route[1]))[0] if routes else ""
    told = ask(("netsh", "wlan", "show", "interfaces"))
    wifi = re.search(r"^\s*SSID\s*:\s(.*?)\s*$", told, re.MULTILINE)
    return NetworkPlace(gateway, wifi[1] if wifi else "")


def macos_place(ask: Ask) -> NetworkPlace:
    """Read the default route; the Wi-Fi's name where the system still tells it."""
    told = ask(("/sbin/route", "-n", "get", "default"))
    found = dict(re.findall(r"^\s*(gateway|interface):\s*(\S+)\s*$", told, re.MULTILINE))
    interface = found.get("interface", "")
    if not interface:
        return NetworkPlace(found.get("gateway", ""))
    named = ask(("/usr/sbin/networksetup", "-getairportnetwork", interface))
    wifi = re.search(r"^Current Wi-Fi Network: (.*)$", named, re.MULTILINE)
    return NetworkPlace(found.get("gateway", ""), wifi[1].strip() if wifi else "")


def _text(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace")
    except OSError:
        return ""


def _default_gateway(table: str) -> str:
    """Return the gateway of the default route with the lowest metric."""
    found: list[tuple[int, str]] = []
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) < 8 or fields[1] != "00000000" or fields[7] != "00000000":
            continue
        try:
            flags, gateway, metric = int(fields[3], 16), int(fields[2], 16), int(fields[6])
        except ValueError:
            continue
        if flags & _RTF_GATEWAY and gateway < 1 << 32:
            # The kernel prints the four bytes of the network as a number of this machine.
            found.append((metric, socket.inet_ntoa(struct.pack("=L", gateway))))
    return min(found)[1] if found else ""


def _hardware_address(table: str, gateway: str) -> str:
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) >= 4 and fields[0] == gateway and fields[3] != "00:00:00:00:00:00":
            return fields[3]
    return ""
