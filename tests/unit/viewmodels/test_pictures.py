"""Pictures and their mailbox of one."""

import numpy as np
import pytest

from desktop.viewmodels.pictures import (
    PictureMailbox,
    PixelFormat,
    VideoPicture,
    picture_of_camera_frame,
)
from preflight.devices.frames import CameraFrame


def _picture(captured_ns: int = 0) -> VideoPicture:
    return VideoPicture(
        data=bytes(4 * 2 * 2),
        width=2,
        height=2,
        pixels=PixelFormat.BGRA,
        bytes_per_line=8,
        captured_ns=captured_ns,
    )


def test_the_newest_picture_wins_and_the_dropped_one_is_counted() -> None:
    box = PictureMailbox()
    older, newer = _picture(1), _picture(2)

    box.put(older)
    box.put(newer)

    assert box.take() is newer
    assert box.take() is None
    assert (box.put_count, box.dropped_count) == (2, 1)


def test_a_reader_is_woken_once_until_it_takes() -> None:
    box = PictureMailbox()
    woken: list[int] = []
    box.attach(lambda: woken.append(1))

    box.put(_picture())
    box.put(_picture())
    assert len(woken) == 1
    box.take()
    box.put(_picture())

    assert len(woken) == 2


def test_a_picture_that_waits_already_wakes_the_new_reader() -> None:
    box = PictureMailbox()
    box.put(_picture())
    woken: list[int] = []

    box.attach(lambda: woken.append(1))

    assert woken == [1]


def test_a_detached_reader_is_not_woken_and_cannot_detach_its_successor() -> None:
    box = PictureMailbox()
    first: list[int] = []
    second: list[int] = []
    detach_first = box.attach(lambda: first.append(1))
    box.attach(lambda: second.append(1))

    detach_first()
    box.put(_picture())

    assert (first, second) == ([], [1])


def test_nobody_is_woken_after_detaching() -> None:
    box = PictureMailbox()
    woken: list[int] = []
    detach = box.attach(lambda: woken.append(1))

    detach()
    box.put(_picture())

    assert woken == []


@pytest.mark.parametrize(
    ("width", "height", "bytes_per_line", "rotation", "size"),
    [
        (0, 2, 8, 0, 16),
        (2, -1, 8, 0, 16),
        (2, 2, 7, 0, 16),
        (2, 2, 8, 0, 15),
        (2, 2, 8, 45, 16),
    ],
)
def test_a_picture_that_would_be_read_past_its_end_is_refused(
    width: int, height: int, bytes_per_line: int, rotation: int, size: int
) -> None:
    with pytest.raises(ValueError):
        VideoPicture(
            data=bytes(size),
            width=width,
            height=height,
            pixels=PixelFormat.BGRA,
            bytes_per_line=bytes_per_line,
            captured_ns=0,
            rotation_degrees=rotation,
        )


def test_a_camera_frame_is_wrapped_without_a_copy() -> None:
    pixels = np.zeros((3, 4, 3), np.uint8)
    pixels.flags.writeable = False

    picture = picture_of_camera_frame(CameraFrame(pixels, captured_ns=7))

    assert picture.data is pixels
    assert (picture.width, picture.height, picture.bytes_per_line) == (4, 3, 12)
    assert (picture.pixels, picture.captured_ns) == (PixelFormat.BGR, 7)
