"""What is wished and what is sent, with a participant that answers as the test says."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from livekit import rtc

from desktop.call.events import OwnFault, OwnMediaChanged, OwnMediaFailed, TrackKind
from desktop.media import own_tracks
from tests.fakes.own_tracks import ATTEMPT, CAMERA, Bench


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    yield made
    await made.tasks.close()


async def test_a_track_that_is_wished_off_is_muted_before_anybody_sees_it() -> None:
    bench = Bench(is_on=False)

    await bench.publish()

    assert bench.participant.published == [True]
    assert bench.events == [OwnMediaChanged(ATTEMPT, CAMERA, False)]


async def test_a_wish_during_the_publish_is_what_comes_out(bench: Bench) -> None:
    bench.participant.gate.clear()
    await bench.publish()
    bench.tracks.wish(CAMERA, is_on=False)
    before = list(bench.events)
    bench.participant.gate.set()
    await bench.settle()

    assert before == []
    assert bench.events == [OwnMediaChanged(ATTEMPT, CAMERA, False)]
    assert bench.track.muted


async def test_publishing_twice_publishes_once(bench: Bench) -> None:
    await bench.publish()
    await bench.publish()

    assert len(bench.participant.published) == 1


async def test_the_last_wish_wins_and_each_is_answered(bench: Bench) -> None:
    await bench.publish()
    for is_on in (False, True, False):
        bench.tracks.wish(CAMERA, is_on=is_on)

    assert [each.is_on for each in bench.events if isinstance(each, OwnMediaChanged)] == [
        True,
        False,
        True,
        False,
    ]
    assert bench.track.muted


async def test_a_flag_that_a_repair_lost_is_set_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A repair takes longer than that.
    monkeypatch.setattr(own_tracks, "_FLIPS_APART_S", 0.0)
    await bench.publish()
    bench.tracks.wish(CAMERA, is_on=False)
    bench.track.unmute()

    bench.tracks.apply_wishes()

    assert bench.track.muted


async def test_a_mute_by_the_server_is_told_once(bench: Bench) -> None:
    await bench.publish()

    bench.tracks.on_muted(CAMERA, is_muted=True)
    bench.tracks.on_muted(CAMERA, is_muted=True)

    assert bench.events[1:] == [OwnMediaChanged(ATTEMPT, CAMERA, False)]


async def test_a_device_that_does_not_exist_cannot_be_sent(bench: Bench) -> None:
    bench.tracks.wish(TrackKind.MICROPHONE, is_on=True)

    assert isinstance(bench.events[-1], OwnMediaFailed)


async def test_a_failed_publish_is_told_without_its_token(bench: Bench) -> None:
    bench.participant.error = RuntimeError("refused eyJh.eyJi.c")

    await bench.publish()

    assert bench.events == [OwnMediaFailed(ATTEMPT, CAMERA, "refused <token>")]


async def test_a_source_that_the_token_forbids_is_not_even_tried(bench: Bench) -> None:
    bench.participant.permissions.can_publish_sources = [rtc.TrackSource.SOURCE_MICROPHONE]

    await bench.publish()

    assert bench.participant.published == []
    assert isinstance(bench.events[-1], OwnMediaFailed)


async def test_a_failure_after_the_end_of_the_stay_is_no_news(bench: Bench) -> None:
    bench.participant.gate.clear()
    bench.participant.error = RuntimeError("engine is closed")
    await bench.publish()
    bench.tracks.close()
    bench.participant.gate.set()
    await bench.settle()

    assert bench.events == []


async def test_a_withdrawn_permission_unpublishes_and_a_new_one_publishes(bench: Bench) -> None:
    await bench.publish()
    bench.participant.permissions.can_publish = False
    await bench.tracks.on_permission(cast(Any, bench.participant))
    bench.participant.permissions.can_publish = True
    await bench.tracks.on_permission(cast(Any, bench.participant))
    await bench.settle()

    assert bench.participant.unpublished == ["TR_1"]
    assert [each.is_on for each in bench.events if isinstance(each, OwnMediaChanged)] == [
        True,
        False,
        True,
    ]


async def test_a_track_that_is_dropped_is_taken_back_and_said_to_be_off(bench: Bench) -> None:
    await bench.publish()

    await bench.tracks.drop(CAMERA, cast(Any, bench.participant))
    await bench.tracks.drop(CAMERA, cast(Any, bench.participant))

    assert bench.participant.unpublished == ["TR_1"]
    assert bench.events[1:] == [OwnMediaChanged(ATTEMPT, CAMERA, False)]
    assert not bench.tracks.has(CAMERA)


async def test_a_track_dropped_during_its_publish_is_no_news_afterwards(bench: Bench) -> None:
    bench.participant.gate.clear()
    await bench.publish()
    await bench.tracks.drop(CAMERA, cast(Any, bench.participant))
    bench.participant.gate.set()
    await bench.settle()

    assert bench.events == [OwnMediaChanged(ATTEMPT, CAMERA, False)]
    assert bench.participant.unpublished == ["TR_1"]


async def test_a_device_that_stops_is_told_as_failed_and_back_as_sent(bench: Bench) -> None:
    await bench.publish()

    bench.tracks.on_device(CAMERA, "the device stopped: unplugged")
    bench.tracks.on_device(CAMERA, None)

    assert bench.events[1:] == [
        OwnMediaFailed(ATTEMPT, CAMERA, "the device stopped: unplugged", OwnFault.DEVICE),
        OwnMediaChanged(ATTEMPT, CAMERA, True),
    ]


async def test_a_repair_or_a_wish_does_not_make_a_stopped_device_look_alive(bench: Bench) -> None:
    await bench.publish()
    bench.tracks.on_device(CAMERA, "the device stopped: unplugged")

    bench.tracks.apply_wishes()
    bench.tracks.wish(CAMERA, is_on=False)
    bench.tracks.wish(CAMERA, is_on=True)

    told = [type(each) for each in bench.events[1:]]
    assert told == [OwnMediaFailed, OwnMediaFailed, OwnMediaChanged, OwnMediaFailed]


async def test_a_device_that_stops_during_the_publish_is_told_afterwards(bench: Bench) -> None:
    bench.participant.gate.clear()
    await bench.publish()
    bench.tracks.on_device(CAMERA, "the device stopped: unplugged")
    bench.participant.gate.set()
    await bench.settle()

    assert bench.events == [
        OwnMediaFailed(ATTEMPT, CAMERA, "the device stopped: unplugged", OwnFault.DEVICE)
    ]


async def test_a_publish_that_is_answered_late_is_told_as_missing_and_then_as_sent(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As while the SDK repairs its connection: it publishes afterwards, and the peer sees it."""
    monkeypatch.setattr("desktop.media.own_tracks.PUBLISH_DEADLINE_S", 0.0)
    bench.participant.gate.clear()
    await bench.publish()
    too_late = list(bench.events)

    bench.participant.gate.set()
    await bench.settle()

    assert too_late == [OwnMediaFailed(ATTEMPT, CAMERA, "no answer in time")]
    assert bench.events[1:] == [OwnMediaChanged(ATTEMPT, CAMERA, True)]


async def test_a_track_that_may_still_be_published_is_not_published_twice(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.media.own_tracks.PUBLISH_DEADLINE_S", 0.0)
    bench.participant.gate.clear()
    await bench.publish()

    await bench.publish()

    assert len(bench.participant.published) == 1


async def test_flags_that_change_quickly_reach_the_sdk_one_at_a_time(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_tracks, "_FLIPS_APART_S", 0.05)
    await bench.publish()
    for is_on in (False, True, False, True):
        bench.tracks.wish(CAMERA, is_on=is_on)
    at_once = list(bench.track.flips)
    # The server repeats the first of them, which is no longer wished.
    bench.tracks.on_muted(CAMERA, is_muted=True)
    told = [each.is_on for each in bench.events if isinstance(each, OwnMediaChanged)]

    async with asyncio.timeout(10):
        while bench.track.muted:
            await asyncio.sleep(0.01)

    assert at_once == [True]
    assert bench.track.flips == [True, False]
    assert told[-1] is True


async def test_what_failed_to_be_published_is_published_when_asked_again(bench: Bench) -> None:
    bench.participant.error = RuntimeError("the connection is away")
    await bench.publish()
    bench.participant.error = None

    await bench.publish()

    assert isinstance(bench.events[0], OwnMediaFailed)
    assert bench.events[-1] == OwnMediaChanged(ATTEMPT, CAMERA, True)


async def test_nothing_is_published_while_it_is_not_allowed(bench: Bench) -> None:
    bench.participant.permissions.can_publish = False
    await bench.tracks.on_permission(cast(Any, bench.participant))

    await bench.publish()

    assert bench.participant.published == []
