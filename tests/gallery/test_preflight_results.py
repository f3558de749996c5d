"""The gallery's verdicts are those that a run leaves, so that no picture contradicts itself."""

from collections.abc import Callable
from pathlib import Path

import pytest

from preflight.devices.ports import OpenFault
from preflight.model import CheckResult, CheckState
from preflight.verdicts.gate import GATING
from tests.fakes.preflight_bench import Bench, preflight_bench
from tests.gallery.preflight_results import all_passed, checks


def no_camera(bench: Bench) -> None:
    bench.catalogue.camera_infos = ()


def no_microphone(bench: Bench) -> None:
    bench.catalogue.microphone_infos = ()


def camera_busy(bench: Bench) -> None:
    bench.catalogue.camera_mood = lambda camera: setattr(camera, "fault", OpenFault.BUSY)


def unhealthy(bench: Bench) -> None:
    bench.probe.healthy = False


def verdicts(results: tuple[CheckResult, ...]) -> dict[str, tuple[CheckState, str | None]]:
    gating = {row.code for row in GATING}
    return {each.code: (each.state, each.reason) for each in results if each.code in gating}


@pytest.mark.parametrize(
    ("spoil", "posed"),
    [
        (no_camera, checks(camera__none=CheckState.FAILED)),
        (camera_busy, checks(camera__busy=CheckState.FAILED)),
        (no_microphone, checks(mic__none=CheckState.FAILED)),
        (unhealthy, checks(net__health=CheckState.FAILED)),
    ],
    ids=["no camera", "camera busy", "no microphone", "service away"],
)
async def test_what_waits_for_a_failed_check_is_skipped_as_in_a_run(
    tmp_path: Path, spoil: Callable[[Bench], None], posed: tuple[CheckResult, ...]
) -> None:
    async with preflight_bench(tmp_path) as bench:
        spoil(bench)
        preflight = await bench.run(30.0)
        ran = verdicts(preflight.progress.checks)

    assert ran == verdicts(posed)


def test_a_run_with_nothing_to_tell_holds_all_110_checks() -> None:
    run = all_passed()

    assert len(run.checks) == 110
    assert run.gate.passed
    assert run.finished
