"""C23, M20 and S08, blind: devices that come back as other kernels, servers and makers name them.

Written from the catalogue (sections 2 to 4, decision 0031), systemd's 60-persistent-v4l.rules, and
the names that WirePlumber and PulseAudio give, without a look at what finds devices again. Since
systemd 256 a socket has two names in ``by-path`` (``usb-0`` and ``usbv2-0``); a camera has a second
node for its metadata; cheap cameras of a model share one serial number.
"""

import random
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from preflight.devices import opencv_camera
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.memory.machine_file import MachineMemory
from preflight.model import CheckState
from preflight.system.linux import LinuxProbe
from tests.accuracy.asked_machine import made_folder
from tests.accuracy.blind_pulse import full_row
from tests.accuracy.kinds import WARNED, Found, Make, blind_cases_of
from tests.accuracy.made_devices import CameraTable, MadeCamera, MadePulse, Row
from tests.accuracy.made_run import MadeRun, played
from tests.accuracy.tally import Case

SEED = 8_600_000
KEY = bytes(32)
SETTLED_S = 4.0

# --- C23 ---------------------------------------------------------------------------------------

_MODELS = (
    ("HP HD Camera: HP HD Camera", "usb-Chicony_Electronics_Co._Ltd._HP_HD_Camera_0001"),
    ("USB 2.0 Camera: USB Camera", "usb-Sonix_Technology_Co.__Ltd._USB_2.0_Camera_SN0001"),
    ("Insta360 Link 2", "usb-Insta360_Insta360_Link_2_{serial}"),
    ("OBSBOT Tiny 2: OBSBOT Tiny 2 St", "usb-Remo_Tech_Co.__Ltd._OBSBOT_Tiny_2_{serial}"),
    ("Elgato Facecam MK.2", "usb-Elgato_Elgato_Facecam_MK.2_{serial}"),
    ("HDMI to U3 capture: HDMI to U3", "usb-MACROSILICON_HDMI_to_U3_capture_20210623"),
)
_PLACES = ("0:1.2", "0:3", "0:4.3.1", "0:9", "2:1", "3:1.1")


class _Table(CameraTable):
    """Links as newer systems write them."""

    newest = False

    def links(self) -> Path:
        """Write udev's links: each node's by its socket, under one name or two."""
        found = super().links()
        by_path = found / "by-path"
        for link in list(by_path.iterdir()):
            node = int(link.readlink().name.removeprefix("video"))
            if self.newest:
                (by_path / link.name.replace("-usb-", "-usbv2-")).symlink_to(f"/dev/video{node}")
            second = link.name.replace("index0", "index1")
            (by_path / second).symlink_to(f"/dev/video{node + 1}")
        return found


def _cameras(rng: random.Random, count: int) -> list[MadeCamera]:
    places = rng.sample(_PLACES, count)
    return [
        MadeCamera(
            name,
            link.format(serial=f"{rng.randrange(16**6):06X}"),
            f"pci-0000:{rng.choice(('00:14.0', '67:00.4'))}-usb-{place}:1.0",
        )
        for (name, link), place in zip(rng.sample(_MODELS, count), places, strict=True)
    ]


Step: TypeAlias = Callable[[random.Random, MadeRun], Awaitable[Found]]
CameraStep: TypeAlias = Callable[[random.Random, MadeRun, _Table], Awaitable[Found]]


def _with_cameras(step: CameraStep) -> Make:
    def make(rng: random.Random) -> Found:
        with made_folder({}) as root:
            table = _Table(root)
            return played("camera.changed", lambda run: step(rng, run, table), cameras=table)

    return make


def _remembered(run: MadeRun, table: _Table, camera: MadeCamera) -> None:
    with table.listed():
        listed = opencv_camera.list_cameras()
    info = next(each for each in listed if table.hardware(each) is camera)
    run.remember(MachineMemory("made", KEY, camera=info))


async def _newer_system(rng: random.Random, run: MadeRun, table: _Table) -> Found:
    """Numbers and order are others after an update, which names sockets twice from then on."""
    cameras = _cameras(rng, rng.randint(1, 3))
    mine = cameras[0]
    if rng.random() < 0.4:
        mine.link = ""
    table.plug(*cameras)
    _remembered(run, table, mine)
    table.newest = rng.random() < 0.7
    table.shuffle(rng)
    await run.begin(SETTLED_S)
    return run.result.state if table.opened[-1][0] is mine else CheckState.FAILED


async def _other_socket(rng: random.Random, run: MadeRun, table: _Table) -> Found:
    """It is in another socket, of a hub perhaps; its own link comes along."""
    cameras = _cameras(rng, 2)
    table.newest = rng.random() < 0.5
    table.plug(*cameras)
    _remembered(run, table, cameras[0])
    cameras[0].port = "pci-0000:00:14.0-usb-0:7.1:1.0"
    table.shuffle(rng)
    await run.begin(SETTLED_S)
    return run.result.state if table.opened[-1][0] is cameras[0] else CheckState.FAILED


async def _left_at_home(rng: random.Random, run: MadeRun, table: _Table) -> Found:
    cameras = _cameras(rng, rng.randint(2, 3))
    table.newest = rng.random() < 0.5
    table.plug(*cameras)
    _remembered(run, table, cameras[0])
    table.pull(cameras[0])
    table.shuffle(rng)
    await run.begin(SETTLED_S)
    return run.result.state


# --- M20 and S08 -------------------------------------------------------------------------------

_SOUND = (
    (
        "{way}.pci-0000_00_1f.3-platform-skl_hda_dsp_generic.HiFi__hw_sofhdadsp{side}",
        "Cannon Point",
    ),
    ("{way}.usb-Logitech_PRO_X_Wireless_Gaming_Headset-00.mono-fallback", "PRO X Wireless Mono"),
    ("{way}.usb-Apple__Inc._USB-C_to_3.5mm_Headphone_Jack_Adapter_DWH1-00.analog-stereo", "USB-C"),
    ("bluez_{blue}.58_FC_C6_0A_1B_2C.handsfree_head_unit", "JBL TUNE510BT"),
    ("bluez_{blue}.58:FC:C6:0A:1B:2D", "Galaxy Buds2 Pro (Ayşe)"),
    ("{way}.platform-fef00700.hdmi.hdmi-stereo", "Built-in Audio Digital Stereo (HDMI)"),
)


def _rows(rng: random.Random, count: int, *, inputs: bool) -> list[Row]:
    way, blue, side = ("input", "input", "") if inputs else ("output", "output", "__sink")
    return [
        full_row(rng, name.format(way=f"alsa_{way}", blue=blue, side=side), words)
        for name, words in rng.sample(_SOUND, count)
    ]


def _info(row: Row) -> DeviceInfo:
    return DeviceInfo(DeviceId(row["name"]), row["description"], DeviceKind.REAL)


def _with_sound(code: str, step: Callable[[random.Random, MadeRun, str], Awaitable[Found]]) -> Make:
    inputs = code.startswith("mic.")
    kind = "sources" if inputs else "sinks"

    def make(rng: random.Random) -> Found:
        rows = _rows(rng, 3, inputs=inputs)
        pulse = MadePulse(rows, []) if inputs else MadePulse([], rows)
        return played(
            code,
            lambda run: step(rng, run, kind),
            pulse=pulse,
            system=LinuxProbe(pulse),
            also=() if inputs else ("speaker.open_failed",),
        )

    return make


def _known(run: MadeRun, row: Row, kind: str) -> None:
    info = _info(row)
    run.remember(
        MachineMemory("made", KEY, microphone=info)
        if kind == "sources"
        else MachineMemory("made", KEY, speaker=info)
    )


async def _as_ever(rng: random.Random, run: MadeRun, kind: str) -> Found:
    """Indices, order, language and what else is there are others; the device is the same."""
    rows = run.pulse.rows[kind]
    mine = rows[0]
    _known(run, mine, kind)
    mine["index"] += 1000
    if rng.random() < 0.5:
        mine["description"] = rng.choice(("Internes Audio", "内置音频 模拟立体声", "Kulaklık"))
    else:
        run.pulse.remove(kind, rows[1]["name"])
    run.pulse.rows[kind].reverse()
    run.pulse.default[kind] = mine["name"]
    await run.begin(SETTLED_S)
    return run.calm_since(0)


async def _another_profile(_rng: random.Random, run: MadeRun, kind: str) -> Found:
    """The same headset in another telephone profile, or on another server: a new id, its name."""
    mine = run.pulse.rows[kind][0]
    _known(run, mine, kind)
    mine["name"] += ".2"
    run.pulse.default[kind] = mine["name"]
    await run.begin(SETTLED_S)
    return run.calm_since(0)


async def _not_here(_rng: random.Random, run: MadeRun, kind: str) -> Found:
    """Last time's is gone, and another one is taken."""
    rows = run.pulse.rows[kind]
    _known(run, rows[0], kind)
    run.pulse.remove(kind, rows[0]["name"])
    await run.begin(SETTLED_S)
    return run.result.state


async def _moves(rng: random.Random, run: MadeRun, kind: str) -> Found:
    """The system's own choice moves to another one in mid-run."""
    rows = run.pulse.rows[kind]
    await run.begin(SETTLED_S)
    run.pulse.default[kind] = rng.choice(rows[1:])["name"]
    run.changed()
    await run.loop.sleep(8)
    return run.result.state


def cases() -> Iterator[Case]:
    """Yield the blind cases."""
    yield from blind_cases_of(
        "camera.changed",
        SEED,
        (
            ("a newer system", _with_cameras(_newer_system)),
            ("another socket", _with_cameras(_other_socket)),
        ),
        (("left at home", WARNED, _with_cameras(_left_at_home)),),
    )
    for number, code in enumerate(("mic.default_changed", "speaker.changed")):
        yield from blind_cases_of(
            code,
            SEED + 20_000 * (number + 1),
            (
                ("as ever", _with_sound(code, _as_ever)),
                ("a new id", _with_sound(code, _another_profile)),
            ),
            (
                ("not here", WARNED, _with_sound(code, _not_here)),
                ("the default moves", WARNED, _with_sound(code, _moves)),
            ),
        )
