"""Who looks through a camera that PipeWire holds.

Inputs made from PipeWire's documentation, in the shape of ``pw-dump``: not recorded on a machine
with a camera.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from preflight.devices.pulse import PulseServer
from preflight.system import pipewire
from preflight.system.linux import LinuxProbe
from preflight.system.pipewire import camera_user
from preflight.system.ports import Holder

NODE = "/dev/video0"


def made(kind: str, number: int, **info: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": f"PipeWire:Interface:{kind}",
        "version": 3,
        "permissions": ["r", "x"],
        "info": {"change-mask": ["props"], **info},
    }


def dump(looks: dict[str, Any] | None = None, client: dict[str, Any] | None = None) -> bytes:
    """A camera, what looks through it, and other things that a dump has."""
    props = {
        "media.class": "Stream/Input/Video",
        "application.name": "Firefox",
        "client.id": 52,
        "node.name": "Firefox",
    }
    objects = [
        made("Core", 0, props={"core.name": "pipewire-0"}),
        made(
            "Node",
            40,
            state="running",
            props={"media.class": "Video/Source", "api.v4l2.path": NODE, "object.id": 40},
        ),
        made("Node", 41, props={"media.class": "Video/Source", "api.v4l2.path": "/dev/video2"}),
        made("Node", 60, state="running", props=props if looks is None else looks),
        made("Node", 61, props={"media.class": "Stream/Output/Audio"}),
        made("Client", 52, props={"pipewire.sec.pid": 4711} if client is None else client),
        made("Link", 70, state="active", **{"output-node-id": 40, "input-node-id": 60}),
        {"id": 80, "type": "PipeWire:Interface:Metadata", "metadata": []},
    ]
    return json.dumps(objects).encode()


def test_the_program_that_gets_the_cameras_pictures_is_named() -> None:
    assert camera_user(dump(), NODE) == Holder("Firefox", 4711)


def test_a_camera_that_nobody_looks_through_has_no_user() -> None:
    assert camera_user(dump(), "/dev/video2") is None
    assert camera_user(dump({"media.class": "Audio/Sink"}), NODE) is None


def test_we_are_no_user_of_ours() -> None:
    assert camera_user(dump(client={"application.process.id": os.getpid()}), NODE) is None


def test_without_a_name_the_process_is_asked_and_a_path_is_cut_off() -> None:
    bare = {"media.class": "Stream/Input/Video", "application.process.id": "99"}
    path = {**bare, "application.process.binary": "/usr/bin/cheese"}

    assert camera_user(dump(bare), NODE, lambda pid: f"program {pid}") == Holder("program 99", 99)
    assert camera_user(dump(path), NODE) == Holder("cheese", 99)
    assert camera_user(dump({"media.class": "Stream/Input/Video"}, {}), NODE) == Holder(None)


@pytest.mark.parametrize("told", [b"", b"{", b"{}", b'[{"id": "x"}]', b"\xff"])
def test_what_is_no_dump_names_nobody(told: bytes) -> None:
    assert camera_user(told, NODE) is None


HOLD = "import sys; f = open(sys.argv[1]); print('open', flush=True); sys.stdin.read()"


def test_a_real_process_called_pipewire_holds_the_node_for_another(tmp_path: Path) -> None:
    """The process is a Python under that name; the dump is a made one."""
    server = tmp_path / "pipewire"
    server.symlink_to(sys.executable)
    node = tmp_path / "video0"
    node.touch()
    told = dump().replace(NODE.encode(), str(node).encode())
    with subprocess.Popen(
        [str(server), "-c", HOLD, str(node)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        other.stdout.readline()

        named = LinuxProbe(PulseServer(), dump=lambda: told).camera_holder(str(node))
        without = LinuxProbe(PulseServer(), dump=lambda: None).camera_holder(str(node))

        other.stdin.close()
        other.wait(10)
    assert named == Holder("Firefox", 4711)
    assert without == Holder("pipewire", other.pid)


@pytest.mark.parametrize(
    ("script", "expected"), [("echo '[]'", b"[]\n"), ("exit 1", None), (None, None)]
)
def test_the_dump_comes_from_the_command_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, expected: bytes | None
) -> None:
    if script is not None:
        command = tmp_path / "pw-dump"
        command.write_text(f"#!/bin/sh\n{script}\n")
        command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    if script is None:
        monkeypatch.setenv("PATH", str(tmp_path))

    assert pipewire.pipewire_dump() == expected
