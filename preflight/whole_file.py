"""Files that are replaced whole or not at all, and that this user alone may read."""

import errno
import os
import stat
import tempfile
from pathlib import Path


def write_whole(path: Path, content: bytes, *, keep_mode: bool = False) -> None:
    """Replace the file by the content; the folder is made. May block.

    Of a link what it points at is replaced, and the link stays. What is there and is no plain file
    is left alone: a device or a FIFO would be gone, and whoever reads it would wait for ever.

    Reports name devices, and the machine's file holds a key: mode 0600 where there are modes.

    Args:
        keep_mode: leave a file that was there its mode and owner, for one that a person named.
            Where the owner cannot be kept it is for this user alone.

    Raises:
        OSError: the disk is full or not writable, or it is no plain file; what was there is as it
            was.
    """
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    before = _there(target)
    if before is not None and not stat.S_ISREG(before.st_mode):
        raise OSError(errno.EINVAL, "it is no plain file", str(path))
    # A name of its own, 0600: two may write at once, and one that a crash left is not opened again.
    handle, name = tempfile.mkstemp(prefix=".liftbay-", dir=target.parent)
    os.close(handle)
    written = Path(name)
    try:
        written.write_bytes(content)
        if keep_mode and before is not None:
            _keep_mode(written, before)
        written.replace(target)
    finally:
        written.unlink(missing_ok=True)


def can_make_files_in(folder: Path) -> bool:
    """Tell by trying: permissions say nothing of read-only disks, quotas and made file systems."""
    try:
        with tempfile.TemporaryFile(prefix=".liftbay-", dir=folder):
            return True
    except OSError:
        return False


def _there(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _keep_mode(path: Path, before: os.stat_result) -> None:
    try:
        if hasattr(os, "chown"):
            os.chown(path, before.st_uid, before.st_gid)
        path.chmod(stat.S_IMODE(before.st_mode) & 0o777)
    except OSError:
        # Its old mode would give somebody else's readers what is ours now.
        return
