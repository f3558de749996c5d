"""M01, M08, M22, S01, S02 and S07, blind: sound servers and devices of other makers and versions.

Written from the catalogue, pactl's source and manual, WirePlumber's and PulseAudio's names of
profiles, and Core Audio's rows in ``system_profiler`` that people published.
"""

import json
import os
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, TypeAlias
from unittest.mock import patch

from preflight.system.linux import LinuxProbe
from preflight.system.linux_sound import LinuxSound
from preflight.system.macos_sound import MacSound
from preflight.system.windows_sound import WindowsSound
from tests.accuracy.asked_machine import made_folder
from tests.accuracy.blind_pulse import GERMAN, PrintedPulse, full_row, monitor_row
from tests.accuracy.kinds import FAILED, WARNED, Found, Make, blind_cases_of
from tests.accuracy.made_devices import MadePulse, Row
from tests.accuracy.made_portaudio import MACOS, WINDOWS, MadePortAudio, SoundDevice
from tests.accuracy.made_run import MadeRun, played
from tests.accuracy.tally import Case

SEED = 7_700_000
LOOK_S, DECIDED_S = 2.5, 8.0

_INPUTS = (
    ("alsa_input.pci-0000_00_1f.3-platform-skl_hda_dsp_generic.HiFi__Mic1__source", "Digital Mic"),
    ("alsa_input.usb-Focusrite_Scarlett_Solo_4th_Gen_S1-00.HiFi__Mic1__source", "Scarlett Solo"),
    ("alsa_input.usb-Elgato_Wave_3_BS1-00.mono-fallback", "Elgato Wave:3 Mono"),
    ("alsa_input.usb-HP__Inc_HyperX_QuadCast_S-00.analog-stereo", "HyperX QuadCast S Stéréo"),
    ("bluez_input.AC:12:2F:50:33:44", "OpenRun Pro by Shokz"),
    ("alsa_input.platform-sound.HiFi__hw_rk3399__source", "Eingebautes Tongerät"),
    ("alsa_input.usb-C-Media_Electronics_Inc._USB_PnP_Sound_Device-00.mono-fallback", "USB PnP"),
)
_OUTPUTS = (
    ("alsa_output.pci-0000_c1_00.6.HiFi__Speaker__sink", "Ryzen HD Audio Controller Speaker"),
    ("alsa_output.pci-0000_01_00.1.hdmi-stereo-extra1", "GA104 Digital Stereo (HDMI 2)"),
    ("alsa_output.usb-Generic_USB_Audio-00.iec958-stereo", "USB Audio Numérique (S/PDIF)"),
    ("alsa_output.usb-SteelSeries_Arctis_Nova_7-00.stereo-game", "Arctis Nova 7 Игра"),
    ("raop_sink.Kitchen.local.10.0.0.7.7000", "Küche"),
)
_LISTENING = (
    ("alsa_input.platform-snd_aloop.0.analog-stereo", "Loopback Analog Stereo"),
    ("alsa_input.platform-snd_aloop.0.stereo-fallback", "Loopback PCM"),
)


def _row(rng: random.Random, models: Sequence[tuple[str, str]], **words: Any) -> Row:
    return full_row(rng, *rng.choice(models), **words)


def _server(rng: random.Random, sources: list[Row], sinks: list[Row]) -> MadePulse:
    """Return a server with these, and with what listens to its sinks."""
    listening = [monitor_row(rng, sink) for sink in sinks]
    pulse = MadePulse(sources, sinks)
    every = [*sources, *listening]
    rng.shuffle(every)
    pulse.rows["sources"] = every
    pulse.ascii_alone = rng.random() < 0.3
    return pulse


async def _looked(run: MadeRun) -> Found:
    await run.begin(LOOK_S)
    return run.result.state


Play: TypeAlias = Callable[[MadeRun], Awaitable[Found]]


# --- M01 and S01 -------------------------------------------------------------------------------


def _there(code: str) -> Make:
    def make(rng: random.Random) -> Found:
        sinks = [_row(rng, _OUTPUTS) for _ in range(rng.randint(1, 2))]
        pulse = _server(rng, [_row(rng, _INPUTS)], sinks)
        return played(code, _looked, pulse=pulse)

    return make


def _not_there(code: str) -> Make:
    """No microphone: only what listens to a sink. No loudspeaker: only the server's own dummy."""

    def make(rng: random.Random) -> Found:
        dummy = full_row(rng, "auto_null", rng.choice(("Dummy Output", "Dummy-Ausgabe")))
        if code == "mic.none":
            sinks = [_row(rng, _OUTPUTS)] if rng.random() < 0.7 else [dummy]
            pulse = _server(rng, [], sinks)
            pulse.default["sources"] = f"{sinks[0]['name']}.monitor"
        else:
            pulse = _server(rng, [_row(rng, _INPUTS)], [dummy] if rng.random() < 0.6 else [])
        return played(code, _looked, pulse=pulse)

    return make


# --- M08 and S02: Linux ------------------------------------------------------------------------


def _switches(code: str, pick: Callable[[random.Random], tuple[bool, float]]) -> Make:
    """The device in use stands like this; the others stand otherwise."""

    def make(rng: random.Random) -> Found:
        muted, percent = pick(rng)
        models = rng.sample(_INPUTS if code == "mic.muted" else _OUTPUTS, 2)
        mine = full_row(rng, *models[0], muted=muted, percent=percent)
        other = full_row(rng, *models[1], muted=not muted, percent=rng.choice((0.0, 90.0)))
        if code == "mic.muted":
            pulse = _server(rng, [mine, other], [_row(rng, _OUTPUTS, muted=True)])
        else:
            pulse = _server(rng, [_row(rng, _INPUTS, muted=True)], [mine, other])
        return _asked(code, pulse)

    return make


def _asked(code: str, pulse: MadePulse) -> Found:
    if code == "mic.muted":
        with made_folder({}) as root:
            system = LinuxProbe(pulse, root / "proc", root / "no mark", lambda: None)
            return played(code, _looked, pulse=pulse, system=system)
    return played(code, _looked, pulse=pulse, outputs=LinuxSound(pulse))


def _in_german(code: str, pick: Callable[[random.Random], tuple[bool, float]]) -> Make:
    """The same from a program that writes 0,00 unless it is told not to."""

    def make(rng: random.Random) -> Found:
        muted, percent = pick(rng)
        models = _INPUTS if code == "mic.muted" else _OUTPUTS
        mine = [_row(rng, models, muted=muted, percent=percent)]
        sources, sinks = (mine, []) if code == "mic.muted" else ([], mine)
        with made_folder({}) as folder, patch.dict(os.environ, GERMAN, clear=True):
            return _asked(code, PrintedPulse(folder, sources, sinks))

    return make


def _open(low: float) -> Callable[[random.Random], tuple[bool, float]]:
    return lambda rng: (False, rng.choice((rng.uniform(low, 100), 100.0, 153.0)))


def _shut(rng: random.Random) -> tuple[bool, float]:
    return True, rng.choice((0.0, 40.0, 100.0))


# --- S02 and S07: macOS and Windows ------------------------------------------------------------


def _mac_row(name: str, rate_hz: float, kind: str, **more: Any) -> Row:
    return {
        "_name": name,
        "coreaudio_device_manufacturer": "Apple Inc.",
        "coreaudio_device_srate": round(rate_hz),
        "coreaudio_device_transport": f"coreaudio_device_type_{kind}",
        **more,
    }


def _mac_told(rows: Callable[[], list[Row]], volume: str) -> Callable[[Sequence[str]], str | None]:
    """Answer as the two programs do, indented as they are."""

    def ask(command: Sequence[str]) -> str | None:
        if command[0].endswith("osascript"):
            return volume
        told = {"SPAudioDataType": [{"_items": rows(), "_name": "coreaudio_device"}]}
        return json.dumps(told, indent=2, ensure_ascii=False) + "\n"

    return ask


_DEFAULT_OUT = {
    "_properties": "coreaudio_default_audio_system_device",
    "coreaudio_default_audio_output_device": "spaudio_yes",
    "coreaudio_default_audio_system_device": "spaudio_yes",
    "coreaudio_device_output": 2,
    "coreaudio_output_source": "spaudio_default",
}
_DEFAULT_IN = {
    "coreaudio_default_audio_input_device": "spaudio_yes",
    "coreaudio_device_input": 1,
    "coreaudio_input_source": "spaudio_default",
}


def _elsewhere_muted(pick: Callable[[random.Random], tuple[bool, float]]) -> Make:
    def make(rng: random.Random) -> Found:
        muted, percent = pick(rng)
        percent = min(100, round(percent))
        flag = str(muted).lower()
        if rng.random() < 0.5:
            name = rng.choice(("MacBook Air喇叭", "Enceintes de Zoé", "INZONE H3"))
            words = (
                f"output volume:{percent}, input volume:missing value, alert volume:71, "
                f"output muted:{flag}\n"
            )
            told = _mac_told(lambda: [_mac_row(name, 48_000, "usb", **_DEFAULT_OUT)], words)
            library = MadePortAudio(MACOS, [SoundDevice(name), SoundDevice("Mic", 0, 1)])
            return played("speaker.muted", _looked, library=library, outputs=MacSound(told))
        name = rng.choice(("Динамики (Realtek(R) Audio)", "Haut-parleurs (2- USB Audio)"))
        answer = f'{{"volume":{percent},"muted":{flag}}}\r\n'
        library = MadePortAudio(WINDOWS, [SoundDevice(name), SoundDevice("Mikrofon", 0, 1)])
        facts = WindowsSound(lambda _command: answer, lambda: name)
        return played("speaker.muted", _looked, library=library, outputs=facts)

    return make


def _airpods(*, falls: bool) -> Make:
    """Core Audio lists a Bluetooth headset twice, by one name: what plays, and what hears."""

    def make(rng: random.Random) -> Found:
        name = rng.choice(("JMO’s AirPods Pro", "WF-1000XM5", "Beats Fit Pro de Ana"))
        now = {"rate": rng.choice((44_100, 48_000))}
        hears = rng.choice((8000, 16_000, 24_000))

        def rows() -> list[Row]:
            both = [
                _mac_row(name, now["rate"], "bluetooth", **_DEFAULT_OUT),
                _mac_row(name, hears, "bluetooth", **_DEFAULT_IN),
            ]
            return [both[turn], _mac_row("Mac mini Speakers", 48_000, "builtin"), both[1 - turn]]

        turn = rng.randrange(2)
        words = "output volume:50, input volume:50, alert volume:100, output muted:false\n"
        out, into = SoundDevice(name, 2, 0, now["rate"]), SoundDevice(name, 0, 1, hears)
        library = MadePortAudio(MACOS, [out, into, SoundDevice("Mac mini Speakers")])

        async def play(run: MadeRun) -> Found:
            def fall() -> None:
                now["rate"] = rng.choice((8000, 16_000))
                out.rate_hz, out.outputs = now["rate"], 1

            if falls:
                run.loop.call_later(rng.uniform(0.3, 1.2), fall)
            await run.begin(DECIDED_S)
            return run.result.state

        facts = MacSound(_mac_told(rows, words))
        return played("speaker.headset_mode", play, library=library, outputs=facts)

    return make


# --- S07: Linux --------------------------------------------------------------------------------

_MUSIC = (
    # Server, profile, codec, rate: the last two speak and hear without falling.
    ("pipewire", "a2dp-sink", "aac", 44_100),
    ("pipewire", "a2dp-sink-aptx_hd", "aptx_hd", 48_000),
    ("pipewire", "a2dp-duplex", "faststream_duplex", 44_100),
    ("pipewire", "bap-duplex", "lc3", 48_000),
    ("pulse", "a2dp_sink_sbc_xq", "sbc_xq_552", 44_100),
    ("pulse", "a2dp_sink_aptx_hd", "aptx_hd", 48_000),
)
_PHONE = (
    ("pipewire", "headset-head-unit", "msbc", 16_000),
    ("pipewire", "headset-head-unit-cvsd", "cvsd", 8000),
    ("pipewire", "headset-head-unit-msbc", "msbc", 16_000),
    ("pulse", "handsfree_head_unit", "mSBC", 16_000),
    ("pulse", "headset_head_unit", "CVSD", 8000),
)


def _headset(rng: random.Random, state: tuple[str, str, str, int]) -> tuple[Row, Row]:
    """Return the two sides of a headset, as one of the servers names them."""
    server, profile, codec, rate_hz = state
    mac = ":".join(f"{rng.randrange(256):02X}" for _ in range(6))
    words = rng.choice(("Bose QC Ultra", "Elite 8 Active", "Momentum 4 – Küche", "헤드셋"))
    if server == "pipewire":
        address = rng.choice((mac, mac.replace(":", "_")))
        names = f"bluez_output.{address}.1", f"bluez_input.{address}"
        said = {"api.bluez5.profile": profile, "api.bluez5.codec": codec}
    else:
        address = mac.replace(":", "_")
        names = f"bluez_sink.{address}.{profile}", f"bluez_source.{address}.{profile}"
        said = {"bluetooth.protocol": profile, "bluetooth.codec": codec}
    said |= {"device.form_factor": "headset", "device.string": mac, "device.api": "bluez5"}
    rows = [full_row(rng, name, words, rate_hz=rate_hz, properties=said) for name in names]
    return rows[0], rows[1]


def _worn(kinds: Sequence[tuple[str, str, str, int]]) -> Make:
    def make(rng: random.Random) -> Found:
        plays, hears = _headset(rng, rng.choice(kinds))
        pulse = _server(rng, [hears], [plays, _row(rng, _OUTPUTS, rate_hz=16_000)])

        async def play(run: MadeRun) -> Found:
            await run.begin(DECIDED_S)
            return run.result.state

        return played("speaker.headset_mode", play, pulse=pulse, outputs=LinuxSound(pulse))

    return make


# --- M22 ---------------------------------------------------------------------------------------

_WHAT_PLAYS = (
    "Stereomix (Realtek(R) Audio)",
    "Mixage stéréo (Realtek High Definition Audio)",
    "Mezcla estéreo (Realtek(R) Audio)",
    "Missaggio stereo (Realtek(R) Audio)",
    "Mixagem estéreo (Realtek(R) Audio)",
    "Стерео микшер (Realtek High Definition Audio)",
    "ステレオ ミキサー (Realtek(R) Audio)",
    "立体声混音 (Realtek(R) Audio)",
    "What U Hear (Sound Blaster Z)",
    "CABLE Output (VB-Audio Virtual Cable)",
    "VoiceMeeter Out B1 (VB-Audio VoiceMeeter VAIO)",
)
_MAC_WHAT_PLAYS = ("BlackHole 2ch", "BlackHole 16ch", "Soundflower (2ch)", "Loopback Audio")
_REAL = (
    "Microphone Array (Intel® Smart Sound Technology)",
    "マイク (USB Audio Device)",
    "Headset Microphone (Jabra Evolve2 65)",
    "Mikrofon (Yeti Stereo Microphone)",
    "Microphone (Shure MV7+)",
    "Mischpult (Yamaha AG03MK2)",
)


def _named(names: Sequence[str], apis: Sequence[str]) -> Make:
    def make(rng: random.Random) -> Found:
        devices = [SoundDevice(rng.choice(names), 0, 2), SoundDevice("Out")]
        return played("mic.virtual", _looked, library=MadePortAudio(apis, devices))

    return make


def _on_server(models: Sequence[tuple[str, str]]) -> Make:
    def make(rng: random.Random) -> Found:
        pulse = _server(rng, [_row(rng, models)], [_row(rng, _OUTPUTS)])
        with made_folder({}) as root:
            system = LinuxProbe(pulse, root / "proc", root / "no mark", lambda: None)
            return played("mic.virtual", _looked, pulse=pulse, system=system)

    return make


def cases() -> Iterator[Case]:
    """Yield the blind cases; what lies beside a limit is not made."""
    for number, code in enumerate(("mic.none", "speaker.none")):
        healthy, ill = _there(code), _not_there(code)
        seed = SEED + 20_000 * number
        yield from blind_cases_of(code, seed, (("there", healthy),), (("none", FAILED, ill),))
    yield from blind_cases_of(
        "mic.muted",
        SEED + 40_000,
        (
            ("open", _switches("mic.muted", _open(7))),
            ("open, in German", _in_german("mic.muted", _open(7))),
        ),
        (
            ("muted", WARNED, _switches("mic.muted", _shut)),
            ("nearly off", WARNED, _switches("mic.muted", lambda r: (False, r.uniform(0, 4)))),
            ("muted, in German", WARNED, _in_german("mic.muted", _shut)),
        ),
    )
    yield from blind_cases_of(
        "speaker.muted",
        SEED + 60_000,
        (
            ("on", _switches("speaker.muted", _open(22))),
            ("on, in German", _in_german("speaker.muted", _open(22))),
            ("on, elsewhere", _elsewhere_muted(_open(22))),
        ),
        (
            ("low", WARNED, _switches("speaker.muted", lambda r: (False, r.uniform(2, 18)))),
            ("muted", FAILED, _switches("speaker.muted", _shut)),
            ("at nothing", FAILED, _switches("speaker.muted", lambda _: (False, 0.0))),
            ("muted, in German", FAILED, _in_german("speaker.muted", _shut)),
            ("muted, elsewhere", FAILED, _elsewhere_muted(_shut)),
            ("low, elsewhere", WARNED, _elsewhere_muted(lambda r: (False, r.uniform(2, 18)))),
        ),
    )
    yield from blind_cases_of(
        "speaker.headset_mode",
        SEED + 80_000,
        (("music", _worn(_MUSIC)), ("music, macOS", _airpods(falls=False))),
        (
            ("telephone", WARNED, _worn(_PHONE)),
            ("telephone, macOS", WARNED, _airpods(falls=True)),
        ),
    )
    yield from blind_cases_of(
        "mic.virtual",
        SEED + 100_000,
        (
            ("Windows", _named(_REAL, WINDOWS)),
            ("macOS", _named(("MacBook Pro Microphone", "Scarlett Solo USB"), MACOS)),
            ("Linux", _on_server(_INPUTS)),
        ),
        (
            ("Windows", WARNED, _named(_WHAT_PLAYS, WINDOWS)),
            ("macOS", WARNED, _named(_MAC_WHAT_PLAYS, MACOS)),
            ("Linux", WARNED, _on_server(_LISTENING)),
        ),
    )
