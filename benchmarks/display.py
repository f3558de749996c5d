"""An Xvfb display of one's own, whose screen can be read without asking it."""

import mmap
import os
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

_IN_MEMORY = Path("/dev/shm")
_HEADER = struct.Struct(">25I")
_COLOUR_BYTES = 12
"""Of an ``XWDColor`` in the file, of which the header says how many there are."""


class DisplayError(Exception):
    """The display did not come up; the text says what is missing."""


class Display:
    """Starts and ends one Xvfb; two windows on one display would hide each other."""

    def __init__(self, size: str = "1280x800x24") -> None:
        self._size = size
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self.name = ""

    def start(self) -> None:
        """Start it on a free number and wait until it answers.

        Raises:
            DisplayError: Xvfb is missing or did not come up.
        """
        if not shutil.which("Xvfb"):
            raise DisplayError("Xvfb is missing: run `make setup`")
        self._folder = Path(
            tempfile.mkdtemp(prefix="xvfb-", dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None)
        )
        read_fd, write_fd = os.pipe()
        self._process = subprocess.Popen(
            [
                *("Xvfb", "-displayfd", str(write_fd), "-screen", "0", self._size),
                *("-fbdir", str(self._folder), "-nolisten", "tcp"),
            ],
            pass_fds=(write_fd,),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(write_fd)
        with os.fdopen(read_fd) as told:
            number = told.readline().strip()
        if not number:
            self.stop()
            raise DisplayError("Xvfb did not start")
        self.name = f":{number}"

    def screen(self) -> npt.NDArray[np.uint8]:
        """Return the screen itself, not a copy: it changes as programs draw.

        Returns:
            uint8, shape (height, width, 4), channels B, G, R and one unused; read-only. From the
            file that Xvfb keeps its screen in, whose head is that of ``xwd`` (XWDFile.h).
        """
        assert self._folder is not None, "start() first"
        with (self._folder / "Xvfb_screen0").open("rb") as file:
            kept = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        head = _HEADER.unpack_from(kept)
        width, height, bits, line_bytes = head[4], head[5], head[11], head[12]
        if bits != 32 or head[7] != 0:
            raise DisplayError(f"a screen of {bits} bits in byte order {head[7]} cannot be read")
        first = head[0] + head[19] * _COLOUR_BYTES
        lines = np.frombuffer(kept, np.uint8, height * line_bytes, first)
        return lines.reshape(height, line_bytes // 4, 4)[:, :width]

    def stop(self) -> None:
        """End it; the programs on it must have ended before. Idempotent."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=10)
            self._process = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
