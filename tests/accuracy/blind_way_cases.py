"""N10, N12, N15 and N17, blind: interfaces of other makers, proxies, counted lines, busy lines.

Written from the catalogue, ``Documentation/ABI/testing/sysfs-class-net``, nmcli's manual and
``Documentation/filesystems/proc``. One exception: the list of names of N12 was seen beforehand, so
its Windows names are no proof.
"""

import random
from collections.abc import Iterator, Mapping
from pathlib import Path

from preflight.checks.network.bench import NetworkBench
from preflight.system.network_ports import LocalNetwork, Medium, NetworkHint
from tests.accuracy import made_way
from tests.accuracy.asked_machine import made_folder
from tests.accuracy.asked_network import Prepare
from tests.accuracy.kinds import FAILED, UNTOLD, WARNED, Found, Make, blind_cases_of
from tests.accuracy.made_time import MadeTimeLoop
from tests.accuracy.made_way import Files, linux, macos, told, windows
from tests.accuracy.tally import Case
from tests.fakes.local_network import FakeHints

SEED = 7_200_000

# --- Interfaces --------------------------------------------------------------------------------


_ETHER, _PPP, _TUNNEL6, _NONE = 1, 512, 769, 65534


def _interface(kind: int, devtype: str = "", more: Mapping[str, str | None] = {}) -> Files:
    """Return what sysfs has of an interface; ``/sys/class/net/X/...``."""
    usual = {
        "flags": "0x1003\n",
        "mtu": "1500\n",
        "operstate": "unknown\n" if kind == _NONE else "up\n",
        "statistics/tx_bytes": "1\n",
    }
    return made_way.interface(kind, devtype, {**usual, **more})


def _tun(flags: str = "0x1001") -> Files:
    return _interface(_NONE, more={"tun_flags": f"{flags}\n", "owner": "-1\n", "group": "-1\n"})


def _tap() -> Files:
    return _interface(_ETHER, more={"tun_flags": "0x1002\n", "owner": "-1\n", "group": "-1\n"})


def _card() -> Files:
    return _interface(_ETHER, more={"device/vendor": "0x8086\n", "speed": "1000\n"})


_PLAIN = (
    ("enp5s0f1", _card()),
    ("enP4p65s0", _card()),
    ("ens18", _card()),
    ("enxc8a3621e90aa", _card()),
    ("end1", _card()),
    ("em1", _card()),
    ("p2p1", _card()),
    ("lan0", _card()),
    ("wlp0s20f3", _interface(_ETHER, "wlan", {"phy80211/name": "phy0\n", "wireless": None})),
    ("wlx00c0caab1234", _interface(_ETHER, "wlan", {"phy80211/name": "phy1\n"})),
    ("wlo1", _interface(_ETHER, more={"wireless": None})),
    ("virbr1", _interface(_ETHER, "bridge", {"bridge/bridge_id": "8000.1\n"})),
    ("lxdbr0", _interface(_ETHER, "bridge", {"bridge/bridge_id": "8000.2\n"})),
    ("bond1", _interface(_ETHER, "bond", {"bonding/mode": "active-backup 1\n"})),
    ("enp5s0.20", _interface(_ETHER, "vlan")),
    ("host0", _interface(_ETHER)),
    ("veth9f2c", _interface(_ETHER, "veth")),
    ("mvlan0", _interface(_ETHER, "macvlan")),
    ("ipvl0", _interface(_ETHER, "ipvlan")),
    ("usb1", _interface(_ETHER)),
    ("enx0a1b2c3d4e5f", _interface(_ETHER, "gadget")),
)
_MOBILE = (
    ("wwp0s20f0u4", _interface(_NONE, "wwan")),
    ("wwan1", _interface(_ETHER, "wwan")),
    ("wwp0s19u1u3i12", _interface(_ETHER, "wwan")),
    ("wwan0.1", _interface(_NONE, "wwan")),
)
_TUNNELS = (
    ("tun0", _tun()),
    ("tun7", _tun("0x5001")),
    ("tailscale0", _tun()),
    ("CloudflareWARP", _tun()),
    ("outline-tun1", _tun()),
    ("vpn-office", _tun()),
    ("sstp0", _tun()),
    ("nekoray-tun", _tun("0x1001")),
    ("tap0", _tap()),
    ("ztly5kgzqr", _tap()),
    ("vpn_garage", _tap()),
    ("feth-hamachi", _tap()),
    ("wg0", _interface(_NONE, "wireguard")),
    ("office", _interface(_NONE, "wireguard")),
    ("de-fra-wg-403", _interface(_NONE, "wireguard")),
    ("pvpn0", _interface(_NONE, "wireguard")),
    ("nordlynx", _interface(_NONE, "wireguard")),
    ("proton0", _interface(_NONE, "wireguard")),
    ("ppp0", _interface(_PPP, "ppp")),
    ("ppp3", _interface(_PPP)),
    ("ipsec0", _interface(_NONE)),
    ("ipsec1", _interface(_TUNNEL6)),
)
_PLAIN_WINDOWS = ("Ethernet", "Wi-Fi 4", "LAN-Verbindung", "Conexión de área local", "以太网 3")
_VPN_WINDOWS = (
    "OpenVPN Wintun",
    "OpenVPN Data Channel Offload",
    "ProtonVPN TUN",
    "NordLynx",
    "Mullvad",
    "Tailscale",
    "ZeroTier One [8056c2e21c000001]",
    "SonicWall VPN Connection",
    "Firmen-VPN",
    "wg-garage",
    "CloudflareWARP",
    "Hamachi",
    "SurfsharkWireGuard",
    "Radmin VPN",
)
_PLAIN_MAC = ("en0", "en3", "en14", "bridge0", "en5")
_VPN_MAC = ("utun3", "utun10", "ipsec0", "ipsec2", "ppp0", "utun0")


def _linux_files(chosen: tuple[str, Files]) -> Files:
    """Return the chosen interface among others of every kind."""
    others = [("lo", _interface(772)), ("docker0", _interface(_ETHER, "bridge"))]
    return made_way.sysfs([chosen, *others])


def _vpn(system: str, *, is_one: bool) -> Make:
    def make(rng: random.Random) -> Found:
        if system == "windows":
            name = rng.choice(_VPN_WINDOWS if is_one else _PLAIN_WINDOWS)
            return told("net.vpn", windows(name))
        if system == "macos":
            name = rng.choice(_VPN_MAC if is_one else _PLAIN_MAC)
            return told("net.vpn", macos(name))
        name, files = rng.choice(_TUNNELS if is_one else (*_PLAIN, *_MOBILE))
        with made_folder(_linux_files((name, files))) as root:
            return told("net.vpn", linux(root, name))

    return make


def _beside(rng: random.Random) -> Found:
    """A tunnel is up, but the call does not go through it."""
    plain, tunnel = rng.choice(_PLAIN), rng.choice(_TUNNELS)
    files = _linux_files(plain) | {f"{tunnel[0]}/{path}": text for path, text in tunnel[1].items()}
    with made_folder(files) as root:
        return told("net.vpn", linux(root, plain[0]))


def _no_way(rng: random.Random) -> Found:
    chosen = rng.choice((*_PLAIN, *_TUNNELS))
    with made_folder(_linux_files(chosen)) as root:
        return told("net.vpn", linux(root, None))


def _nmcli(rng: random.Random, *, counted: bool) -> Found:
    """NetworkManager knows: the person set it, or it guesses by a phone's answer."""
    said = rng.choice(("yes\n", "yes (guessed)\n") if counted else ("no\n", "no (guessed)\n"))
    name, files = rng.choice(_PLAIN)
    hints = rng.choice((None, FakeHints()))
    with made_folder(_linux_files((name, files))) as root:
        return told("net.metered", linux(root, name, said), hints)


def _mobile(rng: random.Random) -> Found:
    """A mobile modem counts whether or not somebody says so."""
    name, files = rng.choice(_MOBILE)
    said = rng.choice(("unknown\n", None, "yes (guessed)\n"))
    with made_folder(_linux_files((name, files))) as root:
        return told("net.metered", linux(root, name, said), rng.choice((None, FakeHints())))


def _elsewhere(*, counted: bool) -> Make:
    """Windows tells the cost, macOS whether the line is expensive (a phone's hotspot)."""

    def make(rng: random.Random) -> Found:
        hints = FakeHints()
        hints.hint = NetworkHint(metered=counted, medium=rng.choice((None, Medium.WIFI)))
        machines = (windows(rng.choice(_PLAIN_WINDOWS)), macos(rng.choice(_PLAIN_MAC)))
        return told("net.metered", rng.choice(machines), hints)

    return make


def _by_medium(rng: random.Random) -> Found:
    hints = FakeHints()
    hints.hint = NetworkHint(metered=rng.choice((None, True)), medium=Medium.CELLULAR)
    name = rng.choice(("Mobilfunk 3", "Ethernet 7"))
    return told("net.metered", windows(name), hints)


def _nobody_says(rng: random.Random) -> Found:
    """No NetworkManager (systemd-networkd, connman), and a desktop that does not tell."""
    name, files = rng.choice(_PLAIN)
    said = rng.choice(("unknown\n", None, ""))
    with made_folder(_linux_files((name, files))) as root:
        return told("net.metered", linux(root, name, said), rng.choice((None, FakeHints())))


# --- N10 ---------------------------------------------------------------------------------------


_PROXIES = ("http://10.1.2.3:8080", "http://wpad.corp.test:3128/", "https://a:b%40c@gate.test:443")


def _proxy(environment: Mapping[str, str], by_system: frozenset[str], *, blocked: bool) -> Found:
    hints = FakeHints()
    hints.by_proxy = set(by_system)
    hosts = ("service.garage.test", "sfu.garage.test")
    return made_way.asked_of_proxies(hosts, environment, hints, blocked=blocked)


def _set(*, blocked: bool) -> Make:
    """The SDK's variable, which no exception undoes, or the system's settings."""

    def make(rng: random.Random) -> Found:
        address = rng.choice(_PROXIES)
        names = rng.choice((("HTTPS_PROXY",), ("https_proxy",), ("HTTPS_PROXY", "HTTP_PROXY")))
        excepted = rng.choice(("*", "garage.test", "sfu.garage.test,service.garage.test", ".test"))
        by_system = rng.random() < 0.4
        hosts = rng.choice(
            (
                frozenset({"https://sfu.garage.test"}),
                frozenset({"https://service.garage.test"}),
                frozenset({"https://service.garage.test", "https://sfu.garage.test"}),
            )
        )
        made = {} if by_system else dict.fromkeys(names, address)
        if not by_system and rng.random() < 0.5:
            made[rng.choice(("NO_PROXY", "no_proxy"))] = excepted
        return _proxy(made, hosts if by_system else frozenset(), blocked=blocked)

    return make


def _unset(rng: random.Random) -> Found:
    """No proxy, or only what another kind of address would use."""
    made: Mapping[str, str] = rng.choice(
        (
            {},
            {"HTTP_PROXY": rng.choice(_PROXIES)},
            {"no_proxy": "localhost,127.0.0.0/8,::1"},
            {"FTP_PROXY": rng.choice(_PROXIES), "RSYNC_PROXY": "10.1.1.1:873"},
            {"https_proxy": "", "HTTPS_PROXY": ""},
        )
    )
    return _proxy(made, frozenset(), blocked=rng.random() < 0.3)


# --- N17 ---------------------------------------------------------------------------------------


_DEV_HEAD = (
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|"
    "bytes    packets errs drop fifo colls carrier compressed\n"
)


class _Counters:
    """Counters of several interfaces, in bytes since a start that was long ago."""

    def __init__(self, rng: random.Random, name: str, mbps: float) -> None:
        self._rates = {name: (rng.uniform(0, 40), mbps)}
        for other in ("lo", "docker0", "enp9s0", f"{name}0", "virbr0"):
            self._rates[other] = (rng.uniform(0, 90), rng.choice((0.0, 55.0)))
        self._start = {each: rng.randrange(10**12) for each in self._rates}
        self._tight = rng.random() < 0.5

    def table(self, now_s: float) -> str:
        rows = []
        for name, (down, up) in self._rates.items():
            got, gone = (self._start[name] + round(mbps * 125_000 * now_s) for mbps in (down, up))
            figures = [got, got // 900, 0, 12, 0, 0, 0, 77, gone, gone // 700, 0, 0, 0, 0, 0, 0]
            text = " ".join(f"{figure:>7}" for figure in figures)
            rows.append(f"{name:>6}:{'' if self._tight else ' '}{text}")
        return _DEV_HEAD + "\n".join(rows) + "\n"


async def _free(bench: NetworkBench) -> None:
    bench.advice.free_line()


def _sending(low: float, high: float) -> Make:
    def make(rng: random.Random) -> Found:
        name, files = rng.choice(_PLAIN)
        counters = _Counters(rng, name, rng.uniform(low, high))

        def line(root: Path, loop: MadeTimeLoop) -> LocalNetwork:
            return made_way.CountedNetwork(root, "net", loop, name, counters.table)

        def before(_loop: MadeTimeLoop) -> Prepare:
            return _free

        made = {f"sys/{path}": text for path, text in _linux_files((name, files)).items()}
        return made_way.asked_of_traffic(made, line, before)

    return make


def cases() -> Iterator[Case]:
    """Yield the blind cases; what lies within a twentieth of a limit is not made."""
    yield from blind_cases_of(
        "net.vpn",
        SEED,
        (
            ("Linux", _vpn("linux", is_one=False)),
            ("Windows", _vpn("windows", is_one=False)),
            ("macOS", _vpn("macos", is_one=False)),
            ("a tunnel beside it", _beside),
        ),
        (
            ("Linux", WARNED, _vpn("linux", is_one=True)),
            ("Windows", WARNED, _vpn("windows", is_one=True)),
            ("macOS", WARNED, _vpn("macos", is_one=True)),
        ),
        (("no way at all", UNTOLD, _no_way),),
    )
    yield from blind_cases_of(
        "net.metered",
        SEED + 20_000,
        (
            ("NetworkManager, free", lambda rng: _nmcli(rng, counted=False)),
            ("the desktop, free", _elsewhere(counted=False)),
        ),
        (
            ("NetworkManager, counted", WARNED, lambda rng: _nmcli(rng, counted=True)),
            ("a mobile modem", WARNED, _mobile),
            ("the desktop, counted", WARNED, _elsewhere(counted=True)),
            ("the medium", WARNED, _by_medium),
        ),
        (("nobody says", UNTOLD, _nobody_says),),
    )
    yield from blind_cases_of(
        "net.proxy",
        SEED + 40_000,
        (("none", _unset),),
        (
            ("set", WARNED, _set(blocked=False)),
            ("set, and no answer", FAILED, _set(blocked=True)),
        ),
    )
    yield from blind_cases_of(
        "net.busy",
        SEED + 60_000,
        (("free", _sending(0, 0.47)),),
        (("used", WARNED, _sending(0.53, 1.9)), ("full", FAILED, _sending(2.1, 80))),
    )
