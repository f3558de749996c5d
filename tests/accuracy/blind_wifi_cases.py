"""N16, blind: Wi-Fi figures as other drivers, versions and languages print them.

Written from the catalogue and from what the systems print, without a look at the reader. The
kernel's format is ``wireless_seq_printf_stats`` (net/wireless/wext-proc.c); netsh's and
system_profiler's words are from listings that people published.
"""

import random
from collections.abc import Iterator, Sequence

from preflight.system.linux_network import LinuxNetwork
from preflight.system.macos_network import MacNetwork
from preflight.system.network_ports import LocalNetwork
from preflight.system.windows_network import WindowsNetwork
from tests.accuracy.asked_machine import made_folder
from tests.accuracy.asked_network import network_figures, on_made_line
from tests.accuracy.kinds import FAILED, UNTOLD, WARNED, Found, Make, blind_cases_of
from tests.accuracy.made_time import MadeTimeLoop
from tests.accuracy.tally import Case

SEED = 7_100_000


def _asked(local: LocalNetwork) -> Found:
    async def work(loop: MadeTimeLoop) -> Found:
        return await network_figures("net.wifi_weak", loop, local=local)

    return on_made_line(work)


# --- Linux -------------------------------------------------------------------------------------


_HEAD = (
    "Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE\n"
    " face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22\n"
)
_RADIOS = (
    "wlp0s20f3",
    "wlan0",
    "wlx90de80d9d373",
    "wlo1",
    "wlp2s0f0u3i2",
    "wifi0",
    "ath0",
    "mlan0",
)


def _row(name: str, link: int, level: int, noise: int, counts: Sequence[int], dots: str) -> str:
    """Format as the kernel does; a dot says that the figure is new."""
    figures = f"{link:3d}{dots[0]}  {level:3d}{dots[1]}  {noise:3d}{dots[2]}"
    nwid, crypt, frag, retry, misc, beacon = counts
    lost = f"{nwid:6d} {crypt:6d} {frag:6d} {retry:6d} {misc:6d}   {beacon:6d}"
    return f"{name:>6}: {0:04x}  {figures}  {lost}\n"


def _radio_files(name: str) -> dict[str, str | None]:
    return {
        f"net/{name}/type": "1\n",
        f"net/{name}/uevent": f"DEVTYPE=wlan\nINTERFACE={name}\nIFINDEX=3\n",
        f"net/{name}/wireless": None,
        f"net/{name}/phy80211/name": "phy0\n",
        f"net/{name}/operstate": "up\n",
    }


def _linux(low: int, high: int) -> Make:
    def make(rng: random.Random) -> Found:
        name, *others = rng.sample(_RADIOS, 3)
        level = rng.randint(low, high)
        rows = []
        for each in (name, *others[: rng.randrange(3)], *rng.sample((f"{name}0", "p2p0"), 1)):
            dbm = level if each == name else rng.choice((-31, -93))
            counts = [rng.choice((0, 0, 7, 253, 123_456)) for _ in range(6)]
            # mac80211 drivers tell no noise; a figure that was told before has no dot.
            rows.append(
                _row(
                    each,
                    min(70, dbm + 110),
                    dbm,
                    rng.choice((-256, -256, -95, 0)),
                    counts,
                    rng.choice(("...", ".. ", "   ")),
                )
            )
        rng.shuffle(rows)
        files = _radio_files(name) | {"wireless": _HEAD + "".join(rows)}
        if rng.random() < 0.3:
            # Drivers outside of the kernel tree leave DEVTYPE out.
            files[f"net/{name}/uevent"] = f"INTERFACE={name}\nIFINDEX=3\n"
        with made_folder(files) as root:
            return _asked(LinuxNetwork(root / "net", root / "wireless", lambda _host: name))

    return make


def _no_figures(rng: random.Random) -> Found:
    """A kernel without the old table, a table without rows, or without this one's row."""
    name = rng.choice(_RADIOS)
    files = _radio_files(name)
    how = rng.randrange(3)
    if how == 1:
        files["wireless"] = _HEAD
    elif how == 2:
        row = _row(f"{name}1", 20, -88, -256, (0,) * 6, "...")
        files["wireless"] = _HEAD + row
    with made_folder(files) as root:
        return _asked(LinuxNetwork(root / "net", root / "wireless", lambda _host: name))


def _linux_cable(rng: random.Random) -> Found:
    """Packets leave by the cable; the Wi-Fi beside it is weak."""
    cable = rng.choice(("enp3s0", "eno2", "ens1f0np0", "end0"))
    row = _row("wlan0", 18, -90, -256, (0,) * 6, "...")
    files = _radio_files("wlan0") | {
        f"net/{cable}/type": "1\n",
        f"net/{cable}/uevent": f"INTERFACE={cable}\nIFINDEX=2\n",
        "wireless": _HEAD + row,
    }
    with made_folder(files) as root:
        return _asked(LinuxNetwork(root / "net", root / "wireless", lambda _host: cable))


# --- Windows -----------------------------------------------------------------------------------


_HEADS = (
    "There is 1 interface on the system:",
    "Es ist 1 Schnittstelle im System vorhanden:",
    "Il existe 1 interface sur le système :",
    "システムに 1 インターフェイスがあります:",
    "系统上有 1 个接口:",
    "В системе 1 интерфейс:",
)
_WORDS = (
    # Name, description, state and its value, disconnected, signal, profile.
    "Name|Description|State|connected|disconnected|Signal|Profile",
    "Name|Beschreibung|Status|Verbunden|Getrennt|Signal|Profil",
    "Nom|Description|État|connecté|déconnecté|Signal|Profil",
    "Nombre|Descripción|Estado|conectado|desconectado|Señal|Perfil",
    "Nome|Descrizione|Stato|connessa|disconnessa|Segnale|Profilo",
    "Nome|Descrição|Estado|conectado|desconectado|Sinal|Perfil",
    "Naam|Beschrijving|Status|verbonden|verbroken|Signaal|Profiel",
    "Název|Popis|Stav|připojeno|odpojeno|Signál|Profil",
    "Nazwa|Opis|Stan|połączono|rozłączono|Sygnał|Profil",
    "Név|Leírás|Állapot|csatlakoztatva|leválasztva|Jel|Profil",
    "Nimi|Kuvaus|Tila|yhdistetty|ei yhteyttä|Signaali|Profiili",
    "Namn|Beskrivning|Tillstånd|ansluten|frånkopplad|Signal|Profil",
    "Имя|Описание|Состояние|подключено|отключено|Сигнал|Профиль",
    "Ім'я|Опис|Стан|підключено|відключено|Сигнал|Профіль",
    "Όνομα|Περιγραφή|Κατάσταση|συνδέθηκε|αποσυνδέθηκε|Σήμα|Προφίλ",
    "Ad|Açıklama|Durum|bağlı|bağlı değil|Sinyal|Profil",
    "Nama|Deskripsi|Keadaan|terhubung|terputus|Sinyal|Profil",
    "名前|説明|状態|接続されました|切断されました|シグナル|プロファイル",
    "名称|描述|状态|已连接|已断开连接|信号|配置文件",
    "名稱|描述|狀態|連線|已中斷連線|訊號|設定檔",
    "이름|설명|상태|연결됨|연결 끊김|신호|프로필",
    "שם|תיאור|מצב|מחובר|מנותק|אות|פרופיל",
)
_CARDS = (
    "Intel(R) Wi-Fi 6E AX211 160MHz",
    "Realtek 8852BE Wireless LAN WiFi 6 PCI-E NIC",
    "MediaTek Wi-Fi 7 MT7925: 160MHz #2",
    "Qualcomm(R) FastConnect(TM) 7800",
    "TP-Link Wireless USB Adapter 100%",
)
_NETWORKS = ("Garage 5G", "50%", "Käse & Brot: Gäste", "工場", "a%b%c", "Up to 99 % off", "Wi-Fi")


def _line(label: str, value: str, width: int = 23) -> str:
    return f"    {label:<{width}}: {value}"


def _block(
    rng: random.Random, words: Sequence[str], name: str, percent: int | None, network: str
) -> list[str]:
    """Return an adapter's rows; without a figure it is not connected."""
    name_word, about, state, on, off, signal, profile = words
    rows = [
        _line(name_word, name),
        _line(about, rng.choice(_CARDS)),
        _line("GUID", "e6b08c8a-3feb-4c3e-88c3-dee94dd2f0eb"),
        _line("Interface type", "Primary"),
        _line(state, on if percent is not None else off),
    ]
    if percent is None:
        return [*rows, _line("Radio status", "Hardware On"), " " * 29 + "Software Off"]
    newest = rng.random() < 0.5
    rows += [
        _line("SSID", network),
        _line("AP BSSID" if newest else "BSSID", "3c:84:6a:aa:bb:cc"),
        *([_line("Band", "5 GHz")] if newest else []),
        _line("Channel", str(rng.choice((1, 40, 60, 100, 149)))),
        *([_line("Connected Akm-cipher", "[ akm = 00-0f-ac:02, cipher =  00-0f-ac:04 ]")] * newest),
        _line("Receive rate (Mbps)", rng.choice(("130", "72,2", "144.4", "866,7"))),
        _line("Transmit rate (Mbps)", rng.choice(("6", "39", "1441"))),
        _line(signal, f"{percent}%{rng.choice(('', ' ', '  '))}"),
        *([_line("Rssi", str(rng.randint(-93, -31)))] * newest),
        _line(profile, f"{network} "),
    ]
    more = ("QoS MSCS Configured", "QoS Map Configured", "QoS Map Allowed by Policy")
    return rows + [_line(each, "0", 28) for each in more] * newest


def _told(rng: random.Random, blocks: Sequence[Sequence[str]]) -> str:
    end = rng.choice(("\n", "\r\n"))
    whole = ["", rng.choice(_HEADS) + " ", ""]
    for block in blocks:
        whole += [*block, ""]
    if rng.random() < 0.5:
        whole += [_line("Hosted network status", "Not available", 22), ""]
    return end.join([*whole, ""])


def _windows(low: int, high: int) -> Make:
    def make(rng: random.Random) -> Found:
        words = rng.choice(_WORDS).split("|")
        names = (
            "Wi-Fi",
            "WLAN",
            "Wi-Fi 3",
            "WiFi",
            "Беспроводная сеть",
            "ワイヤレス",
            "Réseau sans fil",
        )
        name, other = rng.sample(names, 2)
        blocks = [_block(rng, words, name, rng.randint(low, high), rng.choice(_NETWORKS))]
        if rng.random() < 0.5:
            stray = _block(rng, words, other, rng.choice((None, 2, 98)), rng.choice(_NETWORKS))
            blocks.insert(rng.randrange(2), stray)
        told = _told(rng, blocks)
        return _asked(WindowsNetwork(lambda _host: name, lambda: told))

    return make


_REFUSALS = (
    "There is 1 interface on the system: \r\nNetwork shell commands need location permission to "
    "access WLAN information. Turn on Location services on the Location page in Privacy & security "
    "settings.\r\n\r\nms-settings:privacy-location\r\n\r\nFunction WlanQueryInterface returns "
    "error 5:\r\nThe requested operation requires elevation (Run as administrator).\r\n",
    "There is no wireless interface on the system.\r\n",
    "The Wireless AutoConfig Service (wlansvc) is not running.\r\n",
    "ワイヤレス自動構成サービス (wlansvc) が実行されていません。\r\n",
    "",
    None,
)


def _windows_untold(rng: random.Random) -> Found:
    """Refused, switched off, or a cable while a weak Wi-Fi is connected as well."""
    words = rng.choice(_WORDS).split("|")
    how = rng.randrange(3)
    if how == 0:
        refusal = rng.choice(_REFUSALS)
        return _asked(WindowsNetwork(lambda _host: "Wi-Fi", lambda: refusal))
    block = _block(rng, words, "Wi-Fi", None if how == 1 else rng.randint(1, 30), "Garage")
    told = _told(rng, [block])
    name = "Wi-Fi" if how == 1 else rng.choice(("Ethernet", "イーサネット", "Ethernet 4"))
    return _asked(WindowsNetwork(lambda _host: name, lambda: told))


# --- macOS -------------------------------------------------------------------------------------


def _network(rng: random.Random, name: str, dbm: int | None, indent: int) -> list[str]:
    pad = " " * indent
    rows = [
        f"{pad}{name}:",
        f"{pad}  PHY Mode: {rng.choice(('802.11ax', '802.11ac', '802.11n', '802.11'))}",
        f"{pad}  Channel: {rng.choice(('6 (2GHz, 20MHz)', '37 (6GHz, 160MHz)'))}",
        f"{pad}  Network Type: Infrastructure",
        f"{pad}  Security: {rng.choice(('WPA2 Personal', 'WPA2/WPA3 Personal', 'None'))}",
    ]
    if dbm is not None:
        rows.append(f"{pad}  Signal / Noise: {dbm} dBm / {rng.choice((-96, -90, 0))} dBm")
    return rows


def _mac_told(rng: random.Random, name: str, dbm: int | None, *, off: bool = False) -> str:
    """Return a whole listing: software, the radio's rows, awdl0, and other networks around."""
    rows = [
        "Wi-Fi:",
        "",
        "      Software Versions:",
        "          CoreWLAN: 16.0 (1657)",
        "      Interfaces:",
        f"        {name}:",
        "          Card Type: Wi-Fi  (0x14E4, 0x4388)",
        "          MAC Address: a4:83:e7:9c:1b:40",
        "          Supported Channels: 1 (2GHz), 36 (5GHz), 165 (5GHz)",
        f"          Status: {'Off' if off else 'Connected'}",
    ]
    if not off:
        rows.append("          Current Network Information:")
        called = rng.choice(("<redacted>", "Garage: Gast", "Signal / Noise", "工場", "en0"))
        rows += _network(rng, called, dbm, 12)
        rows += ["              Transmit Rate: 288", "              MCS Index: 7"]
        rows.append("          Other Local Wi-Fi Networks:")
        for other in rng.sample(("DIRECT-9C-HP", "Café ?", "x", "eduroam", "<redacted>"), 3):
            rows += _network(rng, other, rng.choice((None, -30, -94)), 12)
    beside = [
        f"        {rng.choice(('awdl0', 'llw0'))}:",
        "          MAC Address: 5e:1a:00:00:00:01",
        "          Supported Channels: 1 (2GHz), 36 (5GHz)",
        "          Current Network Information:",
        "              Network Type: Infrastructure",
    ]
    at = rows.index(f"        {name}:")
    rows = rows[:at] + beside + rows[at:] if rng.random() < 0.3 else rows + beside
    return "\n".join([*rows, ""])


def _mac(low: int, high: int) -> Make:
    def make(rng: random.Random) -> Found:
        name = rng.choice(("en0", "en0", "en1", "en2"))
        told = _mac_told(rng, name, rng.randint(low, high))
        return _asked(MacNetwork(lambda _host: name, lambda: told))

    return make


def _mac_untold(rng: random.Random) -> Found:
    """Switched off, no answer, no figure, or the way is by a cable."""
    how = rng.randrange(4)
    told = None if how == 0 else _mac_told(rng, "en0", None if how == 1 else -88, off=how == 2)
    name = "en7" if how == 3 else "en0"
    return _asked(MacNetwork(lambda _host: name, lambda: told))


def cases() -> Iterator[Case]:
    """Yield the blind cases; a decibel or a per cent beside a limit is not made."""
    yield from blind_cases_of(
        "net.wifi_weak",
        SEED,
        (
            ("Linux, strong", _linux(-66, -25)),
            ("Windows, strong", _windows(61, 100)),
            ("macOS, strong", _mac(-66, -25)),
        ),
        (
            ("Linux, middling", WARNED, _linux(-74, -68)),
            ("Linux, weak", FAILED, _linux(-99, -76)),
            ("Windows, middling", WARNED, _windows(41, 59)),
            ("Windows, weak", FAILED, _windows(1, 39)),
            ("macOS, middling", WARNED, _mac(-74, -68)),
            ("macOS, weak", FAILED, _mac(-94, -76)),
        ),
        (
            ("Linux, no figures", UNTOLD, _no_figures),
            ("Linux, a cable", UNTOLD, _linux_cable),
            ("Windows, nothing told", UNTOLD, _windows_untold),
            ("macOS, nothing told", UNTOLD, _mac_untold),
        ),
    )
