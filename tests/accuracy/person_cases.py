"""M21 and S04: a made person's answers, by the page's own questions, and what is kept of them.

The person hears what a made loudspeaker gave off, and answers what they heard. Truth is what was
done, written down from the catalogue before it was tried:

- ``speaker.not_heard``: right passes, also after a wrong answer; wrong once warns; wrong twice, or
  nothing heard, fails. An answer counts for 30 days and for this loudspeaker, until it is heard no
  more. Unknown where nobody was asked or answered. Not made: answers of the 30th day.
- ``mic.replay``: clear or not, by whether what came back is what was said. Unknown without an
  answer, also where nothing could be recorded, and for another microphone.
"""

import random
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TypeAlias

import numpy as np

from preflight.devices.frames import BLOCK_SAMPLES, DeviceId
from preflight.model import CheckState
from tests.accuracy.kinds import FAILED, UNKNOWN, WARNED, Found, Make, cases_of
from tests.accuracy.made_devices import MadePulse, sound_row
from tests.accuracy.made_person import Person, Sound, is_like, sits_down
from tests.accuracy.made_run import MadeRun
from tests.accuracy.tally import Case

SEED = 1_700_000
OPEN_S, DAY_S = 2.2, 86_400.0
_SINKS = (
    ("alsa_output.pci-0000_00_1f.3.analog-stereo", "Audio interne Stéréo analogique"),
    ("alsa_output.usb-Jabra_EVOLVE_20-00.analog-stereo", "EVOLVE 20 Stereo"),
    ("bluez_output.AA_BB.1", "Наушники"),
)
_SOURCES = (
    ("alsa_input.usb-Jabra_EVOLVE_20-00.mono-fallback", "EVOLVE 20 Mono"),
    ("alsa_input.pci-0000_00_1f.3.analog-stereo", "Audio interne Stéréo analogique"),
)

Step: TypeAlias = Callable[[random.Random, MadeRun, Person], Awaitable[Found]]


def _sound(rng: random.Random) -> MadePulse:
    return MadePulse(
        [sound_row(index, *each) for index, each in enumerate(_SOURCES)],
        [sound_row(index, *each) for index, each in enumerate(rng.sample(_SINKS, 2))],
    )


def _later(run: MadeRun, days: float) -> None:
    """Let days pass between two runs; the wall clock may also be set back."""
    run.loop.wall_off_s += days * DAY_S


# --- S04 ---------------------------------------------------------------------------------------


def _asked(step: Step) -> Make:
    return lambda rng: sits_down(
        "speaker.not_heard",
        _sound(rng),
        OPEN_S,
        partial(step, rng),
        pick_beeps=lambda: rng.randrange(1, 4),
    )


async def _answer(person: Person, says: Callable[[int], int] = lambda heard: heard) -> None:
    """Listen to one set of beeps and answer; ``says`` makes of what was heard what is said."""
    heard = await person.hear_beeps()
    assert person.say_beeps(says(heard)), "the page does not ask"


def _wrong(rng: random.Random) -> Callable[[int], int]:
    return lambda heard: rng.choice([each for each in (1, 2, 3) if each != heard])


def _nothing(_: int) -> int:
    return 0


async def _right(rng: random.Random, run: MadeRun, person: Person) -> Found:
    await _answer(person)
    await run.loop.sleep(rng.uniform(0, 5))
    return run.result.state


async def _wrong_then_right(rng: random.Random, run: MadeRun, person: Person) -> Found:
    for _ in range(rng.randrange(1, 4)):
        await _answer(person, rng.choice((_wrong(rng), _nothing)))
    await _answer(person)
    return run.result.state


def _remembered(low_days: float, high_days: float) -> Step:
    async def step(rng: random.Random, run: MadeRun, person: Person) -> Found:
        await _answer(person)
        await run.end()
        _later(run, rng.uniform(low_days, high_days))
        await run.begin(OPEN_S)
        return run.result.state

    return step


async def _once_wrong(rng: random.Random, run: MadeRun, person: Person) -> Found:
    await _answer(person, _wrong(rng))
    return run.result.state


async def _twice_wrong(rng: random.Random, run: MadeRun, person: Person) -> Found:
    for _ in range(2):
        await _answer(person, _wrong(rng))
    return run.result.state


async def _deaf(_rng: random.Random, run: MadeRun, person: Person) -> Found:
    """A cable that is loose, or sound that goes elsewhere."""
    person.ear.deaf = True
    await _answer(person)
    return run.result.state


async def _wakes_up_late(rng: random.Random, run: MadeRun, person: Person) -> Found:
    """A headset swallows the first beep each time: one is counted less, or none at all."""
    person.ear.swallows_s = rng.uniform(0.2, 0.35)
    for _ in range(2):
        await _answer(person)
        await run.loop.sleep(2)
    return run.result.state


async def _heard_no_more(rng: random.Random, run: MadeRun, person: Person) -> Found:
    """It was heard the other day; today the cable is loose."""
    await _answer(person)
    await run.end()
    _later(run, rng.uniform(0.5, 20))
    await run.begin(OPEN_S)
    person.ear.deaf = True
    await _answer(person)
    return run.result.state


async def _forgotten(rng: random.Random, run: MadeRun, person: Person) -> Found:
    await _heard_no_more(rng, run, person)
    await run.end()
    await run.begin(OPEN_S)
    return run.result.state


async def _never_asked(rng: random.Random, run: MadeRun, person: Person) -> Found:
    if rng.random() < 0.5:
        await person.hear_beeps()
    await run.loop.sleep(3)
    return run.result.state


async def _another_loudspeaker(rng: random.Random, run: MadeRun, person: Person) -> Found:
    """What was said of the one is not said of the other."""
    await _answer(person)
    other = DeviceId(run.pulse.rows["sinks"][1]["name"])
    if rng.random() < 0.5:
        await run.preflight.choose_speaker(other)
    else:
        await run.end()
        run.pulse.remove("sinks", run.pulse.rows["sinks"][0]["name"])
        await run.begin(OPEN_S)
    await run.loop.sleep(3)
    return run.result.state


def _heard_cases(seed: int) -> Iterator[Case]:
    yield from cases_of(
        "speaker.not_heard",
        seed,
        [
            ("right", _asked(_right)),
            ("wrong, then right", _asked(_wrong_then_right)),
            ("heard the other day", _asked(_remembered(0, 28.9))),
        ],
        [
            ("wrong once", WARNED, _asked(_once_wrong)),
            ("wrong twice", FAILED, _asked(_twice_wrong)),
            ("nothing comes out", FAILED, _asked(_deaf)),
            ("it wakes up late", FAILED, _asked(_wakes_up_late)),
            ("heard the other day, and no more", FAILED, _asked(_heard_no_more)),
        ],
        [
            ("never answered", UNKNOWN, _asked(_never_asked)),
            ("heard long ago", UNKNOWN, _asked(_remembered(31.1, 400))),
            ("heard in the future", UNKNOWN, _asked(_remembered(-60, -1.1))),
            ("heard no more the other day", UNKNOWN, _asked(_forgotten)),
            ("another loudspeaker was heard", UNKNOWN, _asked(_another_loudspeaker)),
        ],
    )


# --- M21 ---------------------------------------------------------------------------------------


def _voice(rng: random.Random, seconds: float = 6.4) -> Sound:
    """Say something: bursts of shaped noise, never the same twice."""
    random_ = np.random.default_rng(rng.randrange(2**32))
    length = round(seconds * 100) * BLOCK_SAMPLES
    carrier = np.convolve(random_.standard_normal(length), np.ones(6) / 6, "same")
    syllables = np.repeat(random_.random(length // 4800) > 0.3, 4800)
    said = carrier * syllables
    loud = rng.uniform(2500, 6000) * said / said.std()
    return np.asarray(np.round(loud).clip(-32768, 32767), np.int16)


def _room(rng: random.Random, length: int, rms: float) -> Sound:
    random_ = np.random.default_rng(rng.randrange(2**32))
    return np.asarray(np.round(rms * random_.standard_normal(length)), np.int16)


Microphone: TypeAlias = Callable[[random.Random, Sound], list[Sound]]
"""Makes of what is said what each channel hears."""


def _mono(rng: random.Random, said: Sound) -> list[Sound]:
    return [said + _room(rng, len(said), rng.uniform(2, 60))]


def _one_side_dead(rng: random.Random, said: Sound) -> list[Sound]:
    sides = [said, np.zeros_like(said)]
    rng.shuffle(sides)
    return sides


def _antiphase(rng: random.Random, said: Sound) -> list[Sound]:
    return [said, np.asarray(-said + _room(rng, len(said), 5), np.int16)]


def _hears_itself(rng: random.Random, said: Sound) -> list[Sound]:
    """A broken capsule: its own noise, and nothing of the voice."""
    return [_room(rng, len(said), rng.uniform(600, 4000))]


def _hardly_hears(rng: random.Random, said: Sound) -> list[Sound]:
    return [np.asarray(said // rng.randrange(200, 2000) + _room(rng, len(said), 3), np.int16)]


def _in_pieces(rng: random.Random, said: Sound) -> list[Sound]:
    """Every other moment is lost: what is left is no speech."""
    blocks = said.reshape(-1, BLOCK_SAMPLES).copy()
    kept = np.asarray([rng.random() < 0.35 for _ in blocks])
    blocks[~kept] = 0
    return [blocks.reshape(-1)]


def _replayed(microphone: Microphone, step: "Replay") -> Make:
    def make(rng: random.Random) -> Found:
        said = _voice(rng)

        async def say(run: MadeRun, person: Person) -> Found:
            return await step(rng, run, person, said)

        return sits_down("mic.replay", _sound(rng), OPEN_S, say, hears=microphone(rng, said))

    return make


Replay: TypeAlias = Callable[[random.Random, MadeRun, Person, Sound], Awaitable[Found]]


async def _says(_rng: random.Random, run: MadeRun, person: Person, said: Sound) -> Found:
    heard = await person.hear_oneself()
    assert person.say_clear(is_like(heard, said)), "the page does not ask"
    return run.result.state


async def _deaf_first(rng: random.Random, run: MadeRun, person: Person, said: Sound) -> Found:
    """Nothing comes out at first; once the cable is in, it is clear."""
    person.ear.deaf = True
    await _says(rng, run, person, said)
    person.ear.deaf = False
    return await _says(rng, run, person, said)


async def _deaf_then(rng: random.Random, run: MadeRun, person: Person, said: Sound) -> Found:
    await _says(rng, run, person, said)
    person.ear.deaf = True
    return await _says(rng, run, person, said)


async def _says_nothing(rng: random.Random, run: MadeRun, person: Person, _said: Sound) -> Found:
    if rng.random() < 0.6:
        await person.hear_oneself()
    await run.loop.sleep(1)
    return run.result.state


async def _pulled(rng: random.Random, run: MadeRun, person: Person, said: Sound) -> Found:
    """It is pulled while it records: there is nothing to ask about."""
    source = run.catalogue.opened_microphones[-1]
    run.loop.call_later(rng.uniform(0.5, 4.5), source.unplug)
    heard = await person.hear_oneself()
    if person.say_clear(is_like(heard, said)):
        return CheckState.FAILED
    return run.result.state


async def _another(rng: random.Random, run: MadeRun, person: Person, said: Sound) -> Found:
    await _says(rng, run, person, said)
    run.preflight.choose_microphone(DeviceId(_SOURCES[1][0]))
    await run.loop.sleep(4)
    return run.result.state


def _replay_cases(seed: int) -> Iterator[Case]:
    yield from cases_of(
        "mic.replay",
        seed,
        [
            ("clear", _replayed(_mono, _says)),
            ("one side is dead", _replayed(_one_side_dead, _says)),
            ("the sides cancel each other", _replayed(_antiphase, _says)),
            ("clear the second time", _replayed(_mono, _deaf_first)),
        ],
        [
            ("its own noise", WARNED, _replayed(_hears_itself, _says)),
            ("hardly anything", WARNED, _replayed(_hardly_hears, _says)),
            ("in pieces", WARNED, _replayed(_in_pieces, _says)),
            ("not the second time", WARNED, _replayed(_mono, _deaf_then)),
        ],
        [
            ("never answered", UNKNOWN, _replayed(_mono, _says_nothing)),
            ("pulled meanwhile", UNKNOWN, _replayed(_mono, _pulled)),
            ("another microphone", UNKNOWN, _replayed(_mono, _another)),
        ],
    )


def cases() -> Iterator[Case]:
    """Yield every case."""
    yield from _replay_cases(SEED)
    yield from _heard_cases(SEED + 20_000)
