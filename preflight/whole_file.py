"""Files that are replaced whole or not at all, and that this user alone may read."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Replace the file by the content; the folder is made. May block.

    Reports name devices, and the machine's file holds a key: mode 0600 where there are modes.

    Raises:
        OSError: the disk is full or not writable; the old file is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_name(f".{path.name}.{os.getpid()}")
    # One that a crash left may have another mode.
    written.unlink(missing_ok=True)
    try:
        written.touch(mode=0o600, exist_ok=False)
        written.write_bytes(content)
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)
