"""Scales a remote picture to the size it is shown in, before it reaches the window's thread.

OpenCV takes 0.5 ms for 1280x720 to 930x523; Qt's smooth scaling took 4 ms of its thread pool for
every picture, and the window's thread had to wait for it.
"""

import numpy as np
import numpy.typing as npt

from preflight.devices.opencv import cv2


def scaled(pixels: npt.NDArray[np.uint8], wanted: tuple[int, int] | None) -> npt.NDArray[np.uint8]:
    """Return ``pixels`` in the wanted size, uncopied where that is not smaller.

    Args:
        pixels: uint8, shape (height, width, 4), C-contiguous.
        wanted: width and height; None keeps the picture as it is.
    """
    height, width = pixels.shape[:2]
    if wanted is None or wanted[0] >= width or wanted[1] >= height:
        return pixels
    return np.asarray(cv2.resize(pixels, wanted, interpolation=cv2.INTER_LINEAR), np.uint8)
