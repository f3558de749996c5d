"""The way back into a running call: by a short look, or by the whole preflight after all."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from client_api.errors import ErrorCode, Unreachable, UnreachableReason
from client_api.tasks import spawn
from client_api.wire import SessionStatus
from desktop.call.setup import MediaWishes
from desktop.call.states import Ended, EndReason
from desktop.viewmodels.preflight_desk import DeviceChoices, DeviceRole
from desktop.viewmodels.preflight_state import JoinHint, JoinRefused
from preflight.model import Group
from preflight.preflight import Preflight
from tests.conftest import ExpectedLogs
from tests.fakes.calls import talk
from tests.fakes.devices import OTHER_CAMERA, SPEAKER
from tests.fakes.run_stage import RunStage, run_stage
from tests.fakes.wire_samples import sample_session

UNREACHABLE = Unreachable(UnreachableReason.TIMED_OUT, "no answer")


@pytest.fixture
async def stage(qapp: QApplication, tmp_path: Path) -> AsyncIterator[RunStage]:
    """A healthy machine, a session, and nobody on the page yet."""
    async with run_stage(tmp_path) as made:
        yield made


async def back_in_a_changed_network(stage: RunStage) -> None:
    """Leave a running call, and come back over another network."""
    first = await stage.run()
    await stage.join(first)
    await first.close()
    await stage.end_call()
    stage.session = sample_session(status=SessionStatus.LIVE.value)
    stage.bench.way_out = "wlan0 10.0.0.9"


async def test_a_running_session_is_returned_to_by_a_short_look(stage: RunStage) -> None:
    first = await stage.run()
    await stage.join(first)
    await first.close()
    await stage.end_call()
    stage.session = sample_session(status=SessionStatus.LIVE.value)

    await stage.run(3)

    entry = stage.joined[-1]
    assert entry.report is None
    assert entry.proven.camera is stage.bench.catalogue.made_cameras[1]
    assert entry.proven.speaker.info == SPEAKER


async def test_where_a_short_look_will_not_do_a_whole_preflight_follows(stage: RunStage) -> None:
    first = await stage.run()
    await stage.join(first)
    await first.close()
    await stage.end_call()
    stage.session = sample_session(status=SessionStatus.LIVE.value)
    stage.bench.way_out = "wlan0 10.0.0.9"

    run = await stage.run(14)

    assert len(stage.joined) == 1
    assert stage.now(run).hint is JoinHint.READY
    assert [each.opened for each in stage.bench.catalogue.made_cameras] == [1, 1, 1]
    assert stage.bench.catalogue.made_cameras[1].closed == 1


@pytest.mark.parametrize("why", ["waits", "another", "too long ago", "report refused"])
async def test_who_was_not_in_this_running_session_just_now_is_checked_whole(
    stage: RunStage, why: str
) -> None:
    first = await stage.run()
    await stage.join(first)
    await first.close()
    await stage.end_call(after_s=700 if why == "too long ago" else 120)
    status = SessionStatus.WAITING if why == "waits" else SessionStatus.LIVE
    changed = {"id": "another"} if why == "another" else {}
    stage.session = sample_session(status=status.value, **changed)
    if why == "report refused":
        stage.program.actor.state = Ended(
            EndReason.PREFLIGHT_NEEDED, talk(), ErrorCode.PREFLIGHT_REQUIRED
        )

    run = await stage.run(5)

    assert len(stage.joined) == 1
    assert stage.now(run).hint is JoinHint.READY


@pytest.mark.parametrize(
    "left_with",
    [MediaWishes(), MediaWishes(microphone_on=False), MediaWishes(camera_on=False)],
    ids=["all on", "muted", "sound only"],
)
async def test_who_returns_by_themselves_sends_what_they_sent(
    stage: RunStage, left_with: MediaWishes
) -> None:
    first = await stage.run()
    await stage.join(first)
    await first.close()
    await stage.end_call(wishes=left_with)
    stage.session = sample_session(status=SessionStatus.LIVE.value)

    await stage.run(3)

    assert [entry.report is None for entry in stage.joined] == [False, True]
    assert stage.joined[-1].wishes == left_with


async def test_between_the_short_look_and_the_whole_one_nothing_can_be_commanded(
    stage: RunStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await back_in_a_changed_network(stage)
    closing, really = asyncio.Event(), Preflight.close

    async def slowly(run: Preflight) -> None:
        await closing.wait()
        await really(run)

    monkeypatch.setattr(Preflight, "close", slowly)
    run = await stage.run(9)
    shown = stage.now(run)
    run.page.retry(Group.CAMERA)
    run.page.choose(DeviceRole.CAMERA, OTHER_CAMERA.id)
    await stage.bench.clock.advance(1)

    assert shown.again is JoinRefused.RETURN
    assert shown.fraction == 0
    assert shown.devices == DeviceChoices()
    assert len(stage.bench.catalogue.made_cameras) == 2

    closing.set()
    await stage.bench.clock.advance(6)

    assert stage.now(run).hint is JoinHint.READY
    assert stage.now(run).again is None


async def test_a_page_that_goes_in_mid_return_closes_what_the_short_look_opened(
    stage: RunStage,
) -> None:
    await back_in_a_changed_network(stage)
    run = await stage.run(1)

    await run.close()
    await stage.bench.clock.advance(5)

    cameras = stage.bench.catalogue.made_cameras
    assert [each.opened for each in cameras] == [1, 1]
    assert cameras[1].closed == 1


async def test_a_page_that_goes_while_the_short_look_is_closed_closes_it_all_the_same(
    stage: RunStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await back_in_a_changed_network(stage)
    closing, really = asyncio.Event(), Preflight.close

    async def slowly(run: Preflight) -> None:
        await closing.wait()
        await really(run)

    monkeypatch.setattr(Preflight, "close", slowly)
    run = await stage.run(9)

    going = spawn(run.close(), name="close the page")
    await stage.bench.clock.advance(1)
    closing.set()
    await asyncio.wait_for(going, 5)

    assert [each.closed for each in stage.bench.catalogue.made_cameras] == [1, 1]


async def test_a_fault_of_ours_in_the_short_look_leads_to_the_whole_one(
    stage: RunStage, monkeypatch: pytest.MonkeyPatch, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("the short look failed")
    await back_in_a_changed_network(stage)

    async def failing(_: Preflight) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(Preflight, "stands", failing)
    run = await stage.run(6)

    assert stage.now(run).hint is JoinHint.READY
    cameras = stage.bench.catalogue.made_cameras
    assert [each for each in cameras if each.opened > each.closed] == [cameras[-1]]
