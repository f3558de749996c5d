"""``liftbay diagnose`` as a process: ended half-way, and given files that are no clip or sound."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from preflight.devices.opencv import cv2
from preflight.report.report import CRASH_NAME, load_report
from preflight.report.report_keeper import LOCAL_NAME
from preflight.support.verdict import ExitCode
from tests.integration.preflight.test_probe_process import service

__all__ = ["service"]  # a fixture of the neighbour

DEADLINE_S = 60.0


@pytest.fixture
def mute_service() -> Iterator[str]:
    """An address that takes connections and never answers, so that a run lasts for seconds."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


# A test run in the background of a shell inherits that SIGINT is ignored, and passes it on.
AS_IN_A_TERMINAL = ("env", "--default-signal=INT")


def environment_in(home: Path) -> dict[str, str]:
    return os.environ | {"XDG_DATA_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}


def ended(home: Path, *words: str) -> tuple[int, str, str]:
    """Run a diagnosis to its end; its status and what it said."""
    with started(home, *words) as running:
        out, err = running.communicate(timeout=DEADLINE_S)
    return running.returncode, out, err


def started(home: Path, *words: str) -> subprocess.Popen[str]:
    environment = environment_in(home)
    return subprocess.Popen(
        [*AS_IN_A_TERMINAL, sys.executable, "-u", "-m", "desktop.app.cli", "diagnose", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def told_of_camera(told: Iterator[str]) -> None:
    """Read on until the first of the camera's checks has its verdict."""
    assert any(line.startswith("C01  passed") for line in told)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_leaves_what_it_measured_so_far(
    sign: signal.Signals, mute_service: str, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    words = ("--camera", "pattern", "--service", mute_service, "--output", str(report))
    with started(tmp_path, *words) as running:
        assert running.stdout is not None
        told_of_camera(iter(running.stdout))

        running.send_signal(sign)
        _, err = running.communicate(timeout=DEADLINE_S)

    left = json.loads(report.read_text())
    states = {check["code"]: check["state"] for check in left["checks"]}
    assert running.returncode == 130, err
    assert err.splitlines()[-1] == "interrupted"
    assert left["ended_by"] == "cancelled"
    assert states["camera.none"] == "passed"
    assert "passed" not in (states["net.health"], states["net.rtt_high"])


def test_json_that_is_ended_is_whole(mute_service: str, tmp_path: Path) -> None:
    words = ("--camera", "pattern", "--service", mute_service, "--json")
    with started(tmp_path, *words) as running:
        assert running.stderr is not None
        told_of_camera(iter(running.stderr))

        running.send_signal(signal.SIGTERM)
        out, _ = running.communicate(timeout=DEADLINE_S)

    assert running.returncode == 130
    assert json.loads(out)["ended_by"] == "cancelled"


@pytest.mark.parametrize("to_file", [False, True])
def test_a_watch_in_json_that_is_ended_has_a_line_for_each_object_and_the_trips(
    *, to_file: bool, service: str, tmp_path: Path
) -> None:
    """With ``--output`` a line of words stood behind the objects."""
    report, limit_s = tmp_path / "report.json", 3.0
    scope = ("--only", "net.health,net.rtt_high", "--timeout", str(limit_s), "--service", service)
    words = (*scope, "--json", "--watch", "--every", "1")
    with started(tmp_path, *words, *(("--output", str(report)) if to_file else ())) as running:
        assert running.stdout is not None
        said = [next(running.stdout)]
        while json.loads(said[-1])["code"] != "net.rtt_high":
            said.append(next(running.stdout))
        # No later than this it waits for nothing but the end.
        time.sleep(limit_s + 1)

        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=DEADLINE_S)

    objects = [json.loads(line) for line in (*said, *out.splitlines())]
    states = {each["code"]: each["state"] for each in objects[:-1]}
    assert running.returncode == ExitCode.PASSED, err
    assert (states["net.health"], states["net.rtt_high"]) == ("passed", "passed")
    assert objects[-1]["samples"] >= 11
    assert 0 < objects[-1]["rtt_min_ms"] <= objects[-1]["rtt_p95_ms"]
    assert err.splitlines()[-1].startswith("gate passes")
    assert report.exists() is to_file


def test_files_that_are_no_clip_and_no_sound_are_told_as_such(tmp_path: Path) -> None:
    clip, sound = tmp_path / "notes.mp4", tmp_path / "notes.wav"
    clip.write_text("no clip")
    sound.write_text("no sound")

    with started(
        tmp_path,
        "--only",
        "camera,mic",
        "--camera",
        f"file:{clip}",
        "--microphone",
        f"file:{sound}",
    ) as running:
        out, _ = running.communicate(timeout=DEADLINE_S)

    assert running.returncode == 1
    assert "notes.mp4 is no clip that can be played. Give another file" in out
    assert "notes.wav is no WAV file of 16 bits, mono or stereo. Give another file" in out
    assert "nplug" not in out


def test_a_sound_without_samples_is_told_as_too_short(tmp_path: Path) -> None:
    sound = tmp_path / "empty.wav"
    with wave.open(str(sound), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", "not compressed"))

    with started(tmp_path, "--only", "mic", "--microphone", f"file:{sound}") as running:
        out, _ = running.communicate(timeout=DEADLINE_S)

    assert "empty.wav is shorter than 10 ms." in out


def test_a_healthy_machine_without_an_account_is_zero_for_a_pipe_as_well(
    service: str, tmp_path: Path
) -> None:
    """What a script does: read the report with jq, and believe the status."""
    words = f"--service {service} --camera pattern --microphone tone:440 --speaker null --quick"
    piped = subprocess.run(
        [
            "bash",
            "-o",
            "pipefail",
            "-c",
            f"{sys.executable} -m desktop.app.cli diagnose --json {words}"
            " | jq -e '[.checks[] | select(.state == \"failed\")] | length == 0'",
        ],
        capture_output=True,
        text=True,
        env=environment_in(tmp_path),
        timeout=DEADLINE_S,
        check=False,
    )

    assert (piped.returncode, piped.stdout.strip()) == (0, "true"), piped.stderr
    assert piped.stderr.splitlines()[-1] == "gate passes (out of scope: net.signal, net.room)"


def test_what_is_asked_wrongly_is_two(tmp_path: Path) -> None:
    status, out, err = ended(tmp_path, "--only", "camra")

    assert (status, out) == (ExitCode.USAGE, "")
    assert "did you mean camera?" in err


def test_a_session_without_a_sign_in_is_wrong_usage(tmp_path: Path) -> None:
    status, _, err = ended(tmp_path, "--session", "0d9c8b7a-6f5e-4d3c-8b1a-2f3e4d5c6b7a")

    assert status == ExitCode.USAGE
    assert "nobody is signed in in this profile" in err


def test_what_could_not_be_decided_in_time_is_three(mute_service: str, tmp_path: Path) -> None:
    status, out, err = ended(
        tmp_path, "--only", "net.health", "--timeout", "1", "--service", mute_service
    )

    assert status == ExitCode.UNDECIDED, err
    assert out.splitlines()[-1].startswith("gate not decided: net.health")


def test_a_folder_that_cannot_be_used_is_four(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("no folder")

    status, _, err = ended(home, "--only", "camera.none")

    assert status == ExitCode.INTERNAL
    assert "cannot use its folder" in err


@pytest.mark.parametrize(("word", "status"), [("--strict", 5), ("--quick", 0)])
def test_advice_is_five_only_where_it_was_asked_for(word: str, status: int, tmp_path: Path) -> None:
    clip = tmp_path / "small.avi"
    film = cv2.VideoWriter(str(clip), cv2.VideoWriter.fourcc(*"MJPG"), 30, (480, 360))
    noise = np.random.default_rng(1)
    for _ in range(60):
        film.write(noise.integers(0, 255, (360, 480, 3), np.uint8))
    film.release()
    only = "camera.none,camera.resolution"

    found, out, err = ended(tmp_path, "--only", only, word, "--camera", f"file:{clip}")

    assert found == status, out + err


def test_a_run_that_is_killed_leaves_a_whole_report_that_says_crash(
    mute_service: str, tmp_path: Path
) -> None:
    words = ("--camera", "pattern", "--service", mute_service)
    with started(tmp_path, *words) as running:
        assert running.stdout is not None
        told_of_camera(iter(running.stdout))
        # The report is written beside what is said: wait for it, not for a time.
        local = wait_for_report(tmp_path)
        running.kill()
        running.communicate(timeout=DEADLINE_S)

    left = load_report(local)
    states = {check["code"]: check["state"] for check in left["checks"]}
    assert running.returncode == -signal.SIGKILL
    assert left["ended_by"] == "crash"
    assert states["camera.none"] == "passed"

    status, _, err = ended(tmp_path, "--only", "camera.none", "--camera", "pattern")
    assert status == 0, err
    assert load_report(local.with_name(CRASH_NAME))["report_id"] == left["report_id"]


def wait_for_report(home: Path) -> Path:
    """Return the local report once the camera's first verdict is in it."""
    for _ in range(600):
        for found in home.rglob(LOCAL_NAME):
            states = {check["code"]: check["state"] for check in load_report(found)["checks"]}
            if states["camera.none"] == "passed":
                return found
        time.sleep(0.05)
    raise AssertionError("no report was written")
