"""``liftbay diagnose`` as a process: ended half-way, and given files that are no clip or sound."""

import json
import os
import signal
import socket
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

DEADLINE_S = 60.0


@pytest.fixture
def mute_service() -> Iterator[str]:
    """An address that takes connections and never answers, so that a run lasts for seconds."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


# A test run in the background of a shell inherits that SIGINT is ignored, and passes it on.
AS_IN_A_TERMINAL = ("env", "--default-signal=INT")


def started(home: Path, *words: str) -> subprocess.Popen[str]:
    environment = os.environ | {"XDG_DATA_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
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
