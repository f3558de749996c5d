"""Every case of S05 and S06: rooms and headsets, echoes of -40 to 0 dB, 20 to 400 ms late.

Truth. ``speaker.loop``: below -31.5 dB and with headphones passed, -28.5 to -11.5 dB warned, from
-8.5 dB failed; what lies between is not made. ``speaker.delay``: to 140 ms passed, 160 to 290
warned, from 310 failed; with headphones unknown. An echo more than 6 dB under the other sound is
judged by nobody: it is not made either, but for a pass, which it stays.

Reported are `other_rooms` with seeds from 7000; `tuning_cases` are `made_rooms` below 4000.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np

from preflight.analysis.echo import find_echo
from preflight.check import CannotTell
from preflight.checks.speaker.loop import DELAY, LOOP, delay_figures, loop_figures
from preflight.checks.speaker.sweep import LEVEL_DBFS, sweep
from preflight.model import CheckState, Measured
from tests.accuracy import made_rooms, other_rooms
from tests.accuracy.made_rooms import MakeNoise, MakeResponse, Room, heard_in
from tests.accuracy.tally import HEALTHY, Case

UNDER_DB = 6.0
_WARNED = frozenset({CheckState.WARNED})
_FAILED = frozenset({CheckState.FAILED})
_UNKNOWN = frozenset({CheckState.UNKNOWN})
_LOOPS = ((-40.0, -31.5, HEALTHY), (-28.5, -11.5, _WARNED), (-8.5, 0.0, _FAILED))
_DELAYS = ((20.0, 140.0, HEALTHY), (160.0, 290.0, _WARNED), (310.0, 400.0, _FAILED))
_LOUDEST_DBFS, _QUIETEST_DBFS = -22.0, -75.0
_EACH = 60


def cases() -> Iterator[Case]:
    """Yield the reported cases."""
    noises = (other_rooms.workshop, other_rooms.chatting)
    yield from _cases(other_rooms.mirrored_room, noises, 7000)


def tuning_cases() -> Iterator[Case]:
    """Yield the cases that the limits were looked at with."""
    noises = (made_rooms.steady_noise, made_rooms.talking)
    yield from _cases(made_rooms.fading_room, noises, 1000)


def _cases(
    response: MakeResponse, noises: tuple[MakeNoise, MakeNoise], seed: int
) -> Iterator[Case]:
    for low, high, truth in _LOOPS:
        for number in range(_EACH):
            seed += 1
            room = _room(np.random.default_rng(seed), (low, high), (20.0, 400.0))
            yield _case(LOOP, room, truth, seed, response, noises[number % 2])
    for low, high, truth in _DELAYS:
        for number in range(_EACH):
            seed += 1
            room = _room(np.random.default_rng(seed), (-30.0, 0.0), (low, high))
            yield _case(DELAY, room, truth, seed, response, noises[number % 2])
    for code, truth in ((LOOP, HEALTHY), (DELAY, _UNKNOWN)):
        for number in range(_EACH):
            seed += 1
            rng = np.random.default_rng(seed)
            room = Room(None, 0.0, rng.uniform(_QUIETEST_DBFS, _LOUDEST_DBFS))
            yield _case(code, room, truth, seed, response, noises[number % 2])


def _room(
    rng: np.random.Generator, echo_db: tuple[float, float], delay_ms: tuple[float, float]
) -> Room:
    echo = rng.uniform(*echo_db)
    loudest = min(_LOUDEST_DBFS, LEVEL_DBFS + echo + UNDER_DB)
    return Room(echo, rng.uniform(*delay_ms), rng.uniform(_QUIETEST_DBFS, loudest))


def _case(
    code: str,
    room: Room,
    truth: frozenset[CheckState],
    seed: int,
    response: MakeResponse,
    noise: MakeNoise,
) -> Case:
    echo = "headphones" if room.echo_db is None else f"echo {room.echo_db:.1f} dB"
    name = (
        f"{echo}, {room.delay_ms:.0f} ms, {noise.__name__} {room.noise_dbfs:.0f} dBFS, seed {seed}"
    )
    return Case(code, name, truth, partial(_measured, code, room, seed, response, noise))


def _measured(
    code: str, room: Room, seed: int, response: MakeResponse, noise: MakeNoise
) -> Measured:
    echo = find_echo(heard_in(room, np.random.default_rng(seed), response, noise), sweep())
    if echo is None:
        return {}
    if code == LOOP:
        return loop_figures(echo)
    try:
        return delay_figures(echo)
    except CannotTell:
        return {}
