"""The figures of a machine's last runs: kept within bounds, compared by their median."""

import json
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.memory.history import (
    FIGURES,
    FILE_NAME,
    RUNS_KEPT,
    Run,
    compare,
    figures_of,
    keep_run,
    load_runs,
    trend_words,
)
from preflight.memory.machine_file import FILE_NAME as MACHINE_NAME
from preflight.model import CheckResult, CheckState, Group
from preflight.report.report import EndedBy
from tests.unit.preflight.conftest import Bench

MACHINE = "0b1c2d3e-4f50-4617-8293-a4b5c6d7e80a"


def runs(*uplinks: float) -> tuple[Run, ...]:
    return tuple(
        Run(f"run-{place}", "2026-11-22T12:00:00+00:00", {"uplink_kbps": kbps})
        for place, kbps in enumerate(uplinks)
    )


def result(code: str, **measured: float | str | bool | None) -> CheckResult:
    return CheckResult(code, "X1", Group.CAMERA, CheckState.PASSED, measured=measured)


def test_a_run_is_set_beside_the_median_of_earlier_ones() -> None:
    told = compare({"uplink_kbps": 960.0}, runs(2400, 100, 2400, 9000, 2400))

    assert told is not None
    assert (told["runs"], told["since_utc"]) == (5, "2026-11-22T12:00:00+00:00")
    assert told["figures"] == {
        "uplink_kbps": {
            "now": 960.0,
            "usual": 2400,
            "change": -1440.0,
            "change_percent": -60,
            "runs": 5,
        }
    }
    assert trend_words(told) == ["upload 60 % below your usual"]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ({"uplink_kbps": 1813.0}, []),
        ({"uplink_kbps": 1800.0}, ["upload 25 % below your usual"]),
        ({"uplink_kbps": 3000.0}, ["upload 25 % above your usual"]),
        ({"uplink_kbps": 9600.0}, ["upload 4 times your usual"]),
    ],
)
def test_only_what_is_telling_is_told(now: dict[str, float], words: list[str]) -> None:
    assert trend_words(compare(now, runs(2400, 2400, 2400))) == words


def test_a_level_differs_in_decibel() -> None:
    earlier = tuple(Run(f"r{n}", "2026", {"voice_dbfs": -30.0}) for n in range(3))

    told = compare({"voice_dbfs": -37.2}, earlier)

    assert told is not None
    assert told["figures"]["voice_dbfs"]["change_percent"] is None
    assert trend_words(told) == ["voice 7 dB below your usual"]
    assert trend_words(compare({"voice_dbfs": -35.0}, earlier)) == []


def test_a_usual_of_nothing_has_no_percentage() -> None:
    earlier = tuple(Run(f"r{n}", "2026", {"loss_up_percent": 0.0}) for n in range(3))

    told = compare({"loss_up_percent": 3.0}, earlier)

    assert told is not None
    assert told["figures"]["loss_up_percent"]["change_percent"] is None
    assert trend_words(told) == []


def test_two_runs_are_no_habit() -> None:
    assert compare({"uplink_kbps": 960.0}, runs(2400, 2400)) is None
    assert trend_words(None) == []


def test_only_numbers_of_real_devices_are_figures() -> None:
    results = [
        result("camera.fps_low", fps=29.97),
        result("net.rtt_high", rtt_median_ms=True),
        result("media.uplink_low", uplink_kbps="much"),
        result("media.downlink_low", downlink_kbps=float("inf")),
        result("mic.silent", voice_dbfs=-20.5),
    ]

    assert figures_of(results) == {"fps": 29.97, "voice_dbfs": -20.5}
    assert figures_of(results, made=("camera",)) == {"voice_dbfs": -20.5}


def test_fifty_runs_are_kept_and_the_oldest_makes_room(tmp_path: Path) -> None:
    for each in runs(*range(RUNS_KEPT + 5)):
        keep_run(tmp_path, MACHINE, each)

    kept = load_runs(tmp_path, MACHINE)

    assert [run.run for run in kept] == [f"run-{n}" for n in range(5, RUNS_KEPT + 5)]
    assert (tmp_path / FILE_NAME).stat().st_size < 10_000


def test_a_run_is_kept_once_in_its_newest_state(tmp_path: Path) -> None:
    first, other = runs(100, 200)
    keep_run(tmp_path, MACHINE, first)
    keep_run(tmp_path, MACHINE, other)
    keep_run(tmp_path, MACHINE, Run(first.run, first.at_utc, {"uplink_kbps": 300.0}))

    assert [run.figures["uplink_kbps"] for run in load_runs(tmp_path, MACHINE)] == [200, 300]


def test_a_run_without_figures_is_no_run(tmp_path: Path) -> None:
    keep_run(tmp_path, MACHINE, Run("r", "2026", {}))

    assert not (tmp_path / FILE_NAME).exists()


@pytest.mark.parametrize("content", ["", "{", '{"machine_id": 5, "runs": []}', "[]"])
def test_a_broken_file_is_no_history(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE_NAME).write_text(content)

    assert load_runs(tmp_path, MACHINE) == ()
    assert load_runs(None, MACHINE) == ()


def test_a_machine_that_was_reset_begins_anew(tmp_path: Path) -> None:
    keep_run(tmp_path, MACHINE, runs(100)[0])

    assert load_runs(tmp_path, "another") == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
def test_only_this_user_may_read_it(tmp_path: Path) -> None:
    keep_run(tmp_path, MACHINE, runs(100)[0])

    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_every_figure_has_a_name_of_its_own() -> None:
    assert len({figure.name for figure in FIGURES}) == len(FIGURES)


async def test_four_runs_later_a_report_says_what_is_usual(bench: Bench) -> None:
    """One machine, four runs: the id stays, and the fourth is compared with three."""
    ids = set()
    for _ in range(4):
        preflight = await bench.run(20, signed_in=False)
        report = await preflight.report_to_give(EndedBy.FINISHED)
        ids.add(report["machine_id"])
        await preflight.close()

    kept = json.loads((bench.folder / FILE_NAME).read_text())
    assert len(ids) == 1
    assert (bench.folder / MACHINE_NAME).exists()
    assert len(kept["runs"]) == 4
    assert report["previous"]["runs"] == 3
    assert report["previous"]["figures"]["rtt_median_ms"]["change_percent"] == 0


async def test_a_report_lists_what_there_was_to_choose_from(bench: Bench) -> None:
    two = (
        DeviceInfo(DeviceId("cam"), "Integrated Camera", DeviceKind.REAL),
        DeviceInfo(DeviceId("usb"), "USB Camera", DeviceKind.REAL),
    )
    bench.catalogue.camera_infos = two
    preflight = await bench.run(5, signed_in=False)

    report = await preflight.report_to_give(EndedBy.FINISHED)

    devices = report["devices"]
    assert [info["name"] for info in devices["available"]["camera"]] == [one.name for one in two]
    assert devices["camera"]["mode"].keys() == {"width", "height", "fps"}
    assert devices["available"].keys() == {"camera", "microphone", "speaker"}


async def test_a_run_that_ends_at_once_is_redacted_with_the_machines_names(bench: Bench) -> None:
    """The names are read beside the run, which may be over before they are there."""
    bench.surroundings = replace(bench.surroundings, app={"liftbay": "9"}, user="annasmith")
    preflight = bench.start(signed_in=False)

    found = await preflight.bundle(EndedBy.CANCELLED, ["met annasmith"])

    assert found.report["app"] == {"liftbay": "9"}
    assert found.log == ["met [user]"]
    assert found.crash is None
