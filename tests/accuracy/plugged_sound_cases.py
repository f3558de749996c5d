"""M07 and M20: microphones that come and go on a made sound server, in the whole preflight.

Truth is what was done to the machine, written down from the catalogue before it was tried:

- ``mic.unplugged``: told within 2.6 s of the pull (blocks stop, or the server moves the stream to
  another microphone, which our watch notices within 1 s; a verdict is raised after 1 s). No fault:
  silence, a pause of 0.2 to 0.8 s, another one pulled, a server that is too busy to answer, a list
  read at a bad moment, another name. Pauses of 0.8 to 2 s are not made.
- ``mic.default_changed``: told within 2.6 s where the open one ceases to be the system's default,
  or another one than last time's, or than the one in use before, had to be taken. Nothing for who
  chose one, by hand or in the settings; nor where the default is back before a verdict is raised
  (within 0.8 s; up to 3 s is not made), or where the same device has another name.
"""

import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TypeAlias

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.memory.machine_file import MachineMemory
from preflight.model import CheckState
from preflight.system.linux import LinuxProbe
from tests.accuracy.kinds import FAILED, SKIPPED, WARNED, Found, Make, cases_of
from tests.accuracy.made_devices import MadePulse, Row, sound_row
from tests.accuracy.made_run import MadeRun, played
from tests.accuracy.tally import Case
from tests.fakes.devices import FakeMicrophone

SEED = 1_200_000
WITHIN_S = 2.6
SETTLED_S = 3.0
KEY = bytes(32)
_MODELS = (
    ("alsa_input.pci-0000_00_1f.3.analog-stereo", "Audio interne Stéréo analogique"),
    ("alsa_input.usb-Jabra_EVOLVE_20_{serial}-00.mono-fallback", "EVOLVE 20 Mono"),
    ("alsa_input.usb-046d_HD_Pro_Webcam_C920_{serial}-02.analog-stereo", "HD Pro Webcam C920"),
    ("bluez_input.{serial}.0", "WH-1000XM4"),
    ("alsa_input.usb-Blue_Microphones_Yeti_{serial}-00.analog-stereo", "Yeti Stereomikrofon"),
    ("alsa_input.usb-RODE_NT-USB_{serial}-00.analog-stereo", "RØDE NT-USB аналоговый стерео"),
    ("alsa_input.usb-Sennheiser_SC70_{serial}-00.mono-fallback", "ヘッドセット モノラル"),
)

Step: TypeAlias = Callable[[random.Random, MadeRun], Awaitable[Found]]


def rows(rng: random.Random, count: int, *, twins: bool = False) -> list[Row]:
    """Make sources of different models, or of one: with serial numbers of their own."""
    models = [rng.choice(_MODELS[1:])] * count if twins else rng.sample(_MODELS, count)
    return [
        sound_row(
            rng.randrange(30, 900),
            name.format(serial=f"{rng.randrange(16**8):08X}"),
            description,
            percent=rng.uniform(20, 100),
        )
        for name, description in models
    ]


def info_of(row: Row) -> DeviceInfo:
    """Return a row as the program lists it."""
    return DeviceInfo(DeviceId(row["name"]), row["description"], DeviceKind.REAL)


def _in_a_run(code: str, step: Step, *, at_least: int = 1, twins: float = 0.0) -> Make:
    """Make a sound server with one to three microphones and let ``step`` happen to it.

    Args:
        twins: in which share of the cases they are of one model.
    """

    def make(rng: random.Random) -> Found:
        count = rng.randrange(at_least, 4)
        pulse = MadePulse(rows(rng, count, twins=rng.random() < twins))
        pulse.ascii_alone = rng.random() < 0.5
        return played(code, lambda run: step(rng, run), pulse=pulse, system=LinuxProbe(pulse))

    return make


async def _open(rng: random.Random, run: MadeRun) -> FakeMicrophone:
    """Begin, and return the microphone that works."""
    await run.begin(SETTLED_S + rng.uniform(0, 2))
    return run.catalogue.opened_microphones[-1]


def _told_within(run: MadeRun, since_s: float) -> Found:
    found = run.bad_since(since_s)
    in_time = found is not None and found.at_s <= since_s + WITHIN_S + 0.01
    return found.state if found is not None and in_time else CheckState.PASSED


async def _pull(rng: random.Random, run: MadeRun, source: FakeMicrophone) -> None:
    """Pull the one in use; its driver says so, or it falls silent, or the server moves it."""
    run.pulse.remove("sources", source.info.id)
    match rng.choice(("said", "silent", "moved")):
        case "said":
            source.unplug()
        case "silent":
            source.delivers = False
        case _:
            run.loop.call_later(rng.uniform(0.05, 1.0), source.unplug)


def _others(run: MadeRun, source: FakeMicrophone) -> Sequence[Row]:
    return [row for row in run.pulse.rows["sources"] if row["name"] != source.info.id]


# --- M07 ---------------------------------------------------------------------------------------


async def _left_alone(rng: random.Random, run: MadeRun) -> Found:
    """Silence, volume and mute are no matter of the cable; nor is another one that comes."""
    source = await _open(rng, run)
    since_s = run.loop.time()
    if rng.random() < 0.5:
        source.amplitude = 0
    run.pulse.rows["sources"][0]["mute"] = rng.random() < 0.5
    if rng.random() < 0.5:
        run.pulse.rows["sources"] += rows(rng, 1)
        run.changed()
    await run.loop.sleep(4)
    return run.calm_since(since_s)


async def _another_pulled(rng: random.Random, run: MadeRun) -> Found:
    source = await _open(rng, run)
    since_s = run.loop.time()
    run.pulse.remove("sources", rng.choice(_others(run, source))["name"])
    run.changed()
    await run.loop.sleep(4)
    return run.calm_since(since_s)


async def _pausing(rng: random.Random, run: MadeRun) -> Found:
    source = await _open(rng, run)
    since_s = run.loop.time()
    for _ in range(rng.randrange(1, 4)):
        source.delivers = False
        await run.loop.sleep(rng.uniform(0.2, 0.8))
        source.delivers = True
        await run.loop.sleep(rng.uniform(0.3, 1))
    return run.calm_since(since_s)


async def _server_busy(rng: random.Random, run: MadeRun) -> Found:
    await _open(rng, run)
    since_s = run.loop.time()
    run.pulse.busy = True
    run.changed()
    await run.loop.sleep(rng.uniform(0.5, 5))
    run.pulse.busy = False
    run.changed()
    await run.loop.sleep(2)
    return run.calm_since(since_s)


async def _list_at_a_bad_moment(rng: random.Random, run: MadeRun) -> Found:
    source = await _open(rng, run)
    since_s, before = run.loop.time(), run.pulse.rows["sources"]
    run.pulse.rows["sources"] = list(_others(run, source))
    run.changed()
    await run.loop.sleep(rng.uniform(0.4, 3))
    run.pulse.rows["sources"] = before
    run.changed()
    await run.loop.sleep(2)
    return run.calm_since(since_s)


async def _renamed(rng: random.Random, run: MadeRun) -> Found:
    source = await _open(rng, run)
    since_s = run.loop.time()
    for row in run.pulse.rows["sources"]:
        row["description"] = f"{row['description']} ({rng.choice(('Multicanal', 'Mono'))})"
    run.changed()
    source.delivers = False
    await run.loop.sleep(rng.uniform(0.2, 0.8))
    source.delivers = True
    await run.loop.sleep(3)
    return run.calm_since(since_s)


async def _back_at_last(rng: random.Random, run: MadeRun) -> Found:
    source = await _open(rng, run)
    row = next(each for each in run.pulse.rows["sources"] if each["name"] == source.info.id)
    was_default = run.pulse.default["sources"] == row["name"]
    await _pull(rng, run, source)
    run.changed()
    await run.loop.sleep(rng.uniform(0.1, 6))
    run.pulse.rows["sources"].append({**row, "index": rng.randrange(1000, 2000)})
    if was_default:
        run.pulse.default["sources"] = row["name"]
    run.changed()
    await run.loop.sleep(9)
    if run.catalogue.opened_microphones[-1].info.id != row["name"]:
        return CheckState.FAILED
    return run.result.state


def _pulled(*, hinted: bool) -> Step:
    async def step(rng: random.Random, run: MadeRun) -> Found:
        source = await _open(rng, run)
        since_s = run.loop.time()
        await _pull(rng, run, source)
        if hinted:
            run.changed()
        await run.loop.sleep(3)
        return _told_within(run, since_s)

    return step


async def _pulled_and_back(rng: random.Random, run: MadeRun) -> Found:
    """The list is the same again before anybody looked: the stream is dead all the same."""
    source = await _open(rng, run)
    since_s, before = run.loop.time(), list(run.pulse.rows["sources"])
    await _pull(rng, run, source)
    run.changed()
    await run.loop.sleep(rng.uniform(0.02, 0.25))
    run.pulse.rows["sources"] = before
    run.changed()
    await run.loop.sleep(3)
    return _told_within(run, since_s)


async def _taken_along(rng: random.Random, run: MadeRun) -> Found:
    """The server moves our stream to a new default: another microphone would be heard."""
    source = await _open(rng, run)
    since_s = run.loop.time()
    run.pulse.default["sources"] = rng.choice(_others(run, source))["name"]
    run.loop.call_later(rng.uniform(0.05, 1.0), source.unplug)
    await run.loop.sleep(3)
    return _told_within(run, since_s)


async def _nothing_there(_rng: random.Random, run: MadeRun) -> Found:
    run.pulse.rows["sources"] = []
    await run.begin(4)
    return run.result.state


def _unplugged_cases(seed: int) -> Iterator[Case]:
    code = "mic.unplugged"
    yield from cases_of(
        code,
        seed,
        [
            ("left alone", _in_a_run(code, _left_alone)),
            ("another one is pulled", _in_a_run(code, _another_pulled, at_least=2, twins=0.5)),
            ("it pauses", _in_a_run(code, _pausing)),
            ("the server is busy", _in_a_run(code, _server_busy)),
            ("a list read at a bad moment", _in_a_run(code, _list_at_a_bad_moment)),
            ("another name", _in_a_run(code, _renamed)),
            ("pulled, and long back", _in_a_run(code, _back_at_last)),
        ],
        [
            ("pulled", FAILED, _in_a_run(code, _pulled(hinted=True))),
            ("its twin stays", FAILED, _in_a_run(code, _pulled(hinted=True), at_least=2, twins=1)),
            ("pulled, nobody says so", FAILED, _in_a_run(code, _pulled(hinted=False))),
            ("pulled and back at once", FAILED, _in_a_run(code, _pulled_and_back)),
            ("the stream is moved", FAILED, _in_a_run(code, _taken_along, at_least=2)),
        ],
        [("no microphone at all", SKIPPED, _in_a_run(code, _nothing_there))],
    )


# --- M20 ---------------------------------------------------------------------------------------


def _remember(run: MadeRun, row: Row | None, chosen: Row | None = None) -> None:
    run.remember(
        MachineMemory(
            "made",
            KEY,
            microphone=None if row is None else info_of(row),
            chosen_microphone=None if chosen is None else info_of(chosen),
        )
    )


async def _same_as_ever(rng: random.Random, run: MadeRun) -> Found:
    """Switches are moved, loudspeakers and other microphones come, the default stays."""
    if rng.random() < 0.5:
        _remember(run, run.pulse.rows["sources"][0])
    await _open(rng, run)
    since_s = run.loop.time()
    run.pulse.rows["sources"][0]["mute"] = rng.random() < 0.5
    run.pulse.rows["sources"] += rows(rng, rng.randrange(0, 2))
    run.pulse.rows["sinks"] += [sound_row(7, "alsa_output.usb-1", "Headset")]
    run.pulse.default["sinks"] = "alsa_output.usb-1"
    run.changed()
    await run.loop.sleep(4)
    return run.calm_since(since_s)


def _by_choice(*, settings: bool) -> Step:
    async def step(rng: random.Random, run: MadeRun) -> Found:
        usual, chosen = run.pulse.rows["sources"][:2]
        if rng.random() < 0.5:
            _remember(run, usual)
        if settings:
            run.catalogue._microphone_choice = chosen["name"]
        if rng.random() < 0.5:
            # The system's default as well, for a while.
            run.pulse.default["sources"] = chosen["name"]
        await _open(rng, run)
        if not settings:
            run.preflight.choose_microphone(DeviceId(chosen["name"]))
            await run.loop.sleep(3)
        since_s = run.loop.time()
        run.pulse.default["sources"] = usual["name"]
        run.changed()
        await run.loop.sleep(4)
        return run.calm_since(since_s)

    return step


async def _away_for_a_moment(rng: random.Random, run: MadeRun) -> Found:
    source = await _open(rng, run)
    since_s = run.loop.time()
    run.pulse.default["sources"] = rng.choice(_others(run, source))["name"]
    await run.loop.sleep(rng.uniform(0.1, 0.8))
    run.pulse.default["sources"] = source.info.id
    await run.loop.sleep(4)
    return run.calm_since(since_s)


def _last_times(what: str) -> Step:
    """Last time's microphone is there; its name, its id or its place among others is new."""

    async def step(rng: random.Random, run: MadeRun) -> Found:
        mine = run.pulse.rows["sources"][0]
        _remember(run, mine, mine if what == "place" else None)
        if what == "name":
            mine["description"] = rng.choice(("Built-in Audio Analog Stereo", "内置音频", "Micro"))
        elif what == "id":
            mine["name"] = mine["name"].replace(".analog-stereo", "") + ".2.analog-stereo"
            run.pulse.default["sources"] = mine["name"]
        else:
            run.pulse.default["sources"] = rng.choice(run.pulse.rows["sources"][1:])["name"]
        await run.begin(SETTLED_S)
        return run.calm_since(0)

    return step


async def _default_moves(rng: random.Random, run: MadeRun) -> Found:
    source = await _open(rng, run)
    since_s = run.loop.time()
    run.pulse.default["sources"] = rng.choice(_others(run, source))["name"]
    if rng.random() < 0.5:
        run.changed()
    await run.loop.sleep(3)
    return _told_within(run, since_s)


async def _default_taken_along(rng: random.Random, run: MadeRun) -> Found:
    """The stream goes with it, and is brought back: the default is another one still."""
    source = await _open(rng, run)
    run.pulse.default["sources"] = rng.choice(_others(run, source))["name"]
    run.loop.call_later(rng.uniform(0.05, 1.0), source.unplug)
    await run.loop.sleep(10)
    return run.result.state


def _other_than_last(*, gone: bool) -> Step:
    """The system's default is another one than last time's, which is gone or still there."""

    async def step(rng: random.Random, run: MadeRun) -> Found:
        mine, *others = run.pulse.rows["sources"]
        _remember(run, mine)
        run.pulse.default["sources"] = rng.choice(others)["name"]
        if gone:
            run.pulse.remove("sources", mine["name"])
        await run.begin(SETTLED_S)
        return run.result.state

    return step


def _in_use_went(*, known: bool) -> Step:
    async def step(rng: random.Random, run: MadeRun) -> Found:
        if known:
            _remember(run, run.pulse.rows["sources"][0])
        source = await _open(rng, run)
        await _pull(rng, run, source)
        run.changed()
        await run.loop.sleep(10)
        return run.result.state

    return step


def _changed_cases(seed: int) -> Iterator[Case]:
    code = "mic.default_changed"
    yield from cases_of(
        code,
        seed,
        [
            ("same as ever", _in_a_run(code, _same_as_ever)),
            ("chosen by hand", _in_a_run(code, _by_choice(settings=False), at_least=2)),
            ("chosen in the settings", _in_a_run(code, _by_choice(settings=True), at_least=2)),
            ("away for a moment", _in_a_run(code, _away_for_a_moment, at_least=2)),
            ("the server is busy", _in_a_run(code, _server_busy)),
            ("last time's under another name", _in_a_run(code, _last_times("name"))),
            ("last time's under another id", _in_a_run(code, _last_times("id"))),
            ("chosen once for ever", _in_a_run(code, _last_times("place"), at_least=2, twins=0.3)),
            ("pulled, and long back", _in_a_run(code, _back_at_last)),
        ],
        [
            ("the default moves", WARNED, _in_a_run(code, _default_moves, at_least=2, twins=0.3)),
            ("and the stream with it", WARNED, _in_a_run(code, _default_taken_along, at_least=2)),
            (
                "last time's is gone",
                WARNED,
                _in_a_run(code, _other_than_last(gone=True), at_least=2),
            ),
            (
                "last time's is not the default",
                WARNED,
                _in_a_run(code, _other_than_last(gone=False), at_least=2, twins=0.5),
            ),
            (
                "it went in a first run",
                WARNED,
                _in_a_run(code, _in_use_went(known=False), at_least=2),
            ),
            ("it went", WARNED, _in_a_run(code, _in_use_went(known=True), at_least=2)),
        ],
        [("no microphone at all", SKIPPED, _in_a_run(code, _nothing_there))],
    )


def cases() -> Iterator[Case]:
    """Yield every case."""
    yield from _unplugged_cases(SEED)
    yield from _changed_cases(SEED + 20_000)
