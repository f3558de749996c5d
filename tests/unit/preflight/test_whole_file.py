"""Files that are replaced whole or not at all."""

import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from preflight.devices.frames import Orientation
from preflight.memory.history import Run, keep_run
from preflight.memory.kept_run import KeptRun, save_kept
from preflight.memory.machine_file import FILE_NAME, KnownOrientation, load_memory, save_memory
from preflight.report.report import write_report
from preflight.support.bundle import pack
from preflight.support.outputs import Output
from preflight.support.page import page
from preflight.whole_file import write_whole
from tests.fakes.contract import fixture

REPORT: dict[str, Any] = {**fixture("report")["report"], "redaction": {"counts": {}}}


def test_whatever_is_written_is_for_this_user_alone(tmp_path: Path) -> None:
    """Names of devices are in the report, and in what is made of it."""
    before = os.umask(0)
    try:
        write_report(tmp_path / "report.json", REPORT)
        Output(tmp_path / "report.html").write(page(REPORT).encode())
        Output(tmp_path / "bundle.zip").write(pack(REPORT, []).packed)
        save_memory(tmp_path, load_memory(None))
        save_kept(tmp_path, KeptRun({}))
        keep_run(tmp_path, "machine", Run("run", "2026-11-22T12:00:00+00:00", {"rtt": 1.0}))
    finally:
        os.umask(before)

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert len(modes) == 6
    assert set(modes.values()) == {0o600}


def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.html"
    write_whole(path, b"the old one")

    def full(_self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        Output(path).write(page(REPORT).encode())

    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]
    assert path.read_bytes() == b"the old one"


@pytest.mark.parametrize("kind", ["fifo", "link to a fifo", "folder"])
def test_what_is_no_plain_file_is_left_alone(kind: str, tmp_path: Path) -> None:
    """A FIFO was replaced by a file, and whoever read it waited for ever."""
    path, there = tmp_path / "named", tmp_path / "there"
    if kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(there if kind.startswith("link") else path)
    if kind.startswith("link"):
        path.symlink_to(there)
    before = path.lstat().st_mode, path.stat().st_mode

    with pytest.raises(OSError, match="no plain file"):
        write_whole(path, b"new", keep_mode=True)

    assert (path.lstat().st_mode, path.stat().st_mode) == before
    assert not list(tmp_path.glob(".liftbay-*"))


def test_two_that_write_one_file_at_once_leave_one_of_both(tmp_path: Path) -> None:
    """Each writes beside it under a name of its own."""
    path, contents = tmp_path / "report.json", [bytes([sign]) * 200_000 for sign in b"abcd"]
    writing = [threading.Thread(target=write_whole, args=(path, each)) for each in contents * 3]

    for each in writing:
        each.start()
    for each in writing:
        each.join(20)

    assert path.read_bytes() in contents
    assert [each.name for each in tmp_path.iterdir()] == ["report.json"]


def test_a_machine_file_with_a_time_of_no_zone_is_not_believed(tmp_path: Path) -> None:
    """Such a time cannot be compared with now: the orientation's age would throw."""
    memory = load_memory(None)
    save_memory(tmp_path, memory)
    turned = '"orientations":{"cam":{"turn":90,"mirrored":false,"confirmed_at":"%s"}}'
    told = (tmp_path / FILE_NAME).read_text()

    found = []
    for at in ("2026-11-22T12:00:00Z", "2026-11-22T12:00:00"):
        (tmp_path / FILE_NAME).write_text(told.replace('"orientations":{}', turned % at))
        found.append(load_memory(tmp_path).orientations)

    assert found[0]["cam"].orientation == Orientation(90, mirrored=False)
    assert isinstance(found[0]["cam"], KnownOrientation)
    assert found[1] == {}
