"""What an operator gets wrong about backups ends in one line, and changes nothing."""

import io
import json
import os
import shutil
import sqlite3
import tarfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from liftbay_backend.cli import cli
from liftbay_backend.durable.sole_owner import SoleOwner

PLACE = "liftbay-backend: {} cannot be put back: "


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("LIFTBAY_", "LIVEKIT_")) or name == "DATABASE_URL":
            monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty service and its backup, to copy."""
    folder = tmp_path_factory.mktemp("made")
    done("migrate", "--data-dir", str(folder / "here"))
    done("backup", "--to", str(folder / "kept"), "--data-dir", str(folder / "here"))
    return folder


@pytest.fixture
def kept(made: Path, tmp_path: Path) -> Path:
    """A backup of an empty service, which lies in `here` beside it."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "kept"


def done(*command: str) -> str:
    result = CliRunner().invoke(cli, list(command))
    assert result.exit_code == 0, result.output
    return result.stdout


def said(*command: str) -> str:
    """Return the one line of a command that fails."""
    result = CliRunner().invoke(cli, list(command))
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr.strip()


def refused(file: Path, data_dir: Path) -> str:
    """Return why a backup is not put back, which leaves nothing behind."""
    line = said("restore", "--from", str(file), "--data-dir", str(data_dir))
    assert line.startswith(PLACE.format(file))
    left = {path.name for path in data_dir.iterdir()} if data_dir.exists() else set()
    assert left <= {"durable.lock"}
    return line.removeprefix(PLACE.format(file))


def test_a_database_that_is_there_is_not_replaced(kept: Path, tmp_path: Path) -> None:
    before = (tmp_path / "here" / "liftbay.sqlite3").read_bytes()

    line = said("restore", "--from", str(kept), "--data-dir", str(tmp_path / "here"))

    assert line.endswith("here/liftbay.sqlite3 is there already; move it away first")
    assert (tmp_path / "here" / "liftbay.sqlite3").read_bytes() == before


@pytest.mark.parametrize("left", ["liftbay.sqlite3-wal", "durable.sqlite3-wal"])
def test_the_journal_of_a_database_that_was_moved_away_is_not_played_in(
    kept: Path, tmp_path: Path, left: str
) -> None:
    there = tmp_path / "there"
    there.mkdir(mode=0o700)
    (there / left).write_bytes(b"a journal")

    line = said("restore", "--from", str(kept), "--data-dir", str(there))

    assert line.endswith(f"there/{left} is there already; move it away first")
    assert {each.name for each in there.iterdir()} <= {left, "durable.lock"}


@pytest.mark.parametrize("command", ["restore", "after-restore"])
def test_a_data_folder_in_use_is_left_alone(kept: Path, tmp_path: Path, command: str) -> None:
    owner = SoleOwner(tmp_path / "here" / "durable.lock")
    source = ("--from", str(kept)) if command == "restore" else ()
    try:
        line = said(command, *source, "--data-dir", str(tmp_path / "here"))
    finally:
        owner.release()

    assert line.endswith(f"a service works on the data folder {tmp_path / 'here'}; stop it first")


def test_a_backup_is_not_written_over_another_file(kept: Path, tmp_path: Path) -> None:
    before = kept.read_bytes()

    line = said("backup", "--to", str(kept), "--data-dir", str(tmp_path / "here"))

    assert line == f"liftbay-backend: {kept} is there already"
    assert kept.read_bytes() == before


@pytest.mark.parametrize("place", ["missing/kept", "here/liftbay.sqlite3/kept"])
def test_a_place_that_cannot_be_written_is_named(kept: Path, tmp_path: Path, place: str) -> None:
    line = said("backup", "--to", str(tmp_path / place), "--data-dir", str(tmp_path / "here"))

    assert line.startswith(f"liftbay-backend: {tmp_path / place} cannot be written: ")


def test_nothing_is_kept_of_a_folder_without_a_database(tmp_path: Path) -> None:
    line = said("backup", "--to", str(tmp_path / "kept"), "--data-dir", str(tmp_path / "none"))

    assert line.endswith("cannot be used: it holds no database")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_database_is_no_backup(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "here" / "liftbay.sqlite3"
    data = bytearray(path.read_bytes())
    data[8192 : len(data) // 2] = b"\xff" * (len(data) // 2 - 8192)
    path.write_bytes(data)

    line = said("backup", "--to", str(tmp_path / "second"), "--data-dir", str(tmp_path / "here"))

    assert "damaged" in line
    assert not (tmp_path / "second").exists()


@pytest.mark.parametrize("command", [("backup", "--to", "x"), ("restore", "--from", "x")])
def test_a_postgresql_has_programs_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: Sequence[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://dana:hunter2@127.0.0.1:9/liftbay")
    monkeypatch.chdir(tmp_path)

    line = said(*command)

    assert "pg_dump and pg_restore" in line
    assert "hunter2" not in line
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "nothing", tmp_path / "there") == "No such file or directory"


@pytest.mark.parametrize("kind", ["empty", "text", "database", "tar", "zeros"])
def test_what_is_no_backup_is_said_so(kept: Path, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "other"
    match kind:
        case "empty":
            file.write_bytes(b"")
        case "text":
            file.write_text("hello " * 1000)
        case "zeros":
            file.write_bytes(bytes(100_000))
        case "database":
            file.write_bytes((tmp_path / "here" / "liftbay.sqlite3").read_bytes())
        case _:
            rewritten(kept, file, drop="about.json")

    assert refused(file, tmp_path / "there") == "it is no backup of this service"


def test_a_backup_that_was_cut_short_is_refused_wherever_it_was_cut(
    kept: Path, tmp_path: Path
) -> None:
    whole = kept.read_bytes()
    cut = tmp_path / "cut"

    told = set()
    for length in range(512, len(whole) - 10240, len(whole) // 12):
        cut.write_bytes(whole[:length])
        told.add(refused(cut, tmp_path / "there").partition(":")[0])

    assert told <= {
        "it is damaged",
        "it is damaged or cut short",
        "it is no backup of this service",
    }
    assert len(told) >= 2


def test_a_bit_that_flipped_is_found(kept: Path, tmp_path: Path) -> None:
    data = bytearray(kept.read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "flipped").write_bytes(data)

    assert refused(tmp_path / "flipped", tmp_path / "there").startswith("it is damaged")


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/outside", "files/../../outside", "signing-key.pem", "files/x"]
)
def test_a_name_that_is_not_ours_is_not_unpacked(kept: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / "other"
    rewritten(kept, file, add=name)

    assert refused(file, tmp_path / "there").startswith("it holds something that is not ours")
    assert not (tmp_path / "outside").exists()


def test_a_newer_form_is_said_so(kept: Path, tmp_path: Path) -> None:
    file = tmp_path / "other"
    rewritten(kept, file, form=2)

    assert "made by a newer version of the service" in refused(file, tmp_path / "there")


def test_a_newer_schema_is_said_so(tmp_path: Path) -> None:
    here = tmp_path / "here"
    done("migrate", "--data-dir", str(here))
    with closing(sqlite3.connect(here / "liftbay.sqlite3")) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
        db.commit()
    done("backup", "--to", str(tmp_path / "kept"), "--data-dir", str(here))

    line = refused(tmp_path / "kept", tmp_path / "there")

    assert line == "its database is at schema 9999, made by a newer version of the service"
    assert said("after-restore", "--data-dir", str(here)).endswith("newer version of the service")


def test_files_and_bucket_must_fit(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFTBAY_FILES_S3_BUCKET", "somewhere")

    line = refused(kept, tmp_path / "there")

    assert line == "it holds the files itself, and LIFTBAY_FILES_S3_BUCKET names a bucket"


def test_an_interrupted_restore_is_said_so_and_begins_anew(kept: Path, tmp_path: Path) -> None:
    """It died when some of it was in place, and the database was not."""
    there = tmp_path / "there"
    (there / ".restoring").mkdir(parents=True)
    (there / "files" / "half").mkdir(parents=True)
    (there / "durable.sqlite3").write_text("half")

    line = said("migrate", "--data-dir", str(there))
    done("restore", "--from", str(kept), "--data-dir", str(there))

    assert line.endswith("cannot be used: a restore into it was interrupted; run it again")
    assert not (there / "files").exists()
    assert not (there / ".restoring").exists()
    done("after-restore", "--data-dir", str(there))


def rewritten(
    kept: Path, target: Path, *, drop: str = "", add: str = "", form: int | None = None
) -> None:
    """Write a backup again with something else in it."""
    with tarfile.open(kept) as source, tarfile.open(target, "w") as made:
        for member in source:
            data = (source.extractfile(member) or io.BytesIO()).read()
            if member.name == "about.json" and form is not None:
                data = json.dumps({**json.loads(data), "form": form}).encode()
            if member.name != drop:
                put(made, member.name, data)
            if member.name == "about.json" and add:
                put(made, add, b"something")


def put(made: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    made.addfile(info, io.BytesIO(data))
