"""S01, S03 and S08: loudspeakers that are there or not, that open or not, and that sound moves to.

Truth is what was done to the machine, written down from the catalogue before it was tried:

- ``speaker.none``: something that people can hear: no server's placeholder, no monitor, no device
  of an interface that we do not use. What is plugged in or out in mid-run is told within 5 s.
- ``speaker.open_failed``: it opens within 3 s and takes the silence, or it does not: an error, a
  driver that hangs, one that asks for no sound. Opens of 3 to 4 s are not made.
- ``speaker.changed``: sound comes from another one than was chosen, else than last time, else than
  at the start; told within 8 s. Another name of the same device is no other one; another device of
  the same name is. Nothing where the sound is back, or never went.
"""

import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.ports import OpenFault, SourceState
from preflight.memory.machine_file import MachineMemory
from preflight.model import CheckState
from tests.accuracy.kinds import FAILED, SKIPPED, UNTOLD, WARNED, Found, Make, cases_of
from tests.accuracy.made_devices import MadePulse, MadeSpeaker, Row, sound_row
from tests.accuracy.made_portaudio import ALSA, MACOS, WINDOWS, MadePortAudio, SoundDevice
from tests.accuracy.made_run import MadeRun, played
from tests.accuracy.tally import Case

SEED = 1_400_000
LOOK_S, PLUGGED_WITHIN_S, MOVED_WITHIN_S = 2.2, 5.0, 8.0
KEY = bytes(32)
_SINKS = (
    ("alsa_output.pci-0000_00_1f.3.analog-stereo", "Audio interne Stéréo analogique"),
    ("alsa_output.usb-Logitech_G533_{serial}-00.analog-stereo", "G533 Gaming Headset Stereo"),
    ("alsa_output.usb-Jabra_EVOLVE_20_{serial}-00.analog-stereo", "EVOLVE 20 Stéréo analogique"),
    ("alsa_output.usb-JBL_Pebbles_{serial}-00.analog-stereo", "JBL Pebbles"),
    ("bluez_output.{serial}.1", "Kopfhörer von Jürgen"),
    ("alsa_output.pci-0000_01_00.1.hdmi-stereo", "Цифровое аудио (HDMI)"),
)
_PLACEHOLDER = sound_row(0, "auto_null", "Dummy Output")
_OUTPUTS = {
    WINDOWS: ("Speakers (Realtek(R) Audio)", "Lautsprecher (USB)", "スピーカー (HD Audio)"),
    MACOS: ("MacBook Pro Speakers", "AirPods de Léa", "Écran Studio"),
    ALSA: ("HDA Intel PCH: ALC257 Analog (hw:0,0)", "default", "HDMI 0: LG (hw:0,3)"),
}
_INPUTS = ("Microphone (USB)", "Mikrofonarray", "Microphone MacBook", "USB PnP: Audio (hw:1,0)")

Step: TypeAlias = Callable[[random.Random, MadeRun], Awaitable[Found]]


def _sinks(rng: random.Random, count: int, *, twins: bool = False) -> list[Row]:
    models = [rng.choice(_SINKS[1:4])] * count if twins else rng.sample(_SINKS, count)
    return [
        sound_row(rng.randrange(900), name.format(serial=f"{rng.randrange(16**8):08X}"), words)
        for name, words in models
    ]


def _info(row: Row) -> DeviceInfo:
    return DeviceInfo(DeviceId(row["name"]), row["description"], DeviceKind.REAL)


# --- S01 ---------------------------------------------------------------------------------------


async def _looked(run: MadeRun) -> Found:
    await run.begin(LOOK_S)
    return run.result.state


def _on_a_server(pick: Callable[[random.Random], list[Row]]) -> Make:
    def make(rng: random.Random) -> Found:
        return played("speaker.none", _looked, pulse=MadePulse(sinks=pick(rng)))

    return make


def _some(rng: random.Random) -> list[Row]:
    return [*([_PLACEHOLDER] if rng.random() < 0.2 else []), *_sinks(rng, rng.randrange(1, 4))]


def _on_portaudio(*, some: bool) -> Make:
    """Windows, macOS, or Linux without a server."""

    def make(rng: random.Random) -> Found:
        apis = rng.choice((WINDOWS, MACOS, ALSA))
        devices = [SoundDevice(rng.choice(_INPUTS), 0, rng.randrange(1, 3))]
        if some:
            names = rng.sample(_OUTPUTS[apis], rng.randrange(1, 4))
            devices += [SoundDevice(name, rng.choice((1, 2, 8))) for name in names]
        library = MadePortAudio(apis, devices)
        return played("speaker.none", _looked, library=library)

    return make


def _of_another_interface(rng: random.Random) -> Found:
    """Windows' oldest interface has its mapper also where there is nothing to map to."""
    library = MadePortAudio(("MME",), [SoundDevice("Microsoft Sound Mapper - Output")])
    library.devices = [*library.devices, *([SoundDevice("Mic", 0, 1)] * rng.randrange(0, 2))]
    return played("speaker.none", _looked, library=library)


def _plugged(*, in_: bool) -> Make:
    def make(rng: random.Random) -> Found:
        sinks = _sinks(rng, 1)
        pulse = MadePulse(sinks=[] if in_ else sinks)

        async def play(run: MadeRun) -> Found:
            await run.begin(LOOK_S + rng.uniform(0, 3))
            pulse.rows["sinks"] = sinks if in_ else [_PLACEHOLDER]
            pulse.default["sinks"] = pulse.rows["sinks"][0]["name"]
            if rng.random() < 0.6:
                run.changed()
            await run.loop.sleep(PLUGGED_WITHIN_S)
            return run.result.state

        return played("speaker.none", play, pulse=pulse)

    return make


def _late_server(rng: random.Random) -> Found:
    pulse = MadePulse(sinks=_sinks(rng, 1))
    pulse.busy = True

    async def play(run: MadeRun) -> Found:
        await run.begin(rng.uniform(0.2, 4))
        pulse.busy = False
        await run.loop.sleep(PLUGGED_WITHIN_S)
        return run.result.state

    return played("speaker.none", play, pulse=pulse)


def _hanging_search(rng: random.Random) -> Found:
    async def play(run: MadeRun) -> Found:
        run.search_s = rng.uniform(6, 60)
        await run.begin(LOOK_S)
        return run.result.state

    return played("speaker.none", play, pulse=MadePulse(sinks=_sinks(rng, 1)))


def _none_cases(seed: int) -> Iterator[Case]:
    yield from cases_of(
        "speaker.none",
        seed,
        [
            ("some, on a server", _on_a_server(_some)),
            ("some, PortAudio", _on_portaudio(some=True)),
            ("plugged in", _plugged(in_=True)),
            ("a late server", _late_server),
        ],
        [
            ("none, on a server", FAILED, _on_a_server(lambda _: [])),
            ("a placeholder alone", FAILED, _on_a_server(lambda _: [_PLACEHOLDER])),
            ("none, PortAudio", FAILED, _on_portaudio(some=False)),
            ("of an interface that is not used", FAILED, _of_another_interface),
            ("unplugged", FAILED, _plugged(in_=False)),
        ],
        [("a search that hangs", UNTOLD, _hanging_search)],
    )


# --- S03 ---------------------------------------------------------------------------------------


def _opening(mood: Callable[[random.Random, MadeSpeaker], None]) -> Make:
    def make(rng: random.Random) -> Found:
        async def play(run: MadeRun) -> Found:
            run.catalogue.speaker_mood = lambda speaker: mood(rng, speaker)
            await run.begin(7)
            return run.result.state

        return played("speaker.open_failed", play, pulse=MadePulse(sinks=_sinks(rng, 2)))

    return make


def _open_in(low_s: float, high_s: float) -> Make:
    def mood(rng: random.Random, speaker: MadeSpeaker) -> None:
        speaker.open_s = rng.uniform(low_s, high_s)

    return _opening(mood)


def _refused(rng: random.Random, speaker: MadeSpeaker) -> None:
    speaker.open_s = rng.uniform(0, 2.5)
    speaker.fault = rng.choice(
        (OpenFault.BUSY, OpenFault.DENIED, OpenFault.REFUSED, OpenFault.NOT_FOUND)
    )


def _hanging(_: random.Random, speaker: MadeSpeaker) -> None:
    speaker.open_s = None


def _takes_nothing(rng: random.Random, speaker: MadeSpeaker) -> None:
    """It opens, and asks for no sound."""
    speaker.open_s = rng.uniform(0, 3)
    speaker.pulls = False


def _dies(rng: random.Random, speaker: MadeSpeaker) -> None:
    """It is pulled as soon as it is open."""
    speaker.open_s = rng.uniform(0, 1)
    speaker.pulls = False
    speaker.dies_s = rng.uniform(0.02, 0.5)


def _open_cases(seed: int) -> Iterator[Case]:
    yield from cases_of(
        "speaker.open_failed",
        seed,
        [
            ("at once", _open_in(0.0, 0.5)),
            ("soon enough", _open_in(0.5, 3.0)),
        ],
        [
            ("it is refused", FAILED, _opening(_refused)),
            ("a driver that hangs", FAILED, _opening(_hanging)),
            ("it takes no sound", FAILED, _opening(_takes_nothing)),
            ("it dies", FAILED, _opening(_dies)),
        ],
        [("none there", SKIPPED, _nothing_to_open)],
    )


def _nothing_to_open(_: random.Random) -> Found:
    async def play(run: MadeRun) -> Found:
        await run.begin(4)
        return run.result.state

    return played("speaker.open_failed", play, pulse=MadePulse())


# --- S08 ---------------------------------------------------------------------------------------


def _moving(step: Step, *, twins: float = 0.0) -> Make:
    """Two or three loudspeakers, of which the first is the default and is played on."""

    def make(rng: random.Random) -> Found:
        sinks = _sinks(rng, rng.randrange(2, 4), twins=rng.random() < twins)
        pulse = MadePulse(sinks=sinks)
        pulse.ascii_alone = rng.random() < 0.5
        return played(
            "speaker.changed",
            lambda run: step(rng, run),
            pulse=pulse,
            also=("speaker.open_failed",),
        )

    return make


def _remember(run: MadeRun, row: Row, *, chosen: bool = False) -> None:
    speaker = _info(row)
    run.remember(
        MachineMemory("made", KEY, speaker=speaker, chosen_speaker=speaker if chosen else None)
    )


def _prefer(run: MadeRun, row: Row) -> None:
    run.pulse.default["sinks"] = row["name"]


def _rows(run: MadeRun) -> Sequence[Row]:
    return run.pulse.rows["sinks"]


async def _moved(run: MadeRun) -> Found:
    await run.loop.sleep(MOVED_WITHIN_S)
    return run.result.state


def _pull(run: MadeRun, row: Row) -> None:
    run.pulse.remove("sinks", row["name"])
    for speaker in run.catalogue.opened_speakers:
        if speaker.info.id == row["name"]:
            speaker.status = replace(speaker.status, state=SourceState.LOST)


async def _left_alone(rng: random.Random, run: MadeRun) -> Found:
    if rng.random() < 0.5:
        _remember(run, _rows(run)[0])
    await run.begin(LOOK_S)
    since_s = run.loop.time()
    if rng.random() < 0.5:
        run.pulse.rows["sinks"] = [*_rows(run), *_sinks(rng, 1)]
    else:
        run.pulse.remove("sinks", _rows(run)[-1]["name"])
    run.changed()
    await run.loop.sleep(4)
    return run.calm_since(since_s)


async def _bad_moment(rng: random.Random, run: MadeRun) -> Found:
    """One look at another default, or at a server that does not answer."""
    await run.begin(LOOK_S + rng.uniform(0, 2))
    since_s = run.loop.time()
    run.pulse.busy = rng.random() < 0.5
    if not run.pulse.busy:
        _prefer(run, _rows(run)[1])
    await run.loop.sleep(rng.uniform(0.05, 0.4))
    run.pulse.busy = False
    _prefer(run, _rows(run)[0])
    await run.loop.sleep(5)
    return run.calm_since(since_s)


async def _chosen_stands(rng: random.Random, run: MadeRun) -> Found:
    mine, other = _rows(run)[1], _rows(run)[0]
    if rng.random() < 0.5:
        _remember(run, other)
    await run.begin(LOOK_S)
    await run.preflight.choose_speaker(DeviceId(mine["name"]))
    await run.loop.sleep(3)
    _prefer(run, mine if rng.random() < 0.5 else other)
    return await _moved(run)


async def _chosen_once(_rng: random.Random, run: MadeRun) -> Found:
    _remember(run, _rows(run)[1], chosen=True)
    await run.begin(LOOK_S)
    return await _moved(run)


async def _another_name(rng: random.Random, run: MadeRun) -> Found:
    mine = _rows(run)[0]
    _remember(run, mine)
    mine["description"] = rng.choice(("Built-in Audio Analog Stereo", "Eingebautes Audio", "音频"))
    await run.begin(LOOK_S)
    return await _moved(run)


async def _another_id(_rng: random.Random, run: MadeRun) -> Found:
    """Another socket gives the same device another id."""
    mine = _rows(run)[0]
    _remember(run, mine)
    mine["name"] = mine["name"] + ".2"
    _prefer(run, mine)
    await run.begin(LOOK_S)
    return await _moved(run)


async def _back(rng: random.Random, run: MadeRun) -> Found:
    await run.begin(LOOK_S)
    first, other = _rows(run)[0], _rows(run)[1]
    _prefer(run, other)
    await run.loop.sleep(rng.uniform(3, 8))
    _prefer(run, first)
    return await _moved(run)


async def _default_moves(rng: random.Random, run: MadeRun) -> Found:
    await run.begin(LOOK_S + rng.uniform(0, 2))
    _prefer(run, rng.choice(_rows(run)[1:]))
    return await _moved(run)


def _other_than_last(*, gone: bool) -> Step:
    async def step(_rng: random.Random, run: MadeRun) -> Found:
        mine, other = _rows(run)[:2]
        _remember(run, mine)
        _prefer(run, other)
        if gone:
            run.pulse.remove("sinks", mine["name"])
        await run.begin(LOOK_S)
        return await _moved(run)

    return step


def _goes(*, chosen: bool) -> Step:
    async def step(_rng: random.Random, run: MadeRun) -> Found:
        await run.begin(LOOK_S)
        mine = _rows(run)[1 if chosen else 0]
        if chosen:
            await run.preflight.choose_speaker(DeviceId(mine["name"]))
            await run.loop.sleep(3)
        _pull(run, mine)
        run.changed()
        return await _moved(run)

    return step


async def _nothing_there(_rng: random.Random, run: MadeRun) -> Found:
    run.pulse.rows["sinks"] = []
    await run.begin(4)
    return CheckState.UNKNOWN if run.result.state is CheckState.SKIPPED else run.result.state


def _changed_cases(seed: int) -> Iterator[Case]:
    yield from cases_of(
        "speaker.changed",
        seed,
        [
            ("left alone", _moving(_left_alone)),
            ("a look at a bad moment", _moving(_bad_moment)),
            ("the chosen one stands", _moving(_chosen_stands, twins=0.3)),
            ("chosen once for ever", _moving(_chosen_once, twins=0.3)),
            ("another name", _moving(_another_name)),
            ("another id", _moving(_another_id)),
            ("back again", _moving(_back)),
        ],
        [
            ("the default moves", WARNED, _moving(_default_moves)),
            ("the default moves to its twin", WARNED, _moving(_default_moves, twins=1.0)),
            ("last time's is gone", WARNED, _moving(_other_than_last(gone=True))),
            (
                "last time's is not the default",
                WARNED,
                _moving(_other_than_last(gone=False), twins=0.4),
            ),
            ("it goes", WARNED, _moving(_goes(chosen=False))),
            ("the chosen one goes", WARNED, _moving(_goes(chosen=True))),
        ],
        [("none there", UNTOLD, _moving(_nothing_there))],
    )


def cases() -> Iterator[Case]:
    """Yield every case."""
    yield from _none_cases(SEED)
    yield from _open_cases(SEED + 20_000)
    yield from _changed_cases(SEED + 40_000)
