"""The support command's options: scope, strictness, pages, the live view."""

import asyncio
import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from client_api.errors import BrokenAnswer, ClientError, Refused, Unreachable, UnreachableReason
from client_api.wire import Problem
from preflight.model import CheckResult, CheckState, Group, MeasuredValue, RunProgress
from preflight.support.command import DiagnoseOptions, Send, diagnose
from preflight.support.live_view import LiveView
from preflight.support.outputs import Output
from preflight.support.scope import (
    GATING_CODES,
    NothingToCheck,
    UnknownCheck,
    read_check,
    read_scope,
)
from preflight.support.verdict import ExitCode, describe, judge_scope
from preflight.support.watch import RoundTripLog
from preflight.support.words import Lines, explain
from preflight.system.surroundings import Surroundings
from preflight.verdicts.catalogue import BY_CODE, CATALOGUE
from preflight.verdicts.gate import GATING, decide
from preflight.verdicts.rules import conditions, judge_row, steps
from tests.unit.preflight.conftest import Bench

_GROUPS = tuple(group.value for group in Group)


def run(advice: CheckState) -> RunProgress:
    gating = [CheckResult(row.code, row.no, row.group, CheckState.PASSED) for row in GATING]
    row = next(each for each in CATALOGUE if not each.gating)
    checks = (*gating, CheckResult(row.code, row.no, row.group, advice, gating=False))
    return RunProgress(checks, decide(checks), 1.0, True)


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("state", [CheckState.WARNED, CheckState.FAILED])
def test_advice_counts_only_where_it_was_asked_for(state: CheckState) -> None:
    loose, strict = judge_scope(run(state), None), judge_scope(run(state), None, strict=True)

    assert loose.code is ExitCode.PASSED
    assert strict.code is ExitCode.ADVISED
    assert describe(strict) == f"gate passes, with advice: {strict.advised[0]}"


@pytest.mark.parametrize("state", [CheckState.UNKNOWN, CheckState.SKIPPED, CheckState.PASSED])
def test_what_is_not_measured_is_no_advice(state: CheckState) -> None:
    assert judge_scope(run(state), None, strict=True).code is ExitCode.PASSED


def test_what_is_skipped_is_left_out_of_what_was_asked() -> None:
    found = read_scope("camera,mic", skip="C07,mic")

    assert found is not None
    assert "camera.none" in found
    assert not {"camera.black", "mic.none", "net.health"} & found


def test_skipping_alone_leaves_everything_else() -> None:
    found = read_scope(None, skip="camera")

    assert found is not None
    assert {"mic.none", "net.health"} <= found
    assert not any(code.startswith("camera.") for code in found)


def test_quick_is_what_join_waits_for() -> None:
    assert read_scope(None, quick=True) == GATING_CODES
    camera = {code for code in GATING_CODES if code.startswith("camera.")}
    assert read_scope("camera", quick=True) == frozenset(camera)


@pytest.mark.parametrize(
    ("only", "skip", "quick", "told"),
    [
        ("camera", "camera", False, "--skip leaves out all that --only asks for"),
        ("N03", "net", True, "--skip leaves out all that --only asks for"),
        (None, ",".join(_GROUPS), False, "--skip leaves out all that there is"),
        ("host", None, True, "--quick keeps what Join waits for, and none of that is asked for"),
        (None, ",".join(GATING_CODES), True, "--quick keeps what Join waits for"),
    ],
)
def test_a_scope_of_nothing_is_refused_with_what_took_it_away(
    only: str | None, skip: str | None, quick: bool, told: str
) -> None:
    """It said that there was no such group, and asked whether that very one was meant."""
    with pytest.raises(NothingToCheck) as refused:
        read_scope(only, skip=skip, quick=quick)

    assert told in str(refused.value)
    assert "did you mean" not in str(refused.value)


def test_what_something_asked_for_needs_blocks_and_is_not_out_of_scope_as_well() -> None:
    """net.unreachable stood in the last line twice, once as each."""
    rows = {row.code: row for row in CATALOGUE}
    reach, trips = rows["net.unreachable"], rows["net.rtt_high"]
    checks = (
        CheckResult(reach.code, reach.no, reach.group, CheckState.FAILED),
        CheckResult(
            trips.code, trips.no, trips.group, CheckState.SKIPPED, reason="needs:net.unreachable"
        ),
    )
    only = read_scope("net.rtt_high", skip="net.unreachable")

    verdict = judge_scope(RunProgress(checks, decide(checks), 1.0, True), only)

    assert verdict.code is ExitCode.FAILED
    assert verdict.blocking == ("net.unreachable",)
    assert "net.unreachable" not in verdict.out_of_scope
    assert "net.health" in verdict.out_of_scope


def test_a_check_is_explained_by_code_and_by_number() -> None:
    assert read_check(" n03 ") == read_check("net.rtt_high") == "net.rtt_high"
    told = explain("net.rtt_high")
    for part in (
        "N03",
        "gating",
        "warns when: rtt_median_ms>=200\n",
        "fails when: samples<5 or rtt_median_ms>=300\n",
        "Move closer to the router",
    ):
        assert part in told
    with pytest.raises(UnknownCheck, match=r"did you mean net\.rtt_high"):
        read_check("rtt")


@pytest.mark.parametrize("code", [row.code for row in CATALOGUE])
def test_every_check_is_explained_without_a_gap(code: str) -> None:
    """Placeholders stood as they are in the code, and some lines ended after the colon."""
    told = explain(code)

    assert "{" not in told
    assert "None" not in told
    assert not [line for line in told.splitlines() if line.rstrip().endswith(":")]
    assert ("fails when: " in told) is bool(conditions(BY_CODE[code].rules, CheckState.FAILED))


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("camera.black", "fails when: colour_spread<0.1 or luma_mean<40 and structure<0.5"),
        ("camera.busy", "fails when: busy=true"),
        ("camera.permission", "passes whatever else was found when: picture=true"),
        ("mic.no_voice", "never warns and never fails"),
        ("session.other_side", "never warns and never fails"),
        ("mic.narrowband", "warns when: band=wide"),
        ("net.health", "when it warns: An answer of Liftbay got lost on the way. Use a cable or"),
        ("camera.unplugged", "when it fails: The device was unplugged."),
        ("camera.changed", "when it warns: Your usual camera is not connected. We use the device."),
        ("camera.flicker", "Choose 50 or 60 Hz in the camera settings"),
    ],
)
def test_an_explanation_names_every_condition(code: str, line: str) -> None:
    assert line in explain(code)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("camera.black", (None, "colour_spread<0.1 or luma_mean<40 structure<0.5")),
        ("mic.no_voice", (None, None)),
        ("session.other_side", (None, None)),
        ("mic.narrowband", ("wide", "narrow")),
        ("net.proxy", (True, "proxy=true signal_blocked=true")),
        ("net.rtt_high", (200, 300)),
        ("media.loss", (2, 6)),
        ("camera.busy", (None, True)),
        (
            "mic.no_data",
            (
                "first_block_ms>=1000 or received_ratio<0.95",
                "first_block_ms>=2000 or received_ratio<0.8",
            ),
        ),
    ],
)
def test_the_report_shows_the_steps_of_every_rule(
    code: str, expected: tuple[MeasuredValue, MeasuredValue]
) -> None:
    assert steps(BY_CODE[code].rules) == expected


async def test_a_page_is_written_beside_the_report(bench: Bench, tmp_path: Path) -> None:
    target = tmp_path / "made" / "page.html"
    out = io.StringIO()
    work = asyncio.ensure_future(
        diagnose(
            bench.parts(), DiagnoseOptions(page=Output(target), as_json=True), out=out, err=out
        )
    )
    await bench.clock.advance(15)
    await asyncio.wait_for(work, 5)

    text = target.read_text("utf-8")
    assert "Ready for a call" not in text, "N04 and N05 need an account"
    assert "Microphone level" in text
    assert "Brightness of the picture" in text


def test_the_same_look_is_counted_once() -> None:
    log = RoundTripLog()
    assert log.summary() is None
    look = (10.0, 20.0, 30.0)

    log.note(look)
    log.note(look)
    log.note((40.0,))

    assert log.summary() == {
        "samples": 4,
        "rtt_min_ms": 10.0,
        "rtt_median_ms": 25.0,
        "rtt_p95_ms": 38.5,
    }


def test_the_live_view_draws_and_leaves_the_lines() -> None:
    terminal = Terminal()
    view = LiveView(terminal, Lines(terminal, lambda _: None))
    drawn = terminal.tell()

    checks = tuple(CheckResult(row.code, row.no, row.group, CheckState.PASSED) for row in GATING)
    view.tell(RunProgress(checks, decide(checks), 1.0, True))
    during = terminal.getvalue()[drawn:]
    view.close()
    after = terminal.getvalue()[drawn + len(during) :]

    assert "9 of 9" in during
    assert "C01  passed" not in during
    assert "C01  passed" in after


def test_the_live_view_shows_what_was_measured_and_the_limit_of_what_is_wrong() -> None:
    terminal = Terminal()
    view = LiveView(terminal, Lines(terminal, lambda _: None))
    measured = {
        "net.rtt_high": {"rtt_median_ms": 412.0, "samples": 11},
        "camera.fps_low": {"fps": 29.97},
        "mic.level_low": {"level_dbfs": -31.2},
        "media.uplink_low": {"uplink_kbps": 3050.0},
    }
    checks = tuple(
        CheckResult(
            row.code,
            row.no,
            row.group,
            judge_row(row, measured[row.code]),
            measured=measured[row.code],
            gating=row.gating,
        )
        for row in CATALOGUE
        if row.code in measured
    )

    view.tell(RunProgress(checks, decide(checks), 1.0, False))
    during = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", terminal.getvalue())
    view.close()

    rows = {line.split()[0]: line for line in during.splitlines() if line.strip()}
    assert "30 fps" in rows["Camera"]
    assert "level -31.2 dBFS" in rows["Microphone"]
    assert "round trip 412 ms" in rows["Network"]
    assert "upload 3050 kbit/s" in rows["Media"]
    assert "(round trip 412 ms, limit 300)" in rows["N03"]
    assert "(30 fps, limit 24)" in terminal.getvalue(), "and on its line at the end"


async def test_a_terminal_gets_the_live_view(bench: Bench) -> None:
    terminal = Terminal()
    work = asyncio.ensure_future(
        diagnose(bench.parts(), DiagnoseOptions(), out=terminal, err=terminal)
    )
    await bench.clock.advance(15)
    await asyncio.wait_for(work, 5)

    text = terminal.getvalue()
    assert "\x1b[" in text
    assert text.rstrip().splitlines()[-1].startswith("gate passes")


async def _uploaded(
    bench: Bench, send: Send, agree: Callable[[], bool] | None = None
) -> tuple[ExitCode, str]:
    out = io.StringIO()
    options = DiagnoseOptions(send=send, agree=agree)
    work = asyncio.ensure_future(diagnose(bench.parts(), options, out=out, err=out))
    await bench.clock.advance(15)
    return await asyncio.wait_for(work, 5), out.getvalue()


async def test_a_sent_report_leaves_a_code_to_read_out_and_no_name(bench: Bench) -> None:
    sent: list[Mapping[str, Any]] = []
    bench.surroundings = Surroundings(
        {"liftbay": "0.1.0"}, {"cpu": "of annasmith"}, "annasmith", ""
    )

    async def send(report: Mapping[str, Any]) -> str:
        sent.append(report)
        return "7K3M-Q2XZ"

    code, out = await _uploaded(bench, send)

    assert code is ExitCode.PASSED
    assert "read this code to support: 7K3M-Q2XZ" in out
    assert sent[0]["host"]["cpu"] == "of [user]"
    assert sent[0]["machine_id"]


@pytest.mark.parametrize("agreed", [True, False])
async def test_what_would_be_sent_is_shown_and_asked_for_first(bench: Bench, agreed: bool) -> None:
    sent: list[Mapping[str, Any]] = []

    async def send(report: Mapping[str, Any]) -> str:
        sent.append(report)
        return "7K3M-Q2XZ"

    code, out = await _uploaded(bench, send, lambda: agreed)

    assert code is ExitCode.PASSED
    assert len(sent) == int(agreed)
    shown = out.index("what would be sent: look into it before you send it")
    assert "report.json" in out[shown:]
    answer = "read this code to support" if agreed else "nothing was sent"
    assert out.index(answer) > shown


async def test_who_interrupts_a_run_sends_nothing(bench: Bench) -> None:
    sent: list[Mapping[str, Any]] = []

    async def send(report: Mapping[str, Any]) -> str:
        sent.append(report)
        return "7K3M-Q2XZ"

    out = io.StringIO()
    run = diagnose(bench.parts(), DiagnoseOptions(send=send), out=out, err=out)
    work = asyncio.ensure_future(run)
    await bench.clock.advance(3)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(work, 5)

    assert sent == []


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (
            BrokenAnswer("https://secret.example refused"),
            "Liftbay's answer could not be understood. Try again later",
        ),
        (
            Unreachable(UnreachableReason.TIMED_OUT, "https://secret.example"),
            "Liftbay cannot be reached. Look at the connection and try again, or write a file with "
            "--bundle and hand that over",
        ),
        (
            Refused(Problem("rate.limited", "https://secret.example", 429)),
            "Liftbay did not take it (rate.limited)",
        ),
    ],
)
async def test_a_report_that_could_not_be_sent_says_why_and_changes_no_verdict(
    bench: Bench, error: ClientError, why: str
) -> None:
    """It said "Unreachable", the name of a class, to a layman."""

    async def send(_report: Mapping[str, Any]) -> str:
        raise error

    code, out = await _uploaded(bench, send)

    assert code is ExitCode.PASSED
    assert f"the report was not sent: {why}\n" in out
    assert "secret.example" not in out
