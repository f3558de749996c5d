"""The fakes of the preflight and call pages keep the promises that the pages build on."""

import asyncio

import pytest

from client_api.errors import Unreachable, UnreachableReason
from client_api.records import NotesDraft
from client_api.tasks import Tasks
from desktop.viewmodels.preflight_desk import DeviceRole
from preflight.devices.frames import DeviceId
from preflight.model import CheckState, Group
from tests.fakes.call_page import MemoryNotesDesk
from tests.fakes.clock import settle
from tests.fakes.preflight_desk import FakePreflightDesk, progress, result, verdict


def test_a_preflight_that_was_not_started_says_nothing() -> None:
    with pytest.raises(RuntimeError):
        FakePreflightDesk().say(progress())


def test_a_chosen_device_is_the_one_in_use() -> None:
    desk = FakePreflightDesk()

    desk.choose(DeviceRole.CAMERA, DeviceId("usb"))

    assert desk.devices.camera.chosen == DeviceId("usb")
    assert desk.devices.microphone.chosen == DeviceId("headset")


async def test_a_held_report_arrives_when_it_is_let_go() -> None:
    desk, tasks = FakePreflightDesk(), Tasks()
    desk.hold = asyncio.Event()
    waiting = tasks.spawn(desk.passed_report(), name="report")
    await settle()
    assert not waiting.done()

    desk.hold.set()

    assert await waiting == verdict()


async def test_a_report_can_fail() -> None:
    desk = FakePreflightDesk()
    desk.answer = Unreachable(UnreachableReason.TIMED_OUT, "no answer")

    with pytest.raises(Unreachable):
        await desk.passed_report()


def test_a_progress_passes_exactly_when_its_groups_do() -> None:
    assert progress().gate.passed
    failed = progress(result("mic.busy", CheckState.FAILED), microphone=CheckState.FAILED)
    assert not failed.gate.passed
    assert failed.gate.decided
    assert failed.gate.blocking == ("mic.busy",)
    assert failed.checks[0].group is Group.MICROPHONE


async def test_notes_in_memory_count_their_versions() -> None:
    desk = MemoryNotesDesk()

    await desk.write(NotesDraft(findings=(), text="a"), version=0)

    assert (await desk.read()).version == 1
