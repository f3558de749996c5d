"""One owner per data folder, and a lock that cannot be had for another reason says which."""

import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

from liftbay_backend.db.storage_faults import StorageFault
from liftbay_backend.durable.sole_owner import OwnedElsewhere, SoleOwner


def test_one_data_folder_has_one_owner_at_a_time(tmp_path: Path) -> None:
    first = SoleOwner(tmp_path / "durable.lock")

    with pytest.raises(OwnedElsewhere):
        SoleOwner(tmp_path / "durable.lock")
    first.release()
    SoleOwner(tmp_path / "durable.lock").release()


def test_a_lock_leaves_nothing_beside_itself(tmp_path: Path) -> None:
    owner = SoleOwner(tmp_path / "durable.lock")

    names = [path.name for path in tmp_path.iterdir()]

    owner.release()
    assert names == ["durable.lock"]


def test_a_damaged_lock_file_is_not_called_a_second_service(tmp_path: Path) -> None:
    path = tmp_path / "durable.lock"
    path.write_bytes(b"this is no database" * 300)

    with pytest.raises(StorageFault) as caught:
        SoleOwner(path)

    assert str(caught.value) == "durable.lock: it is damaged, or no database"


def test_a_lock_file_that_cannot_be_opened_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StorageFault) as caught:
        SoleOwner(tmp_path / "no-such-folder" / "durable.lock")

    assert str(caught.value) == "durable.lock: it cannot be opened"


def test_a_read_only_lock_file_gives_no_lock_that_binds_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite grants BEGIN EXCLUSIVE on a file that it can only read, to everybody at once.

    The connection is a real one; root, who runs the tests in a container, may write any file, so
    it is opened for reading here.
    """
    path = tmp_path / "durable.lock"
    path.touch()
    connect = sqlite3.connect

    def read_only(file: Path, **options: Any) -> sqlite3.Connection:
        opened: sqlite3.Connection = connect(f"file:{file}?mode=ro", uri=True, **options)
        return opened

    monkeypatch.setattr("liftbay_backend.durable.sole_owner.sqlite3.connect", read_only)

    with pytest.raises(StorageFault) as caught:
        SoleOwner(path)

    assert str(caught.value) == (
        "durable.lock: it cannot be written: the file or its disk is read-only"
    )


if sys.platform == "linux":
    # Whatever is written into this device meets a full disk.
    def test_a_full_disk_is_said_so(tmp_path: Path) -> None:
        path = tmp_path / "durable.lock"
        path.symlink_to("/dev/full")

        with pytest.raises(StorageFault) as caught:
            SoleOwner(path)

        assert str(caught.value) == "durable.lock: the disk is full"
