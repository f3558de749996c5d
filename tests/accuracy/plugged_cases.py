"""C09 and C23: cameras that come and go at random moments, in the whole preflight, in made time.

Truth is what was done to the machine, written down from the catalogue before it was tried:

- ``camera.unplugged``: a camera that was pulled is told, with its own name, within 2 s where the
  system says that the list changed, and within 2.5 s where only its pictures stop (the patience
  is 2 s of them). Whatever else happens to the list is no fault of it: another one pulled, also of
  the same model, or plugged in, other numbers, another name, a list read at a bad moment. A pause
  of 0.3 to 1.7 s is none either. Pauses of 1.7 to 2.3 s are not made, nor are pauses of a camera
  that is left out of the list: half a second is all it gets.
- ``camera.changed``: the camera that is meant is the chosen one, else the one in use, else last
  time's; where another one had to be taken it is told, and no more once it is back. Two cameras
  without a serial number, whose links udev gives to whichever comes first, are not made; nor are
  two of one model on Windows, where the same one in another socket looks just like the other.
"""

import random
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeAlias

from preflight.devices import opencv_camera
from preflight.devices.frames import DeviceInfo
from preflight.memory.machine_file import MachineMemory
from preflight.model import CheckState
from tests.accuracy.asked_machine import made_folder
from tests.accuracy.kinds import FAILED, SKIPPED, WARNED, Found, Make, cases_of
from tests.accuracy.made_devices import CameraTable, MadeCamera
from tests.accuracy.made_run import MadeRun, played
from tests.accuracy.tally import Case

SEED = 1_100_000
LISTED_WITHIN_S, SILENT_WITHIN_S = 2.0, 2.5
SETTLED_S = 1.0
"""Every camera here is open, shows a picture and has its verdict by then."""
_NAMES = (
    ("HD Pro Webcam C920", "usb-046d_HD_Pro_Webcam_C920_{serial}"),
    ("Logitech BRIO", "usb-046d_Logitech_BRIO_{serial}"),
    ("Integrated Camera: Integrated C", "usb-Chicony_Integrated_Camera_{serial}"),
    ("Caméra intégrée", "usb-SunplusIT_Inc_Camera_{serial}"),
    ("USB-Kamera (Ä-Serie)", "usb-Sonix_USB_2.0_Camera_{serial}"),
    ("Вебкамера A4Tech", "usb-A4Tech_PK-940HA_{serial}"),
    ("高清摄像头", "usb-Generic_HD_camera_{serial}"),
)
_PORTS = [f"pci-0000:00:14.0-usb-0:{port}:1.0" for port in ("1", "2", "3", "4.1", "4.2", "7")]
KEY = bytes(32)

Step: TypeAlias = Callable[[random.Random, MadeRun, CameraTable], Awaitable[Found]]


def _cameras(rng: random.Random, count: int, *, twins: bool = False) -> list[MadeCamera]:
    """Make cameras of different names, or of one: each with a serial number of its own."""
    models = [rng.choice(_NAMES)] * count if twins else rng.sample(_NAMES, count)
    ports = rng.sample(_PORTS, count)
    return [
        MadeCamera(name, link.format(serial=f"{rng.randrange(16**8):08X}"), port)
        for (name, link), port in zip(models, ports, strict=True)
    ]


def _another(rng: random.Random, table: CameraTable) -> MadeCamera:
    """Make one more, for a socket that is free."""
    camera = _cameras(rng, 1)[0]
    taken = {each.port for each in table.plugged.values()}
    camera.port = rng.choice([port for port in _PORTS if port not in taken])
    return camera


def _in_a_run(code: str, step: Step, *, windows: bool | None = None) -> Make:
    """Make a machine, Linux or Windows, and let ``step`` happen to it."""

    def make(rng: random.Random) -> Found:
        is_windows = rng.random() < 0.5 if windows is None else windows
        with made_folder({}) as root:
            table = CameraTable(root, is_windows, quiet=rng.random() < 0.5)
            return played(code, lambda run: step(rng, run, table), cameras=table)

    return make


async def _opened(
    rng: random.Random, run: MadeRun, table: CameraTable, cameras: list[MadeCamera]
) -> MadeCamera:
    """Plug these in, begin, and wait until a while after the first of them works."""
    table.plug(*cameras)
    await run.begin(SETTLED_S + rng.uniform(0.2, 3))
    return next(each for each in cameras if each is table.opened[0][0])


def _told_of(run: MadeRun, camera: MadeCamera, since_s: float, within_s: float) -> Found:
    """Return the failure that was told of this very camera in time, else how the check stood."""
    found = run.bad_since(since_s)
    if found is None or found.at_s > since_s + within_s + 0.01:
        return CheckState.PASSED
    return found.state if found.measured.get("device") == camera.name else CheckState.PASSED


# --- C09 ---------------------------------------------------------------------------------------


async def _left_alone(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    await _opened(rng, run, table, _cameras(rng, rng.randrange(1, 4)))
    since_s = run.loop.time()
    if rng.random() < 0.5:
        table.plug(_another(rng, table))
        run.changed()
    await run.loop.sleep(3)
    return run.calm_since(since_s)


def _another_pulled(*, twins: bool) -> Step:
    async def step(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
        cameras = _cameras(rng, rng.randrange(2, 4), twins=twins)
        used = await _opened(rng, run, table, cameras)
        since_s = run.loop.time()
        other = rng.choice([each for each in cameras if each is not used])
        table.pull(other)
        run.changed()
        await run.loop.sleep(rng.uniform(0.1, 1.5))
        if rng.random() < 0.5:
            table.plug(other)
            run.changed()
        await run.loop.sleep(3)
        return run.calm_since(since_s)

    return step


async def _renumbered_and_pausing(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    """Another one goes, which gives this one another number, and a busy bus makes it pause."""
    cameras = _cameras(rng, 2, twins=rng.random() < 0.5)
    table.plug(*cameras)
    used = table.plugged[max(table.plugged)]
    wanted = _info(table, used)
    await run.begin(SETTLED_S + rng.uniform(0.2, 2), camera=wanted.id)
    since_s = run.loop.time()
    table.pull(next(each for each in cameras if each is not used))
    run.changed()
    await _pause(run, rng.uniform(0.7, 1.7))
    await run.loop.sleep(1.5)
    return run.calm_since(since_s)


async def _pausing(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    await _opened(rng, run, table, _cameras(rng, rng.randrange(1, 3)))
    since_s = run.loop.time()
    for _ in range(rng.randrange(1, 4)):
        await _pause(run, rng.uniform(0.3, 1.7))
        await run.loop.sleep(rng.uniform(0.2, 1))
    return run.calm_since(since_s)


async def _list_at_a_bad_moment(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    used = await _opened(rng, run, table, _cameras(rng, rng.randrange(1, 3)))
    since_s = run.loop.time()
    table.hidden = {used}
    run.changed()
    await run.loop.sleep(rng.uniform(0.4, 4))
    table.hidden = set()
    run.changed()
    await run.loop.sleep(1.5)
    return run.calm_since(since_s)


async def _renamed(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    """A driver or a language is changed beneath it, which the bus may take a moment for."""
    used = await _opened(rng, run, table, _cameras(rng, rng.randrange(1, 3)))
    since_s = run.loop.time()
    used.name = f"{used.name} ({rng.choice(('UVC', 'HD', 'Kamera', 'caméra'))})"
    run.changed()
    await _pause(run, rng.uniform(0.3, 1.7))
    await run.loop.sleep(1.5)
    return run.calm_since(since_s)


async def _back_at_last(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    """Pulled, plugged in again, and asked about once it works."""
    used = await _opened(rng, run, table, _cameras(rng, 1))
    table.pull(used)
    run.changed()
    await run.loop.sleep(rng.uniform(0.05, 4))
    table.plug(used)
    run.changed()
    await run.loop.sleep(8)
    return run.result.state


async def _pause(run: MadeRun, seconds: float) -> None:
    source = run.catalogue.opened_cameras[-1]
    source.delivers = False
    await run.loop.sleep(seconds)
    source.delivers = True


def _pulled(*, hinted: bool, twins: bool = False, others: int = 2) -> Step:
    async def step(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
        table.quiet = table.quiet or not hinted
        cameras = _cameras(rng, rng.randrange(1, 2 + others), twins=twins)
        used = await _opened(rng, run, table, cameras)
        since_s = run.loop.time()
        table.pull(used)
        if hinted:
            run.changed()
        await run.loop.sleep(3)
        return _told_of(run, used, since_s, LISTED_WITHIN_S if hinted else SILENT_WITHIN_S)

    return step


def _pulled_and_back(low_s: float, high_s: float) -> Step:
    async def step(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
        used = await _opened(rng, run, table, _cameras(rng, rng.randrange(1, 3)))
        since_s = run.loop.time()
        table.pull(used)
        run.changed()
        await run.loop.sleep(rng.uniform(low_s, high_s))
        table.plug(used)
        run.changed()
        await run.loop.sleep(3)
        return _told_of(run, used, since_s, SILENT_WITHIN_S)

    return step


async def _swapped_for_its_twin(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    """Another one of the same model is put into the same socket: name and number are the same."""
    mine, twin = _cameras(rng, 2, twins=True)
    await _opened(rng, run, table, [mine])
    since_s = run.loop.time()
    table.pull(mine)
    run.changed()
    await run.loop.sleep(rng.uniform(0.05, 0.25))
    table.plug(twin)
    run.changed()
    await run.loop.sleep(3)
    return _told_of(run, mine, since_s, SILENT_WITHIN_S)


def _unplugged_cases(seed: int) -> Iterator[Case]:
    code = "camera.unplugged"
    yield from cases_of(
        code,
        seed,
        [
            ("left alone", _in_a_run(code, _left_alone)),
            ("another one is pulled", _in_a_run(code, _another_pulled(twins=False))),
            ("its twin is pulled", _in_a_run(code, _another_pulled(twins=True))),
            ("another number, and it pauses", _in_a_run(code, _renumbered_and_pausing)),
            ("it pauses", _in_a_run(code, _pausing)),
            ("a list read at a bad moment", _in_a_run(code, _list_at_a_bad_moment)),
            ("another name", _in_a_run(code, _renamed)),
            ("pulled, and long back", _in_a_run(code, _back_at_last)),
        ],
        [
            ("pulled", FAILED, _in_a_run(code, _pulled(hinted=True))),
            ("pulled, its twin stays", FAILED, _in_a_run(code, _pulled(hinted=True, twins=True))),
            ("pulled, nobody says so", FAILED, _in_a_run(code, _pulled(hinted=False))),
            ("pulled and back at once", FAILED, _in_a_run(code, _pulled_and_back(0.02, 0.25))),
            ("pulled and back soon", FAILED, _in_a_run(code, _pulled_and_back(0.5, 1.5))),
            ("swapped for its twin", FAILED, _in_a_run(code, _swapped_for_its_twin)),
        ],
        [("no camera at all", SKIPPED, _in_a_run(code, _nothing_there))],
    )


async def _nothing_there(_rng: random.Random, run: MadeRun, _table: CameraTable) -> Found:
    await run.begin(4)
    return run.result.state


# --- C23 ---------------------------------------------------------------------------------------


def _info(table: CameraTable, camera: MadeCamera) -> DeviceInfo:
    """Return the camera as the program lists it now."""
    with table.listed():
        return next(each for each in opencv_camera.list_cameras() if table.hardware(each) is camera)


def _remembering(run: MadeRun, camera: DeviceInfo | None) -> None:
    run.remember(MachineMemory("made", KEY, camera=camera))


def _found_again(*, changes: str) -> Step:
    """Last time's camera is there; only what a system may change about it is different."""

    async def step(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
        cameras = _cameras(rng, rng.randrange(2, 5), twins=changes == "twins")
        mine = cameras[0]
        if changes == "no link":
            mine.link = ""
        table.plug(*cameras)
        _remembering(run, _info(table, mine))
        table.shuffle(rng)
        if changes == "no link":
            mine.port = next(port for port in _PORTS if port not in {c.port for c in cameras})
        await run.begin(4)
        return _of(table, run, mine)

    return step


def _of(table: CameraTable, run: MadeRun, camera: MadeCamera) -> Found:
    """Return the verdict, or a failure where another camera is in use than this one."""
    return run.result.state if table.opened[-1][0] is camera else CheckState.FAILED


async def _first_run(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    await _opened(rng, run, table, _cameras(rng, rng.randrange(1, 4)))
    await run.loop.sleep(2)
    return run.result.state


def _left_by_choice(how: str) -> Step:
    """Last time's is there or not: who chose another one, now or in the settings, misses none."""

    async def step(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
        cameras = _cameras(rng, 3)
        table.plug(*cameras)
        usual, chosen = cameras[0], cameras[rng.randrange(1, 3)]
        _remembering(run, _info(table, usual))
        if rng.random() < 0.5:
            table.pull(usual)
        wanted = _info(table, chosen)
        if how == "set":
            run.catalogue._camera_choice = rng.choice((chosen.name, chosen.name[:8]))
            await run.begin(4)
        else:
            await run.begin(2.5)
            run.preflight.choose_camera(wanted.id)
            await run.loop.sleep(4)
        return _of(table, run, chosen)

    return step


async def _back_again(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    cameras = _cameras(rng, 2, twins=not table.windows and rng.random() < 0.5)
    used = await _opened(rng, run, table, cameras)
    table.pull(used)
    run.changed()
    await run.loop.sleep(rng.uniform(3, 6))
    table.plug(used)
    run.changed()
    await run.loop.sleep(8)
    return _of(table, run, used)


async def _missed(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    """Last time's camera is not there, and another one has to be taken."""
    cameras = _cameras(rng, rng.randrange(2, 4))
    table.plug(*cameras)
    _remembering(run, _info(table, cameras[0]))
    table.pull(cameras[0])
    await run.begin(4)
    return run.result.state


async def _twin_instead(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
    mine, twin = _cameras(rng, 2, twins=True)
    table.plug(mine)
    _remembering(run, _info(table, mine))
    table.pull(mine)
    table.plug(twin)
    await run.begin(4)
    return run.result.state


def _gone_in_mid_run(*, chosen: bool, twins: bool = False) -> Step:
    async def step(rng: random.Random, run: MadeRun, table: CameraTable) -> Found:
        cameras = _cameras(rng, rng.randrange(2, 4), twins=twins)
        used = await _opened(rng, run, table, cameras)
        if chosen:
            used = rng.choice([each for each in cameras if each is not used])
            run.preflight.choose_camera(_info(table, used).id)
            await run.loop.sleep(3)
        table.pull(used)
        run.changed()
        await run.loop.sleep(8)
        return run.result.state

    return step


def _changed_cases(seed: int) -> Iterator[Case]:
    code = "camera.changed"
    yield from cases_of(
        code,
        seed,
        [
            ("another number", _in_a_run(code, _found_again(changes="number"))),
            ("among its twins", _in_a_run(code, _found_again(changes="twins"))),
            (
                "another socket, and no link",
                _in_a_run(code, _found_again(changes="no link"), windows=False),
            ),
            ("a first run", _in_a_run(code, _first_run)),
            ("left by choice", _in_a_run(code, _left_by_choice("hand"))),
            ("left by the settings", _in_a_run(code, _left_by_choice("set"))),
            ("back again", _in_a_run(code, _back_again)),
        ],
        [
            ("last time's is missing", WARNED, _in_a_run(code, _missed)),
            ("its twin in its place", WARNED, _in_a_run(code, _twin_instead, windows=False)),
            ("the one in use went", WARNED, _in_a_run(code, _gone_in_mid_run(chosen=False))),
            ("the chosen one went", WARNED, _in_a_run(code, _gone_in_mid_run(chosen=True))),
            (
                "the one in use went, its twin stays",
                WARNED,
                _in_a_run(code, _gone_in_mid_run(chosen=False, twins=True), windows=False),
            ),
        ],
        [("no camera at all", SKIPPED, _in_a_run(code, _nothing_there))],
    )


def cases() -> Iterator[Case]:
    """Yield every case."""
    yield from _unplugged_cases(SEED)
    yield from _changed_cases(SEED + 20_000)
