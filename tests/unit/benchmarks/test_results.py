"""What the benchmark writes: medians, ratios, budgets, and calls that do not count."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import run
from benchmarks.calls import ClientFigures
from benchmarks.material import make_clip
from benchmarks.run import BUDGETS, results, table, within_budgets
from desktop.app.demo.processes import DemoError

GOOD = ClientFigures(
    connect_to_first_frame_ms=300.0,
    fps=29.9,
    width=1280,
    height=720,
    cpu_cores=0.5,
    pss_mb=200.0,
    latency_p50_ms=None,
    latency_p95_ms=None,
    encoder_limited=False,
    peak_hz=440.0,
)
CODED = replace(GOOD, latency_p50_ms=25.0, latency_p95_ms=50.0)
THEIRS = replace(GOOD, cpu_cores=1.0, pss_mb=500.0, connect_to_first_frame_ms=600.0)
THEIRS_CODED = replace(THEIRS, latency_p50_ms=50.0, latency_p95_ms=100.0)

Kept = dict[tuple[str, bool], list[list[ClientFigures]]]


def kept() -> Kept:
    return {
        ("liftbay", False): [[GOOD, replace(GOOD, cpu_cores=0.7)], [GOOD, GOOD]],
        ("liftbay", True): [[CODED, CODED]],
        ("browser", False): [[THEIRS, THEIRS]],
        ("browser", True): [[THEIRS_CODED, THEIRS_CODED]],
    }


def none_thrown() -> dict[str, int]:
    return {"liftbay": 0, "browser": 0}


def test_ratios_are_liftbay_over_browser_of_the_medians() -> None:
    told = results(kept(), none_thrown(), 2)

    assert told["ratios"] == {
        "cpu": 0.5,
        "memory": 0.4,
        "join_to_first_frame": 0.5,
        "glass_to_glass_p50": 0.5,
        "glass_to_glass_p95": 0.5,
        "fps": 1.0,
    }
    assert told["runs"] == 2
    assert within_budgets(told["ratios"])


def test_cost_comes_from_calls_without_time_codes_and_latency_from_calls_with() -> None:
    figures = kept()
    figures["liftbay", True] = [[replace(CODED, cpu_cores=9.0, pss_mb=9000.0)]]
    figures["browser", False] = [[replace(THEIRS, latency_p50_ms=1.0, latency_p95_ms=1.0)]]

    told = results(figures, none_thrown(), 1)

    assert told["liftbay"]["cpu_cores"] == 0.5
    assert told["liftbay"]["pss_mb"] == 200.0
    assert told["browser"]["glass_to_glass_p50_ms"] == 50.0


def test_every_call_stands_in_the_file_beside_the_medians() -> None:
    told = results(kept(), {"liftbay": 1, "browser": 2}, 2)

    assert [one["cpu_cores"] for one in told["liftbay"]["cost_runs"]] == [0.5, 0.7, 0.5, 0.5]
    assert len(told["browser"]["latency_runs"]) == 2
    assert (told["liftbay"]["thrown_away"], told["browser"]["thrown_away"]) == (1, 2)


def test_what_was_not_measured_has_no_ratio_and_keeps_no_budget() -> None:
    figures = kept()
    del figures["browser", True]

    told = results(figures, none_thrown(), 1)

    assert told["ratios"]["glass_to_glass_p50"] is None
    assert not within_budgets(told["ratios"])
    assert "-" in table(told)


@pytest.mark.parametrize("name", [*BUDGETS])
def test_each_budget_can_be_missed(name: str) -> None:
    ratios: dict[str, float | None] = {**BUDGETS, "fps": 1.0}
    assert within_budgets(ratios)

    assert not within_budgets(ratios | {name: BUDGETS[name] + 0.01})
    assert not within_budgets(ratios | {name: None})


@pytest.mark.parametrize(("fps", "kept_to"), [(1.0, True), (0.99, True), (0.98, False)])
def test_frames_must_not_be_fewer(fps: float, kept_to: bool) -> None:
    ratios: dict[str, float | None] = {**BUDGETS, "fps": fps}

    assert within_budgets(ratios) is kept_to


def test_the_budgets_are_those_we_promised() -> None:
    assert BUDGETS == {
        "cpu": 0.75,
        "memory": 0.6,
        "join_to_first_frame": 0.7,
        "glass_to_glass_p50": 0.8,
        "glass_to_glass_p95": 0.7,
    }


def test_the_table_has_a_row_for_each_figure_and_says_what_was_thrown_away() -> None:
    rows = table(results(kept(), {"liftbay": 1, "browser": 2}, 2)).splitlines()

    assert len(rows) == 8
    assert rows[1].split()[-4:] == ["0.5", "1.0", "0.50", "<=0.75"]
    assert rows[6].split()[-1] == ">=0.99"
    assert rows[-1] == "2 rounds; thrown away: Liftbay 1, browser 2"
    assert len({len(row) for row in rows[1:7]}) == 1


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (GOOD, None),
        (replace(GOOD, fps=24.0), None),
        (replace(GOOD, fps=23.9), "23.9 of 30 fps"),
        (replace(GOOD, fps=None), "no picture"),
        (replace(GOOD, width=960, height=540), "960x540"),
        (replace(GOOD, encoder_limited=True), "limited by the encoder"),
    ],
)
def test_a_call_below_the_line_does_not_count(call: ClientFigures, fault: str | None) -> None:
    assert call.fault(30, coded=False) == fault


def test_a_latency_call_without_a_latency_does_not_count() -> None:
    assert GOOD.fault(30, coded=True) == "too few readable codes"
    assert CODED.fault(30, coded=True) is None
    assert replace(CODED, fps=10.0).fault(30, coded=True) == "10.0 of 30 fps"


def test_who_asks_for_fewer_pictures_gets_a_lower_line() -> None:
    assert replace(GOOD, fps=12.0).fault(15, coded=False) is None
    assert replace(GOOD, fps=11.9).fault(15, coded=False) == "11.9 of 15 fps"


@pytest.mark.parametrize(("fps", "pictures"), [(30, 120), (15, 60), (10, 40)])
def test_the_clip_holds_as_many_pictures_as_are_asked_for(
    tmp_path: Path, fps: int, pictures: int
) -> None:
    clip = tmp_path / "clip.y4m"

    make_clip(run.CLIP, clip, fps)

    with clip.open("rb") as file:
        header = file.readline()
    assert f" F{fps}:1 ".encode() in header
    assert clip.stat().st_size == len(header) + pictures * (len(b"FRAME\n") + 1280 * 720 * 3 // 2)


class Calls:
    """Gives one outcome after the other."""

    def __init__(self, *outcomes: list[ClientFigures] | Exception) -> None:
        self._outcomes: Iterator[list[ClientFigures] | Exception] = iter(outcomes)
        self.numbers: list[int] = []

    def __call__(self, coded: bool, number: int) -> list[ClientFigures]:
        self.numbers.append(number)
        outcome = next(self._outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


SLOW = [GOOD, replace(GOOD, fps=12.0)]


def test_a_call_that_does_not_count_is_thrown_away_and_repeated(
    capsys: pytest.CaptureFixture[str],
) -> None:
    thrown = none_thrown()
    calls = Calls(SLOW, [GOOD, GOOD])

    figures = run._measure(calls, False, 3, thrown, "liftbay", 30)

    assert figures == [GOOD, GOOD]
    assert thrown == {"liftbay": 1, "browser": 0}
    assert len(set(calls.numbers)) == 2
    assert "thrown away: 12.0 of 30 fps" in capsys.readouterr().err


def test_one_bad_side_is_enough_and_twice_is_the_end() -> None:
    thrown = none_thrown()

    assert run._measure(Calls(SLOW, SLOW), True, 1, thrown, "browser", 30) is None
    assert thrown == {"liftbay": 0, "browser": 2}


def test_a_call_that_did_not_happen_is_counted_too() -> None:
    thrown = none_thrown()

    figures = run._measure(Calls(DemoError("no"), [CODED, CODED]), True, 1, thrown, "liftbay", 30)

    assert figures == [CODED, CODED]
    assert thrown["liftbay"] == 1
