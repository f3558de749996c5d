"""What Linux tells, from real processes and from made /proc trees."""

import subprocess
import sys
from pathlib import Path

import pytest

from preflight.devices.pulse import Direction, PulseDevice, PulseServer
from preflight.system.linux import LinuxProbe
from preflight.system.ports import InputLevel, Permission

DEADLINE_S = 10.0
HOLD = "import sys; f = open(sys.argv[1]); print('open', flush=True); sys.stdin.read()"


class OneMutedSource(PulseServer):
    """A server whose only microphone is muted."""

    def devices(self, direction: Direction) -> tuple[PulseDevice, ...]:
        return (PulseDevice(0, "headset", "Headset", False, True, 1, 4, True),)


@pytest.fixture
def node(tmp_path: Path) -> Path:
    """A file in a device node's place."""
    path = tmp_path / "video0"
    path.write_bytes(b"")
    return path


def test_the_program_that_holds_a_node_is_named_without_its_path(node: Path) -> None:
    probe = LinuxProbe(PulseServer())
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(node)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        other.stdout.readline()

        holder = probe.camera_holder(str(node))

        other.stdin.close()
        other.wait(DEADLINE_S)
    assert holder is not None
    assert holder.pid == other.pid
    assert holder.program is not None
    assert "/" not in holder.program


def test_we_are_never_our_own_holder(node: Path) -> None:
    with node.open():
        assert LinuxProbe(PulseServer()).camera_holder(str(node)) is None


def test_access_to_the_node_is_the_permission(tmp_path: Path, node: Path) -> None:
    probe = LinuxProbe(PulseServer(), sandbox_mark=tmp_path / "no-mark")

    assert probe.camera_permission(str(node)) is Permission.GRANTED
    assert probe.camera_permission(str(tmp_path / "video9")) is Permission.UNKNOWN


def test_a_microphone_has_no_switch_to_ask(tmp_path: Path) -> None:
    """ "Granted" would turn an open that the system denied into one that is held."""
    probe = LinuxProbe(PulseServer(), sandbox_mark=tmp_path / "no-mark")

    assert probe.microphone_permission("any") is Permission.UNKNOWN


def test_inside_a_sandbox_only_the_portal_knows(tmp_path: Path, node: Path) -> None:
    mark = tmp_path / "flatpak-info"
    mark.touch()
    probe = LinuxProbe(PulseServer(), sandbox_mark=mark)

    assert probe.camera_permission(str(node)) is Permission.UNKNOWN
    assert probe.microphone_permission("any") is Permission.UNKNOWN


def made_proc(folder: Path, program: str) -> Path:
    """A /proc in which process 777 records from a sound card."""
    status = folder / "asound" / "card1" / "pcm0c" / "sub0" / "status"
    status.parent.mkdir(parents=True)
    status.write_text("state: RUNNING\nowner_pid   : 777\ntrigger_time: 1.0\n")
    (folder / "777").mkdir()
    (folder / "777" / "comm").write_text(f"{program}\n")
    return folder


def test_a_raw_recording_program_holds_the_microphone(tmp_path: Path) -> None:
    probe = LinuxProbe(PulseServer(), proc=made_proc(tmp_path, "arecord"))

    holder = probe.microphone_holder("any")

    assert holder is not None
    assert (holder.program, holder.pid) == ("arecord", 777)


def test_the_sound_server_shares_and_holds_nothing(tmp_path: Path) -> None:
    probe = LinuxProbe(PulseServer(), proc=made_proc(tmp_path, "pulseaudio"))

    assert probe.microphone_holder("any") is None


def test_a_closed_stream_has_no_holder(tmp_path: Path) -> None:
    proc = made_proc(tmp_path, "arecord")
    (proc / "asound" / "card1" / "pcm0c" / "sub0" / "status").write_text("closed\n")

    assert LinuxProbe(PulseServer(), proc=proc).microphone_holder("any") is None


def test_the_systems_mute_switch_is_read() -> None:
    probe = LinuxProbe(OneMutedSource())

    assert probe.microphone_level("headset") == InputLevel(
        muted=True, volume_percent=4, default=True, loopback=False
    )
    assert probe.microphone_level("other") is None
