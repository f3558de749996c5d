"""Where a report goes: files through their links, streams as they are, and what is refused."""

import os
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from preflight.support.outputs import (
    UnusableOutput,
    check_apart,
    check_output,
    open_output,
)
from preflight.whole_file import write_whole

LONG = b"x" * 300_000
"""More than a pipe holds."""


def written_to(path: Path, content: bytes = b"new") -> None:
    """Look, open and write, as a diagnosis does."""
    check_output(path)
    open_output(path, lambda _: None).write(content)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def no_file(folder: Path) -> Path:
    """Return the path of a socket."""
    path = folder / "socket"
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))
    return path


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    return path


def test_of_a_link_the_file_that_it_points_at_is_replaced(tmp_path: Path) -> None:
    """The link became a file of its own, and what everybody reads stayed old."""
    target, middle, link = (
        tmp_path / "a" / "page.html",
        tmp_path / "middle",
        tmp_path / "b" / "link",
    )
    target.parent.mkdir()
    link.parent.mkdir()
    target.write_bytes(b"old, and longer than what comes")
    target.chmod(0o640)
    middle.symlink_to("a/page.html")
    link.symlink_to("../middle")
    before = target.stat().st_ino

    written_to(link)

    assert link.is_symlink()
    assert middle.is_symlink()
    assert target.read_bytes() == b"new"
    assert mode_of(target) == 0o640
    assert target.stat().st_ino != before, "whole, and not written over"
    assert [each.name for each in target.parent.iterdir()] == ["page.html"]


def test_a_link_to_nothing_yet_makes_the_file_it_names(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "later.json")

    written_to(link)

    assert link.is_symlink()
    assert (tmp_path / "later.json").read_bytes() == b"new"
    assert mode_of(tmp_path / "later.json") == 0o600


def test_of_a_file_that_was_there_the_mode_is_kept_by_outputs_alone(tmp_path: Path) -> None:
    """Files of our own name devices and hold a key: theirs is 0600, whatever was there."""
    named, own = tmp_path / "named.json", tmp_path / "own.json"
    for path in (named, own):
        path.write_bytes(b"old")
        path.chmod(0o664)

    written_to(named)
    write_whole(own, b"new")

    assert (mode_of(named), mode_of(own)) == (0o664, 0o600)


def test_a_file_whose_owner_cannot_be_kept_is_for_this_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else who made it first could read what is written there."""
    path = tmp_path / "report.json"
    path.write_bytes(b"old")
    path.chmod(0o666)

    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refused)
    written_to(path)

    assert path.read_bytes() == b"new"
    assert mode_of(path) == 0o600


def test_a_write_that_fails_leaves_what_a_link_points_at_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, link = tmp_path / "a" / "target", tmp_path / "link"
    target.parent.mkdir()
    target.write_bytes(b"old")
    link.symlink_to(target)

    def full(_self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        written_to(link)

    assert target.read_bytes() == b"old"
    assert [each.name for each in target.parent.iterdir()] == ["target"]


def test_a_fifo_gives_its_reader_all_of_it_and_stays_one(fifo: Path) -> None:
    """It became a file, and its reader waited for ever."""
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(fifo.read_bytes()))
    reader.start()

    written_to(fifo, LONG)
    reader.join(10)

    assert got == [LONG]
    assert stat.S_ISFIFO(fifo.stat().st_mode)


def test_a_fifo_that_nobody_reads_yet_is_waited_for_and_that_is_said(fifo: Path) -> None:
    said: list[Path] = []
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(fifo.read_bytes()))

    def waiting(path: Path) -> None:
        said.append(path)
        reader.start()

    open_output(fifo, waiting).write(b"new")
    reader.join(10)

    assert said == [fifo]
    assert got == [b"new"]


def test_a_reader_that_went_away_is_an_error_and_no_signal(fifo: Path) -> None:
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    output = open_output(fifo, lambda _: None)
    os.close(reading)

    with pytest.raises(BrokenPipeError):
        output.write(LONG)


@pytest.mark.parametrize("name", ["null", "full"])
def test_a_character_device_is_written_and_stays_one(name: str, tmp_path: Path) -> None:
    """Nodes of our own in a folder of our own: a fault here must not cost the machine its own."""
    node = tmp_path / name
    try:
        os.mknod(node, stat.S_IFCHR | 0o666, os.makedev(1, {"null": 3, "full": 7}[name]))
        node.open("wb").close()
    except OSError:
        pytest.skip("only root makes nodes, and not everywhere")

    if name == "full":
        with pytest.raises(OSError, match="No space left"):
            written_to(node)
    else:
        written_to(node)

    assert stat.S_ISCHR(node.stat().st_mode)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for each in ends:
        os.close(each)


@pytest.mark.parametrize("form", ["/dev/fd/{}", "/proc/self/fd/{}", "link"])
def test_an_open_descriptor_is_written_where_it_stands(
    form: str, tmp_path: Path, pipe: tuple[int, int]
) -> None:
    """As the shell gives one for ``>(...)``."""
    path = Path(form.format(pipe[1]))
    if form == "link":
        path = tmp_path / "link"
        path.symlink_to(f"/dev/fd/{pipe[1]}")

    written_to(path, b"new")

    assert os.read(pipe[0], 100) == b"new"


def test_a_file_behind_a_descriptor_gets_it_behind_what_stands_there(tmp_path: Path) -> None:
    """Replaced, it would lose what was said before and after."""
    with (tmp_path / "all.txt").open("wb") as file:
        file.write(b"before, ")
        file.flush()
        written_to(Path(f"/dev/fd/{file.fileno()}"), b"new")
        file.write(b", after")

    assert (tmp_path / "all.txt").read_bytes() == b"before, new, after"


def test_what_is_no_output_is_refused_before_anything_runs(
    tmp_path: Path, pipe: tuple[int, int]
) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    (tmp_path / "file").write_bytes(b"")
    closed = os.open(tmp_path, os.O_RDONLY)
    os.close(closed)

    told = {
        path: _refusal(Path(path))
        for path in (
            str(tmp_path),
            str(loop),
            str(no_file(tmp_path)),
            str(tmp_path / "file" / "report.json"),
            str(tmp_path / "none" / "report.json"),
            str(tmp_path / ("n" * 300)),
            f"/dev/fd/{closed}",
            f"/dev/fd/{pipe[0]}",
            "/proc/x.html",
        )
    }

    said = list(told.values())
    assert "is a folder: name a file in it" in said[0]
    assert "Too many levels of symbolic links" in said[1]
    assert "is neither a file nor a stream" in said[2]
    assert "Not a directory" in said[3]
    assert f"there is no folder {tmp_path / 'none'}" in said[4]
    assert "File name too long" in said[5]
    assert "Bad file descriptor" in said[6]
    assert "can only be read" in said[7]
    assert "no file can be made in /proc" in said[8]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "loop", "socket"]


def test_a_file_in_a_folder_where_nothing_can_be_made_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may write into any folder: what it is refused stands for what others are."""
    path = tmp_path / "report.json"
    path.write_bytes(b"old")

    def refused(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refused)

    assert f"no file can be made in {tmp_path}" in _refusal(path)
    assert path.read_bytes() == b"old"


def test_looking_leaves_nothing_and_changes_nothing(tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    old.write_bytes(b"old")

    check_output(old)
    check_output(tmp_path / "new.json")

    assert [each.name for each in tmp_path.iterdir()] == ["old.json"]
    assert old.read_bytes() == b"old"


def _refusal(path: Path) -> str:
    with pytest.raises(UnusableOutput) as refused:
        check_output(path)
    return str(refused.value)


@pytest.mark.parametrize("other", ["./page.html", "link", "hard", "new-link"])
def test_two_that_name_one_file_are_refused(other: str, tmp_path: Path) -> None:
    """The second one overwrote the first, with status 0."""
    page = tmp_path / "page.html"
    if other != "new-link":
        page.write_bytes(b"old")
    (tmp_path / "link").symlink_to("page.html")
    (tmp_path / "new-link").symlink_to("link")
    if other == "hard":
        os.link(page, tmp_path / "hard")

    with pytest.raises(UnusableOutput, match="--html and --bundle name the same file"):
        check_apart({"--html": page, "--bundle": tmp_path / other}, prints_json=False)


def test_files_of_their_own_are_taken(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    named = {"--output": tmp_path / "a", "--html": tmp_path / "b", "--bundle": tmp_path / "c"}

    check_apart(named, prints_json=True)

    assert [each.name for each in tmp_path.iterdir()] == ["a"]


@contextmanager
def stdout_in(path: Path) -> Iterator[None]:
    """Let standard output go to a file; pytest moves it itself between set-up and test."""
    kept = os.dup(1)
    try:
        with path.open("wb") as file:
            os.dup2(file.fileno(), 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


@pytest.mark.parametrize("prints_json", [True, False])
def test_a_file_that_standard_output_goes_to_as_well_is_refused(
    prints_json: bool, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"

    with stdout_in(page), pytest.raises(UnusableOutput) as refused:
        check_apart({"--html": page}, prints_json=prints_json)

    assert ("what --json prints" in str(refused.value)) is prints_json


def test_standard_output_itself_is_refused_only_where_json_is_printed(tmp_path: Path) -> None:
    named = {"--html": Path("/dev/stdout")}

    with stdout_in(tmp_path / "page.html"):
        check_apart(named, prints_json=False)
        with pytest.raises(UnusableOutput, match="--html and what --json prints go to the same"):
            check_apart(named, prints_json=True)
        with pytest.raises(UnusableOutput, match="--html and --output name the same file"):
            check_apart({**named, "--output": Path("/dev/fd/1")}, prints_json=False)
        output = open_output(Path("/dev/stdout"), lambda _: None)
        output.write(b"new")

    assert output.is_stdout
    assert (tmp_path / "page.html").read_bytes() == b"new"
