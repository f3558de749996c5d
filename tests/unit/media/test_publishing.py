"""When own tracks are made, and the order in which they are published."""

import asyncio
from functools import partial
from typing import Any, cast

import pytest
from livekit import rtc

from desktop.call.events import TrackKind
from desktop.media import own_tracks
from desktop.media.own_tracks import OwnTracks
from desktop.media.publish_options import camera_options, microphone_options, screen_options
from preflight.verdicts.recommendation import UNLIMITED, limited_by
from tests.fakes.own_tracks import ATTEMPT, CAMERA, Bench, FakeTrack

ALL_SOURCES = [
    rtc.TrackSource.SOURCE_CAMERA,
    rtc.TrackSource.SOURCE_SCREENSHARE,
    rtc.TrackSource.SOURCE_MICROPHONE,
]


def with_all_tracks() -> Bench:
    """A bench whose sound was ready first and its screen last."""
    made = Bench()
    microphone, screen = FakeTrack(), FakeTrack()
    made.tracks = OwnTracks(ATTEMPT, made.events.append, made.tasks)
    for kind, track, options in (
        (TrackKind.MICROPHONE, microphone, microphone_options()),
        (CAMERA, made.track, camera_options()),
        (TrackKind.SCREEN, screen, screen_options()),
    ):
        made.tracks.add(kind, partial(cast, Any, track), options, is_on=True)
    return made


async def test_a_track_is_made_when_it_is_published_and_once() -> None:
    """Made while no room is open it would have a libwebrtc runtime of its own."""
    bench = Bench(is_on=False)
    before = bench.made

    await bench.publish()
    await bench.publish()

    assert (before, bench.made) == (0, 1)
    assert bench.track.muted
    await bench.tasks.close()


async def test_a_wish_before_the_publishing_counts_for_the_track() -> None:
    bench = Bench(is_on=True)
    bench.tracks.wish(CAMERA, is_on=False)

    await bench.publish()

    assert bench.track.muted
    await bench.tasks.close()


async def test_tracks_are_published_one_after_the_other_and_pictures_first() -> None:
    """An offer for a sound in the middle of a camera's publish asks for the wrong codec."""
    bench = with_all_tracks()
    bench.participant.gate.clear()

    await bench.publish()
    during = list(bench.participant.sources)
    bench.participant.gate.set()
    async with asyncio.timeout(5):
        while len(bench.events) < len(ALL_SOURCES):
            await asyncio.sleep(0)
    await bench.tasks.close()

    assert during == ALL_SOURCES[:1]
    assert bench.participant.sources == ALL_SOURCES


async def test_a_track_that_is_never_answered_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own_tracks, "_TURN_S", 0.01)
    bench = with_all_tracks()
    bench.participant.gate.clear()

    await bench.publish()
    async with asyncio.timeout(5):
        while len(bench.participant.sources) < len(ALL_SOURCES):
            await asyncio.sleep(0.005)
    await bench.tasks.close()

    assert bench.participant.sources == ALL_SOURCES


async def test_a_track_with_other_limits_is_taken_back_and_published_anew() -> None:
    bench = Bench(is_on=True)
    await bench.publish()
    narrow = camera_options(limited_by(UNLIMITED, 2))

    await bench.tracks.renew(CAMERA, narrow, cast(Any, bench.participant))
    await bench.publish()

    assert bench.participant.unpublished == ["TR_1"]
    assert len(bench.participant.published) == 2
    await bench.tasks.close()


async def test_a_track_with_the_same_limits_stays() -> None:
    bench = Bench(is_on=True)
    await bench.publish()

    await bench.tracks.renew(CAMERA, camera_options(), cast(Any, bench.participant))

    assert bench.participant.unpublished == []
    await bench.tasks.close()


def test_a_customers_camera_keeps_its_size_and_a_mechanics_its_rate() -> None:
    preference = rtc.DegradationPreference

    assert int(camera_options().degradation_preference) == int(preference.MAINTAIN_RESOLUTION)
    mechanics = camera_options(detail_first=False)
    assert int(mechanics.degradation_preference) == int(preference.MAINTAIN_FRAMERATE)


def test_sound_has_32_kbit_and_redundancy_whatever_the_line() -> None:
    options = microphone_options()

    assert options.audio_encoding.max_bitrate == 32_000
    assert options.red
