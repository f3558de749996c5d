"""C18, M21 and S04, blind: what people answer about their picture, their voice and their beeps.

Written from the catalogue (sections 2 to 4 and 12), without a look at the checks. Truth is what the
person did: *confirmed* passes, *turned* without a word warns, *denied* warns; beeps that were
counted right pass, once wrong warns, twice wrong or none fails. An answer counts for 30 days and
for that device; who was never asked is unknown. Not made: the 30th day.
"""

import random
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from itertools import cycle
from typing import TypeAlias

import numpy as np

from preflight.devices.frames import BLOCK_SAMPLES, Orientation
from preflight.model import CheckState
from tests.accuracy.asked_machine import made_folder
from tests.accuracy.blind_pulse import full_row
from tests.accuracy.kinds import FAILED, UNTOLD, WARNED, Found, Ill, Kind, Make, blind_cases_of
from tests.accuracy.made_devices import CameraTable, MadeCamera, MadePulse, MadeSpeaker
from tests.accuracy.made_person import (
    RATE_HZ,
    Person,
    Picture,
    Sound,
    hung,
    is_like,
    sits_down,
)
from tests.accuracy.made_run import MadeRun, played
from tests.accuracy.tally import Case
from tests.fakes.devices import FakeCamera

SEED = 9_500_000
OPEN_S, DAY_S = 4.0, 86_400.0

# --- C18 ---------------------------------------------------------------------------------------


def _dashboard(rng: random.Random) -> Picture:
    """Draw what no turn and no mirror image is like: a bright corner, a dark bar, a slope."""
    y, x = np.mgrid[0:120, 0:160]
    plane = 60 + rng.uniform(0.3, 0.6) * y + rng.uniform(0.1, 0.3) * x
    picture = np.stack([plane * each for each in (0.9, 1.0, rng.uniform(0.7, 1.0))], axis=2)
    picture[80:112, 96:150] = rng.randrange(190, 240)
    picture[6:18, 8:90] = rng.randrange(5, 30)
    return picture.astype(np.uint8)


Look: TypeAlias = Callable[[random.Random, MadeRun, Person, Picture], Awaitable[Found]]


def _seen(look: Look, *, upright: bool = False) -> Make:
    """Have a camera that hangs somehow; ``upright``: as it should."""

    def make(rng: random.Random) -> Found:
        scene = _dashboard(rng)
        turned = rng.choice([(90, False), (180, False), (270, False), (0, True), (180, True)])
        orientation = Orientation() if upright else Orientation(*turned)
        noise = np.random.default_rng(rng.randrange(2**32))
        seen = hung(scene, orientation).astype(int)
        pictures = [
            (seen + noise.normal(0, 3, seen.shape)).clip(0, 255).astype(np.uint8) for _ in range(7)
        ]

        def show(source: FakeCamera) -> None:
            source.picture = partial(next, cycle(pictures))

        async def play(run: MadeRun) -> Found:
            run.catalogue.camera_mood = show
            return await look(rng, run, await _sits_down(run), scene)

        with made_folder({}) as root:
            table = CameraTable(root, windows=rng.random() < 0.3)
            table.plug(MadeCamera("Arkmicro USB Camera", "", "pci-0000:00:14.0-usb-0:5:1.0"))
            return played("camera.orientation", play, cameras=table)

    return make


async def _sits_down(run: MadeRun) -> Person:
    person = Person(run)
    await run.begin(OPEN_S)
    person.look()
    await run.loop.sleep(0.5)
    return person


async def _on_another_day(run: MadeRun, days: float) -> Person:
    await run.end()
    run.loop.wall_off_s += days * DAY_S
    return await _sits_down(run)


async def _confirmed(_rng: random.Random, run: MadeRun, person: Person, scene: Picture) -> Found:
    """They put it upright where it is not, say so, and see it so."""
    assert await person.put_upright(scene), "it cannot be put upright"
    assert person.confirm(), "the page does not ask"
    await run.loop.sleep(0.5)
    return run.result.state if person.sees(scene) else CheckState.FAILED


async def _still_so(rng: random.Random, run: MadeRun, person: Person, scene: Picture) -> Found:
    """It was confirmed some days ago."""
    await _confirmed(rng, run, person, scene)
    later = await _on_another_day(run, rng.uniform(0.1, 28.9))
    return run.result.state if later.sees(scene) else CheckState.FAILED


async def _turned(rng: random.Random, run: MadeRun, person: Person, _scene: Picture) -> Found:
    """They press a button or two, and nothing else."""
    await rng.choice((person.turn, person.mirror))()
    if rng.random() < 0.3:
        await person.turn()
    await run.loop.sleep(rng.uniform(0.5, 8))
    return run.result.state


async def _turned_later(rng: random.Random, run: MadeRun, person: Person, scene: Picture) -> Found:
    """They had confirmed it, and turn it after all."""
    await _confirmed(rng, run, person, scene)
    await run.loop.sleep(rng.uniform(0.2, 5))
    await rng.choice((person.turn, person.mirror))()
    await run.loop.sleep(1)
    return run.result.state


async def _not_asked(rng: random.Random, run: MadeRun, person: Person, _scene: Picture) -> Found:
    del person
    await run.loop.sleep(rng.uniform(1, 70))
    return run.result.state


async def _too_long_ago(rng: random.Random, run: MadeRun, person: Person, scene: Picture) -> Found:
    await _confirmed(rng, run, person, scene)
    await _on_another_day(run, rng.uniform(31.1, 300))
    await run.loop.sleep(10)
    return run.result.state


# --- S04 ---------------------------------------------------------------------------------------

_OUTPUTS = (
    ("alsa_output.usb-SteelSeries_Arctis_Nova_7-00.analog-stereo", "Arctis Nova 7"),
    ("bluez_output.58_FC_C6_0A_1B_2C.1", "JBL TUNE510BT"),
)
_INPUTS = (("alsa_input.usb-SteelSeries_Arctis_Nova_7-00.mono-fallback", "Arctis Nova 7 Mono"),)
Hear: TypeAlias = Callable[[random.Random, MadeRun, Person], Awaitable[Found]]


def _pulse(rng: random.Random) -> MadePulse:
    return MadePulse(
        [full_row(rng, *each) for each in _INPUTS], [full_row(rng, *each) for each in _OUTPUTS]
    )


def _listens(hear: Hear) -> Make:
    return lambda rng: sits_down(
        "speaker.not_heard",
        _pulse(rng),
        OPEN_S,
        partial(hear, rng),
        pick_beeps=lambda: rng.randrange(1, 4),
    )


async def _counts(person: Person, off: Callable[[int], int] = lambda heard: heard) -> int:
    heard = await person.hear_beeps()
    assert person.say_beeps(off(heard)), "the page does not ask"
    return heard


def _another_number(rng: random.Random, heard: int) -> int:
    """Guess at random; 0 would be "none"."""
    return rng.choice([each for each in (1, 2, 3) if each != heard])


async def _right(_rng: random.Random, run: MadeRun, person: Person) -> Found:
    heard = await _counts(person)
    return run.result.state if heard else CheckState.FAILED


async def _right_again(rng: random.Random, run: MadeRun, person: Person) -> Found:
    """They counted right some days ago."""
    await _counts(person)
    await run.end()
    run.loop.wall_off_s += rng.uniform(0.1, 28.9) * DAY_S
    await run.begin(OPEN_S)
    return run.result.state


async def _at_last(rng: random.Random, run: MadeRun, person: Person) -> Found:
    """They guess wrong first, listen again and count right."""
    await _counts(person, partial(_another_number, rng))
    await _counts(person)
    return run.result.state


async def _guesses(rng: random.Random, run: MadeRun, person: Person) -> Found:
    await _counts(person, partial(_another_number, rng))
    return run.result.state


async def _guesses_twice(rng: random.Random, run: MadeRun, person: Person) -> Found:
    await _counts(person, partial(_another_number, rng))
    await _counts(person, partial(_another_number, rng))
    return run.result.state


async def _hears_none(_rng: random.Random, run: MadeRun, person: Person) -> Found:
    """A cable that is not in: nothing comes out, and they say so."""
    person.ear.deaf = True
    assert await _counts(person) == 0
    return run.result.state


async def _went_quiet(rng: random.Random, run: MadeRun, person: Person) -> Found:
    """They heard it once; today nothing comes out, and they try it again."""
    await _counts(person)
    await run.end()
    run.loop.wall_off_s += rng.uniform(0.5, 20) * DAY_S
    await run.begin(OPEN_S)
    person.ear.deaf = True
    await _counts(person)
    return run.result.state


async def _says_nothing(rng: random.Random, run: MadeRun, person: Person) -> Found:
    """They listen, or not even that, and answer nothing."""
    if rng.random() < 0.5:
        await person.hear_beeps()
    await run.loop.sleep(rng.uniform(1, 70))
    return run.result.state


async def _long_ago(rng: random.Random, run: MadeRun, person: Person) -> Found:
    await _counts(person)
    await run.end()
    run.loop.wall_off_s += rng.uniform(31.1, 300) * DAY_S
    await run.begin(OPEN_S)
    return run.result.state


async def _of_the_other(rng: random.Random, run: MadeRun, person: Person) -> Found:
    """They heard one loudspeaker; the sound goes to another one on another day."""
    await _counts(person)
    await run.end()
    names = [row["name"] for row in run.pulse.rows["sinks"]]
    run.pulse.remove("sinks", run.pulse.default["sinks"])
    assert run.pulse.default["sinks"] in names
    run.loop.wall_off_s += rng.uniform(0.1, 20) * DAY_S
    await run.begin(OPEN_S)
    return run.result.state


# --- M21 ---------------------------------------------------------------------------------------


def _speech(rng: random.Random) -> Sound:
    """Say vowels: a sawtooth through two resonances, in syllables of other pitches."""
    noise = np.random.default_rng(rng.randrange(2**32))
    pitch_hz = rng.uniform(90, 230)
    parts = []
    for _ in range(34):
        length = 20 * BLOCK_SAMPLES
        at_s = np.arange(length) / RATE_HZ
        phase = pitch_hz * noise.uniform(0.8, 1.25) * at_s
        first, second = noise.uniform(300, 800), noise.uniform(900, 2300)
        buzz = sum(
            np.sin(2 * np.pi * n * phase)
            / (1 + ((n * pitch_hz - first) / 200) ** 2)
            / (1 + ((n * pitch_hz - second) / 900) ** 2)
            for n in range(1, 14)
        )
        swell = np.sin(np.pi * np.arange(length) / length) ** 0.5
        parts.append(buzz * swell * (noise.random() > 0.2))
    said = np.concatenate(parts)
    loud = rng.uniform(1800, 5000) * said / said.std()
    return np.asarray(np.round(loud).clip(-32768, 32767), np.int16)


def _hiss(rng: random.Random, length: int, rms: float) -> Sound:
    noise = np.random.default_rng(rng.randrange(2**32))
    return np.asarray(np.round(noise.normal(0, rms, length)), np.int16)


Capsule: TypeAlias = Callable[[random.Random, Sound], list[Sound]]
Say: TypeAlias = Callable[[random.Random, MadeRun, Person, Sound], Awaitable[Found]]


def _in_a_room(rng: random.Random, said: Sound) -> list[Sound]:
    """Hear it on one side or two, the second a little quieter, in the hiss of a room."""
    near = said + _hiss(rng, len(said), rng.uniform(1, 40))
    if rng.random() < 0.5:
        return [near]
    far = np.asarray(np.round(0.7 * said), np.int16) + _hiss(rng, len(said), 10)
    return [near, far]


def _dead_capsule(rng: random.Random, said: Sound) -> list[Sound]:
    return [_hiss(rng, len(said), rng.uniform(2, 30))]


def _chopped(rng: random.Random, said: Sound) -> list[Sound]:
    """Only moments of it get through."""
    blocks = said.reshape(-1, BLOCK_SAMPLES).copy()
    for first in range(0, len(blocks), 10):
        blocks[first + rng.randint(1, 2) : first + 10] = 0
    return [blocks.reshape(-1)]


def _crackles(rng: random.Random, said: Sound) -> list[Sound]:
    """A bad contact, louder than the voice."""
    noise = np.random.default_rng(rng.randrange(2**32))
    cracks = noise.normal(0, 9000, len(said)) * (noise.random(len(said)) < 0.7)
    return [np.asarray((said // 3 + cracks).clip(-32768, 32767), np.int16)]


def _repeats(capsule: Capsule, say: Say) -> Make:
    def make(rng: random.Random) -> Found:
        said = _speech(rng)

        async def step(run: MadeRun, person: Person) -> Found:
            return await say(rng, run, person, said)

        return sits_down("mic.replay", _pulse(rng), OPEN_S, step, hears=capsule(rng, said))

    return make


async def _judges(_rng: random.Random, run: MadeRun, person: Person, said: Sound) -> Found:
    """They hear what comes back, and say whether it was what they said."""
    clear = is_like(await person.hear_oneself(), said)
    assert person.say_clear(clear), "the page does not ask"
    return run.result.state


async def _once_more(_rng: random.Random, run: MadeRun, person: Person, said: Sound) -> Found:
    """They spoke too softly, deny it, and try again."""
    await person.hear_oneself()
    assert person.say_clear(False), "the page does not ask"
    return await _judges(_rng, run, person, said)


async def _no_answer(rng: random.Random, run: MadeRun, person: Person, _said: Sound) -> Found:
    if rng.random() < 0.5:
        await person.hear_oneself()
    await run.loop.sleep(rng.uniform(0, 60))
    return run.result.state


async def _dead_loudspeaker(rng: random.Random, run: MadeRun, person: Person, said: Sound) -> Found:
    """The headset sounds no more; the person hears nothing of it."""

    def mute(speaker: MadeSpeaker) -> None:
        person.ear.place(speaker)
        person.ear.deaf = True

    run.catalogue.speaker_mood = mute
    for speaker in run.catalogue.opened_speakers:
        mute(speaker)
    return await _judges(rng, run, person, said)


# --- all ---------------------------------------------------------------------------------------


def _half(
    code: str, seed: int, healthy: tuple[Kind, ...], ill: tuple[Ill, ...], other: tuple[Ill, ...]
) -> Iterator[Case]:
    return blind_cases_of(code, seed, healthy, ill, other)


def cases() -> Iterator[Case]:
    """Yield the blind cases."""
    yield from _half(
        "camera.orientation",
        SEED,
        (
            ("upright, confirmed", _seen(_confirmed, upright=True)),
            ("put upright, confirmed", _seen(_confirmed)),
            ("confirmed some days ago", _seen(_still_so)),
        ),
        (
            ("turned", WARNED, _seen(_turned)),
            ("turned after all", WARNED, _seen(_turned_later)),
        ),
        (
            ("not asked", UNTOLD, _seen(_not_asked)),
            ("too long ago", UNTOLD, _seen(_too_long_ago)),
        ),
    )
    yield from _half(
        "speaker.not_heard",
        SEED + 20_000,
        (
            ("right", _listens(_right)),
            ("right some days ago", _listens(_right_again)),
            ("right at last", _listens(_at_last)),
        ),
        (
            ("wrong once", WARNED, _listens(_guesses)),
            ("wrong twice", FAILED, _listens(_guesses_twice)),
            ("none", FAILED, _listens(_hears_none)),
            ("none today", FAILED, _listens(_went_quiet)),
        ),
        (
            ("no answer", UNTOLD, _listens(_says_nothing)),
            ("long ago", UNTOLD, _listens(_long_ago)),
            ("another loudspeaker", UNTOLD, _listens(_of_the_other)),
        ),
    )
    yield from _half(
        "mic.replay",
        SEED + 40_000,
        (
            ("clear", _repeats(_in_a_room, _judges)),
            ("clear once more", _repeats(_in_a_room, _once_more)),
        ),
        (
            ("a dead capsule", WARNED, _repeats(_dead_capsule, _judges)),
            ("in moments", WARNED, _repeats(_chopped, _judges)),
            ("a bad contact", WARNED, _repeats(_crackles, _judges)),
            ("a dead loudspeaker", WARNED, _repeats(_in_a_room, _dead_loudspeaker)),
        ),
        (("no answer", UNTOLD, _repeats(_in_a_room, _no_answer)),),
    )
