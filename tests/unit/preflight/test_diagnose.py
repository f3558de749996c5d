"""The support command: scope, exit codes, texts and its report."""

import asyncio
import io
import json
from contextlib import suppress
from pathlib import Path

import pytest

from preflight.model import CheckResult, CheckState, Group, MeasuredValue, RunProgress
from preflight.support.command import DiagnoseOptions, diagnose
from preflight.support.outputs import Output
from preflight.support.scope import UnknownCheck, codes_of, read_scope
from preflight.support.verdict import ExitCode, describe, judge_scope
from preflight.support.words import check_list, device_list, sentence
from preflight.verdicts.catalogue import BY_CODE
from preflight.verdicts.gate import GATING, decide
from preflight.verdicts.remedies import FILE_REMEDY, FILE_WORDS, WORDS, remedy_id
from tests.unit.preflight.conftest import Bench

PASSED, FAILED, SKIPPED = CheckState.PASSED, CheckState.FAILED, CheckState.SKIPPED


def run(**changed: tuple[CheckState, str | None]) -> RunProgress:
    checks = tuple(
        CheckResult(row.code, row.no, row.group, *changed.get(row.no, (PASSED, None)))
        for row in GATING
    )
    return RunProgress(checks, decide(checks), 1.0, True)


def test_a_passing_run_is_zero() -> None:
    assert judge_scope(run(), None).code is ExitCode.PASSED


def test_what_needs_an_account_is_out_of_scope_and_said() -> None:
    found = judge_scope(run(N04=(SKIPPED, "not_signed_in"), N05=(SKIPPED, "not_signed_in")), None)

    assert found.code is ExitCode.PASSED
    assert describe(found) == "gate passes (out of scope: net.signal, net.room)"


def test_a_failed_check_is_one_and_stands_on_the_last_line() -> None:
    found = judge_scope(run(C07=(FAILED, None), N03=(FAILED, None)), None)

    assert found.code is ExitCode.FAILED
    assert describe(found) == "gate fails: camera.black, net.rtt_high"


def test_what_waits_for_a_failed_check_blames_that_one() -> None:
    found = judge_scope(
        run(C01=(FAILED, None), C07=(SKIPPED, "needs:camera.none")), {"camera.black"}
    )

    assert (found.code, found.blocking) == (ExitCode.FAILED, ("camera.none",))


@pytest.mark.parametrize(
    "state",
    [
        (CheckState.PENDING, None),
        (CheckState.RUNNING, None),
        (CheckState.UNKNOWN, None),
        (SKIPPED, "user"),
    ],
)
def test_a_needed_check_without_a_verdict_is_three(state: tuple[CheckState, str | None]) -> None:
    assert judge_scope(run(M06=state), None).code is ExitCode.UNDECIDED


def test_a_failure_outside_of_what_was_asked_is_no_failure() -> None:
    found = judge_scope(run(C07=(FAILED, None)), read_scope("network"))

    assert found.code is ExitCode.PASSED


def test_where_only_advice_was_asked_for_no_gate_is_said_to_pass() -> None:
    found = judge_scope(run(N01=(FAILED, None)), read_scope("host"))

    assert found.code is ExitCode.PASSED
    assert describe(found) == "nothing that Join waits for was looked at"


async def _without_names(bench: Bench, tmp_path: Path, only: str) -> tuple[ExitCode, str, str, str]:
    """Run what was asked for behind a network without a name server."""
    bench.probe.reach_figures = {"dns_ok": False, "tcp_ok": False, "tls_ok": False, "stage": "dns"}
    out, page = io.StringIO(), tmp_path / "page.html"
    options = DiagnoseOptions(
        only=read_scope(only), page=Output(page), output=Output(tmp_path / "report.json")
    )
    work = asyncio.ensure_future(diagnose(bench.parts(), options, out=out, err=out))
    for _ in range(70):
        await bench.clock.advance(1)
    code = await asyncio.wait_for(work, 5)
    report = (tmp_path / "report.json").read_text("utf-8")
    return code, out.getvalue(), page.read_text("utf-8"), report


async def test_what_ran_only_because_advice_needs_it_is_not_told_as_a_fault(
    bench: Bench, tmp_path: Path
) -> None:
    """``--only host`` said that N01 failed, then that the gate passes."""
    code, out, page, report = await _without_names(bench, tmp_path, "host")

    assert code is ExitCode.PASSED
    assert "N01" not in out
    assert "H09  skipped  Clock is right: not measured (needs:net.unreachable)" in out
    assert out.splitlines()[-1].startswith("nothing that Join waits for was looked at")
    assert "net.unreachable</code>" not in page
    assert "net.unreachable" in report, "what was measured stands in the report"


async def test_what_keeps_an_asked_gating_check_from_its_verdict_is_told(
    bench: Bench, tmp_path: Path
) -> None:
    code, out, page, _ = await _without_names(bench, tmp_path, "net.health")

    assert code is ExitCode.FAILED
    assert "N01  failed   Liftbay can be reached: The address of Liftbay cannot be found." in out
    assert out.splitlines()[-1].startswith("gate fails: net.unreachable")
    assert "net.unreachable</code>" in page


def test_groups_codes_and_numbers_make_a_scope() -> None:
    microphone = codes_of(Group.MICROPHONE)

    assert read_scope(" mic, net.rtt_high ,C07,") == frozenset(
        [*microphone, "net.rtt_high", "camera.black"]
    )
    assert read_scope(None) is None
    assert read_scope("  ") is None


def test_commas_alone_are_refused() -> None:
    """A scope of nothing would pass on any machine."""
    with pytest.raises(UnknownCheck, match=r"^', ,' is neither"):
        read_scope(" , ,")


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("camra", "did you mean camera?"),
        ("speakr", "did you mean speaker?"),
        ("micro", "did you mean microphone?"),
        ("net.rtt", "did you mean net.rtt_high?"),
        ("rtt", "did you mean net.rtt_high?"),
        ("mic.silnet", "did you mean mic.silent?"),
        ("flux", "--list shows the checks"),
        ("x" * 30, "--list shows the checks"),
    ],
)
def test_an_unknown_word_is_named_with_the_nearest_one(word: str, hint: str) -> None:
    with pytest.raises(UnknownCheck) as caught:
        read_scope(f"camera,{word}")

    groups = ", ".join(group.value for group in Group)
    assert str(caught.value) == f"{word!r} is neither a group ({groups}) nor a check: {hint}"


def test_the_last_line_names_whole_groups_not_each_of_their_checks() -> None:
    only = {"camera.black", *(row.code for row in GATING if row.group is Group.MICROPHONE)}
    found = judge_scope(run(C07=(FAILED, None)), only)

    said = describe(found)

    assert said.startswith("gate fails: camera.black (out of scope: network, camera.none, ")
    assert "net." not in said
    assert describe(judge_scope(run(), {"camera.black"})).count("microphone, network, ") == 1


def test_a_run_that_decided_nothing_says_so_by_groups() -> None:
    running = {row.no: (CheckState.RUNNING, None) for row in GATING}

    assert describe(judge_scope(run(**running), None)) == (
        "gate not decided: camera, microphone, network"
    )


def test_every_check_has_words_and_a_remedy() -> None:
    assert {row.code for row in GATING} < set(WORDS) <= set(BY_CODE)
    for code, words in WORDS.items():
        assert all((words.title, words.passed, words.failed, words.remedy))
        assert remedy_id(code) == f"{code}.remedy"
        assert "!" not in words.failed + words.remedy
    for row in GATING:
        assert f"{row.no}  {row.code}" in check_list()


async def _diagnosed(
    bench: Bench, options: DiagnoseOptions, seconds: float = 16
) -> tuple[ExitCode, str, str]:
    out, err = io.StringIO(), io.StringIO()
    work = asyncio.ensure_future(diagnose(bench.parts(), options, out=out, err=err))
    await bench.clock.advance(seconds)
    return await asyncio.wait_for(work, 5), out.getvalue(), err.getvalue()


async def test_a_healthy_machine_passes_in_words(bench: Bench) -> None:
    code, out, err = await _diagnosed(bench, DiagnoseOptions())

    assert code is ExitCode.PASSED
    assert "C07  passed   Picture is visible" in out
    assert out.splitlines()[-1] == "gate passes (out of scope: net.signal, net.room)"
    assert err == ""
    assert bench.catalogue.made_cameras[0].closed == 1


async def test_json_owns_stdout(bench: Bench) -> None:
    bench.catalogue.camera_infos = ()

    code, out, err = await _diagnosed(bench, DiagnoseOptions(as_json=True))

    report = json.loads(out)
    assert code is ExitCode.FAILED
    assert report["gate"]["blocking"][0] == "camera.none"
    assert report["context"]["trigger"] == "support"
    assert "No camera was found" in err


async def test_a_file_takes_the_report_and_stdout_the_words(bench: Bench, tmp_path: Path) -> None:
    target = tmp_path / "out" / "report.json"

    _, out, _ = await _diagnosed(bench, DiagnoseOptions(as_json=True, output=Output(target)))

    assert json.loads(target.read_text())["schema"] == "liftbay.preflight"
    assert out.endswith("net.room)\n")


async def test_a_scope_runs_only_what_was_asked(bench: Bench) -> None:
    code, out, _ = await _diagnosed(bench, DiagnoseOptions(only=read_scope("network")))

    assert code is ExitCode.PASSED
    assert "C01" not in out
    assert bench.catalogue.made_cameras == []


@pytest.mark.parametrize(
    ("code", "fault", "told"),
    [
        (code, fault, told.replace("{file}", "gate.mp4"))
        for code, by_fault in FILE_WORDS.items()
        for fault, told in by_fault.items()
    ],
)
def test_what_is_wrong_with_a_file_is_told_instead_of_unplug_it(
    code: str, fault: str, told: str
) -> None:
    row = BY_CODE[code]
    measured: dict[str, MeasuredValue] = {"fault": fault} if fault else {}
    result = CheckResult(code, row.no, row.group, FAILED, measured=measured)

    assert f"{told} {FILE_REMEDY}" in sentence(result, "gate.mp4")
    assert WORDS[code].remedy in sentence(result)


def test_a_fault_that_is_not_the_files_keeps_its_words() -> None:
    result = CheckResult("camera.black", "C07", Group.CAMERA, FAILED)

    assert sentence(result, "gate.mp4") == sentence(result)


async def test_an_interrupted_run_leaves_its_partial_report(bench: Bench, tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    work = asyncio.ensure_future(
        diagnose(
            bench.parts(),
            DiagnoseOptions(output=Output(target)),
            out=io.StringIO(),
            err=io.StringIO(),
        )
    )
    await bench.clock.advance(1)

    work.cancel()
    with suppress(asyncio.CancelledError):
        await work

    report = json.loads(target.read_text())
    assert report["ended_by"] == "cancelled"
    assert bench.catalogue.made_cameras[0].closed == 1


async def test_the_devices_are_listed_by_name(bench: Bench) -> None:
    bench.catalogue.microphone_infos = ()

    listed = device_list(bench.catalogue)

    assert "camera      Garage camera  [/dev/video0]" in listed
    assert "microphone  none" in listed
