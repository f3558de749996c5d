"""Which network a machine is in, read from what the systems document (and this Linux itself)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from preflight.system.network_place import (
    NetworkPlace,
    ask,
    linux_place,
    macos_place,
    network_place,
    windows_place,
)

ROUTE = """Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
wlan0	00000000	0101A8C0	0003	0	0	600	00000000	0	0	0
eth0	00000000	0102A8C0	0003	0	0	100	00000000	0	0	0
eth0	0002A8C0	00000000	0001	0	0	100	00FFFFFF	0	0	0
"""
ARP = """IP address       HW type     Flags       HW address            Mask     Device
192.168.2.1      0x1         0x2         02:fc:00:00:00:05     *        eth0
192.168.1.1      0x1         0x0         00:00:00:00:00:00     *        wlan0
"""
WINDOWS_ROUTE = """===========================================================================
IPv4-Routentabelle
===========================================================================
Aktive Routen:
     Netzwerkziel    Netzwerkmaske          Gateway    Schnittstelle Metrik
          0.0.0.0          0.0.0.0      192.168.1.1     192.168.1.23     50
          0.0.0.0          0.0.0.0      192.168.2.1     192.168.2.20     25
===========================================================================
"""
NETSH = """
There is 1 interface on the system:

    Name                   : Wi-Fi
    Physical address       : 00:11:22:33:44:55
    State                  : connected
    SSID                   : Garage: 5 GHz
    BSSID                  : 66:77:88:99:aa:bb
    Signal                 : 91%
"""
MAC_ROUTE = """   route to: default
destination: default
       mask: default
    gateway: 192.168.1.1
  interface: en0
      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>
"""


def says(**told: str) -> Callable[[tuple[str, ...]], str]:
    """Answer a command by its program's name."""
    return lambda command: told.get(command[0].rpartition("/")[2], "")


def tables(folder: Path, route: str, arp: str) -> Path:
    (folder / "route").write_text(route)
    (folder / "arp").write_text(arp)
    return folder


def test_linux_names_the_gateway_of_the_best_route_with_its_hardware_address(
    tmp_path: Path,
) -> None:
    nmcli = says(nmcli="no:Neighbours\nyes:Garage: 5 GHz\n")

    found = linux_place(tables(tmp_path, ROUTE, ARP), nmcli)

    assert found == NetworkPlace("192.168.2.1 02:fc:00:00:00:05", "Garage: 5 GHz")


@pytest.mark.parametrize(
    "route",
    ["", "Iface\n", "Iface\neth0 00000000 zz 0003 0 0 0 00000000 0 0 0\n", "\x00\xff\n" * 3],
)
def test_linux_without_a_route_is_nowhere(tmp_path: Path, route: str) -> None:
    assert linux_place(tables(tmp_path, route, ARP), says()) == NetworkPlace()
    assert linux_place(tmp_path / "gone", says()) == NetworkPlace()


def test_windows_in_whatever_language() -> None:
    found = windows_place(says(route=WINDOWS_ROUTE, netsh=NETSH))

    assert found == NetworkPlace("192.168.2.1", "Garage: 5 GHz")
    assert windows_place(says()) == NetworkPlace()


def test_macos() -> None:
    named = says(route=MAC_ROUTE, networksetup="Current Wi-Fi Network: Garage: 5 GHz\n")
    unnamed = says(route=MAC_ROUTE, networksetup="You are not associated with an AirPort network.")

    assert macos_place(named) == NetworkPlace("192.168.1.1", "Garage: 5 GHz")
    assert macos_place(unnamed) == NetworkPlace("192.168.1.1")
    assert macos_place(says()) == NetworkPlace()


def test_this_machine_tells_without_a_fault() -> None:
    assert isinstance(network_place(), NetworkPlace)
    assert ask(("no-such-program-here",)) == ""
