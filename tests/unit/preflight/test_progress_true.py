"""The progress bar over whole runs in virtual time: it goes forwards, and is full at the end."""

from collections.abc import Sequence
from itertools import pairwise

from preflight.model import CheckState, Group, RunProgress
from tests.unit.preflight.conftest import Bench


def goes_back(seen: Sequence[RunProgress]) -> list[tuple[float, float]]:
    """Return each place where the bar was longer before than after."""
    shares = [progress.fraction for progress in seen]
    return [(before, after) for before, after in pairwise(shares) if after < before]


def says_full(seen: Sequence[RunProgress]) -> list[bool]:
    return [progress.fraction == 1.0 for progress in seen]


def has_ended(seen: Sequence[RunProgress]) -> list[bool]:
    return [progress.finished for progress in seen]


async def test_a_run_that_nothing_disturbs_goes_forwards_until_it_has_ended(bench: Bench) -> None:
    """Also while figures are measured anew beside it: round trips every 15 s, advice followed."""
    await bench.run(100)

    assert bench.seen[0].fraction == 0.0
    assert goes_back(bench.seen) == []
    assert bench.seen[-1].fraction == 1.0
    assert says_full(bench.seen) == has_ended(bench.seen)


async def test_it_grows_step_by_step_and_not_at_the_end_alone(bench: Bench) -> None:
    """What is shown in the middle is the share that has ended, and much of it is told early."""
    await bench.run(100)

    for progress in bench.seen:
        ended = sum(check.state.final for check in progress.checks)
        assert progress.fraction == ended / len(progress.checks)
    at_gate = next(each.fraction for each in bench.seen if each.gate.decided)
    assert 0.2 <= at_gate < 1.0
    assert len({each.fraction for each in bench.seen}) >= 15


async def test_a_machine_with_faults_has_a_bar_that_ends_as_well(bench: Bench) -> None:
    """What waits for a camera that is not there is skipped, and that is an end."""
    bench.catalogue.camera_infos = ()
    bench.machine.saving = True

    await bench.run(100)

    assert goes_back(bench.seen) == []
    assert says_full(bench.seen) == has_ended(bench.seen)
    assert bench.seen[-1].finished


async def test_what_is_checked_again_is_taken_off_the_bar_and_nothing_else(bench: Bench) -> None:
    """It goes back, because that is so (decision 0033): by this group's share at most."""
    preflight = await bench.run(100)
    of_group = sum(check.group is Group.MICROPHONE for check in preflight.progress.checks)
    whole = len(preflight.progress.checks)
    before = len(bench.seen)

    preflight.retry(Group.MICROPHONE)
    await bench.clock.advance(100)

    again = bench.seen[before:]
    lowest = min(progress.fraction for progress in again)
    others = [
        check.code
        for progress in again
        for check in progress.checks
        if not check.state.final and check.group not in (Group.MICROPHONE, Group.SPEAKER)
    ]
    assert 1 - (of_group + 8) / whole <= lowest < 1.0
    assert others == []
    assert says_full(again) == has_ended(again)
    assert again[-1].finished


async def test_a_check_that_hangs_keeps_the_bar_from_its_end_until_it_is_given_up(
    bench: Bench,
) -> None:
    bench.media.takes_s = 1000.0

    await bench.run(12)
    meanwhile = bench.seen[-1]
    await bench.clock.advance(120)

    assert not meanwhile.finished
    assert meanwhile.fraction < 1.0
    assert bench.seen[-1].finished
    assert bench.seen[-1].fraction == 1.0
    assert says_full(bench.seen) == has_ended(bench.seen)
    assert any(check.state is CheckState.UNKNOWN for check in bench.seen[-1].checks)
