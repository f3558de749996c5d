"""Points of the picture and points of the window name the same spot."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.viewmodels.picture_geometry import Fit, Placement, place

SIDES = st.integers(1, 4000)
UNIT = st.floats(0.0, 1.0)
TURNS = st.sampled_from([0, 90, 180, 270])


def test_a_wide_picture_in_a_square_window_leaves_bars_above_and_below() -> None:
    placed = place(1280, 720, 640, 640)

    assert (placed.left, placed.top, placed.width, placed.height) == (0, 140, 640, 360)


def test_filling_crops_instead_of_leaving_bars() -> None:
    placed = place(1280, 720, 720, 720, fit=Fit.FILL)

    assert (placed.left, placed.top, placed.width, placed.height) == (-280, 0, 1280, 720)


def test_a_click_in_the_bars_meets_no_point_of_the_picture() -> None:
    placed = place(1280, 720, 640, 640)

    assert placed.to_picture(320, 100) is None
    assert placed.to_picture(320, 320) == (0.5, 0.5)


def test_an_empty_picture_or_window_has_no_points() -> None:
    assert place(0, 0, 100, 100).to_picture(1, 1) is None
    assert place(10, 10, 0, 100) == Placement(0, 0, 0, 0)


def test_a_quarter_turn_swaps_the_sides() -> None:
    placed = place(1280, 720, 720, 1280, rotation_degrees=90)

    assert (placed.width, placed.height) == (720, 1280)


@pytest.mark.parametrize(
    ("rotation", "stored"),
    [(0, (0.0, 0.0)), (90, (0.0, 1.0)), (180, (1.0, 1.0)), (270, (1.0, 0.0))],
)
def test_the_upper_left_of_the_window_is_a_corner_of_the_stored_picture(
    rotation: int, stored: tuple[float, float]
) -> None:
    """Turned clockwise by 90 degrees, what was stored at the bottom left comes to the top left."""
    placed = place(100, 100, 100, 100, rotation_degrees=rotation)

    assert placed.to_picture(0, 0) == stored


def test_mirroring_is_undone_before_a_point_leaves_this_screen() -> None:
    placed = place(100, 100, 100, 100, mirrored=True)

    assert placed.to_picture(25, 50) == (0.75, 0.5)


@given(SIDES, SIDES, SIDES, SIDES, UNIT, UNIT, TURNS, st.booleans(), st.sampled_from(list(Fit)))
def test_a_point_comes_back_from_the_window_where_it_left(
    picture_width: int,
    picture_height: int,
    window_width: int,
    window_height: int,
    x: float,
    y: float,
    turn: int,
    mirrored: bool,
    fit: Fit,
) -> None:
    placed = place(
        picture_width,
        picture_height,
        window_width,
        window_height,
        fit=fit,
        rotation_degrees=turn,
        mirrored=mirrored,
    )

    wx, wy = placed.to_window(0.001 + 0.998 * x, 0.001 + 0.998 * y)
    back = placed.to_picture(wx, wy)

    assert back is not None
    assert math.isclose(back[0], 0.001 + 0.998 * x, abs_tol=1e-6)
    assert math.isclose(back[1], 0.001 + 0.998 * y, abs_tol=1e-6)


@given(SIDES, SIDES, SIDES, SIDES)
def test_a_letterboxed_picture_never_leaves_the_window(
    picture_width: int, picture_height: int, window_width: int, window_height: int
) -> None:
    placed = place(picture_width, picture_height, window_width, window_height)

    assert placed.left >= -1e-6
    assert placed.top >= -1e-6
    assert placed.width <= window_width + 1e-6
    assert placed.height <= window_height + 1e-6
