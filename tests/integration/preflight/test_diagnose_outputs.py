"""``liftbay diagnose`` as a process that writes to links, FIFOs and what a shell gives it."""

import io
import json
import os
import signal
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from preflight.support.verdict import ExitCode
from tests.integration.preflight.test_diagnose_command import (
    DEADLINE_S,
    ended,
    environment_in,
    mute_service,
    started,
    told_of_camera,
)

__all__ = ["mute_service"]  # a fixture of the neighbour

ONE = ("--only", "camera.none", "--camera", "pattern")


def in_shell(home: Path, line: str) -> subprocess.CompletedProcess[str]:
    """Give a line to bash in a folder of its own; ``$LIFTBAY`` is the command with one check."""
    folder = home / "here"
    folder.mkdir(exist_ok=True)
    command = " ".join((sys.executable, "-m", "desktop.app.cli", "diagnose", *ONE))
    root = str(Path(__file__).resolve().parents[3])
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        cwd=folder,
        env=environment_in(home) | {"LIFTBAY": command, "PYTHONPATH": f"{root}:{root}/backend"},
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )


def test_a_page_to_standard_output_is_all_that_is_there(tmp_path: Path) -> None:
    """Replaced by its name, the pipe's end would have been a file in /proc, or nothing."""
    piped = in_shell(tmp_path, "$LIFTBAY --html /dev/stdout | cat")
    to_file = in_shell(tmp_path, "$LIFTBAY --html /dev/stdout > page.html")

    for page in (piped.stdout, (tmp_path / "here" / "page.html").read_text()):
        assert page.startswith("<!doctype html>")
        assert page.endswith("</html>\n")
        assert page.count("</html>") == 1
    for done in (piped, to_file):
        assert done.returncode == ExitCode.PASSED, done.stderr
        assert done.stderr.splitlines()[-1].startswith("gate passes")


def test_what_a_shell_puts_in_for_a_process_gets_each_document(tmp_path: Path) -> None:
    done = in_shell(
        tmp_path,
        "$LIFTBAY --output >(cat > r.json) --html >(cat > p.html) --bundle >(cat > b.zip)"
        "; status=$?; for _ in {1..100}; do [ -s r.json ] && [ -s p.html ] && [ -s b.zip ] && break"
        "; sleep 0.05; done; exit $status",
    )

    here = tmp_path / "here"
    assert done.returncode == ExitCode.PASSED, done.stderr
    assert json.loads((here / "r.json").read_text())["ended_by"] == "finished"
    assert (here / "p.html").read_text().endswith("</html>\n")
    with zipfile.ZipFile(io.BytesIO((here / "b.zip").read_bytes())) as archive:
        assert archive.testzip() is None
    assert done.stdout.splitlines()[-1].startswith("gate passes"), "stdout is free for words"


def test_a_fifo_stays_one_and_its_reader_gets_the_report(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with started(tmp_path, *ONE, "--output", str(fifo)) as running:
        assert running.stderr is not None
        waits = running.stderr.readline()

        report = json.loads(fifo.read_text())
        running.communicate(timeout=DEADLINE_S)

    assert waits == f"waiting for somebody to read {fifo}\n"
    assert running.returncode == ExitCode.PASSED
    assert report["ended_by"] == "finished"
    assert stat.S_ISFIFO(fifo.stat().st_mode)


def test_who_waits_for_a_reader_can_be_interrupted(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with started(tmp_path, *ONE, "--output", str(fifo)) as running:
        assert running.stderr is not None
        running.stderr.readline()

        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=DEADLINE_S)

    assert (running.returncode, out, err) == (ExitCode.INTERRUPTED, "", "interrupted\n")


def test_a_reader_that_leaves_in_mid_run_is_told_and_ends_with_four(
    mute_service: str, tmp_path: Path
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reading = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    scope = ("--only", "camera.none,net.health", "--service", mute_service, "--timeout", "3")
    with started(tmp_path, *scope, "--camera", "pattern", "--output", str(fifo)) as running:
        assert running.stdout is not None
        told_of_camera(iter(running.stdout))
        os.close(reading)
        _, err = running.communicate(timeout=DEADLINE_S)

    assert running.returncode == ExitCode.INTERNAL
    assert err == "the report could not be written: Broken pipe\n"


def test_a_link_stays_and_what_it_points_at_is_new(tmp_path: Path) -> None:
    target, link = tmp_path / "kept.json", tmp_path / "link.json"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)

    status, _, err = ended(tmp_path, *ONE, "--output", str(link))

    assert status == ExitCode.PASSED, err
    assert link.is_symlink()
    assert json.loads(target.read_text())["ended_by"] == "finished"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_full_device_stays_one_and_ends_with_four(tmp_path: Path) -> None:
    """As root it became a file of 2,600 bytes in place of the node, with status 0."""
    node = tmp_path / "full"
    try:
        # A node of our own in a folder of our own, never the machine's.
        os.mknod(node, stat.S_IFCHR | 0o666, os.makedev(1, 7))
        node.open("wb").close()
    except OSError:
        pytest.skip("only root makes nodes, and not everywhere")

    status, _, err = ended(tmp_path, *ONE, "--output", str(node))

    assert status == ExitCode.INTERNAL
    assert err == "the report could not be written: No space left on device\n"
    assert stat.S_ISCHR(node.stat().st_mode)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--html", "{}/a.html", "--output", "{}/a.html"), "name the same file"),
        (("--html", "{}/a.html", "--bundle", "{}/link"), "name the same file"),
        (("--html", "/proc/x.html"), "no file can be made in /proc"),
        (("--json", "--html", "/dev/stdout"), "and what --json prints go to the same place"),
        (("--output", "{}/liftbay/default/settings.json"), "where Liftbay keeps its own files"),
    ],
)
def test_what_cannot_be_written_is_two_before_anything_runs(
    words: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to("a.html")
    (tmp_path / "liftbay" / "default").mkdir(parents=True)

    status, out, err = ended(tmp_path, *ONE, *(word.format(tmp_path) for word in words))

    assert (status, out) == (ExitCode.USAGE, "")
    assert told in err.splitlines()[-1]
    assert not list(tmp_path.rglob("*.html"))
    assert not list(tmp_path.rglob("*.json"))


def test_a_page_to_standard_error_leaves_standard_output_to_the_words(tmp_path: Path) -> None:
    done = in_shell(tmp_path, "$LIFTBAY --html /dev/stderr")

    assert done.returncode == ExitCode.PASSED
    assert done.stderr.count("</html>") == 1
    assert done.stdout.splitlines()[-1].startswith("gate passes")
