"""C18: a made person turns the picture of a camera that hangs somehow, and says when it is right.

They see the preview, and press the page's own buttons. Truth is what was done, written down from
the catalogue before it was tried: passed where they confirmed it and the picture stands upright,
also in another run; warned where they turned it and did not confirm. An answer counts for 30 days
and for this very camera, whatever its number is; without one that counts they are asked. Not made:
answers of the 30th day.
"""

import random
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from itertools import cycle
from typing import TypeAlias

import numpy as np

from preflight.devices.frames import Orientation
from preflight.model import CheckState
from tests.accuracy.asked_machine import made_folder
from tests.accuracy.kinds import SKIPPED, UNKNOWN, WARNED, Found, Make, cases_of
from tests.accuracy.made_devices import CameraTable, MadeCamera
from tests.accuracy.made_person import Person, Picture, hung, scene_of
from tests.accuracy.made_run import MadeRun, played
from tests.accuracy.tally import Case
from tests.fakes.devices import FakeCamera

SEED = 1_800_000
OPEN_S, DAY_S = 2.2, 86_400.0

Look: TypeAlias = Callable[[random.Random, MadeRun, Person, Picture, CameraTable], Awaitable[Found]]


def _hung(look: Look) -> Make:
    """Hang two cameras somehow, the first of which is in use."""

    def make(rng: random.Random) -> Found:
        scene = scene_of(rng)
        orientation = Orientation(rng.choice((0, 90, 180, 270)), rng.random() < 0.4)
        seen = hung(scene, orientation)
        noise = np.random.default_rng(rng.randrange(2**32))
        pictures = [(seen + noise.integers(0, 6, seen.shape)).astype(np.uint8) for _ in range(5)]

        def show(source: FakeCamera) -> None:
            source.picture = partial(next, cycle(pictures))

        async def play(run: MadeRun) -> Found:
            run.catalogue.camera_mood = show
            person = Person(run)
            await run.begin(OPEN_S)
            person.look()
            await run.loop.sleep(0.3)
            return await look(rng, run, person, scene, table)

        with made_folder({}) as root:
            table = CameraTable(root, windows=rng.random() < 0.5)
            for number, port in enumerate(("pci-usb-0:1:1.0", "pci-usb-0:2:1.0")):
                table.plug(MadeCamera(f"Kamera {number}", f"usb-Maker_{number:04X}", port))
            return played("camera.orientation", play, cameras=table)

    return make


async def _confirms(
    _rng: random.Random, run: MadeRun, person: Person, scene: Picture, _table: CameraTable
) -> Found:
    if not await person.put_upright(scene):
        return CheckState.FAILED
    assert person.confirm(), "the page does not ask"
    return run.result.state


async def _changes_their_mind(
    rng: random.Random, run: MadeRun, person: Person, scene: Picture, table: CameraTable
) -> Found:
    """Confirmed too soon, turned on, and confirmed at last."""
    person.confirm()
    for _ in range(rng.randrange(1, 4)):
        await person.turn()
    return await _confirms(rng, run, person, scene, table)


async def _another_day(
    run: MadeRun, person: Person, scene: Picture, days: float, *, must_stand: bool = True
) -> Found:
    """Begin again after so many days; the picture must still stand as it was put."""
    await run.end()
    run.loop.wall_off_s += days * DAY_S
    await run.begin(OPEN_S)
    person.look()
    await run.loop.sleep(0.3)
    return run.result.state if person.sees(scene) or not must_stand else CheckState.FAILED


def _kept(low_days: float, high_days: float, *, renumbered: bool = False) -> Look:
    async def look(
        rng: random.Random, run: MadeRun, person: Person, scene: Picture, table: CameraTable
    ) -> Found:
        await _confirms(rng, run, person, scene, table)
        if renumbered:
            await run.remember_camera()
            mine = table.opened[-1][0]
            others = [each for each in table.plugged.values() if each is not mine]
            table.plugged = {}
            table.plug(*others, mine)
        return await _another_day(run, person, scene, rng.uniform(low_days, high_days))

    return look


async def _turns(
    rng: random.Random, run: MadeRun, person: Person, _scene: Picture, _table: CameraTable
) -> Found:
    for _ in range(rng.randrange(1, 5)):
        await rng.choice((person.turn, person.mirror))()
    await run.loop.sleep(rng.uniform(0, 3))
    return run.result.state


async def _turns_after_all(
    rng: random.Random, run: MadeRun, person: Person, scene: Picture, table: CameraTable
) -> Found:
    await _confirms(rng, run, person, scene, table)
    return await _turns(rng, run, person, scene, table)


async def _turns_another_day(
    rng: random.Random, run: MadeRun, person: Person, scene: Picture, table: CameraTable
) -> Found:
    await _confirms(rng, run, person, scene, table)
    await _another_day(run, person, scene, rng.uniform(0.1, 29))
    return await _turns(rng, run, person, scene, table)


async def _is_not_asked(
    rng: random.Random, run: MadeRun, _person: Person, _scene: Picture, _table: CameraTable
) -> Found:
    await run.loop.sleep(rng.uniform(0, 3))
    return run.result.state


async def _left_turned(
    rng: random.Random, run: MadeRun, person: Person, scene: Picture, table: CameraTable
) -> Found:
    """Turned, never confirmed, and asked again another day."""
    await _turns(rng, run, person, scene, table)
    return await _another_day(run, person, scene, rng.uniform(0.1, 20), must_stand=False)


async def _another_camera(
    rng: random.Random, run: MadeRun, person: Person, scene: Picture, table: CameraTable
) -> Found:
    await _confirms(rng, run, person, scene, table)
    used = run.preflight.devices.camera
    other = next(each for each in run.preflight.devices.cameras if each != used)
    run.preflight.choose_camera(other.id)
    await run.loop.sleep(3)
    return run.result.state


async def _no_camera(
    _rng: random.Random, run: MadeRun, person: Person, _scene: Picture, table: CameraTable
) -> Found:
    await run.end()
    table.plugged = {}
    await run.begin(4)
    return CheckState.PASSED if person.confirm() else run.result.state


def cases() -> Iterator[Case]:
    """Yield every case."""
    yield from cases_of(
        "camera.orientation",
        SEED,
        [
            ("confirmed", _hung(_confirms)),
            ("confirmed at last", _hung(_changes_their_mind)),
            ("confirmed the other day", _hung(_kept(0.01, 29.9))),
            ("the other day, another number", _hung(_kept(0.01, 29.9, renumbered=True))),
        ],
        [
            ("turned", WARNED, _hung(_turns)),
            ("turned after all", WARNED, _hung(_turns_after_all)),
            ("turned another day", WARNED, _hung(_turns_another_day)),
        ],
        [
            ("not asked", UNKNOWN, _hung(_is_not_asked)),
            ("confirmed long ago", UNKNOWN, _hung(_kept(30.1, 300))),
            ("confirmed in the future", UNKNOWN, _hung(_kept(-90, -0.1))),
            ("left turned", UNKNOWN, _hung(_left_turned)),
            ("another camera", UNKNOWN, _hung(_another_camera)),
            ("no camera", SKIPPED, _hung(_no_camera)),
        ],
    )
