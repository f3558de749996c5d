"""Capture time written into the picture, so that a painted frame tells when it was seen.

``time.monotonic_ns()`` runs the same in all processes of one machine, so the difference between
the painting process's clock and the code is the delay from glass to glass.

Layout, in a picture 1280 wide (anything else is the same thing scaled): two rows of 24 blocks
of 24x24 pixels, the first block's top left corner at (24, 24), rows without a gap. In each row
block 0 is white, block 1 black and blocks 2 to 23 carry bits, white for 1, the highest bit
first. The 44 bits are 36 bits of whole microseconds (they repeat after 19 hours) and a CRC-8
(polynomial 0x07, start 0xFF) over those 36 bits as five bytes, big-endian.

A block keeps 6 pixels in a picture 320 wide, and only its middle is read, so scaling, chroma
subsampling and VP8's block edges leave it readable. What is damaged fails the CRC.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

REFERENCE_WIDTH = 1280
BLOCK_PX = 24
ORIGIN_PX = 24
COLUMNS = 24
ROWS = 2
_TIME_BITS = 36
_PAYLOAD_BITS = _TIME_BITS + 8
_WRAP_US = 1 << _TIME_BITS
_BLACK, _WHITE = 16, 235
_LOOKS = 4
"""Pixels read in a block, each way: the blocks are even but for what coding left at their edges."""
_MIN_CONTRAST = 48.0
"""Grey levels between the reference blocks; less is a picture without a code."""


def write_time_code(pixels: npt.NDArray[np.uint8], captured_ns: int) -> None:
    """Draw the code into a BGR or BGRA picture, or into luma alone, in place.

    Args:
        pixels: uint8, shape (height, width, channels) or (height, width), writable; at least 320
            wide.
        captured_ns: ``time.monotonic_ns()`` at capture.
    """
    height, width = pixels.shape[:2]
    block = BLOCK_PX * width // REFERENCE_WIDTH
    origin = ORIGIN_PX * width // REFERENCE_WIDTH
    if block < 6 or origin + ROWS * block > height:
        raise ValueError(f"a picture of {width}x{height} is too small for the time code")
    cells = np.where(_cells(captured_ns), np.uint8(_WHITE), np.uint8(_BLACK))
    if pixels.ndim == 2:
        for row, line in enumerate(np.repeat(cells, block, axis=1)):
            top = origin + row * block
            pixels[top : top + block, origin : origin + COLUMNS * block] = line
        return
    lines = np.repeat(cells, 3 * block, axis=1).reshape(ROWS, COLUMNS * block, 3)
    for row, line in enumerate(lines):
        # Whole lines at once: numpy copies them several times as fast as single pixels.
        top = origin + row * block
        pixels[top : top + block, origin : origin + COLUMNS * block, :3] = line


def read_time_code(pixels: npt.NDArray[np.uint8], now_ns: int) -> int | None:
    """Return the capture time in ``pixels`` on the scale of ``now_ns``, or None without a code.

    Args:
        pixels: uint8, shape (height, width, channels >= 3) in B, G, R order, or (height, width)
            of luma; any size the picture was scaled to.
        now_ns: ``time.monotonic_ns()`` of the reader; must not be before the capture.

    Returns:
        Nanoseconds, whole microseconds of them: the last matching instant up to ``now_ns``.
    """
    means = _block_means(pixels)
    if means is None:
        return None
    payload = means[:, 2:]
    white, black = means[:, :1], means[:, 1:2]
    if float((white - black).min()) < _MIN_CONTRAST:
        return None
    bits = (payload > (white + black) / 2).ravel()
    value = int("".join("1" if bit else "0" for bit in bits), 2)
    code_us, check = value >> 8, value & 0xFF
    if _crc8(code_us) != check:
        return None
    age_us = (now_ns // 1000 - code_us) % _WRAP_US
    return (now_ns // 1000 - age_us) * 1000


def _cells(captured_ns: int) -> npt.NDArray[np.bool_]:
    code_us = captured_ns // 1000 % _WRAP_US
    value = code_us << 8 | _crc8(code_us)
    bits = np.array([value >> shift & 1 for shift in range(_PAYLOAD_BITS - 1, -1, -1)], bool)
    cells = np.empty((ROWS, COLUMNS), bool)
    cells[:, 0], cells[:, 1] = True, False
    cells[:, 2:] = bits.reshape(ROWS, COLUMNS - 2)
    return cells


def _block_means(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64] | None:
    """Mean grey of the middle half of every block, shape (2, 24), from 16 pixels at most."""
    height, width = pixels.shape[:2]
    looked_at = _looked_at(width, height)
    if looked_at is None:
        return None
    # Green alone: most of the luma, and one channel is a third of the work.
    grey = pixels[:, :, 1] if pixels.ndim == 3 else pixels
    rows, columns = looked_at
    middle = grey[rows, columns].reshape(ROWS, _LOOKS, COLUMNS, _LOOKS)
    means: npt.NDArray[np.float64] = middle.sum(axis=(1, 3)) / _LOOKS**2
    return means


@lru_cache(maxsize=8)
def _looked_at(width: int, height: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]] | None:
    """Rows and columns of the pixels to look at, as an index; None where a code has no room."""
    scale = width / REFERENCE_WIDTH
    block, origin = BLOCK_PX * scale, ORIGIN_PX * scale
    if block < 4 or origin + ROWS * block > height:
        return None
    size = max(2, int(block / 2))
    offset = (block - size) / 2
    looks = np.linspace(0, size - 1, _LOOKS).round().astype(np.intp)
    tops = [round(origin + row * block + offset) for row in range(ROWS)]
    lefts = [round(origin + column * block + offset) for column in range(COLUMNS)]
    rows, columns = np.ix_(np.add.outer(tops, looks).ravel(), np.add.outer(lefts, looks).ravel())
    return rows, columns


def _crc8(code_us: int) -> int:
    crc = 0xFF
    for byte in code_us.to_bytes(5, "big"):
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc
