"""C09 and M07, blind: devices that go, pause and come back.

Written from the catalogue (sections 1 to 3, decision 0031), the kernel's words on what becomes of a
node that is pulled (``ENODEV`` at once, or nothing more), and udev's rules, without a look at the
checks. Truth is what the catalogue says of the time: a camera without pictures for 2 s, or that the
system does not list after a hint; a microphone without blocks for 1 s. Not made: pauses within
0.3 s of those, and pauses of a microphone that end before it must have been told.
"""

import random
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from preflight.model import CheckState
from preflight.system.linux import LinuxProbe
from tests.accuracy.asked_machine import made_folder
from tests.accuracy.blind_pulse import full_row, monitor_row
from tests.accuracy.kinds import FAILED, Found, Ill, Kind, Make, blind_cases_of
from tests.accuracy.made_devices import CameraTable, MadeCamera, MadePulse, Row
from tests.accuracy.made_run import MadeRun, played
from tests.accuracy.tally import Case
from tests.fakes.devices import FakeMicrophone

SEED = 9_400_000
GOOD_S = 4.0
"""A device has worked for so long, and its window is over."""
NOTICED_S = 2.0
"""Within so long the page says that a device is gone."""
LATE_S = 0.8
"""What a run adds to the seconds without data: it looks every 0.25 s, and for 0.3 s at least."""

# --- C09 ---------------------------------------------------------------------------------------

_MODELS = (
    ("Laptop Webcam Module (2nd Gen):", "usb-Framework_Laptop_Webcam_Module__2nd_Gen__FRANJBCHA1"),
    ("Razer Kiyo Pro Ultra", "usb-Razer_Inc_Razer_Kiyo_Pro_Ultra_01.00.00"),
    ("USB Microscope: USB Microscope", "usb-Sonix_USB_Microscope_SN0001"),
    ("Jabra PanaCast 20", "usb-Jabra_Jabra_PanaCast_20_{serial}"),
)
_PORTS = ("0:1.2:1.0", "0:3:1.0", "0:4.3.1:1.0", "0:9:1.0")
CameraStep: TypeAlias = Callable[[random.Random, MadeRun, CameraTable], Awaitable[Found]]


class _TwiceNamed(CameraTable):
    """Every socket under both names that systemd writes since version 256."""

    def links(self) -> Path:
        found = super().links()
        by_path = found / "by-path"
        for link in list(by_path.iterdir()):
            (by_path / link.name.replace("-usb-", "-usbv2-")).symlink_to(link.readlink())
        return found


def _with(count: tuple[int, int], step: CameraStep) -> Make:
    """Plug in that many cameras; the driver of one that goes says so or only stops."""

    def make(rng: random.Random) -> Found:
        several = rng.randint(*count)
        cameras = [
            MadeCamera(
                name, link.format(serial=f"{rng.randrange(1 << 20)}"), f"pci-0000:00:14.0-usb-{at}"
            )
            for (name, link), at in zip(
                rng.sample(_MODELS, several), rng.sample(_PORTS, several), strict=True
            )
        ]
        with made_folder({}) as root:
            windows = rng.random() < 0.4
            table = (CameraTable if rng.random() < 0.5 else _TwiceNamed)(root, windows)
            table.quiet = rng.random() < 0.5
            table.plug(*cameras)
            return played("camera.unplugged", lambda run: step(rng, run, table), cameras=table)

    return make


def _in_time(run: MadeRun, since_s: float, most_s: float) -> CheckState:
    """Return the fault that was told within that time, else that none was."""
    found = run.bad_since(since_s)
    told = found is not None and found.at_s <= since_s + most_s + 0.01
    return found.state if found is not None and told else CheckState.PASSED


async def _begin(rng: random.Random, run: MadeRun) -> float:
    """Begin, and return when it had worked for a while."""
    await run.begin(GOOD_S + rng.uniform(0, 4))
    assert run.result.state is CheckState.PASSED, "it did not begin well"
    return run.loop.time()


async def _stays(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    """Hints come for what else is plugged in: a mouse, a disk, another camera."""
    since = await _begin(rng, run)
    for number in range(rng.randint(1, 5)):
        run.changed()
        await run.loop.sleep(rng.uniform(0.1, 2))
        if number == 0 and rng.random() < 0.5:
            table.plug(MadeCamera("HDMI to U3 capture", "", "pci-0000:00:14.0-usb-0:7:1.0"))
    return run.calm_since(since)


async def _another_goes(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    since = await _begin(rng, run)
    mine = table.opened[-1][0]
    table.pull(rng.choice([each for each in table.plugged.values() if each is not mine]))
    run.changed()
    await run.loop.sleep(5)
    return run.calm_since(since)


async def _holds_its_breath(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    """It sends nothing for a moment, with or without a hint meanwhile, and goes on."""
    since = await _begin(rng, run)
    camera = table.opened[-1][1]
    for _ in range(rng.randint(1, 3)):
        camera.delivers = False
        if rng.random() < 0.5:
            run.changed()
        await run.loop.sleep(rng.uniform(0.6, 1.6))
        camera.delivers = True
        await run.loop.sleep(rng.uniform(1.5, 3))
    return run.calm_since(since)


async def _comes_back(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    """It is gone for a while, and back: in the same socket or another one."""
    await _begin(rng, run)
    mine = table.opened[-1][0]
    table.pull(mine)
    run.changed()
    await run.loop.sleep(rng.uniform(2.5, 12))
    if rng.random() < 0.5:
        mine.port = "pci-0000:00:14.0-usb-0:8.2:1.0"
    table.plug(mine)
    run.changed()
    await run.loop.sleep(7)
    on_mine = table.opened[-1][0] is mine
    return run.result.state if on_mine else CheckState.FAILED


async def _goes(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    since = await _begin(rng, run)
    table.pull(table.opened[-1][0])
    run.changed()
    await run.loop.sleep(NOTICED_S + 1)
    return _in_time(run, since, NOTICED_S)


async def _goes_unsaid(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    """The system gives no hint."""
    since = await _begin(rng, run)
    table.pull(table.opened[-1][0])
    await run.loop.sleep(5)
    return _in_time(run, since, 2 + LATE_S)


async def _stops(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    """It stays in the list and sends no more: a hub without power, a driver that is stuck."""
    since = await _begin(rng, run)
    table.opened[-1][1].delivers = False
    if rng.random() < 0.3:
        run.changed()
    await run.loop.sleep(5)
    return _in_time(run, since, 2 + LATE_S)


async def _gone_for_a_while(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    """Told while it is away, whatever comes after."""
    since = await _begin(rng, run)
    mine = table.opened[-1][0]
    table.pull(mine)
    run.changed()
    await run.loop.sleep(rng.uniform(2.3, 4))
    table.plug(mine)
    run.changed()
    await run.loop.sleep(3)
    return _in_time(run, since, NOTICED_S)


# --- M07 ---------------------------------------------------------------------------------------

_SOURCES = (
    ("alsa_input.usb-Blue_Microphones_Yeti_Nano_2113SG0-00.analog-stereo", "Yeti Nano"),
    ("alsa_input.pci-0000_00_1f.3-platform-sof_sdw.HiFi__Mic__source", "Mikrofonanordnung"),
    ("bluez_input.94:DB:56:0A:1B:2C", "WH-1000XM5 (Zoë)"),
    ("alsa_input.usb-Generic_USB_PnP_Sound_Device-00.mono-fallback", "USB PnP Sound Device"),
)
_SINK = ("alsa_output.pci-0000_00_1f.3-platform-sof_sdw.HiFi__Speaker__sink", "Lautsprecher")
SoundStep: TypeAlias = Callable[[random.Random, MadeRun], Awaitable[Found]]


def _hearing(count: tuple[int, int], step: SoundStep) -> Make:
    def make(rng: random.Random) -> Found:
        sink = full_row(rng, *_SINK)
        rows = [full_row(rng, *each) for each in rng.sample(_SOURCES, rng.randint(*count))]
        pulse = MadePulse([*rows, monitor_row(rng, sink)], [sink])
        return played(
            "mic.unplugged", lambda run: step(rng, run), pulse=pulse, system=LinuxProbe(pulse)
        )

    return make


def _in_use(run: MadeRun) -> FakeMicrophone:
    return run.catalogue.opened_microphones[-1]


def _rest(run: MadeRun) -> list[Row]:
    """Return the other microphones; what a loudspeaker plays is none."""
    mine = _in_use(run).info.id
    rows = run.pulse.rows["sources"]
    return [row for row in rows if row["name"] != mine and not row["monitor_source"]]


async def _hears_on(rng: random.Random, run: MadeRun) -> Found:
    """Others come and go, and the system's own choice moves; its stream stays where it is."""
    since = await _begin(rng, run)
    for _ in range(rng.randint(1, 3)):
        rest = _rest(run)
        if rest and rng.random() < 0.5:
            run.pulse.remove("sources", rng.choice(rest)["name"])
        else:
            run.pulse.rows["sources"].append(full_row(rng, f"alsa_input.usb-{rng.random()}", "New"))
        run.changed()
        await run.loop.sleep(rng.uniform(0.5, 3))
    return run.calm_since(since)


async def _skips(rng: random.Random, run: MadeRun) -> Found:
    """Blocks stay away for less than a second, as when a machine is busy."""
    since = await _begin(rng, run)
    source = _in_use(run)
    for _ in range(rng.randint(1, 4)):
        source.delivers = False
        await run.loop.sleep(rng.uniform(0.1, 0.7))
        source.delivers = True
        await run.loop.sleep(rng.uniform(0.6, 2))
    return run.calm_since(since)


async def _plugged_again(rng: random.Random, run: MadeRun) -> Found:
    """It goes and comes back; nobody did anything else."""
    await _begin(rng, run)
    source = _in_use(run)
    row = next(each for each in run.pulse.rows["sources"] if each["name"] == source.info.id)
    run.pulse.remove("sources", row["name"])
    source.unplug()
    run.changed()
    await run.loop.sleep(rng.uniform(2.5, 10))
    run.pulse.rows["sources"].append({**row, "index": 4001})
    run.changed()
    await run.loop.sleep(7)
    return run.result.state


async def _is_pulled(rng: random.Random, run: MadeRun) -> Found:
    since = await _begin(rng, run)
    source = _in_use(run)
    run.pulse.remove("sources", source.info.id)
    if rng.random() < 0.5:
        source.unplug()
    else:
        source.delivers = False
    run.changed()
    await run.loop.sleep(4)
    return _in_time(run, since, NOTICED_S)


async def _falls_silent(rng: random.Random, run: MadeRun) -> Found:
    """No block comes any more, and the server lists it as before, with or without a hint."""
    since = await _begin(rng, run)
    _in_use(run).delivers = False
    if rng.random() < 0.5:
        run.changed()
    await run.loop.sleep(4)
    return _in_time(run, since, 1 + LATE_S)


async def _away_for_a_while(rng: random.Random, run: MadeRun) -> Found:
    """Blocks stay away for two seconds and more, and go on."""
    since = await _begin(rng, run)
    source = _in_use(run)
    source.delivers = False
    await run.loop.sleep(rng.uniform(1.9, 4))
    source.delivers = True
    await run.loop.sleep(2)
    return _in_time(run, since, 1 + LATE_S)


async def _moved(rng: random.Random, run: MadeRun) -> Found:
    """The server has the stream on another device: its adapter says that the device is lost."""
    since = await _begin(rng, run)
    run.loop.call_later(rng.uniform(0.05, 1.0), _in_use(run).unplug)
    await run.loop.sleep(4)
    return _in_time(run, since, NOTICED_S)


# --- all ---------------------------------------------------------------------------------------


def _half(code: str, seed: int, healthy: tuple[Kind, ...], ill: tuple[Ill, ...]) -> Iterator[Case]:
    return blind_cases_of(code, seed, healthy, ill)


def cases() -> Iterator[Case]:
    """Yield the blind cases."""
    yield from _half(
        "camera.unplugged",
        SEED,
        (
            ("it stays", _with((1, 3), _stays)),
            ("another goes", _with((2, 3), _another_goes)),
            ("a pause", _with((1, 2), _holds_its_breath)),
            ("it comes back", _with((1, 3), _comes_back)),
        ),
        (
            ("it goes", FAILED, _with((1, 3), _goes)),
            ("it goes unsaid", FAILED, _with((1, 3), _goes_unsaid)),
            ("it stops", FAILED, _with((1, 3), _stops)),
            ("gone for a while", FAILED, _with((1, 2), _gone_for_a_while)),
        ),
    )
    yield from _half(
        "mic.unplugged",
        SEED + 20_000,
        (
            ("it hears on", _hearing((1, 3), _hears_on)),
            ("it skips", _hearing((1, 3), _skips)),
            ("plugged in again", _hearing((1, 1), _plugged_again)),
        ),
        (
            ("it is pulled", FAILED, _hearing((1, 3), _is_pulled)),
            ("it falls silent", FAILED, _hearing((1, 3), _falls_silent)),
            ("away for a while", FAILED, _hearing((1, 3), _away_for_a_while)),
            ("it was moved", FAILED, _hearing((1, 3), _moved)),
        ),
    )
