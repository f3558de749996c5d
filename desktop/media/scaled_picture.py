"""Turns a decoded remote picture into what the window paints, in the size it is shown in.

The SDK could convert to BGRA itself, but then it clears, converts and copies 3.7 MB for each
picture, and most of that is thrown away by the scaling after it. Scaling the planes first and
converting what is left took 2.3 ms of a core instead of 4.4 ms (1280x720 shown at 930x523,
decoder's thread and ours together). Qt's smooth scaling took 4 ms on top, and the window's
thread had to wait for it.
"""

import numpy as np
import numpy.typing as npt

from preflight.devices.opencv import cv2

Pixels = npt.NDArray[np.uint8]


class PictureScaler:
    """Makes BGRA pictures out of I420 ones; keeps the memory of the step between.

    For one thread and one stream.
    """

    def __init__(self) -> None:
        self._planes: Pixels = np.empty((0, 0), np.uint8)

    def to_screen(
        self, planes: Pixels, width: int, height: int, wanted: tuple[int, int] | None
    ) -> tuple[Pixels, tuple[int, int]]:
        """Return the picture as BGRA, scaled down to the wanted size; never enlarged.

        Args:
            planes: I420 as the SDK gives it, uint8, shape (n,): Y of ``height * width``, then U
                and V of ``ceil(height / 2) * ceil(width / 2)`` each, BT.601 limited range.
            width, height: of the picture, in pixels.
            wanted: width and height in which it is shown; None keeps its own.

        Returns:
            A new array, uint8, shape (rows, columns, 4), contiguous, and the picture's width and
            height. An odd picture leaves its last row or column of the array unused, because
            OpenCV converts them in pairs.

        Raises:
            ValueError: ``planes`` is shorter than the picture.
        """
        smaller = wanted is not None and wanted[0] < width and wanted[1] < height
        shown = wanted if wanted is not None and smaller else (width, height)
        columns, rows = shown[0] + shown[0] % 2, shown[1] + shown[1] % 2
        split = _split(planes, width, height)
        if (columns, rows) == (width, height):
            packed = planes[: width * height * 3 // 2]
        else:
            packed = self._scale(split, columns, rows)
        stacked = packed.reshape(rows * 3 // 2, columns)
        return np.asarray(cv2.cvtColor(stacked, cv2.COLOR_YUV2BGRA_I420), np.uint8), shown

    def _scale(self, split: tuple[Pixels, Pixels, Pixels], columns: int, rows: int) -> Pixels:
        packed = self._packed(columns, rows)
        size = columns * rows
        parts = (packed[:size], packed[size : size * 5 // 4], packed[size * 5 // 4 :])
        shapes = ((rows, columns), (rows // 2, columns // 2), (rows // 2, columns // 2))
        for plane, part, shape in zip(split, parts, shapes, strict=True):
            target = part.reshape(shape)
            cv2.resize(plane, shape[::-1], dst=target, interpolation=cv2.INTER_LINEAR)
        return packed

    def _packed(self, width: int, height: int) -> Pixels:
        if self._planes.size != width * height * 3 // 2:
            self._planes = np.empty(width * height * 3 // 2, np.uint8)
        return self._planes


def _split(planes: Pixels, width: int, height: int) -> tuple[Pixels, Pixels, Pixels]:
    half_width, half_height = (width + 1) // 2, (height + 1) // 2
    size, quarter = width * height, half_width * half_height
    if planes.size < size + 2 * quarter:
        raise ValueError(f"{planes.size} bytes are too few for {width}x{height}")
    return (
        planes[:size].reshape(height, width),
        planes[size : size + quarter].reshape(half_height, half_width),
        planes[size + quarter : size + 2 * quarter].reshape(half_height, half_width),
    )
