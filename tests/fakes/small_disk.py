"""A disk of some megabytes, to be filled to its last byte: a tmpfs, which only root may mount."""

import os
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

MIB = 1024 * 1024
_FILLER = "filler"


def missing_for_small_disk() -> str | None:
    """Say why there can be no small disk here; None if there can be one."""
    if shutil.which("mount") is None or shutil.which("umount") is None:
        return "no mount here"
    if os.geteuid() != 0:
        return "only root may mount a small disk"
    probe = subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False)
    return None if probe.returncode == 0 else "mounting is not allowed here"


class SmallDisk:
    """A folder on a disk of its own; unmounted at the end, whoever still uses it.

    Args:
        folder: an empty folder that exists.
        size_bytes: how much the disk holds.
    """

    def __init__(self, folder: Path, size_bytes: int) -> None:
        self.folder = folder
        self._size_bytes = size_bytes

    def fill(self, *, but_bytes: int = 0) -> None:
        """Leave not one free byte, or so many."""
        with (self.folder / _FILLER).open("ab", buffering=0) as filler:
            for piece in (MIB, 4096, 1):
                try:
                    while True:
                        filler.write(b"\0" * piece)
                except OSError:
                    continue
            filler.truncate(filler.tell() - but_bytes)

    def make_room(self) -> None:
        """Take away what `fill` wrote."""
        (self.folder / _FILLER).unlink()

    def __enter__(self) -> Self:
        size = f"size={self._size_bytes}"
        subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", self.folder], check=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        subprocess.run(["umount", "--lazy", self.folder], check=True)
