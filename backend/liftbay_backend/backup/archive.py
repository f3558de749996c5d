"""The form of a backup: one tar file, which nobody else's program is needed to look into.

    about.json        what made it and when; first, so that a newer form is known at once
    files/<key>       the parts of shared files, as they lie in the data folder
    durable.sqlite3   the durable work's database
    liftbay.sqlite3   the service's database
    sums.json         length and SHA-256 of everything above; last, so that nothing can lack

No signing key: whoever finds a backup must not be able to sign in as somebody. It holds everything
else that the service knows, password hashes included, so it is written for its owner alone.
"""

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final, Self

from liftbay_backend.durable.engine import ENGINE_FILE
from liftbay_backend.settings import DATABASE_FILE

FORM: Final = 1
FILES_FOLDER: Final = "files"
_ABOUT: Final = "about.json"
_SUMS: Final = "sums.json"
_MOST_ABOUT_BYTES: Final = 1 << 20
_PIECE: Final = 1 << 20
_OURS: Final = re.compile(r"files/[0-9a-f-]{36}/[0-9]{15}-[0-9a-f]{8}")


class BackupRefused(Exception):
    """A backup cannot be made or put back like this; the text says why, in one line."""


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself.

    Attributes:
        form: of the file; see the module.
        service: the version of the service that made it.
        made_at: ISO 8601, when it was begun.
        schema: the newest migration of its database.
        holds_files: False where shared files lie in a bucket, which has backups of its own.
    """

    form: int
    service: str
    made_at: str
    schema: str
    holds_files: bool


class ArchiveWriter:
    """Writes a backup to an open file, piece by piece."""

    def __init__(self, target: IO[bytes], about: About) -> None:
        self._tar = tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115  # closed by close()
        self._sums: dict[str, tuple[int, str]] = {}
        self.add(_ABOUT, io.BytesIO(json.dumps(asdict(about)).encode()))

    def add(self, name: str, source: IO[bytes]) -> int:
        """Take a whole file in, which does not change meanwhile; returns its bytes."""
        length = source.seek(0, os.SEEK_END)
        source.seek(0)
        info = tarfile.TarInfo(name)
        info.size, info.mode = length, 0o600
        summed = _Summed(source)
        self._tar.addfile(info, summed)
        self._sums[name] = (length, summed.sum.hexdigest())
        return length

    def close(self) -> None:
        """Write what everything is held against when it is put back."""
        self.add(_SUMS, io.BytesIO(json.dumps(self._sums).encode()))
        self._tar.close()


class ArchiveReader:
    """Reads a backup from its beginning.

    Raises:
        BackupRefused: it is none, or of a newer form.
    """

    def __init__(self, source: IO[bytes]) -> None:
        try:
            self._tar = tarfile.open(fileobj=source, mode="r|")  # noqa: SIM115  # closed by __exit__
            self._members: Iterator[tarfile.TarInfo] = iter(self._tar)
            first = next(self._members, None)
            if first is None or first.name != _ABOUT or first.size > _MOST_ABOUT_BYTES:
                raise BackupRefused("it is no backup of this service")
            told = json.loads(self._bytes(first))
            form = told["form"]
            if form > FORM:
                raise BackupRefused(f"it is of form {form}, made by a newer version of the service")
            self.about = About(**told)
        except (tarfile.TarError, EOFError, ValueError, TypeError, KeyError) as error:
            raise BackupRefused("it is no backup of this service") from error

    def unpack(self, folder: Path) -> None:
        """Write everything into an empty folder and hold it against its sums.

        Raises:
            BackupRefused: something is missing, damaged, or none of ours.
            OSError: it cannot be written.
        """
        found: dict[str, tuple[int, str]] = {}
        told: dict[str, list[Any]] = {}
        try:
            for member in self._members:
                if member.name == _SUMS:
                    told = json.loads(self._bytes(member))
                    break
                found[member.name] = self._unpack_one(member, folder)
        except (tarfile.TarError, EOFError, ValueError, TypeError) as error:
            raise BackupRefused("it is damaged") from error
        told.pop(_ABOUT, None)
        if not told or {name: tuple(one) for name, one in told.items()} != found:
            raise BackupRefused("it is damaged or cut short: not everything in it is whole")
        if DATABASE_FILE not in found:
            raise BackupRefused("it holds no database")

    def _unpack_one(self, member: tarfile.TarInfo, folder: Path) -> tuple[int, str]:
        is_ours = member.name in (DATABASE_FILE, ENGINE_FILE) or _OURS.fullmatch(member.name)
        source = self._tar.extractfile(member) if member.isfile() and is_ours else None
        if source is None:
            raise BackupRefused(f"it holds something that is not ours: {member.name[:80]!r}")
        path = folder / member.name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        summed, length = _Summed(source), 0
        with create_private(path) as target:
            while piece := summed.read(_PIECE):
                length += target.write(piece)
        return length, summed.sum.hexdigest()

    def _bytes(self, member: tarfile.TarInfo) -> bytes:
        source = self._tar.extractfile(member)
        if source is None:
            raise BackupRefused("it is no backup of this service")
        return source.read()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._tar.close()


class _Summed:
    """A file whose bytes are summed as they are read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        self.sum.update(piece)
        return piece


def create_private(path: Path) -> IO[bytes]:
    """Make a file that its owner alone can read, and open it for writing.

    Raises:
        OSError: it cannot be made, or is there already.
    """
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
