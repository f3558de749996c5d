"""Pictures are made as small as they are shown, and never larger."""

import numpy as np
import pytest

from desktop.media.scaled_picture import scaled

PIXELS = np.zeros((720, 1280, 4), np.uint8)


def test_a_picture_shown_smaller_arrives_in_that_size() -> None:
    pixels = PIXELS.copy()
    pixels[:, 640:] = 200

    shown = scaled(pixels, (930, 523))

    assert shown.shape == (523, 930, 4)
    assert shown.flags.c_contiguous
    assert (shown[:, :400] == 0).all()
    assert (shown[:, 500:] == 200).all()


@pytest.mark.parametrize("wanted", [None, (1280, 720), (1920, 1080), (1279, 900)])
def test_a_picture_is_not_touched_where_it_is_not_shown_smaller(
    wanted: tuple[int, int] | None,
) -> None:
    assert scaled(PIXELS, wanted) is PIXELS
