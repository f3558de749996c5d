"""N10, N12, N13, N15, N16 and N17: what a made machine tells of its network.

Truth is what was made: proxies of a made environment, interfaces in a made sysfs and under the
names that Windows and macOS give (in several languages), answers of nmcli, netsh (in ten
languages) and system_profiler, counters of a made /proc/net/dev, and for N13 names and addresses
that answer or do not. ``net.wifi_weak``: 1 dB or 2 % clear of a limit; ``net.busy``: healthy to
0.45 Mbit/s, warned 0.56 to 1.85, failed from 2.15, beside whatever other interfaces do and while
something of ours uses the line now and then. Names of VPNs are those that their makers' documents
give, not those of the tests that the list was made with.
"""

import random
from collections.abc import Iterator, Mapping
from pathlib import Path

from preflight.checks.network.bench import NetworkBench
from preflight.system.network_ports import LocalNetwork, Medium, NetworkHint
from tests.accuracy import made_way
from tests.accuracy.asked_machine import made_folder
from tests.accuracy.asked_network import Prepare
from tests.accuracy.kinds import FAILED, SKIPPED, UNTOLD, WARNED, Found, Make, cases_of
from tests.accuracy.made_time import MadeTimeLoop
from tests.accuracy.made_way import Files, interface, linux, macos, told, windows
from tests.accuracy.tally import Case
from tests.fakes.local_network import FakeHints

SEED = 350_000

# --- N12 and N15 -------------------------------------------------------------------------------


_ETHERNET, _PPP, _TUN = 1, 512, 65534
_PLAIN_LINUX = (
    ("eth0", interface(_ETHERNET)),
    ("enp0s31f6", interface(_ETHERNET)),
    ("eno1", interface(_ETHERNET)),
    ("enx00e04c680001", interface(_ETHERNET)),
    ("wlan0", interface(_ETHERNET, "wlan")),
    ("wlp3s0", interface(_ETHERNET, "wlan")),
    ("br0", interface(_ETHERNET, "bridge")),
    ("bond0", interface(_ETHERNET, "bond")),
    ("eth0.100", interface(_ETHERNET, "vlan")),
    ("usb0", interface(_ETHERNET, "gadget")),
    ("wwan0", interface(_TUN, "wwan")),
    ("vmbr0", interface(_ETHERNET, "bridge")),
    ("team0", interface(_ETHERNET)),
    ("end0", interface(_ETHERNET)),
)
_VPN_LINUX = (
    ("tun0", interface(_TUN, more={"tun_flags": "0x1001"})),
    ("vpn-office", interface(_TUN, more={"tun_flags": "0x1001"})),
    ("mytunnel", interface(_TUN, more={"tun_flags": "0x1002"})),
    ("wg0", interface(_TUN, "wireguard")),
    ("garage", interface(_TUN, "wireguard")),
    ("ppp0", interface(_PPP)),
    ("dsl-company", interface(_PPP)),
    ("tailscale0", interface(_TUN, more={"tun_flags": "0x1001"})),
    ("nordlynx", interface(_TUN, "wireguard")),
    ("cscotun0", interface(_TUN)),
    ("gpd0", interface(_TUN)),
    ("proton0", interface(_TUN, "wireguard")),
    ("ipsec0", interface(_TUN)),
    ("zt7nnig26e", interface(_ETHERNET)),
    ("tap0", interface(_ETHERNET, more={"tun_flags": "0x1002"})),
)
_PLAIN_WINDOWS = (
    "Ethernet",
    "Ethernet 2",
    "WLAN",
    "Wi-Fi",
    "Wi-Fi 3",
    "Drahtlosnetzwerkverbindung",
    "LAN-Verbindung",
    "Local Area Connection",
    "Mobilfunk",
    "Cellular",
    "Conexión de red",
    "Connexion au réseau local",
    "vEthernet (External)",
    "Bluetooth-Netzwerkverbindung",
    "Réseau sans fil",
    "イーサネット",
    "Garage",
    "Protokoll-LAN",
    "Office Provider",
)
_VPN_WINDOWS = (
    "OpenVPN Wintun",
    "OpenVPN TAP-Windows6",
    "NordLynx",
    "ProtonVPN TUN",
    "Mullvad",
    "Cisco AnyConnect Virtual Miniport",
    "Tailscale",
    "ZeroTier One [8056c2e21c000001]",
    "PANGP GlobalProtect",
    "Fortinet SSL VPN Virtual Ethernet Adapter",
    "Firmen-VPN",
    "WireGuard Tunnel",
    "Surfshark WireGuard",
    "ExpressVPN TUN Driver",
    "Pulse Secure",
    "wg-office",
    "utun",
    "FortiClient",
    "VPN-Verbindung",
)
_PLAIN_MAC = ("en0", "en1", "en5", "en11", "bridge0", "bridge100", "ap1")
_VPN_MAC = ("utun0", "utun4", "utun12", "ipsec0", "ppp0", "tun0", "tap1")


def _linux(rng: random.Random, several: tuple[tuple[str, Files], ...]) -> tuple[str, Files]:
    chosen = rng.choice(several)
    return chosen[0], made_way.sysfs([chosen])


def _vpn(*, is_one: bool) -> Make:
    def make(rng: random.Random) -> Found:
        system = rng.randrange(3)
        if system == 1:
            return told("net.vpn", windows(rng.choice(_VPN_WINDOWS if is_one else _PLAIN_WINDOWS)))
        if system == 2:
            return told("net.vpn", macos(rng.choice(_VPN_MAC if is_one else _PLAIN_MAC)))
        name, files = _linux(rng, _VPN_LINUX if is_one else _PLAIN_LINUX)
        with made_folder(files) as root:
            return told("net.vpn", linux(root, name))

    return make


def _no_way(_rng: random.Random) -> Found:
    return told("net.vpn", macos(None))


_NOT_COUNTED = ("no\n", "no (guessed)\n", "No (guessed)\n", " no\n")
_COUNTED = ("yes\n", "yes (guessed)\n", "Yes\n")
_UNSAID = ("unknown\n", "\n", "Error: Device 'eth0' not found.\n", None)


def _metered(*, counted: bool | None) -> Make:
    """A line that somebody counts; None: nobody says."""

    def make(rng: random.Random) -> Found:
        hints = FakeHints()
        by = rng.choice(("nmcli", "qt", "medium")) if counted else rng.choice(("nmcli", "qt"))
        wwan = ("wwan0", interface(_TUN, "wwan"))
        others = tuple(each for each in _PLAIN_LINUX if each[0] != "wwan0")
        name, files = _linux(rng, (wwan,) if by == "medium" else others)
        said: str | None = rng.choice(_UNSAID)
        if by == "nmcli" and counted is not None:
            said = rng.choice(_COUNTED if counted else _NOT_COUNTED)
        if by == "qt" and counted is not None:
            hints.hint = NetworkHint(metered=counted, medium=rng.choice((None, Medium.WIFI)))
        with made_folder(files) as root:
            heard = hints if rng.random() < 0.8 or by == "qt" else None
            return told("net.metered", linux(root, name, said), heard)

    return make


def _metered_elsewhere(*, counted: bool) -> Make:
    def make(rng: random.Random) -> Found:
        hints = FakeHints()
        if rng.random() < 0.5:
            hints.hint = NetworkHint(metered=counted)
            return told("net.metered", rng.choice((windows("WLAN"), macos("en0"))), hints)
        if counted:
            name = rng.choice(("Mobilfunk", "Cellular", "Cellulaire 2", "Mobile Broadband"))
            return told("net.metered", windows(name), hints)
        hints.hint = NetworkHint(metered=False)
        return told("net.metered", windows("LAN"), hints)

    return make


# --- N10 ---------------------------------------------------------------------------------------


_PROXY = ("http://proxy.garage.test:3128", "proxy.garage.test:8080", "http://u:p@10.0.0.9:80")


def _environment(*, proxied: bool) -> Make:
    def make(rng: random.Random) -> Found:
        proxy = rng.choice(_PROXY)
        if proxied:
            # The SDK takes HTTPS_PROXY whatever NO_PROXY says.
            names = rng.choice(
                (("https_proxy",), ("HTTPS_PROXY",), ("https_proxy", "http_proxy"), ("all_proxy",))
            )
            made = dict.fromkeys(names, proxy) | {
                "no_proxy": rng.choice(("", "localhost", ".other.test", "10.0.0.0/8"))
            }
        else:
            made = rng.choice(
                (
                    {},
                    {"no_proxy": "*"},
                    {"http_proxy": proxy},
                    {"ftp_proxy": proxy},
                    {"all_proxy": proxy, "no_proxy": ".liftbay.test,localhost"},
                    {"all_proxy": proxy, "no_proxy": "liftbay.test"},
                    {"HTTPS_PROXY": ""},
                    {"http_proxy": proxy, "no_proxy": "localhost"},
                )
            )
        return _by_proxy(rng, FakeHints(), made)

    return make


def _by_proxy(
    rng: random.Random, hints: FakeHints, made: Mapping[str, str] = {}, *, blocked: bool = False
) -> Found:
    hosts = ("api.liftbay.test", "calls.liftbay.test")
    heard = hints if hints.by_proxy or rng.random() < 0.5 else None
    return made_way.asked_of_proxies(hosts, made, heard, blocked=blocked)


def _system_proxy(*, blocked: bool) -> Make:
    def make(rng: random.Random) -> Found:
        hints = FakeHints()
        hints.by_proxy = set(
            rng.choice(
                (
                    ("https://api.liftbay.test",),
                    ("https://calls.liftbay.test",),
                    ("https://api.liftbay.test", "https://calls.liftbay.test"),
                )
            )
        )
        return _by_proxy(rng, hints, blocked=blocked)

    return make


def _blocked_without(rng: random.Random) -> Found:
    """A call server that does not answer, without any proxy: N04 says so, not this."""
    return _by_proxy(rng, FakeHints(), blocked=True)


# --- N17 ---------------------------------------------------------------------------------------


class _Counters:
    """Counters of the kernel, and what of ours went over the line."""

    def __init__(self, rng: random.Random, up_mbps: float) -> None:
        self._rng, self._up = rng, up_mbps
        self.ours_bytes = 0

    def table(self, now_s: float) -> str:
        passed_s = now_s % 1e4
        sent = 5_000_000 + round(self._up * 1e6 / 8 * passed_s) + self.ours_bytes
        other = round(9e6 * passed_s)
        head = (
            "Inter-|   Receive  |  Transmit\n face |bytes packets errs drop fifo frame "
            "compressed multicast|bytes packets errs drop fifo colls carrier compressed\n"
        )
        rows = [
            f"  eth0: {sent * 3} 9 0 0 0 0 0 0 {sent} 7 0 0 0 0 0 0",
            f"docker0:{other} 9 0 0 0 0 0 0 {other} 7 0 0 0 0 0 0",
            f"    lo: {other} 9 0 0 0 0 0 0 {other} 7 0 0 0 0 0 0",
        ]
        self._rng.shuffle(rows)
        return head + "\n".join(rows) + "\n"


def _sending(low: float, high: float) -> Make:
    def make(rng: random.Random) -> Found:
        counters = _Counters(rng, rng.uniform(low, high))
        ours = rng.choice((0.0, 0.0, 0.3))

        def line(root: Path, loop: MadeTimeLoop) -> LocalNetwork:
            return made_way.CountedNetwork(root, "sys", loop, "eth0", counters.table)

        def before(loop: MadeTimeLoop) -> Prepare:
            async def use(bench: NetworkBench) -> None:
                if ours:
                    # Something of ours is measured in the first second: it counts again.
                    with bench.advice.uses_line():
                        bench.advice.free_line()
                        await loop.sleep(ours)
                        counters.ours_bytes += 4_000_000

            return use

        return made_way.asked_of_traffic({"sys/eth0/type": "1\n"}, line, before)

    return make


def cases() -> Iterator[Case]:
    """Yield the cases of these checks."""
    yield from cases_of(
        "net.vpn",
        SEED,
        (("none", _vpn(is_one=False)),),
        (("a VPN", WARNED, _vpn(is_one=True)),),
        (("no way", UNTOLD, _no_way),),
    )
    yield from cases_of(
        "net.metered",
        SEED + 100_000,
        (
            ("not counted", _metered(counted=False)),
            ("not counted elsewhere", _metered_elsewhere(counted=False)),
        ),
        (
            ("counted", WARNED, _metered(counted=True)),
            ("counted elsewhere", WARNED, _metered_elsewhere(counted=True)),
        ),
        (("nobody says", SKIPPED, _metered(counted=None)),),
    )
    yield from cases_of(
        "net.proxy",
        SEED + 200_000,
        (("none", _environment(proxied=False)), ("none, and blocked", _blocked_without)),
        (
            ("of the environment", WARNED, _environment(proxied=True)),
            ("of the system", WARNED, _system_proxy(blocked=False)),
            ("in the way", FAILED, _system_proxy(blocked=True)),
        ),
    )
    yield from cases_of(
        "net.busy",
        SEED + 300_000,
        (("quiet", _sending(0, 0.45)),),
        (("in use", WARNED, _sending(0.56, 1.85)), ("full", FAILED, _sending(2.15, 60))),
    )
