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
"""Strength of the coarse detail, in luma steps; below it there is nothing that could be sharp."""
_ALIKE = 0.9
"""Correlation of coarse detail below which a least-squares shift means nothing."""

Plane = npt.NDArray[np.float32]

_QUARTER = (WIDTH // 4, HEIGHT // 4)
# Averaging 4x4 px is a blur too; what is missing to the wanted one, in px of the quarter size.
_AVERAGING = (4 * 4 - 1) / 12


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
    """Scale a BGR picture by area to 640x360 and return its luma, float32, 0..255.

    One that stands upright is scaled to 360x640 and laid on its side, so that across and down are
    scaled alike.
    """
    upright = pixels.shape[0] > pixels.shape[1]
    size = (HEIGHT, WIDTH) if upright else (WIDTH, HEIGHT)
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.transpose(grey) if upright else grey, dtype=np.float32)


def pair_sharpness(first: Plane, second: Plane) -> PairLook:
    """Compare fine and coarse detail of two consecutive pictures, shape (360, 640).

    Costs about 2 ms.
    """
    if float(first.mean()) < LEAST_LUMA:
        return PairLook(None, "too_dark")
    coarse_first, coarse_second = _coarse(first), _coarse(second)
    if _strength(coarse_first, coarse_second) < LEAST_COARSE * LEAST_COARSE:
        return PairLook(None, "no_detail")
    if shift_px(coarse_first, coarse_second) >= STILL_PX:
        return PairLook(None, "moving")
    coarse = float(np.mean(coarse_first * coarse_second))
    fine = float(np.mean(_fine(first) * _fine(second)))
    return PairLook(max(0.0, fine) / coarse)


def shift_px(first: Plane, second: Plane) -> float:
    """Return how far coarse detail moved, in px at 640x360; infinite where it is another one.

    Least squares over the brightness change (Lucas and Kanade, 1981): noise averages out, where
    phase correlation is led by it as soon as blur took the fine detail away. Only shifts small
    against the detail are found, so detail that is hardly alike has moved further.

    Args:
        first, second: coarse bands, shape (90, 160).
    """
    if float(np.mean(first * second)) < _ALIKE * _strength(first, second):
        return float("inf")
    across = cv2.Sobel(first, cv2.CV_32F, 1, 0) / 8
    down = cv2.Sobel(first, cv2.CV_32F, 0, 1) / 8
    change = second - first
    slopes = np.array(
        [
            [np.mean(across * across), np.mean(across * down)],
            [np.mean(across * down), np.mean(down * down)],
        ]
    )
    moved = np.array([np.mean(across * change), np.mean(down * change)])
    return 4.0 * float(np.linalg.norm(np.linalg.lstsq(slopes, moved, rcond=None)[0]))


def _strength(first: Plane, second: Plane) -> float:
    return float(np.sqrt(np.mean(first * first) * np.mean(second * second)))


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
