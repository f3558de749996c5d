"""The page reads what Python draws: the reader runs in Node on bytes as a page gets them."""

import json
import shutil
import subprocess
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from benchmarks.browser_peer import FOLDER
from preflight.devices.opencv import cv2
from preflight.devices.time_code import write_time_code

READ = """
const { readFileSync } = require("node:fs");
const source = readFileSync(process.argv[1], "utf8") + "; PictureNumber";
const PictureNumber = (0, eval)(source);
const { x, y, width, height } = PictureNumber.RECT;
const pictures = readFileSync(0);
const whole = 1280 * 720;
const found = [];
for (let at = 0; at < pictures.length; at += whole) {
  const rows = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const from = at + (y + row) * 1280 + x;
    rows.set(pictures.subarray(from, from + width), row * width);
  }
  found.push(PictureNumber.read(rows, width));
}
console.log(JSON.stringify(found));
"""
NUMBERS = (0, 1, 59, 119, 12345, (1 << 36) - 1)

Luma = npt.NDArray[np.uint8]


def luma_with(number: int, ground: int) -> Luma:
    """Return the luma of a coded picture, as it stands in the clip."""
    picture = np.full((720, 1280, 3), ground, np.uint8)
    write_time_code(picture, number * 1000)
    planes = cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420)
    return np.ascontiguousarray(planes[:720], np.uint8)


def read(pictures: Sequence[Luma]) -> list[int | None]:
    """Return what the page's reader finds in each picture."""
    node = shutil.which("node")
    assert node is not None, "Node is missing: run `make setup`"
    done = subprocess.run(
        [node, "-e", READ, str(FOLDER / "picture_number.js")],
        input=b"".join(luma.tobytes() for luma in pictures),
        capture_output=True,
        timeout=60,
        check=True,
    )
    found: list[int | None] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("ground", [0, 128, 255])
def test_the_page_reads_the_number_that_was_drawn(ground: int) -> None:
    assert read([luma_with(number, ground) for number in NUMBERS]) == list(NUMBERS)


def test_the_page_reads_it_after_lossy_coding() -> None:
    _, data = cv2.imencode(".jpg", luma_with(77, 128), [cv2.IMWRITE_JPEG_QUALITY, 20])
    decoded = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
    assert decoded is not None

    assert read([decoded.astype(np.uint8)]) == [77]


def test_the_page_takes_no_picture_without_a_number_for_one() -> None:
    plain = np.random.default_rng(3).integers(0, 256, (720, 1280), dtype=np.uint8)
    damaged = luma_with(77, 128)
    block = damaged[24:48, 24 + 24 * 9 : 24 + 24 * 10]
    block[:] = 255 - block

    assert read([plain, damaged]) == [None, None]
