"""N13 and N16: addresses that answer or do not, and the Wi-Fi as each system tells of it.

Truth. ``net.wifi_weak``: the signal that was written into the made answer, 1 dB or 2 % clear of a
limit: /proc/net/wireless as the kernel prints it, netsh in eleven languages and two versions,
system_profiler with the networks around. ``net.ipv6``: a family is broken where the name has
addresses in it and none of them answers, though this machine has a way; one that is not there is
not broken. Names and ways are made, as is the time that a dead address takes.
"""

import asyncio
import errno
import random
import socket
from collections.abc import Iterator, Sequence
from typing import Any
from unittest.mock import patch

from preflight.probe import families
from preflight.system.linux_network import LinuxNetwork
from preflight.system.macos_network import MacNetwork
from preflight.system.windows_network import WindowsNetwork
from tests.accuracy.asked_machine import made_folder
from tests.accuracy.asked_network import network_figures, on_made_line
from tests.accuracy.kinds import FAILED, UNKNOWN, UNTOLD, WARNED, Found, Make, cases_of
from tests.accuracy.made_time import MadeTimeLoop
from tests.accuracy.tally import Case
from tests.fakes.local_network import FakeLocalNetwork

SEED = 360_000

_NETSH = {
    # name, description, state, signal, profile, rate; "Rssi" and "Band" of Windows 11.
    "English": (
        "Name",
        "Description",
        "State",
        "Signal",
        "Profile",
        "Receive rate (Mbps)",
        "connected",
    ),
    "Deutsch": (
        "Name",
        "Beschreibung",
        "Status",
        "Signal",
        "Profil",
        "Empfangsrate (MBit/s)",
        "Verbunden",
    ),
    "français": (
        "Nom",
        "Description",
        "État",
        "Signal",
        "Profil",
        "Réception (Mbits/s)",
        "connecté",
    ),
    "español": (
        "Nombre",
        "Descripción",
        "Estado",
        "Señal",
        "Perfil",
        "Velocidad de recepción (Mbps)",
        "conectado",
    ),
    "italiano": (
        "Nome",
        "Descrizione",
        "Stato",
        "Segnale",
        "Profilo",
        "Velocità ricezione (Mbps)",
        "connessa",
    ),
    "português": (
        "Nome",
        "Descrição",
        "Estado",
        "Sinal",
        "Perfil",
        "Taxa de recepção (Mbps)",
        "Conectado",
    ),
    "polski": ("Nazwa", "Opis", "Stan", "Sygnał", "Profil", "Szybkość odbioru (Mb/s)", "połączono"),
    "русский": (
        "Имя",
        "Описание",
        "Состояние",
        "Сигнал",
        "Профиль",
        "Скорость приема (Мбит/с)",
        "подключено",
    ),
    "Türkçe": ("Ad", "Açıklama", "Durum", "Sinyal", "Profil", "Alma hızı (Mbps)", "bağlı"),
    "日本語": (
        "名前",
        "説明",
        "状態",
        "シグナル",
        "プロファイル",
        "受信速度 (Mbps)",
        "接続されました",
    ),
    "Nederlands": (
        "Naam",
        "Beschrijving",
        "Status",
        "Signaal",
        "Profiel",
        "Ontvangstsnelheid (Mbps)",
        "verbonden",
    ),
}


def _block(rng: random.Random, name: str, ssid: str, percent: int | None) -> str:
    language = rng.choice(list(_NETSH))
    named, description, state, signal, profile, rate, connected = _NETSH[language]
    rows = [
        (named, name),
        (description, "Intel(R) Wi-Fi 6 AX201 160MHz"),
        ("GUID", "a-b-c"),
        (state, connected),
    ]
    if percent is not None:
        shown = f"%{percent}" if language == "Türkçe" else f"{percent}%"
        shown = f"{percent} %" if language == "français" and rng.random() < 0.5 else shown
        rows += [("SSID", ssid), ("BSSID", "aa:bb:cc:dd:ee:ff"), (rate, "866.7"), (signal, shown)]
        if rng.random() < 0.4:
            rows.append(("Rssi", f"{-100 + percent // 2}"))
        rows.append((profile, ssid))
    return "\n".join(f"    {label:<22} : {value} " for label, value in rows)


_SSIDS = ("Garage", "FRITZ!Box 7590", "50%", "WLAN", "Café : oben", "Signal", "eduroam", "Wi-Fi")


def _windows(low: float, high: float) -> Make:
    def make(rng: random.Random) -> Found:
        percent = rng.randint(round(low), round(high))
        name, other = rng.sample(
            ("WLAN", "Wi-Fi", "WLAN 2", "Wi-Fi 2", "Drahtlosnetzwerkverbindung"), 2
        )
        blocks = [_block(rng, name, rng.choice(_SSIDS), percent)]
        if rng.random() < 0.4:
            # A second adapter, whose word is of no use here.
            blocks.insert(
                rng.randint(0, 1), _block(rng, other, "another", rng.choice((None, 3, 99)))
            )
        told = "\nThere is 1 interface on the system:\n\n" + "\n\n".join(blocks) + "\n\n"
        return _wifi(WindowsNetwork(lambda _host: name, lambda: told))

    return make


def _wifi(local: LinuxNetwork | MacNetwork | WindowsNetwork) -> Found:
    async def work(loop: MadeTimeLoop) -> Found:
        return await network_figures("net.wifi_weak", loop, local=local)

    return on_made_line(work)


def _linux(low: float, high: float, *, scale: str = "dbm") -> Make:
    def make(rng: random.Random) -> Found:
        dbm = rng.uniform(low, high)
        name = rng.choice(("wlan0", "wlp3s0", "wlx00c0ca", "wlan1"))
        level = f"{dbm:.0f}." if scale == "dbm" else f"{rng.randint(20, 70)}."
        rows = [
            f"{name:>6}: 0000   {rng.randint(10, 70)}.  {level:>5}  -256        0      0      0"
        ]
        if rng.random() < 0.4:
            rows.insert(rng.randint(0, 1), "  wlan9: 0000   70.  -20.  -256  0 0 0 0 0 0")
        head = (
            "Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE\n"
            " face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22\n"
        )
        files = {
            f"net/{name}/type": "1\n",
            f"net/{name}/uevent": "DEVTYPE=wlan\n",
            "wireless": head + "\n".join(rows) + "\n",
        }
        with made_folder(files) as root:
            return _wifi(LinuxNetwork(root / "net", root / "wireless", towards=lambda _host: name))

    return make


def _mac(low: float, high: float) -> Make:
    def make(rng: random.Random) -> Found:
        dbm = round(rng.uniform(low, high))
        name = rng.choice(("en0", "en1"))
        told = (
            "Wi-Fi:\n\n      Software Versions:\n          CoreWLAN: 16.0\n      Interfaces:\n"
            f"        {name}:\n          Card Type: Wi-Fi\n          Status: Connected\n"
            "          Current Network Information:\n            Garage:\n"
            f"              PHY Mode: 802.11ax\n              Signal / Noise: {dbm} dBm / -95 dBm\n"
            "              Transmit Rate: 573\n"
            "          Other Local Wi-Fi Networks:\n            next door:\n"
            f"              Signal / Noise: {rng.choice((-30, -89))} dBm / -95 dBm\n"
            "        awdl0:\n          MAC Address: 0a:0b\n"
            "          Current Network Information:\n            x:\n"
            "              Signal / Noise: -20 dBm / -95 dBm\n"
        )
        return _wifi(MacNetwork(lambda _host: name, lambda: told))

    return make


def _cable(rng: random.Random) -> Found:
    with made_folder({"eth0/type": "1\n"}) as root:
        return _wifi(LinuxNetwork(root, root / "wireless", towards=lambda _host: "eth0"))


# --- N13 ---------------------------------------------------------------------------------------


_FOUR, _SIX = socket.AF_INET, socket.AF_INET6
_DEAD = ("silent", errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ECONNRESET, errno.EACCES)
_NO_WAY = (errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
State = str | int


def _names(
    rng: random.Random, family: socket.AddressFamily, states: Sequence[State]
) -> list[tuple[Any, State]]:
    found: list[tuple[Any, State]] = []
    for state in states:
        if family is _FOUR:
            found.append(((f"198.51.100.{rng.randint(1, 250)}", 443), state))
        else:
            found.append(((f"2001:db8::{rng.randint(1, 65_000):x}", 443, 0, 0), state))
    return found


def over_network(
    rng: random.Random, four: Sequence[State], six: Sequence[State], *, silent_dns: bool = False
) -> Found:
    """Ask over a network in which each address is ``up``, ``silent`` or refuses with an error."""
    made = {_FOUR: _names(rng, _FOUR, four), _SIX: _names(rng, _SIX, six)}
    by_address = {address: state for rows in made.values() for address, state in rows}

    async def getaddrinfo(host: str, port: int, *, family: Any = 0, **_: Any) -> list[Any]:
        await asyncio.sleep(rng.uniform(0.001, 0.9))
        if not made[family]:
            if silent_dns:
                await asyncio.sleep(5)
            # As glibc words it: no such name, no address of the family, or a server that failed.
            code = rng.choice(
                (socket.EAI_NONAME, socket.EAI_NODATA, socket.EAI_AGAIN, socket.EAI_FAIL)
            )
            raise socket.gaierror(code, "made up")
        return [(family, socket.SOCK_STREAM, 6, "", address) for address, _ in made[family]]

    async def sock_connect(_socket: Any, address: Any) -> None:
        state = by_address[address]
        if state == "silent":
            await asyncio.sleep(30)
        await asyncio.sleep(rng.uniform(0.001, 1.2))
        if isinstance(state, int):
            raise OSError(state, "made up")

    async def work(loop: MadeTimeLoop) -> Found:
        with patch.object(loop, "getaddrinfo", getaddrinfo, create=True):
            with patch.object(loop, "sock_connect", sock_connect, create=True):
                with patch.object(families, "proxy_for", lambda _scheme, _host: None):
                    return await network_figures(
                        "net.ipv6", loop, url="https://service.test", local=FakeLocalNetwork()
                    )

    return on_made_line(work)


def _whole(rng: random.Random) -> Found:
    """Both families, or one where the other is not there, or one of whose addresses is down."""
    up: State = "up"
    four, six = rng.choice(
        (
            ((up,), (up,)),
            ((up, up), (up, up, up)),
            ((up,), ()),
            ((), (up,)),
            ((up,), (rng.choice(_NO_WAY),)),
            ((rng.choice(_NO_WAY),), (up,)),
            ((up, rng.choice(_DEAD)), (up,)),
            ((up,), (rng.choice(_DEAD), up)),
        )
    )
    return over_network(rng, four, six)


def _slow_names(rng: random.Random) -> Found:
    """A name server that never says that there is no IPv6 address."""
    return over_network(rng, ("up",), (), silent_dns=True)


def _broken(rng: random.Random) -> Found:
    dead = rng.choice(_DEAD)
    states: tuple[State, ...] = (dead,) * rng.randint(1, 2)
    up: tuple[State, ...] = ("up",) * rng.randint(1, 3)
    return over_network(rng, up, states) if rng.random() < 0.7 else over_network(rng, states, up)


def _nothing(rng: random.Random) -> Found:
    kinds = (((), ()), (("silent",), ("silent",)), ((rng.choice(_NO_WAY),), ()))
    four, six = rng.choice(kinds)
    return over_network(rng, four, six)


def cases() -> Iterator[Case]:
    """Yield the cases of both checks."""
    yield from cases_of(
        "net.wifi_weak",
        SEED,
        (
            ("Linux, strong", _linux(-66, -25)),
            ("Windows, strong", _windows(62, 100)),
            ("a Mac, strong", _mac(-66, -25)),
        ),
        (
            ("Linux, weak", WARNED, _linux(-74, -68)),
            ("Linux, hardly there", FAILED, _linux(-98, -76)),
            ("Windows, weak", WARNED, _windows(42, 58)),
            ("Windows, hardly there", FAILED, _windows(1, 38)),
            ("a Mac, weak", WARNED, _mac(-74, -68)),
            ("a Mac, hardly there", FAILED, _mac(-98, -76)),
        ),
        (
            ("a scale of the driver's own", UNTOLD, _linux(-50, -40, scale="own")),
            ("a cable", UNTOLD, _cable),
        ),
    )
    yield from cases_of(
        "net.ipv6",
        SEED + 100_000,
        (("whole", _whole), ("a silent name server", _slow_names)),
        (("one family broken", WARNED, _broken),),
        (("no network", UNKNOWN, _nothing),),
    )
