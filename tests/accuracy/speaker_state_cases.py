"""S02 and S07: what pactl, PowerShell, osascript and system_profiler say of made loudspeakers.

Truth is what was made, written down from the catalogue before it was tried:

- ``speaker.muted``: of the loudspeaker in use alone. Passed from 22 % on, warned from 2 to 18 %,
  failed where it is muted or at 0; changes in mid-run are told within 5 s. The system's own volume
  is that of the loudest channel. Where it is not told (no server, a pactl before 16, a display
  without a volume, another loudspeaker than the default of Windows or macOS) it is unknown.
- ``speaker.headset_mode``: whether the headset in use is in its telephone profile or runs at 8 or
  16 kHz once its microphone is open, told within 8 s of the start, by when a run has decided.
  Not made: a rate between 16 and 44.1 kHz (super-wideband codecs), a wired device of 16 kHz.

``wpctl`` is not asked: PipeWire brings pactl along. Windows and macOS: made from documentation.
"""

import json
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, TypeAlias

from preflight.devices.frames import PORTAUDIO_PREFIX, DeviceId
from preflight.system.linux_sound import LinuxSound
from preflight.system.macos_sound import MacSound
from preflight.system.sound_ports import OutputFacts
from preflight.system.windows_sound import WindowsSound
from tests.accuracy.kinds import FAILED, UNTOLD, WARNED, Found, Make, cases_of
from tests.accuracy.made_devices import MadePulse, Row, sound_row
from tests.accuracy.made_portaudio import MACOS, WINDOWS, MadePortAudio, SoundDevice
from tests.accuracy.made_run import MadeRun, played
from tests.accuracy.tally import Case

SEED = 1_300_000
LOOK_S, CHANGED_WITHIN_S, DECIDED_S = 2.0, 5.0, 8.0
_SINKS = (
    ("alsa_output.pci-0000_00_1f.3.analog-stereo", "Audio interne Stéréo analogique"),
    ("alsa_output.usb-Logitech_G533_{serial}-00.analog-stereo", "G533 Gaming Headset Stereo"),
    ("alsa_output.pci-0000_01_00.1.hdmi-stereo", "GP106 High Definition Audio Digital (HDMI)"),
    ("alsa_output.usb-Focusrite_Scarlett_{serial}-00.HiFi__Line1__sink", "Scarlett Solo Kopfhörer"),
    ("bluez_output.{serial}.1", "Наушники JBL"),
    ("alsa_output.platform-snd.stereo", "内置音频 模拟立体声"),
)
_WINDOWS_NAMES = (
    "Speakers (Realtek(R) Audio)",
    "Lautsprecher (Realtek High Definition Audio)",
    "Haut-parleurs (High Definition Audio Device)",
    "Altavoces (Conexant SmartAudio HD)",
    "スピーカー (Realtek High Definition Audio)",
    "Динамики (Realtek High Definition Audio)",
    "LG ULTRAWIDE (NVIDIA High Definition Audio)",
)
_MAC_NAMES = ("MacBook Pro Speakers", "Haut-parleurs MacBook Air", "LG UltraFine Display Audio")

State: TypeAlias = tuple[bool, float]
"""Muted or not, and the volume in per cent."""
Pick: TypeAlias = Callable[[random.Random], State]
Step: TypeAlias = Callable[[random.Random, MadeRun], Awaitable[Found]]


def _sinks(rng: random.Random, count: int, mine: State) -> list[Row]:
    """Make sinks of which the first is in use; the others stand however they stand."""
    found = []
    for number, (name, words) in enumerate(rng.sample(_SINKS, count)):
        muted, percent = mine if number == 0 else (rng.random() < 0.5, rng.choice((0.0, 5, 90)))
        name = name.format(serial=f"{rng.randrange(16**8):08X}")
        found.append(sound_row(rng.randrange(900), name, words, muted=muted, percent=percent))
    return found


async def _looked(_rng: random.Random, run: MadeRun) -> Found:
    await run.begin(LOOK_S)
    return run.result.state


# --- S02: Linux --------------------------------------------------------------------------------


def _linux(pick: Pick) -> Make:
    def make(rng: random.Random) -> Found:
        pulse = MadePulse(sinks=_sinks(rng, rng.randrange(1, 4), pick(rng)))
        pulse.ascii_alone = rng.random() < 0.5
        return played(
            "speaker.muted", lambda run: _looked(rng, run), pulse=pulse, outputs=LinuxSound(pulse)
        )

    return make


def _linux_one_sided(pick: Pick) -> Make:
    """The balance is all to one side: the louder channel is what is heard."""

    def make(rng: random.Random) -> Found:
        muted, percent = pick(rng)
        row = _sinks(rng, 1, (muted, percent))[0]
        side = rng.choice(("front-left", "front-right"))
        quiet = {"value": 0, "value_percent": "0%", "db": "-inf dB"}
        row["volume"] = {**row["volume"], side: quiet}
        pulse = MadePulse(sinks=[row])
        return played(
            "speaker.muted", lambda run: _looked(rng, run), pulse=pulse, outputs=LinuxSound(pulse)
        )

    return make


def _chosen(pick: Pick) -> Make:
    """Another one than the default was chosen by hand: only its switches count."""

    def make(rng: random.Random) -> Found:
        mine, *others = _sinks(rng, rng.randrange(2, 4), pick(rng))
        pulse = MadePulse(sinks=[*others, mine])

        async def play(run: MadeRun) -> Found:
            await run.begin(LOOK_S)
            await run.preflight.choose_speaker(DeviceId(mine["name"]))
            await run.loop.sleep(CHANGED_WITHIN_S)
            return run.result.state

        return played("speaker.muted", play, pulse=pulse, outputs=LinuxSound(pulse))

    return make


def _later(before: Pick, after: Pick) -> Make:
    """The switch is moved in mid-run."""

    def make(rng: random.Random) -> Found:
        pulse = MadePulse(sinks=_sinks(rng, 1, before(rng)))

        async def play(run: MadeRun) -> Found:
            await run.begin(LOOK_S + rng.uniform(0, 3))
            muted, percent = after(rng)
            row = pulse.rows["sinks"][0]
            row |= sound_row(0, row["name"], row["description"], muted=muted, percent=percent)
            await run.loop.sleep(CHANGED_WITHIN_S)
            return run.result.state

        return played("speaker.muted", play, pulse=pulse, outputs=LinuxSound(pulse))

    return make


def _no_server(rng: random.Random) -> Found:
    pulse = MadePulse(sinks=_sinks(rng, 1, (True, 0)))
    pulse.busy = True
    return played(
        "speaker.muted", lambda run: _looked(rng, run), pulse=pulse, outputs=LinuxSound(pulse)
    )


# --- S02: Windows and macOS --------------------------------------------------------------------


def _powershell(state: State, *, answers: bool = True) -> Callable[[Sequence[str]], str | None]:
    muted, percent = state

    def ask(command: Sequence[str]) -> str | None:
        assert command[0] == "powershell"
        return f'{{"volume":{percent:.0f},"muted":{str(muted).lower()}}}\r\n' if answers else None

    return ask


def _windows_outputs(rng: random.Random, names: Sequence[str]) -> MadePortAudio:
    return MadePortAudio(WINDOWS, [SoundDevice(each) for each in rng.sample(names, 3)])


def _on_windows(pick: Pick, *, default: bool = True, answers: bool = True) -> Make:
    """The default loudspeaker is in use, or another one that was chosen by hand."""

    def make(rng: random.Random) -> Found:
        library = _windows_outputs(rng, _WINDOWS_NAMES)
        library.default = rng.choice(library.devices)
        other = rng.choice([each for each in library.devices if each is not library.default])
        facts = WindowsSound(_powershell(pick(rng), answers=answers))

        async def play(run: MadeRun) -> Found:
            await run.begin(LOOK_S)
            if not default:
                await run.preflight.choose_speaker(DeviceId(PORTAUDIO_PREFIX + other.name))
                await run.loop.sleep(CHANGED_WITHIN_S)
            return run.result.state

        return played("speaker.muted", play, library=library, outputs=facts)

    return make


def _mac(
    devices: Sequence[SoundDevice], default: SoundDevice, volume: str, bluetooth: Sequence[str] = ()
) -> Callable[[Sequence[str]], str | None]:
    """Answer as osascript and system_profiler do."""

    def row(device: SoundDevice) -> dict[str, Any]:
        kind = "bluetooth" if device.name in bluetooth else "builtin"
        told: dict[str, Any] = {
            "_name": device.name,
            "coreaudio_device_manufacturer": "Apple Inc.",
            "coreaudio_device_srate": device.rate_hz,
            "coreaudio_device_transport": f"coreaudio_device_type_{kind}",
            "coreaudio_output_source": "spaudio_default",
        }
        if device.outputs:
            told["coreaudio_device_output"] = device.outputs
        if device.inputs:
            told["coreaudio_device_input"] = device.inputs
        if device is default:
            told["coreaudio_default_audio_output_device"] = "spaudio_yes"
            told["_properties"] = "coreaudio_default_audio_system_device"
        return told

    def ask(command: Sequence[str]) -> str | None:
        if command[0] == "osascript":
            return volume
        items = [row(each) for each in devices]
        return json.dumps({"SPAudioDataType": [{"_items": items, "_name": "coreaudio_device"}]})

    return ask


def _on_a_mac(pick: Pick, *, default: bool = True, display: bool = False) -> Make:
    def make(rng: random.Random) -> Found:
        devices = [SoundDevice(each) for each in rng.sample(_MAC_NAMES, 2)]
        devices.append(SoundDevice("Microphone", 0, 1))
        muted, percent = pick(rng)
        words = (
            "output volume:missing value, input volume:50, alert volume:100, "
            "output muted:missing value\n"
            if display
            else f"output volume:{percent:.0f}, input volume:{rng.randrange(101)}, "
            f"alert volume:{rng.randrange(101)}, output muted:{str(muted).lower()}\n"
        )
        facts = MacSound(_mac(devices, devices[0], words))

        async def play(run: MadeRun) -> Found:
            await run.begin(LOOK_S)
            if not default:
                await run.preflight.choose_speaker(DeviceId(PORTAUDIO_PREFIX + devices[1].name))
                await run.loop.sleep(CHANGED_WITHIN_S)
            return run.result.state

        return played("speaker.muted", play, library=MadePortAudio(MACOS, devices), outputs=facts)

    return make


def _on(rng: random.Random) -> State:
    return False, rng.uniform(22, 100)


def _louder_than_full(rng: random.Random) -> State:
    return False, rng.uniform(101, 153)


def _muted(rng: random.Random) -> State:
    return True, rng.uniform(0, 100)


def _at_nothing(_: random.Random) -> State:
    return False, 0.0


def _low(rng: random.Random) -> State:
    return False, rng.uniform(2, 18)


def _off(rng: random.Random) -> State:
    return rng.choice((_muted, _at_nothing))(rng)


def _muted_cases(seed: int) -> Iterator[Case]:
    yield from cases_of(
        "speaker.muted",
        seed,
        [
            ("on, Linux", _linux(_on)),
            ("on, above full", _linux(_louder_than_full)),
            ("on, one side alone", _linux_one_sided(_on)),
            ("the chosen one is on", _chosen(_on)),
            ("turned up again", _later(_off, _on)),
            ("on, Windows", _on_windows(_on)),
            ("on, macOS", _on_a_mac(_on)),
        ],
        [
            ("muted, Linux", FAILED, _linux(_muted)),
            ("at nothing, Linux", FAILED, _linux(_at_nothing)),
            ("low, Linux", WARNED, _linux(_low)),
            ("low, one side alone", WARNED, _linux_one_sided(_low)),
            ("the chosen one is off", FAILED, _chosen(_off)),
            ("turned off", FAILED, _later(_on, _off)),
            ("turned down", WARNED, _later(_on, _low)),
            ("off, Windows", FAILED, _on_windows(_off)),
            ("low, Windows", WARNED, _on_windows(_low)),
            ("off, macOS", FAILED, _on_a_mac(_off)),
            ("low, macOS", WARNED, _on_a_mac(_low)),
        ],
        [
            ("no server answers", UNTOLD, _no_server),
            ("not Windows' default", UNTOLD, _on_windows(_off, default=False)),
            ("PowerShell is locked", UNTOLD, _on_windows(_off, answers=False)),
            ("not macOS' default", UNTOLD, _on_a_mac(_off, default=False)),
            ("a display without a volume", UNTOLD, _on_a_mac(_off, display=True)),
        ],
    )


# --- S07 ---------------------------------------------------------------------------------------


def _bluetooth_rows(
    rng: random.Random, index: int, *, telephone: bool, pipewire: bool
) -> tuple[Row, Row]:
    """Return sink and source of a headset as the two servers name them."""
    serial = "_".join(f"{rng.randrange(256):02X}" for _ in range(6))
    words = rng.choice(("WH-1000XM4", "Casque de Zoé", "AirPods – Иван", "Jabra Elite 75t"))
    if pipewire:
        codec = rng.choice(("-cvsd", "-msbc", "")) if telephone else rng.choice(("-sbc_xq", ""))
        profile = f"headset-head-unit{codec}" if telephone else f"a2dp-sink{codec}"
        properties = {"api.bluez5.profile": profile, "device.api": "bluez5"}
        names = f"bluez_output.{serial}.1", f"bluez_input.{serial}.0"
    else:
        kind = rng.choice(("headset_head_unit", "handsfree_head_unit")) if telephone else ""
        profile = kind or rng.choice(("a2dp_sink", "a2dp_sink_aac", "a2dp_sink_ldac"))
        properties = {"bluetooth.protocol": profile, "device.api": "bluez"}
        names = f"bluez_sink.{serial}.{profile}", f"bluez_source.{serial}.{profile}"
    rate_hz = rng.choice((8000, 16_000)) if telephone else rng.choice((44_100, 48_000, 96_000))
    sink = sound_row(index, names[0], words, rate_hz=rate_hz, properties=properties)
    source = sound_row(index + 1, names[1], words, rate_hz=rate_hz, properties=properties)
    return sink, source


_OWN_MICROPHONE = ("alsa_input.pci-0000_00_1f.3.analog-stereo", "Micro interne")


def _headset(*, falls: bool, own_microphone: bool = False) -> Make:
    """A Bluetooth headset is in use; its microphone makes it fall, or another one is used."""

    def make(rng: random.Random) -> Found:
        pipewire = rng.random() < 0.5
        # PulseAudio has no microphone of a headset that plays music.
        at_first = falls and (not pipewire or rng.random() < 0.4)
        rows = _bluetooth_rows(rng, 10, telephone=at_first, pipewire=pipewire)
        pulse = MadePulse(sinks=[rows[0]], sources=[rows[1]])
        pulse.rows["sinks"] += _sinks(rng, rng.randrange(0, 3), (False, 50))
        if own_microphone:
            pulse = MadePulse([sound_row(3, *_OWN_MICROPHONE)], pulse.rows["sinks"])
        pulse.ascii_alone = rng.random() < 0.5

        def fall() -> None:
            rate_hz = rng.choice((8000, 16_000))
            row = pulse.rows["sinks"][0]
            row["properties"] = {
                **row["properties"],
                "api.bluez5.profile": rng.choice(("headset-head-unit", "headset-head-unit-msbc")),
            }
            row["sample_specification"] = f"s16le 1ch {rate_hz}Hz"

        async def play(run: MadeRun) -> Found:
            if falls and not at_first:
                run.loop.call_later(rng.uniform(0.2, 1.5), fall)
            await run.begin(DECIDED_S)
            return run.result.state

        return played("speaker.headset_mode", play, pulse=pulse, outputs=LinuxSound(pulse))

    return make


def _wired(rng: random.Random) -> Found:
    """Another headset beside it is on the telephone; the one in use has a cable."""
    sinks = _sinks(rng, rng.randrange(1, 3), (False, 50))
    sinks[0]["name"] = sinks[0]["name"].replace("bluez_output.", "alsa_output.usb-")
    sinks.append(_bluetooth_rows(rng, 40, telephone=True, pipewire=rng.random() < 0.5)[0])
    pulse = MadePulse([sound_row(3, *_OWN_MICROPHONE)], sinks)
    return _decided(pulse=pulse, outputs=LinuxSound(pulse))


def _decided(**made: Any) -> Found:
    async def play(run: MadeRun) -> Found:
        await run.begin(DECIDED_S)
        return run.result.state

    return played("speaker.headset_mode", play, **made)


def _mac_headset(*, falls: bool) -> Make:
    def make(rng: random.Random) -> Found:
        rate = rng.choice((44_100.0, 48_000.0))
        headset = SoundDevice(rng.choice(("AirPods Pro de Léa", "WH-1000XM5")), 2, 1, rate)
        devices = [headset, SoundDevice("MacBook Pro Speakers")]
        words = "output volume:50, input volume:50, alert volume:100, output muted:false\n"
        facts = MacSound(_mac(devices, headset, words, [headset.name]))

        async def play(run: MadeRun) -> Found:
            def fall() -> None:
                headset.rate_hz, headset.outputs = rng.choice((8000.0, 16_000.0)), 1

            if falls:
                run.loop.call_later(rng.uniform(0.2, 1.5), fall)
            await run.begin(DECIDED_S)
            return run.result.state

        library = MadePortAudio(MACOS, devices)
        return played("speaker.headset_mode", play, library=library, outputs=facts)

    return make


def _windows_headset(*, telephone: bool | None) -> Make:
    """The telephone side of a headset has a name of its own; None: one that says nothing."""

    def make(rng: random.Random) -> Found:
        model = rng.choice(("WH-1000XM4", "AirPods – Zoé", "Jabra Elite 75t"))
        kind = rng.choice(
            ("Headset", "Kopfhörer", "Casque", "Auriculares", "ヘッドセット", "Наушники")
        )
        side = rng.choice(("Hands-Free AG Audio", "Hands-Free", "Hands-Free HF Audio"))
        name = f"{kind} ({model} {side})" if telephone else f"{kind} ({model})"
        facts: OutputFacts = WindowsSound(_powershell((False, 60)))
        devices = [SoundDevice(name, 1), SoundDevice(f"{kind} 2 ({model})", 0, 1)]
        return _decided(library=MadePortAudio(WINDOWS, devices), outputs=facts)

    return make


def _headset_cases(seed: int) -> Iterator[Case]:
    yield from cases_of(
        "speaker.headset_mode",
        seed,
        [
            ("full quality, its own microphone", _headset(falls=False)),
            ("full quality, another microphone", _headset(falls=False, own_microphone=True)),
            ("wired, another headset on the telephone", _wired),
            ("full quality, macOS", _mac_headset(falls=False)),
        ],
        [
            ("it falls", WARNED, _headset(falls=True)),
            ("it falls, macOS", WARNED, _mac_headset(falls=True)),
            ("the telephone side, Windows", WARNED, _windows_headset(telephone=True)),
        ],
        [("a name that says nothing, Windows", UNTOLD, _windows_headset(telephone=None))],
    )


def cases() -> Iterator[Case]:
    """Yield every case."""
    yield from _muted_cases(SEED)
    yield from _headset_cases(SEED + 30_000)
