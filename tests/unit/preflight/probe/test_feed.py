"""The way of the person's own sound and pictures into the probe process."""

import asyncio
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from preflight.devices.frames import AudioBlock, CameraFrame
from preflight.probe.feed import DeviceFeed
from preflight.probe.feed_format import HEIGHT, KEY_SYMBOLS, PICTURE_BYTES, SOUND_BYTES, WIDTH
from preflight.probe.feed_reader import device_feed
from preflight.probe.protocol import RoundTrip


@pytest.fixture
def feed() -> Iterator[DeviceFeed]:
    made = DeviceFeed()
    yield made
    made.close()
    ended()


def ended() -> None:
    """Wait for the threads of closed feeds."""
    for thread in threading.enumerate():
        if thread.name == "device feed":
            thread.join(2.0)


def block(value: int, channels: int = 1) -> AudioBlock:
    return AudioBlock(np.full((480, channels), value, np.int16), value)


def picture(value: int) -> CameraFrame:
    return CameraFrame(np.full((720, 1280, 3), value, np.uint8), value)


async def test_sound_arrives_in_its_order_with_its_times(feed: DeviceFeed) -> None:
    async with device_feed(feed.port, feed.key, SOUND_BYTES) as blocks:
        for value in (3, 4):
            feed.take_block(block(value))
        first, second = await anext(blocks), await anext(blocks)

    assert (first[0], second[0]) == (3, 4)
    assert set(np.frombuffer(second[1], "<i2")) == {4}


async def test_channels_are_mixed(feed: DeviceFeed) -> None:
    both = np.stack([np.full(480, 10), np.full(480, 20)], axis=1).astype(np.int16)
    async with device_feed(feed.port, feed.key, SOUND_BYTES) as blocks:
        feed.take_block(AudioBlock(both, 1))
        _, data = await anext(blocks)

    assert set(np.frombuffer(data, "<i2")) == {15}


async def test_pictures_are_scaled_and_keep_their_brightness(feed: DeviceFeed) -> None:
    async with device_feed(feed.port, feed.key, PICTURE_BYTES) as pictures:
        feed.take_picture(picture(200))
        _, data = await anext(pictures)

    luma = np.frombuffer(data, np.uint8)[: WIDTH * HEIGHT]
    # Video range: 16 for black, 235 for white.
    assert luma.mean() == pytest.approx(16 + 200 * 219 / 255, abs=2)


async def test_what_does_not_fit_pushes_the_oldest_out(feed: DeviceFeed) -> None:
    """Nobody reads yet: a camera goes on, and memory holds two pictures or a second of sound."""
    for value in range(1, 6):
        feed.take_picture(picture(value))

    async with device_feed(feed.port, feed.key, PICTURE_BYTES) as pictures:
        found = [(await anext(pictures))[0] for _ in range(2)]

    assert found == [4, 5]


def test_sound_that_nobody_reads_is_bounded(feed: DeviceFeed) -> None:
    for value in range(500):
        feed.take_block(block(value))

    assert len(feed._waiting) == 100
    assert feed._waiting[0][0] == 400


async def test_whoever_does_not_know_the_key_gets_nothing(feed: DeviceFeed) -> None:
    feed.take_block(block(7))

    async with device_feed(feed.port, "x" * KEY_SYMBOLS, SOUND_BYTES) as blocks:
        with pytest.raises(StopAsyncIteration):
            await anext(blocks)
    async with device_feed(feed.port, feed.key, SOUND_BYTES) as blocks:
        found = await anext(blocks)

    assert found[0] == 7


async def test_items_of_another_size_are_refused(feed: DeviceFeed) -> None:
    async with device_feed(feed.port, feed.key, PICTURE_BYTES) as pictures:
        feed.take_block(block(7))
        with pytest.raises(StopAsyncIteration):
            await anext(pictures)


async def test_a_closed_feed_ends_its_reader_and_its_thread() -> None:
    feed = DeviceFeed()
    async with device_feed(feed.port, feed.key, SOUND_BYTES) as blocks:
        feed.take_block(block(1))
        await anext(blocks)
        feed.close()
        feed.take_block(block(2))
        with pytest.raises(StopAsyncIteration):
            await anext(blocks)
    await asyncio.to_thread(ended)

    assert "device feed" not in {thread.name for thread in threading.enumerate()}


def test_a_feed_that_nobody_reads_ends_as_well() -> None:
    feed = DeviceFeed()
    feed.close()
    ended()

    assert "device feed" not in {thread.name for thread in threading.enumerate()}


async def test_a_reader_that_is_stuck_never_holds_the_camera_up(feed: DeviceFeed) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", feed.port, limit=1024)
    writer.write(feed.key.encode())
    await writer.drain()
    loop = asyncio.get_running_loop()
    began = loop.time()

    for value in range(40):
        feed.take_picture(picture(value))

    assert loop.time() - began < 2
    assert len(feed._waiting) <= 2
    writer.close()


def test_the_key_shows_nowhere(feed: DeviceFeed) -> None:
    command = RoundTrip(3, "camera", feed.port, feed.key, 4.0)

    assert feed.key not in repr(command)
    assert feed.key not in repr(feed)
