"""Where a person lets a report go: a file that is replaced whole, or a stream written as it is.

What cannot be written is told before a minute of checks, and so are two that would end in one.
"""

import errno
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from preflight.whole_file import can_make_files_in, write_whole

_STDOUT = 1
_LINKS_FOLLOWED = 40
_Place: TypeAlias = tuple[int, int] | str
"""Device and number of what is there; the whole path of what is not."""


class UnusableOutput(ValueError):
    """It cannot be written, or would end where another one goes; the text says why."""


@dataclass(frozen=True, slots=True)
class Output:
    """Where one document goes.

    Attributes:
        path: as it was named.
        stream: a descriptor of our own, written once and closed; None for a file.
        is_stdout: nothing else may be said there.
    """

    path: Path
    stream: int | None = None
    is_stdout: bool = False

    def write(self, content: bytes) -> None:
        """Write it. A new file is for this user alone, one that was there keeps its mode.

        Raises:
            OSError: the disk is full, or nobody reads the stream any more.
        """
        if self.stream is None:
            write_whole(self.path, content, keep_mode=True)
            return
        with os.fdopen(self.stream, "wb") as stream:
            stream.write(content)


def check_output(path: Path) -> None:
    """Look whether it can be written; nothing of it is opened or changed.

    Raises:
        UnusableOutput: it cannot.
    """
    try:
        number = _descriptor(path)
        if number is not None:
            _check_descriptor(path, number)
            return
        found = _stat(path)
    except OSError as error:
        raise UnusableOutput(f"{path} cannot be written: {error.strerror}") from None
    if found is not None and stat.S_ISDIR(found.st_mode):
        raise UnusableOutput(f"{path} is a folder: name a file in it")
    if found is not None and not _is_plain(found) and not _is_stream(found):
        raise UnusableOutput(f"{path} is neither a file nor a stream that can be written")
    if found is not None and not os.access(path, os.W_OK):
        raise UnusableOutput(f"{path} cannot be written")
    if found is None or _is_plain(found):
        folder = Path(os.path.realpath(path)).parent
        if not folder.is_dir():
            raise UnusableOutput(f"there is no folder {folder}")
        if not can_make_files_in(folder):
            raise UnusableOutput(f"{path} cannot be written: no file can be made in {folder}")


def check_apart(named: Mapping[str, Path], *, prints_json: bool) -> None:
    """Look that each goes to a place of its own, through whatever links.

    Args:
        named: by the option's name.
        prints_json: standard output belongs to what ``--json`` prints.

    Raises:
        UnusableOutput: two go to one.
    """
    taken: dict[_Place, str] = {}
    printed = _place_of_descriptor(_STDOUT)
    for option, path in named.items():
        place, is_stdout = _place(path), _descriptor(path) == _STDOUT
        if place in taken:
            raise UnusableOutput(
                f"{taken[place]} and {option} name the same file: give each one its own"
            )
        taken[place] = option
        if prints_json and (is_stdout or place == printed):
            raise UnusableOutput(
                f"{option} and what --json prints go to the same place: give one of them a file"
            )
        if not is_stdout and place == printed and not _is_device(_STDOUT):
            raise UnusableOutput(
                f"{option} names the file that standard output goes to: leave out one of them, or "
                f"say {option} /dev/stdout"
            )


def open_output(path: Path, waiting: Callable[[Path], None]) -> Output:
    """Open a stream now, while its reader is there; a file is made when it is written.

    A FIFO without a reader is waited for, as a shell would: interrupting ends that.

    Args:
        waiting: called before such a wait.

    Raises:
        OSError: it cannot be opened any more.
    """
    number = _descriptor(path)
    if number is not None:
        return Output(path, os.dup(number), number == _STDOUT)
    found = _stat(path)
    if found is None or not _is_stream(found):
        return Output(path)
    if not stat.S_ISFIFO(found.st_mode):
        return Output(path, os.open(path, os.O_WRONLY | getattr(os, "O_NOCTTY", 0)))
    try:
        stream = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise
        waiting(path)
        stream = os.open(path, os.O_WRONLY)
    os.set_blocking(stream, True)
    return Output(path, stream)


def _descriptor(path: Path) -> int | None:
    """Return the number behind ``/dev/stdout``, ``/dev/fd/63`` or a link to one; None for others.

    What such a path leads to on the disk is not asked: replaced there, it would be gone for
    whoever has it open, and all that was already said with it.
    """
    own = {"/dev/fd", os.path.realpath("/dev/fd"), os.path.realpath("/proc/self/fd")}
    for _ in range(_LINKS_FOLLOWED):
        folder = os.path.realpath(path.parent)
        if folder in own and path.name.isdecimal():
            return int(path.name)
        here = Path(folder) / path.name
        if not here.is_symlink():
            return None
        path = here.parent / here.readlink()
    return None


def _check_descriptor(path: Path, number: int) -> None:
    mode = os.fstat(number).st_mode
    if stat.S_ISDIR(mode):
        raise UnusableOutput(f"{path} is a folder: name a file in it")
    if os.name == "posix":
        import fcntl

        if fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise UnusableOutput(f"{path} can only be read")


def _place(path: Path) -> _Place:
    number = _descriptor(path)
    if number is not None:
        return _place_of_descriptor(number) or str(path)
    found = _stat(path)
    if found is None:
        return os.path.normcase(os.path.realpath(path))
    return found.st_dev, found.st_ino


def _place_of_descriptor(number: int) -> tuple[int, int] | None:
    try:
        found = os.fstat(number)
    except OSError:
        # A service may be started without a standard output.
        return None
    return found.st_dev, found.st_ino


def _is_device(number: int) -> bool:
    """Tell whether what two write there stands beside each other, as in a terminal."""
    return stat.S_ISCHR(os.fstat(number).st_mode)


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _is_plain(found: os.stat_result) -> bool:
    return stat.S_ISREG(found.st_mode)


def _is_stream(found: os.stat_result) -> bool:
    return stat.S_ISFIFO(found.st_mode) or stat.S_ISCHR(found.st_mode)
