"""How sharp a picture is, whatever it shows and however much it noises.

Two pictures of a scene that stands still share their detail and not their noise, so the mean
product of both holds the detail alone. What counts is fine detail against coarse, because the
amount of either depends on the scene. Source: catalogue C14; its limits hold for 640x360.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from preflight.devices.opencv import cv2

WIDTH, HEIGHT = 640, 360
STILL_PX = 0.5
"""Two pictures whose shift is larger show different pixels: their product means nothing."""
LEAST_LUMA = 60.0
LEAST_COARSE = 1.0
"""Root of the coarse product, in luma steps; below it there is nothing that could be sharp."""

Plane = npt.NDArray[np.float32]

_QUARTER = (WIDTH // 4, HEIGHT // 4)
_HALF = (WIDTH // 2, HEIGHT // 2)
# Averaging 4x4 px is a blur too; what is missing to the wanted one, in px of the quarter size.
_AVERAGING = (4 * 4 - 1) / 12
_HANN = cv2.createHanningWindow(_HALF, cv2.CV_32F)


@dataclass(frozen=True, slots=True)
class PairLook:
    """What two consecutive pictures tell.

    Attributes:
        ratio: fine against coarse detail; about 0.5 to 1 when sharp. None where `why` is.
        why: what kept it from an answer: ``too_dark``, ``moving`` or ``no_detail``.
    """

    ratio: float | None
    why: str | None = None


def sharp_plane(pixels: npt.NDArray[np.uint8]) -> Plane:
    """Scale a BGR picture by area to 640x360 and return its luma, float32, 0..255."""
    small = cv2.resize(pixels, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), dtype=np.float32)


def pair_sharpness(first: Plane, second: Plane) -> PairLook:
    """Compare fine and coarse detail of two consecutive pictures, shape (360, 640).

    Costs about 2 ms.
    """
    if float(first.mean()) < LEAST_LUMA:
        return PairLook(None, "too_dark")
    coarse = float(np.mean(_coarse(first) * _coarse(second)))
    if coarse < LEAST_COARSE * LEAST_COARSE:
        return PairLook(None, "no_detail")
    if shift_px(first, second) >= STILL_PX:
        return PairLook(None, "moving")
    fine = float(np.mean(_fine(first) * _fine(second)))
    return PairLook(max(0.0, fine) / coarse)


def shift_px(first: Plane, second: Plane) -> float:
    """Return how far the picture as a whole moved, in px at 640x360 (phase correlation)."""
    half_first = cv2.resize(first, _HALF, interpolation=cv2.INTER_AREA)
    half_second = cv2.resize(second, _HALF, interpolation=cv2.INTER_AREA)
    (across, down), _ = cv2.phaseCorrelate(half_first, half_second, _HANN)
    return 2.0 * float(np.hypot(across, down))


def _fine(plane: Plane) -> Plane:
    """The band between Gaussians of 1 and 2 px."""
    return np.subtract(cv2.GaussianBlur(plane, (0, 0), 1.0), cv2.GaussianBlur(plane, (0, 0), 2.0))


def _coarse(plane: Plane) -> Plane:
    """The band between Gaussians of 4 and 8 px, in a quarter of the size."""
    small = cv2.resize(plane, _QUARTER, interpolation=cv2.INTER_AREA)
    quarter = np.asarray(small, dtype=np.float32)
    return np.subtract(_blurred_quarter(quarter, 4.0), _blurred_quarter(quarter, 8.0))


def _blurred_quarter(quarter: Plane, sigma_px: float) -> Plane:
    sigma = float(np.sqrt(sigma_px * sigma_px - _AVERAGING)) / 4
    return np.asarray(cv2.GaussianBlur(quarter, (0, 0), sigma), dtype=np.float32)
