"""The word DEMO in a made picture, so that nobody takes it for a camera's."""

from typing import Any

import numpy as np
import numpy.typing as npt

from preflight.devices.opencv import cv2

_TEXT = "DEMO"


class DemoMark:
    """A ready-made corner label, pasted into each frame at the top right."""

    def __init__(self) -> None:
        self._labels: dict[int, npt.NDArray[np.uint8]] = {}

    def draw(self, pixels: npt.NDArray[np.uint8]) -> None:
        """Paste the label into a writable BGR picture, in place."""
        width = pixels.shape[1]
        label = self._labels.get(width)
        if label is None:
            label = self._labels[width] = _render(width / 1280)
        height, label_width = label.shape[:2]
        margin = max(1, round(24 * width / 1280))
        pixels[margin : margin + height, width - margin - label_width : width - margin] = label


def _render(scale: float) -> npt.NDArray[np.uint8]:
    width, height = max(24, round(168 * scale)), max(10, round(56 * scale))
    label: npt.NDArray[Any] = np.full((height, width, 3), (36, 30, 24), np.uint8)
    thickness = max(1, round(3 * scale))
    size, _ = cv2.getTextSize(_TEXT, cv2.FONT_HERSHEY_DUPLEX, 1.4 * scale, thickness)
    origin = ((width - size[0]) // 2, (height + size[1]) // 2)
    cv2.putText(
        label, _TEXT, origin, cv2.FONT_HERSHEY_DUPLEX, 1.4 * scale, (90, 200, 248), thickness,
        cv2.LINE_AA,
    )  # fmt: skip
    return label
