"""C01, C04, M04 and S03, blind: what is a camera at all, and how long a device may take to open.

Written from the catalogue (sections 1 to 4), the kernel's V4L2 capabilities and listings of
``v4l2-ctl`` that people published (Raspberry Pi, Intel, loopback), without a look at the checks.
On Linux the very library that lists cameras reads made nodes, each with capabilities of its own.
Not made: openings within 0.2 s of a limit (0.3 s of the ten seconds), nodes that capture without
being a camera (an image processor's statistics), and multi-planar cameras.
"""

import importlib
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, TypeAlias
from unittest.mock import patch

from preflight.devices.ports import OpenFault
from preflight.model import CheckState
from preflight.system.linux import LinuxProbe
from tests.accuracy.asked_machine import made_folder
from tests.accuracy.blind_pulse import full_row
from tests.accuracy.kinds import FAILED, WARNED, Found, Ill, Kind, Make, blind_cases_of
from tests.accuracy.made_devices import CameraTable, MadeCamera, MadePulse, MadeSpeaker, Row
from tests.accuracy.made_portaudio import MACOS, WINDOWS, MadePortAudio, SoundDevice
from tests.accuracy.made_run import MadeRun, played
from tests.accuracy.tally import Case
from tests.fakes.devices import FakeCamera, FakeMicrophone

SEED = 9_300_000

# --- C01 ---------------------------------------------------------------------------------------

_CAPTURE, _OUTPUT, _MEMORY_TO_MEMORY, _META = 0x1, 0x2, 0x8000, 0x0080_0000
_STREAMING, _EXTENDED = 0x0400_0000, 0x0020_0000
_OTHER_NODES = (
    ("Integrated Camera: Integrated C", _META),
    ("HD Pro Webcam C920", _META),
    ("bcm2835-codec-decode", _MEMORY_TO_MEMORY),
    ("bcm2835-isp", _OUTPUT),
    ("Dummy video device (0x0000)", _OUTPUT),
    ("rpivid", _MEMORY_TO_MEMORY),
    ("Intel IPU6 ISYS meta", _META),
)
_CAMERAS = (
    "Integrated Camera: Integrated C",
    "USB2.0 HD UVC WebCam: USB2.0 HD",
    "Cam Link 4K: Cam Link 4K",
    "Webcam Vitade AF: Webcam Vitade",
    "UVC Camera (046d:0825)",
)


@dataclass
class _Nodes:
    """Video nodes, each with a name and its own capabilities; None: nobody may open it."""

    nodes: Mapping[int, tuple[str, int | None]] = field(default_factory=dict)

    def listed(self, backend: int) -> list[Any]:
        """List them by the library's own reader."""
        # Loaded by `preflight.devices.opencv`, which puts right what its import bends.
        reader: Any = importlib.import_module("cv2_enumerate_cameras.linux_backend")
        by_path = {f"/dev/video{number}": each for number, each in self.nodes.items()}

        def opened(path: str, *_: object, **__: object) -> Any:
            if by_path[path][1] is None:
                raise PermissionError(path)
            return _Node(path)

        def ioctl(node: _Node, _request: int, told: Any) -> int:
            own = by_path[node.path][1] or 0
            # What the whole device can do, which every node of it repeats.
            told.capabilities = _CAPTURE | _META | _STREAMING | _EXTENDED | own
            told.device_caps = own | _STREAMING | _EXTENDED
            return 0

        with ExitStack() as stack:
            for name, stands in (
                ("glob", SimpleNamespace(glob=lambda _: list(by_path))),
                ("fcntl", SimpleNamespace(ioctl=ioctl)),
                ("open", opened),
                ("read_line", lambda *parts: _name(by_path, parts)),
            ):
                stack.enter_context(patch.object(reader, name, stands, create=True))
            return list(reader.cameras_generator(backend))


@dataclass
class _Node:
    path: str

    def __enter__(self) -> "_Node":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""


def _name(by_path: Mapping[str, tuple[str, int | None]], parts: Sequence[str]) -> str | None:
    node = parts[0].rpartition("/")[2]
    return by_path[f"/dev/{node}"][0] if parts[-1] == "name" else None


class _Linux(CameraTable):
    """Cameras that the library found among nodes."""

    nodes: _Nodes

    def rows(self, backend: int) -> list[SimpleNamespace]:
        found = self.nodes.listed(backend)
        self.plugged = {row.index: MadeCamera(row.name, "", f"port-{row.index}") for row in found}
        return [
            SimpleNamespace(index=row.index, name=self.plugged[row.index].name, path=row.path)
            for row in found
        ]


def _others(rng: random.Random, first: int) -> dict[int, tuple[str, int | None]]:
    several = rng.sample(_OTHER_NODES, rng.randint(1, 4))
    return {first + number: each for number, each in enumerate(several)}


def _nodes(*, cameras: bool, readable: bool = True) -> Make:
    def make(rng: random.Random) -> Found:
        nodes = _others(rng, rng.choice((0, 10, 31)))
        if cameras:
            for number in range(rng.randint(1, 2)):
                at = rng.choice([n for n in range(64) if n not in nodes])
                nodes[at] = (_CAMERAS[number], _CAPTURE if readable else None)
        shuffled = list(nodes.items())
        rng.shuffle(shuffled)
        with made_folder({}) as root:
            table = _Linux(root)
            table.nodes = _Nodes(dict(shuffled))
            return _after(2.4, "camera.none", cameras=table)

    return make


def _windows(count: Callable[[random.Random], int]) -> Make:
    def make(rng: random.Random) -> Found:
        with made_folder({}) as root:
            table = CameraTable(root, windows=True)
            for number in range(count(rng)):
                table.plug(MadeCamera(rng.choice(_CAMERAS), "", f"7&{number:x}{rng.random()}"))
            return _after(2.4, "camera.none", cameras=table)

    return make


def _plugged_in(rng: random.Random) -> Found:
    """There is none at first, and then there is one."""

    async def play(run: MadeRun) -> Found:
        await run.begin(rng.uniform(2.5, 6))
        table.plug(MadeCamera(rng.choice(_CAMERAS), "usb-Made_1", "pci-0000:00:14.0-usb-0:2:1.0"))
        run.changed()
        await run.loop.sleep(4)
        return run.result.state

    with made_folder({}) as root:
        table = CameraTable(root, windows=rng.random() < 0.5)
        return played("camera.none", play, cameras=table)


def _still_none(rng: random.Random) -> Found:
    """There is none, and what came or went meanwhile was something else."""

    async def play(run: MadeRun) -> Found:
        await run.begin(rng.uniform(0.1, 2))
        run.changed()
        await run.loop.sleep(3)
        return run.result.state

    with made_folder({}) as root:
        return played("camera.none", play, cameras=CameraTable(root, windows=rng.random() < 0.5))


def _after(seconds: float, code: str, **what: Any) -> Found:
    async def play(run: MadeRun) -> Found:
        await run.begin(seconds)
        return run.result.state

    return played(code, play, **what)


# --- C04 and M04 -------------------------------------------------------------------------------

Source: TypeAlias = FakeCamera | FakeMicrophone
Mood: TypeAlias = Callable[[random.Random, Source], None]
Play: TypeAlias = Callable[[MadeRun, CameraTable], Awaitable[Found]]
_MICROPHONES = (
    ("alsa_input.usb-RODE_Microphones_RODE_NT-USB_Mini_2F1B-00.mono-fallback", "NT-USB Mini"),
    ("alsa_input.pci-0000_c1_00.6.HiFi__hw_acp__source", "Ryzen HD Audio Digital Microphone"),
    ("bluez_input.58_FC_C6_0A_1B_2C.0", "JBL TUNE510BT"),
)


def _in(low_s: float, high_s: float) -> Mood:
    def mood(rng: random.Random, source: Source) -> None:
        source.open_s = rng.uniform(low_s, high_s)

    return mood


def _error(within_s: float) -> Mood:
    """It does not start, which the system says at once or after a while."""

    def mood(rng: random.Random, source: Source) -> None:
        source.open_s = rng.uniform(0.01, within_s)
        source.fault = rng.choice((OpenFault.REFUSED, OpenFault.NOT_FOUND))

    return mood


def _opens_never(_: random.Random, source: Source) -> None:
    source.open_s = None


def _opening(code: str, mood: Mood, seconds: float) -> Make:
    def make(rng: random.Random) -> Found:
        async def play(run: MadeRun, _table: CameraTable) -> Found:
            run.catalogue.camera_mood = lambda source: mood(rng, source)
            run.catalogue.microphone_mood = lambda source: mood(rng, source)
            await run.begin(seconds)
            return run.result.state

        return _with_one(code, rng, play)

    return make


def _again(code: str) -> Make:
    """It does not start; it is unplugged and plugged in again, as the remedy says, and starts."""

    def make(rng: random.Random) -> Found:
        faults = [OpenFault.REFUSED]

        def mood(source: Source) -> None:
            source.open_s = rng.uniform(0.05, 1)
            source.fault = faults[0] if faults else None

        async def play(run: MadeRun, table: CameraTable) -> Found:
            run.catalogue.camera_mood = run.catalogue.microphone_mood = mood
            await run.begin(5)
            assert run.result.state is CheckState.FAILED, "it started after all"
            cameras, sources = list(table.plugged.values()), list(run.pulse.rows["sources"])
            _unplug(run, table, cameras, sources)
            await run.loop.sleep(rng.uniform(1.5, 5))
            faults.clear()
            table.plug(*cameras)
            run.pulse.rows["sources"] = sources
            run.changed()
            await run.loop.sleep(7)
            return run.result.state

        return _with_one(code, rng, play)

    return make


def _unplug(
    run: MadeRun, table: CameraTable, cameras: Sequence[MadeCamera], sources: Sequence[Row]
) -> None:
    for camera in cameras:
        table.pull(camera)
    for row in sources:
        run.pulse.remove("sources", row["name"])
    run.changed()


def _with_one(code: str, rng: random.Random, play: Play) -> Found:
    """Have one device of the kind that the code is about."""
    with made_folder({}) as root:
        table = CameraTable(root, windows=rng.random() < 0.5)
        rows = [full_row(rng, *rng.choice(_MICROPHONES))]
        if code.startswith("camera."):
            table.plug(MadeCamera(rng.choice(_CAMERAS), "usb-Made_1", "pci-0000:00:14.0-usb-0:2"))
            rows = []
        pulse = MadePulse(rows)
        return played(
            code,
            lambda run: play(run, table),
            cameras=table,
            pulse=pulse,
            system=LinuxProbe(pulse),
        )


# --- S03 ---------------------------------------------------------------------------------------

_OUTPUTS = (
    ("alsa_output.pci-0000_c1_00.6.HiFi__hw_Generic__sink", "Ryzen HD Audio Speaker"),
    ("alsa_output.usb-SteelSeries_Arctis_Nova_7-00.analog-stereo", "Arctis Nova 7"),
    ("bluez_output.58_FC_C6_0A_1B_2C.1", "JBL TUNE510BT"),
    ("alsa_output.pci-0000_01_00.1.hdmi-stereo-extra1", "LG ULTRAGEAR (HDMI 2)"),
)
SpeakerMood: TypeAlias = Callable[[random.Random, MadeSpeaker], None]


def _sounding(mood: SpeakerMood, seconds: float) -> Make:
    """On a sound server, or where PortAudio alone is asked; the first, or a chosen one."""

    def make(rng: random.Random) -> Found:
        async def play(run: MadeRun) -> Found:
            run.catalogue.speaker_mood = lambda speaker: mood(rng, speaker)
            await run.begin(seconds)
            return run.result.state

        chosen = rng.choice(("Arctis", None))
        if rng.random() < 0.5:
            sinks = [full_row(rng, *each) for each in rng.sample(_OUTPUTS, len(_OUTPUTS))]
            pulse = MadePulse(sinks=sinks)
            return played("speaker.open_failed", play, pulse=pulse, speaker_choice=chosen)
        devices = [SoundDevice("Speakers (Realtek(R) Audio)"), SoundDevice("Arctis Nova 7")]
        library = MadePortAudio(rng.choice((WINDOWS, MACOS)), devices)
        return played("speaker.open_failed", play, library=library, speaker_choice=chosen)

    return make


def _sound_in(low_s: float, high_s: float) -> SpeakerMood:
    def mood(rng: random.Random, speaker: MadeSpeaker) -> None:
        speaker.open_s = rng.uniform(low_s, high_s)

    return mood


def _held(rng: random.Random, speaker: MadeSpeaker) -> None:
    """A program has it for itself alone."""
    speaker.open_s, speaker.fault = rng.uniform(0.01, 0.4), OpenFault.BUSY


def _driver_says_no(rng: random.Random, speaker: MadeSpeaker) -> None:
    speaker.open_s = rng.uniform(0.5, 3.0)
    speaker.fault = rng.choice((OpenFault.REFUSED, OpenFault.NOT_FOUND, OpenFault.DENIED))


def _stalls(rng: random.Random, speaker: MadeSpeaker) -> None:
    speaker.open_s = rng.choice((None, rng.uniform(4.5, 30)))


def _silent_driver(rng: random.Random, speaker: MadeSpeaker) -> None:
    """The stream is there, and its driver never asks for a sample."""
    speaker.open_s, speaker.pulls = rng.uniform(0.05, 2), False


# --- all ---------------------------------------------------------------------------------------


def _half(
    code: str, seed: int, healthy: Sequence[Kind], ill: Sequence[Ill], other: Sequence[Ill] = ()
) -> Iterator[Case]:
    return blind_cases_of(code, seed, healthy, ill, other)


def _of_devices(
    code: str, seed: int, quick_s: float, slow_s: tuple[float, float], most_s: float
) -> Iterator[Case]:
    """Yield the cases of one device's opening; ``most_s`` is the deadline."""
    looked_s = most_s + 0.8
    return _half(
        code,
        seed,
        (
            ("at once", _opening(code, _in(0.02, 0.4 * quick_s), looked_s)),
            ("soon enough", _opening(code, _in(0.6 * quick_s, quick_s), looked_s)),
            ("plugged in again", _again(code)),
        ),
        (
            ("slowly", WARNED, _opening(code, _in(*slow_s), looked_s)),
            ("too slowly", FAILED, _opening(code, _in(most_s + 1.2, most_s + 20), looked_s)),
            ("an error", FAILED, _opening(code, _error(0.4), looked_s)),
            ("an error after a while", FAILED, _opening(code, _error(0.3 * most_s), looked_s)),
            ("it hangs", FAILED, _opening(code, _opens_never, looked_s)),
        ),
    )


def cases() -> Iterator[Case]:
    """Yield the blind cases."""
    yield from _half(
        "camera.none",
        SEED,
        (
            ("among other nodes", _nodes(cameras=True)),
            ("one that nobody may read", _nodes(cameras=True, readable=False)),
            ("on Windows", _windows(lambda rng: rng.randint(1, 3))),
            ("plugged in later", _plugged_in),
        ),
        (
            ("other nodes alone", FAILED, _nodes(cameras=False)),
            ("none on Windows", FAILED, _windows(lambda _: 0)),
            ("none, and a hint", FAILED, _still_none),
        ),
    )
    yield from _of_devices("camera.open_failed", SEED + 20_000, 3.7, (4.3, 9.4), 10.0)
    yield from _of_devices("mic.open_failed", SEED + 40_000, 1.8, (2.2, 5.6), 6.0)
    yield from _half(
        "speaker.open_failed",
        SEED + 60_000,
        (
            ("at once", _sounding(_sound_in(0.0, 0.3), 6)),
            ("soon enough", _sounding(_sound_in(1.5, 3.1), 6)),
        ),
        (
            ("held by a program", FAILED, _sounding(_held, 6)),
            ("the driver says no", FAILED, _sounding(_driver_says_no, 6)),
            ("the driver hangs", FAILED, _sounding(_stalls, 6)),
            ("it takes no sound", FAILED, _sounding(_silent_driver, 6)),
        ),
    )
