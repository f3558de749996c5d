"""The demo takes real devices wherever they are, and says what is drawn."""

import os
import sys
from pathlib import Path

import pytest

from desktop.app.demo import command, media_server
from desktop.app.demo.command import choose_cameras, choose_microphones
from desktop.app.demo.media_server import MediaServerError, find, free_ports
from desktop.app.demo.stages import Side

CLIP = "demo-customer.mp4"


def test_without_a_camera_the_customer_has_the_clip_and_the_mechanic_the_pattern() -> None:
    chosen = choose_cameras((), real=0)

    customer = chosen[Side.CUSTOMER]
    assert customer is not None
    assert customer.startswith("file:")
    assert customer.endswith(CLIP)
    assert Path(customer.removeprefix("file:")).exists()
    assert chosen[Side.MECHANIC] == "pattern"


@pytest.mark.parametrize(("real", "mechanic"), [(1, "pattern"), (2, "1"), (3, "1")])
def test_the_first_real_camera_is_the_customers(real: int, mechanic: str) -> None:
    assert choose_cameras((), real=real) == {Side.CUSTOMER: "0", Side.MECHANIC: mechanic}


def test_what_is_asked_for_wins_over_what_is_there() -> None:
    assert choose_cameras(("pattern", "file:x.mp4"), real=2) == {
        Side.CUSTOMER: "pattern",
        Side.MECHANIC: "file:x.mp4",
    }
    assert choose_cameras(("1",), real=1)[Side.MECHANIC] == "pattern"


def test_without_a_microphone_each_side_has_a_tone_of_its_own() -> None:
    assert choose_microphones((), real=0) == {
        Side.CUSTOMER: "tone:440",
        Side.MECHANIC: "tone:660",
    }


def test_a_real_microphone_serves_both_sides() -> None:
    assert choose_microphones((), real=1) == {Side.CUSTOMER: None, Side.MECHANIC: None}
    assert choose_microphones(("tone:300",), real=1)[Side.CUSTOMER] == "tone:300"


def test_a_machine_whose_drivers_fail_has_no_devices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho driver trouble; exit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))

    assert command.devices_of_machine() == (0, 0)


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a LiveKit server."""
    monkeypatch.delenv("LIVEKIT_SERVER_BIN", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def cached(machine: Path) -> Path:
    folder = f"livekit-server-{media_server.VERSION}"
    return machine / "cache" / "liftbay" / folder / "livekit-server"


def test_the_server_is_looked_for_by_name_then_on_path_then_in_the_cache(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[Path | None] = [find()]

    program(cached(machine))
    found.append(find())
    program(machine / "bin" / "livekit-server")
    found.append(find())
    named = program(machine / "own" / "server")
    monkeypatch.setenv("LIVEKIT_SERVER_BIN", str(named))
    found.append(find())

    assert found == [None, cached(machine), machine / "bin" / "livekit-server", named]


def test_a_server_that_was_named_and_is_none_is_said_so(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(machine / "bin" / "livekit-server")
    monkeypatch.setenv("LIVEKIT_SERVER_BIN", str(machine / "nowhere"))

    with pytest.raises(MediaServerError, match="LIVEKIT_SERVER_BIN"):
        find()


def test_another_version_in_the_cache_does_not_count(machine: Path) -> None:
    old = cached(machine).parent.with_name("livekit-server-0.1.0") / "livekit-server"
    program(old)

    assert find() is None


def test_a_build_that_was_interrupted_is_no_server(machine: Path) -> None:
    cached(machine).parent.mkdir(parents=True)
    cached(machine).write_bytes(b"half")
    cached(machine).chmod(0o644)

    assert os.access(cached(machine), os.R_OK)
    assert find() is None


def test_free_ports_are_all_different() -> None:
    ports = free_ports(20)

    assert len(set(ports)) == 20
