"""The report on disk: written beside the loop, the last state last."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from client_api.wire import PreflightTrigger
from preflight.memory.machine_file import MachineMemory
from preflight.model import RunProgress
from preflight.offload import Offload, on_daemon_thread
from preflight.report.redaction import redact
from preflight.report.report import CRASH_NAME, EndedBy, ReportBody, load_report
from preflight.report.report_keeper import LOCAL_NAME, ReportKeeper
from preflight.system.surroundings import Surroundings
from preflight.verdicts.gate import decide
from tests.conftest import ExpectedLogs
from tests.fakes.clock import FakeClock, settle
from tests.fakes.offload import at_once

T = TypeVar("T")


def body(ended_by: EndedBy | None) -> ReportBody:
    return ReportBody(
        progress=RunProgress((), decide(()), 0.0, False),
        duration_ms=10.0,
        ended_by=ended_by,
        devices={"camera": None, "microphone": None, "speaker": None},
    )


def keeper_in(folder: Path, offload: Offload, clock: FakeClock | None = None) -> ReportKeeper:
    keeper = ReportKeeper(
        folder,
        body,
        offload,
        clock or FakeClock(),
        trigger=PreflightTrigger.JOIN,
        role="customer",
        session_ref=None,
    )
    keeper.remember(MachineMemory("00000000-0000-4000-8000-000000000001", b"k" * 32))
    keeper.know(Surroundings(app={}, host={}, user="sam", host_name="garage"))
    return keeper


async def test_the_redaction_never_holds_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where: list[threading.Thread] = []

    def seen(*args: object, **options: object) -> dict[str, object]:
        where.append(threading.current_thread())
        return redact(*args, **options)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr("preflight.report.report_keeper.redact", seen)
    keeper = keeper_in(tmp_path, on_daemon_thread)

    keeper.note_change()
    await keeper.finish(EndedBy.FINISHED)
    uploaded = await keeper.for_upload("nonce-1")

    assert len(where) == 2
    assert uploaded["machine_id"] == "00000000-0000-4000-8000-000000000001"
    assert threading.main_thread() not in where
    assert load_report(tmp_path / LOCAL_NAME)["ended_by"] == "finished"


async def test_the_last_state_is_written_after_one_that_is_under_way(tmp_path: Path) -> None:
    gate = asyncio.Event()
    done: list[object] = []

    async def slow(work: Callable[[], T], /) -> T:
        if not done:
            done.append("begun")
            await gate.wait()
        return work()

    keeper = keeper_in(tmp_path, slow)
    keeper.note_change()
    await asyncio.sleep(0)
    finishing = asyncio.gather(keeper.finish(EndedBy.JOINED))
    await asyncio.sleep(0)
    assert not (tmp_path / LOCAL_NAME).exists()

    gate.set()
    await finishing

    assert load_report(tmp_path / LOCAL_NAME)["ended_by"] == "joined"


async def test_the_trace_of_a_crash_outlives_the_next_run(tmp_path: Path) -> None:
    clock = FakeClock()
    crashed = keeper_in(tmp_path, at_once, clock)
    crashed.note_change()
    await clock.advance(1)
    assert (tmp_path / LOCAL_NAME).exists()

    await keeper_in(tmp_path, at_once).finish(EndedBy.FINISHED)

    assert load_report(tmp_path / CRASH_NAME)["ended_by"] == "crash"
    assert load_report(tmp_path / LOCAL_NAME)["ended_by"] == "finished"


async def test_a_run_that_came_to_its_end_leaves_no_trace_of_a_crash(tmp_path: Path) -> None:
    first, second = keeper_in(tmp_path, at_once), keeper_in(tmp_path, at_once)
    await first.finish(EndedBy.JOINED)

    second.note_change()
    await settle()
    await second.finish(EndedBy.FINISHED)

    assert not (tmp_path / CRASH_NAME).exists()


async def test_a_report_that_cannot_be_made_holds_no_device_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_logs: ExpectedLogs
) -> None:
    """The devices are handed over, or closed, after the last state is written."""
    expected_logs.allow("the report could not be written: TypeError")

    def throws(*args: object, **options: object) -> dict[str, object]:
        raise TypeError("made up")

    monkeypatch.setattr("preflight.report.report_keeper.redact", throws)
    keeper = keeper_in(tmp_path, at_once)

    await keeper.finish(EndedBy.JOINED)

    assert not (tmp_path / LOCAL_NAME).exists()
