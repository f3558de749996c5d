"""What each system tells of its network.

Linux inputs follow the kernel's and nmcli's documentation, Windows and macOS inputs were made from
Microsoft's and Apple's: none was recorded on a real machine.
"""

import socket
from pathlib import Path

import pytest

from preflight.system.linux_network import LinuxNetwork, ask_nmcli, nm_metered
from preflight.system.linux_network import signal_dbm as linux_dbm
from preflight.system.macos_network import MacNetwork, ask_profiler
from preflight.system.macos_network import signal_dbm as mac_dbm
from preflight.system.network_here import local_network
from preflight.system.network_ports import Medium, Way, WifiSignal, vpn_by_name
from preflight.system.way_out import interface_towards, traffic_of
from preflight.system.windows_network import (
    WindowsNetwork,
    ask_netsh,
    medium_by_name,
    signal_percent,
)
from tests.check_cases import just_misses

WIRELESS = """\
Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
wlp3s0: 0000   58.  -52.  -256        0      0      0      0     66        0
wlan1: 0000   31.  -76.   -95        0      0      0      0      0        0
wlan2: 0000   60.   55.     0        0      0      0      0      0        0
wlan3: 0000   60.
wlan4: 0000   60.  odd  0
"""

NETSH_ENGLISH = """
There is 1 interface on the system:

    Name                   : Wi-Fi
    Description            : Intel(R) Wi-Fi 6 AX201 160MHz
    GUID                   : 0f3a1c8e-6f0d-4a63-9f63-0c3f5a7f2b11
    Physical address       : 3c:58:c2:00:11:22
    State                  : connected
    SSID                   : Garage 50%
    BSSID                  : 9c:c7:a6:00:11:22
    Network type           : Infrastructure
    Radio type             : 802.11ac
    Authentication         : WPA2-Personal
    Cipher                 : CCMP
    Channel                : 44
    Receive rate (Mbps)    : 866.7
    Transmit rate (Mbps)   : 866.7
    Signal                 : 85%
    Profile                : Garage

    Hosted network status  : Not available
"""

NETSH_GERMAN = """
Es sind 2 Schnittstellen auf dem System vorhanden:

    Name                   : WLAN 2
    Beschreibung           : USB-WLAN-Adapter
    Status                 : Verbunden
    SSID                   : Werkstatt
    Signal                 : 22%
    Profil                 : Werkstatt

    Name                   : WLAN
    Beschreibung           : Intel(R) Wi-Fi 6 AX201 160MHz
    Physische Adresse      : 3c:58:c2:00:11:22
    Status                 : Verbunden
    SSID                   : Werkstatt
    Netzwerktyp            : Infrastruktur
    Empfangsrate (MBit/s)  : 866,7
    Übertragungsrate (MBit/s) : 866,7
    Signal                 : 58%
    Profil                 : Werkstatt
"""

PROFILER = """\
Wi-Fi:

      Software Versions:
          CoreWLAN: 16.0 (1657)
      Interfaces:
        en0:
          Card Type: Wi-Fi  (0x14E4, 0x4387)
          Status: Connected
          Current Network Information:
            Garage:
              PHY Mode: 802.11ax
              Channel: 44 (5GHz, 80MHz)
              Network Type: Infrastructure
              Security: WPA2 Personal
              Signal / Noise: -63 dBm / -92 dBm
              Transmit Rate: 573
          Other Local Wi-Fi Networks:
            Neighbour:
              Signal / Noise: -40 dBm / -92 dBm
        awdl0:
          MAC Address: 3e:58:c2:00:11:22
"""


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """A /sys/class/net to be filled."""
    return tmp_path / "net"


def interface(net: Path, name: str, kind: int, uevent: str = "", **files: str) -> None:
    folder = net / name
    folder.mkdir(parents=True)
    (folder / "type").write_text(f"{kind}\n")
    (folder / "uevent").write_text(f"{uevent}\nINTERFACE={name}\nIFINDEX=2\n")
    for file, text in files.items():
        (folder / file).write_text(text)


def linux(net: Path, towards: str | None, nmcli: str | None = None) -> LinuxNetwork:
    return LinuxNetwork(net, net / "wireless", lambda _: towards, lambda _: nmcli)


@pytest.mark.parametrize(
    ("name", "kind", "uevent", "files", "medium", "vpn"),
    [
        ("eth0", 1, "", {}, Medium.ETHERNET, None),
        ("enp3s0", 1, "", {}, Medium.ETHERNET, None),
        ("lo", 772, "", {}, Medium.LOOPBACK, None),
        ("wlp3s0", 1, "DEVTYPE=wlan", {}, Medium.WIFI, None),
        ("wwan0", 1, "DEVTYPE=wwan", {}, Medium.CELLULAR, None),
        ("work", 65534, "", {"tun_flags": "0x1001"}, Medium.UNKNOWN, "tun"),
        ("mesh", 1, "", {"tun_flags": "0x1002"}, Medium.ETHERNET, "tun"),
        ("home", 65534, "DEVTYPE=wireguard", {}, Medium.UNKNOWN, "wireguard"),
        ("dial", 512, "", {}, Medium.UNKNOWN, "ppp"),
        ("ipsec0", 1, "", {}, Medium.ETHERNET, "name"),
        ("br0", 1, "DEVTYPE=bridge", {}, Medium.ETHERNET, None),
    ],
)
def test_linux_tells_medium_and_vpn_from_files(
    net: Path,
    name: str,
    kind: int,
    uevent: str,
    files: dict[str, str],
    medium: Medium,
    vpn: str | None,
) -> None:
    interface(net, name, kind, uevent, **files)

    assert linux(net, name).way_to("sfu.test") == Way(name, medium, vpn)


def test_without_a_way_or_without_files_nothing_is_made_up(net: Path) -> None:
    assert linux(net, None).way_to("sfu.test") is None
    assert linux(net, "eth7").way_to("sfu.test") == Way("eth7", Medium.UNKNOWN, None)
    assert linux(net, "eth7").wifi("eth7") is None
    assert linux(net, "eth7").traffic("eth7") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("wlp3s0", -52.0),
        ("wlan1", -76.0),
        ("wlan2", None),
        ("wlan3", None),
        ("wlan4", None),
        ("wlan", None),
        ("eth0", None),
    ],
)
def test_the_level_of_proc_net_wireless_is_read_in_dbm(name: str, expected: float | None) -> None:
    assert linux_dbm(WIRELESS, name) == expected


def test_linux_tells_the_signal_of_the_interface_asked_for(net: Path) -> None:
    net.mkdir()
    (net / "wireless").write_text(WIRELESS)

    assert linux(net, "wlp3s0").wifi("wlp3s0") == WifiSignal(dbm=-52.0)
    assert linux(net, "wlp3s0").wifi("eth0") is None


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("yes\n", True),
        ("no\n", False),
        ("yes (guessed)\n", True),
        ("no (guessed)\n", False),
        ("unknown\n", None),
        ("", None),
        ("Error: Device 'eth9' not found.\n", None),
    ],
)
def test_networkmanagers_word_on_metered_is_read(told: str, expected: bool | None) -> None:
    assert nm_metered(told) is expected


def test_mobile_data_is_metered_whatever_networkmanager_guesses(net: Path) -> None:
    interface(net, "wwan0", 1, "DEVTYPE=wwan")
    interface(net, "eth0", 1)

    assert linux(net, "wwan0", "no (guessed)").metered("wwan0") is True
    assert linux(net, "eth0", "no (guessed)").metered("eth0") is False
    assert linux(net, "eth0", None).metered("eth0") is None


def test_a_command_that_is_not_there_tells_nothing(tmp_path: Path) -> None:
    assert ask_nmcli((str(tmp_path / "no-such-program"),)) is None
    assert ask_nmcli(("false",)) is None


@pytest.mark.parametrize(
    ("told", "name", "expected"),
    [
        (NETSH_ENGLISH, "Wi-Fi", 85),
        (NETSH_ENGLISH, "Ethernet", None),
        (NETSH_GERMAN, "WLAN", 58),
        (NETSH_GERMAN, "WLAN 2", 22),
        ("The Wireless AutoConfig Service (wlansvc) is not running.", "Wi-Fi", None),
        ("", "Wi-Fi", None),
    ],
)
def test_netsh_is_read_in_english_and_german(told: str, name: str, expected: int | None) -> None:
    assert signal_percent(told, name) == expected


def test_an_interface_without_a_signal_does_not_take_the_next_ones() -> None:
    two = NETSH_GERMAN.replace("    Signal                 : 22%\n", "")

    assert signal_percent(two, "WLAN 2") is None
    assert signal_percent(two, "Werkstatt") is None


@pytest.mark.parametrize(
    ("name", "medium"),
    [
        ("Ethernet", Medium.ETHERNET),
        ("Ethernet 3", Medium.ETHERNET),
        ("Wi-Fi", Medium.WIFI),
        ("WLAN", Medium.WIFI),
        ("Drahtlosnetzwerkverbindung", Medium.WIFI),
        ("Mobilfunk", Medium.CELLULAR),
        ("Cellular 2", Medium.CELLULAR),
        ("Loopback Pseudo-Interface 1", Medium.LOOPBACK),
        ("Werkstatt", Medium.UNKNOWN),
    ],
)
def test_windows_names_tell_the_medium(name: str, medium: Medium) -> None:
    assert medium_by_name(name) is medium


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Señal", "58%"),
        ("Segnale", "58%"),
        ("Сигнал", "58%"),
        ("Sinyal", "%58"),
        ("Signal", "58 %"),
    ],
)
def test_netsh_is_read_in_whatever_language(label: str, value: str) -> None:
    """Its word for the signal is translated: in Spanish or Polish nothing was told."""
    told = f"""
    Nombre                 : Wi-Fi
    SSID                   : 50%
    {label}                : {value}
    Perfil                 : 50%
"""

    assert signal_percent(told, "Wi-Fi") == 58


def test_windows_answers_from_names_and_netsh() -> None:
    windows = WindowsNetwork(lambda _: "WLAN", lambda: NETSH_GERMAN)

    assert windows.way_to("sfu.test") == Way("WLAN", Medium.WIFI, None)
    assert windows.wifi("WLAN") == WifiSignal(percent=58)
    assert windows.metered("WLAN") is None
    assert windows.metered("Mobilfunk") is True
    assert WindowsNetwork(lambda _: None, lambda: None).way_to("sfu.test") is None
    assert WindowsNetwork(lambda _: None, lambda: None).wifi("WLAN") is None


def test_macos_reads_the_network_it_is_in_and_no_neighbours() -> None:
    mac = MacNetwork(lambda _: "en0", lambda: PROFILER)

    assert mac.wifi("en0") == WifiSignal(dbm=-63.0)
    assert mac.wifi("en7") is None
    assert mac.metered("en0") is None
    assert mac_dbm(PROFILER.replace("Current Network", "No Network"), "en0") is None
    assert mac.way_to("sfu.test") == Way("en0", Medium.UNKNOWN, None)
    assert MacNetwork(lambda _: "lo0", lambda: None).way_to("x") == Way("lo0", Medium.LOOPBACK)
    assert MacNetwork(lambda _: None, lambda: None).way_to("x") is None
    assert MacNetwork(lambda _: "utun4", lambda: None).wifi("utun4") is None


def test_a_network_called_like_an_interface_is_none() -> None:
    told = """\
        en1:
          Current Network Information:
            en0:
              Signal / Noise: -71 dBm / -90 dBm
          Other Local Wi-Fi Networks:
            en1:
              Signal / Noise: -30 dBm / -90 dBm
        en0:
          Current Network Information:
            Garage:
              Signal / Noise: -82 dBm / -90 dBm
"""

    assert mac_dbm(told, "en1") == -71
    assert mac_dbm(told, "en0") == -82


def test_programs_of_other_systems_are_not_here_and_tell_nothing() -> None:
    assert (ask_netsh(), ask_profiler()) == (None, None)


@pytest.mark.parametrize(
    "name",
    [
        *("tun0", "tap3", "wg0", "ppp0", "utun4", "ipsec1", "tailscale0", "NordLynx"),
        *("OpenVPN Wintun", "CloudflareWARP", "Hamachi", "NetBird"),
    ],
)
def test_names_of_vpns_are_known(name: str) -> None:
    assert vpn_by_name(name) == "name"


@pytest.mark.parametrize("name", ["eth0", "enp3s0", "wlan0", "Ethernet 2", "Wi-Fi", "en0", "br0"])
@just_misses("net.vpn")
def test_names_of_cables_and_wifi_are_none(name: str) -> None:
    assert vpn_by_name(name) is None


def test_this_machine_names_its_loopback_and_counts_it() -> None:
    """The one question to the real machine: its loopback, which it surely has."""
    name = interface_towards("127.0.0.1")

    assert name is not None
    before = traffic_of(name)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for _ in range(20):
            sender.sendto(bytes(1000), ("127.0.0.1", 9))
    after = traffic_of(name)
    assert before is not None
    assert after is not None
    assert after.sent - before.sent >= 20_000
    assert traffic_of("no-such-interface") is None
    assert interface_towards("no-such-name.invalid") is None
    assert local_network().way_to("127.0.0.1") is not None
