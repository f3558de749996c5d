"""What the loudspeaker gets: delay, mix, volume, and honest counts."""

import numpy as np
import numpy.typing as npt

from desktop.media.playout import PersonBuffer, Playout
from preflight.devices.frames import BLOCK_SAMPLES


def sound(level: int, blocks: int = 1) -> npt.NDArray[np.int16]:
    return np.full(BLOCK_SAMPLES * blocks, level, np.int16)


def speaking(level: int, blocks: int = 6) -> PersonBuffer:
    person = PersonBuffer()
    person.push(sound(level, blocks))
    return person


def level_of(playout: Playout) -> int | None:
    block = playout.pull()
    return None if block is None else int(block.samples[0, 0])


def test_sound_begins_only_when_thirty_milliseconds_wait() -> None:
    person = PersonBuffer()
    person.push(sound(7, 2))
    early = person.pull()
    person.push(sound(7, 1))

    assert early is None
    assert person.pull() is not None
    assert person.counters.underruns == 0


def test_old_sound_is_dropped_when_the_loudspeaker_starts_late() -> None:
    person = PersonBuffer()
    for level in range(12):
        person.push(sound(level))

    first = person.pull()

    assert first is not None
    assert first[0] == 9
    assert person.counters.overruns == 0


def test_running_dry_is_counted_once_and_waits_for_more_than_before() -> None:
    person = speaking(1, 3)
    for _ in range(3):
        assert person.pull() is not None

    dry = [person.pull() for _ in range(5)]
    person.push(sound(1, 3))
    still_waiting = person.pull()
    person.push(sound(1, 1))

    assert dry == [None] * 5
    assert person.counters.underruns == 1
    assert still_waiting is None
    assert person.pull() is not None


def test_a_pause_on_purpose_is_no_underrun() -> None:
    person = speaking(1, 3)
    person.pull()

    person.rest()

    assert person.pull() is None
    assert person.counters.underruns == 0


def test_a_full_buffer_loses_the_oldest_and_counts_it() -> None:
    person = speaking(1, 3)
    person.pull()

    person.push(sound(2, 20))

    assert person.counters.overruns == 6
    assert person.depth_ms == 160


def test_a_delay_that_is_never_needed_is_taken_back_block_by_block() -> None:
    person = speaking(1, 3)
    person.pull()
    person.push(sound(1, 8))
    for _ in range(400):
        person.pull()
        person.push(sound(1))

    assert person.counters.trimmed == 2
    assert person.depth_ms == 80


def test_everybody_is_heard_once() -> None:
    playout = Playout()
    one, other = speaking(1000), speaking(500)
    for person in (one, other, other):
        playout.add(person)

    assert level_of(playout) == 1500


def test_a_sum_beyond_the_range_is_clipped_and_not_wrapped() -> None:
    playout = Playout()
    for _ in range(3):
        playout.add(speaking(20_000))

    assert level_of(playout) == 32_767


def test_a_removed_person_is_not_pulled_any_more() -> None:
    playout = Playout()
    person = speaking(1000)
    playout.add(person)
    playout.remove(person)
    playout.remove(person)

    assert level_of(playout) is None
    assert person.counters.played == 0


def test_the_echo_canceller_gets_what_was_played_and_the_silence_between() -> None:
    playout = Playout()
    playout.pull()
    playout.add(speaking(5))
    playout.pull()

    far = playout.take_far_end()

    assert [int(each[0]) for each in far] == [0, 5]
    assert playout.take_far_end() == []


def test_sound_nobody_fetches_for_the_echo_canceller_is_bounded() -> None:
    playout = Playout()
    for _ in range(100):
        playout.pull()

    assert len(playout.take_far_end()) == 20
