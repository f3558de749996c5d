"""Which session this machine was in, and until when."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from client_api.tasks import spawn
from client_api.wire import SessionId
from desktop.app.last_call import FILE_NAME, LastCall
from desktop.call.setup import MediaWishes
from tests.fakes.clock import FakeClock, settle
from tests.fakes.offload import at_once

T = TypeVar("T")

SESSION = SessionId("s-1")
SOUND_ONLY = MediaWishes(camera_on=False)


async def test_who_left_less_than_ten_minutes_ago_was_in(tmp_path: Path) -> None:
    clock = FakeClock()
    await LastCall(tmp_path, clock, at_once).note(SESSION, lambda: SOUND_ONLY)
    later = LastCall(tmp_path, clock, at_once)

    clock.move(600)
    assert await later.wishes_in(SESSION) == SOUND_ONLY
    assert await later.wishes_in(SessionId("s-2")) is None
    clock.move(1)
    assert await later.wishes_in(SESSION) is None


async def test_a_note_that_does_not_tell_what_was_sent_brings_nobody_back_unmuted(
    tmp_path: Path,
) -> None:
    clock = FakeClock()
    noted = {"session": SESSION, "at": clock.now().isoformat()}
    (tmp_path / FILE_NAME).write_text(json.dumps(noted))

    wishes = await LastCall(tmp_path, clock, at_once).wishes_in(SESSION)

    assert wishes == MediaWishes(microphone_on=False, camera_on=False)


async def test_the_last_wish_is_the_one_that_is_kept(tmp_path: Path) -> None:
    """Writing takes a thread's time, in which the person may press again."""
    free = asyncio.Event()
    wishes = [MediaWishes()]

    async def slowly(work: Callable[[], T], /) -> T:
        await free.wait()
        return work()

    clock = FakeClock()
    last = LastCall(tmp_path, clock, slowly)
    notes = [spawn(last.note(SESSION, lambda: wishes[0]), name="note") for _ in range(2)]
    await settle()
    wishes[0] = SOUND_ONLY
    free.set()
    await asyncio.wait(notes)

    assert await last.wishes_in(SESSION) == SOUND_ONLY


async def test_a_running_call_is_noted_so_that_a_crash_leaves_a_fresh_note(tmp_path: Path) -> None:
    clock = FakeClock()
    last = LastCall(tmp_path, clock, at_once)
    noting = spawn(last.keep_noting(SESSION, MediaWishes), name="note")
    await clock.advance(1800)
    noting.cancel()
    clock.move(570)

    assert await last.wishes_in(SESSION) is not None


@pytest.mark.parametrize("content", [None, "", "{}", '{"session": 5}', "\x00"])
async def test_without_a_note_nobody_was_in(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / FILE_NAME).write_text(content)

    assert await LastCall(tmp_path, FakeClock(), at_once).wishes_in(SESSION) is None


async def test_where_nothing_can_be_written_the_call_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    last = LastCall(tmp_path / "file", FakeClock(), at_once)

    await last.note(SESSION, MediaWishes)

    assert await last.wishes_in(SESSION) is None
