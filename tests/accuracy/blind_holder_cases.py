"""C03 and M03, blind: who holds a device, as /proc, PipeWire, PulseAudio, ALSA and Windows tell.

Written from the catalogue (section 9), proc(5), pw-dump's and pactl's own listings, the kernel's
``sound/core/pcm.c`` and Microsoft's ConsentStore, without a look at what reads them. Linux refuses
a camera for a reason that nobody tells, and only a holder makes it a busy one; elsewhere the
refusal says so, and the holder has to have its name. A wrong name counts as no verdict.
"""

import json
import os
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from preflight.devices.camera_backends import CameraBackends
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.opencv_camera import CaptureReader
from preflight.devices.ports import OpenFault
from preflight.devices.source_thread import OpenFailed
from preflight.model import CheckState
from preflight.system.linux import LinuxProbe
from preflight.system.ports import SystemProbe
from preflight.system.windows import WindowsProbe
from tests.accuracy.asked_machine import made_folder
from tests.accuracy.blind_access_cases import Registry, measured
from tests.accuracy.blind_pulse import full_row
from tests.accuracy.kinds import FAILED, Found, Make, blind_cases_of
from tests.accuracy.made_devices import MadePulse, Row
from tests.accuracy.tally import Case

SEED = 8_800_000
NODE, OTHER_NODE = "/dev/zero", "/dev/full"
"""Nodes that every machine has, in the place of cameras'."""
SOURCE = "alsa_input.usb-Blue_Microphones_Yeti_X_1949SG0-00.analog-stereo"
OTHER_SOURCE = "alsa_input.pci-0000_00_1f.3.analog-stereo"
_PROGRAMS = ("zoom", "firefox", "chrome", "obs", "ms-teams", "guvcview", "ffmpeg", "skypeforlinux")

# --- Linux -------------------------------------------------------------------------------------


def _process(proc: Path, rng: random.Random, pid: int, program: str, *opens: str) -> None:
    """Write what /proc has of a process, with links for what it has open."""
    place = proc / str(pid)
    (place / "fd").mkdir(parents=True)
    (place / "comm").write_text(f"{program[:15]}\n", "utf-8")
    (place / "cmdline").write_text(f"/usr/lib/{program}/{program}\0--type=utility\0", "utf-8")
    (place / "status").write_text(f"Name:\t{program}\nUid:\t1000\t1000\t1000\t1000\n", "utf-8")
    (place / "stat").write_text(f"{pid} ({program}) S 1 {pid} {pid} 0 -1 4194304\n", "utf-8")
    (place / "exe").symlink_to(f"/usr/lib/{program}/{program}")
    targets = ["/dev/pts/0", "socket:[4711]", "anon_inode:[eventfd]", *opens]
    for number, target in enumerate(targets):
        (place / "fd" / str(number * rng.randint(1, 3) + 100 * number)).symlink_to(target)


def _named(code: str, system: SystemProbe, device: str, program: str | None) -> Found:
    """Ask about a device that the system calls busy: its holder must be this one, or nobody."""
    info = DeviceInfo(DeviceId(device), "Some device", DeviceKind.REAL)
    found = measured(code, system, info, OpenFault.BUSY)
    if isinstance(found, CheckState):
        return found
    told = found.get("holder")
    said = told.removesuffix(".exe").lower() if isinstance(told, str) else None
    return found if said == program else CheckState.UNKNOWN


def _camera(system: SystemProbe, program: str | None) -> Found:
    """Open the camera as the program does, and ask about what came of it."""

    def nothing(*_: object) -> Any:
        return SimpleNamespace(isOpened=lambda: False, release=lambda: None)

    reader = CaptureReader(
        DeviceId(NODE), system, CameraBackends("linux"), start=nothing, held=lambda _node: False
    )
    try:
        reader.open()
    except OpenFailed as failed:
        if failed.fault is OpenFault.BUSY:
            return _named("camera.busy", system, NODE, program)
        info = DeviceInfo(DeviceId(NODE), "Some device", DeviceKind.REAL)
        return measured("camera.busy", system, info, failed.fault)
    raise AssertionError("it opened")


def _node_open(*, held: bool) -> Make:
    """A program has the camera's node open; or only another camera's, or we do ourselves."""

    def make(rng: random.Random) -> Found:
        with made_folder({"proc/1": None}) as root:
            proc = root / "proc"
            programs = rng.sample(_PROGRAMS, 2)
            opened = NODE if held else OTHER_NODE
            _process(proc, rng, rng.randint(900, 40_000), programs[0], opened)
            _process(proc, rng, rng.randint(50_000, 90_000), programs[1], "/dev/video1")
            if not held:
                _process(proc, rng, os.getpid(), "liftbay", NODE)
            system = LinuxProbe(MadePulse(), proc, root / "no mark", lambda: None)
            return _camera(system, programs[0])

    return make


def _dump(rng: random.Random, node: str, pid: int, program: str) -> bytes:
    """Return what pw-dump prints of a camera that a program looks through."""

    def one(number: int, kind: str, info: Mapping[str, Any]) -> dict[str, Any]:
        kind = f"PipeWire:Interface:{kind}"
        return {"id": number, "type": kind, "version": 3, "permissions": ["r"], "info": info}

    camera = {
        "media.class": "Video/Source",
        "api.v4l2.path": node,
        "object.path": f"v4l2:{node}",
        "node.name": "v4l2_input.pci-0000_00_14.0-usb-0_8_1.0",
        "device.api": "v4l2",
    }
    watcher = {
        "media.class": "Stream/Input/Video",
        "application.name": program,
        "application.process.id": pid if rng.random() < 0.5 else str(pid),
        "application.process.binary": program,
        "node.name": program,
    }
    link = {"output-node-id": 45, "input-node-id": 91, "state": "active", "props": {}}
    objects = [
        one(0, "Core", {"cookie": 1, "name": "pipewire-0", "props": {"core.daemon": True}}),
        one(45, "Node", {"state": "running", "props": camera, "n-input-ports": 0}),
        one(91, "Node", {"state": "running", "props": watcher, "n-input-ports": 1}),
        one(97, "Link", link),
        {"id": 30, "type": "PipeWire:Interface:Metadata", "version": 3, "metadata": []},
    ]
    rng.shuffle(objects)
    return json.dumps(objects, indent=2).encode()


def _streamed(*, held: bool) -> Make:
    def make(rng: random.Random) -> Found:
        with made_folder({"proc/1": None}) as root:
            proc, pid, program = root / "proc", rng.randint(2000, 60_000), rng.choice(_PROGRAMS)
            _process(proc, rng, pid, program)
            node = NODE if held else OTHER_NODE
            # The server has the node open for those who look through it.
            _process(proc, rng, 1800, rng.choice(("pipewire", "wireplumber")), node)
            told = _dump(rng, node, pid, program)
            system = LinuxProbe(MadePulse(), proc, root / "no mark", lambda: told)
            return _camera(system, program)

    return make


class _Recorded(MadePulse):
    """A server with programs that record."""

    recording: Sequence[Row] = ()

    def _run(self, *words: str) -> bytes | None:
        if words[-1] == "source-outputs":
            return json.dumps(list(self.recording)).encode()
        return super()._run(*words)


def _recorder(rng: random.Random, source: int, pid: int, program: str) -> Row:
    return {
        "index": rng.randrange(900),
        "driver": "PipeWire",
        "owner_module": "n/a",
        "client": str(rng.randrange(900)),
        "source": source,
        "sample_specification": "s16le 1ch 48000Hz",
        "corked": False,
        "mute": False,
        "volume": {},
        "properties": {
            "application.name": program,
            "application.process.id": str(pid),
            "application.process.binary": program,
            "media.name": "RecordStream",
        },
    }


def _recording(*, held: bool) -> Make:
    """Another program records from it; or from another one, or it is this very program."""

    def make(rng: random.Random) -> Found:
        mine, other = full_row(rng, SOURCE, "Yeti X"), full_row(rng, OTHER_SOURCE, "Analog")
        other["index"] = mine["index"] + 1
        pulse = _Recorded([mine, other])
        pid, program = rng.randint(3000, 60_000), rng.choice(_PROGRAMS)
        source = mine["index"] if held else other["index"]
        pulse.recording = [_recorder(rng, source, pid, program)]
        if not held:
            own = _recorder(rng, mine["index"], os.getpid(), "liftbay")
            pulse.recording = [*pulse.recording, own]
        with made_folder({"proc/1": None}) as root:
            _process(root / "proc", rng, pid, program)
            system = LinuxProbe(pulse, root / "proc", root / "no mark", lambda: None)
            return _named("mic.busy", system, SOURCE, program if held else None)

    return make


def _raw(*, held: bool) -> Make:
    """ALSA without a server: a card's capture is run by somebody; or only its playback."""

    def make(rng: random.Random) -> Found:
        pid, program = rng.randint(3000, 60_000), rng.choice(_PROGRAMS)
        running = (
            f"state: {rng.choice(('RUNNING', 'PREPARED'))}\nowner_pid   : {pid}\n"
            "trigger_time: 81112.1\ntstamp      : 0.0\ndelay       : 512\navail       : 0\n"
        )
        card, sub = rng.randrange(3), rng.randrange(2)
        ways = {"c": running if held else "closed\n", "p": "closed\n" if held else running}
        files = {
            f"proc/asound/card{card}/pcm0{way}/sub{sub}/status": text for way, text in ways.items()
        }
        with made_folder({**files, "proc/asound/card9/pcm0c/sub0/status": "closed\n"}) as root:
            _process(root / "proc", rng, pid, program)
            pulse = MadePulse()
            pulse.busy = True
            system = LinuxProbe(pulse, root / "proc", root / "no mark", lambda: None)
            return _named("mic.busy", system, "portaudio:0", program if held else None)

    return make


# --- Windows -----------------------------------------------------------------------------------


def _consent(code: str, *, held: bool) -> Make:
    """A program is in the store without an end; or it ended, or it crashed long ago."""
    what = "webcam" if code == "camera.busy" else "microphone"

    def make(rng: random.Random) -> Found:
        paths = (
            "C:#Program Files#Zoom#bin#Zoom.exe",
            "C:#Users#a b#AppData#Local#slack#app-4.41#slack.exe",
            "D:#Spiele#OBS Studio#bin#64bit#obs64.exe",
        )
        key = rng.choice(paths)
        stop = 0 if held or rng.random() < 0.5 else 133_775_000_000_000_000
        place = f"{what}\\NonPackaged"
        values: dict[tuple[str, str], str | int] = {
            ("HKLM", f"{what}\\Value"): "Allow",
            ("HKCU", f"{place}\\Value"): "Allow",
            ("HKCU", f"{place}\\{key}\\LastUsedTimeStart"): 133_774_000_000_000_000,
            ("HKCU", f"{place}\\{key}\\LastUsedTimeStop"): stop,
        }
        registry = Registry(values, {place: [key]})
        own = "C:\\Program Files\\Liftbay\\liftbay.exe"
        system = WindowsProbe(registry, own, lambda _program: held or stop != 0)
        program = key.rpartition("#")[2].removesuffix(".exe").lower()
        return _named(code, system, "0@\\\\?\\usb#vid_046d", program if held else None)

    return make


def _free(code: str) -> Make:
    """It opens, whoever has another one."""

    def make(rng: random.Random) -> Found:
        with made_folder({"proc/1": None}) as root:
            _process(root / "proc", rng, 4000, rng.choice(_PROGRAMS), OTHER_NODE)
            pulse = MadePulse([full_row(rng, SOURCE, "Yeti X")])
            system = LinuxProbe(pulse, root / "proc", root / "no mark", lambda: None)
            info = DeviceInfo(DeviceId(SOURCE), "Yeti X", DeviceKind.REAL)
            return measured(code, system, info, None)

    return make


def cases() -> Iterator[Case]:
    """Yield the blind cases."""
    yield from blind_cases_of(
        "camera.busy",
        SEED,
        (
            ("another node is open", _node_open(held=False)),
            ("another one is streamed", _streamed(held=False)),
            ("it opens", _free("camera.busy")),
        ),
        (
            ("its node is open", FAILED, _node_open(held=True)),
            ("it is streamed", FAILED, _streamed(held=True)),
            ("Windows, going on", FAILED, _consent("camera.busy", held=True)),
            ("Windows, nobody told", FAILED, _consent("camera.busy", held=False)),
        ),
    )
    yield from blind_cases_of(
        "mic.busy",
        SEED + 20_000,
        (("it opens", _free("mic.busy")),),
        (
            ("it is recorded", FAILED, _recording(held=True)),
            ("nobody told", FAILED, _recording(held=False)),
            ("its capture runs", FAILED, _raw(held=True)),
            ("only its playback runs", FAILED, _raw(held=False)),
            ("Windows, going on", FAILED, _consent("mic.busy", held=True)),
            ("Windows, nobody told", FAILED, _consent("mic.busy", held=False)),
        ),
    )
