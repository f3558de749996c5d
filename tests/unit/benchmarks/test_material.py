"""The clips: the numbered one carries each picture's number where the pages look for it."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from benchmarks import run
from benchmarks.material import CLIP_S, make_clip
from preflight.devices.time_code import read_time_code

PLANES = 1280 * 720 * 3 // 2


def luma_of(clip: Path) -> list[npt.NDArray[np.uint8]]:
    """Return every picture's luma, shape (720, 1280)."""
    with clip.open("rb") as file:
        file.readline()
        rest = file.read()
    size = len(b"FRAME\n") + PLANES
    return [
        np.frombuffer(rest, np.uint8, 1280 * 720, at + len(b"FRAME\n")).reshape(720, 1280)
        for at in range(0, len(rest), size)
    ]


def number_in(luma: npt.NDArray[np.uint8]) -> int | None:
    """A number stands where a time would, as that many microseconds."""
    code_ns = read_time_code(luma, (1 << 36) * 1000 - 1)
    return None if code_ns is None else code_ns // 1000


@pytest.mark.parametrize("fps", [15, 10])
def test_a_numbered_clip_counts_its_pictures(tmp_path: Path, fps: int) -> None:
    clip = tmp_path / "clip.y4m"

    make_clip(run.CLIP, clip, fps, numbered=True)

    assert [number_in(luma) for luma in luma_of(clip)] == list(range(round(CLIP_S * fps)))


def test_a_plain_clip_carries_no_number(tmp_path: Path) -> None:
    clip = tmp_path / "clip.y4m"

    make_clip(run.CLIP, clip, 10)

    assert {number_in(luma) for luma in luma_of(clip)} == {None}
