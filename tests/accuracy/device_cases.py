"""C01 to C04, C22, M01 to M04, M08 and M22: made devices behind the real benches, in made time.

Truth is what was made: how many devices there are and how long a search takes, what the system
says of access and what the device then does, who holds it, how long an open lasts (at least a
tenth clear of its limits), the switches, and whether a program gives itself out for a device.
Names of real devices and of such programs are those that makers give, also some that the checks'
own lists were not written for; sound cards are named in the languages of Windows.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.group import camera_group
from preflight.checks.device_bench import Bench
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.group import microphone_group
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.ports import OpenFault
from preflight.system.ports import Holder, InputLevel, Permission
from tests.accuracy.kinds import FAILED, UNTOLD, WARNED, Found, Ill, Kind, Make, asked, cases_of
from tests.accuracy.made_time import MadeTimeLoop, in_made_time
from tests.accuracy.tally import Case
from tests.fakes.devices import FakeCamera, FakeCatalogue, FakeMicrophone, FakeSystem

SEED = 700_000
FLOWS_WITHIN_S = 0.5
"""A picture or block that comes so soon overrules what the system says of access."""
_CAMERAS = (
    "Logitech BRIO",
    "HD Pro Webcam C920",
    "FaceTime HD Camera",
    "Integrated Camera: Integrated C",
    "USB2.0 HD UVC WebCam",
    "Microsoft LifeCam HD-3000",
    "Surface Camera Front",
    "Elgato Facecam",
    "Cam Link 4K",
    "Razer Kiyo Pro",
    "Insta360 Link",
    "OBSBOT Tiny 2",
    "Chicony USB2.0 Camera",
    "Anker PowerConf C200",
    "Kamera HD (Dell)",
    "Caméra intégrée",
)
_MADE_CAMERAS = (
    "OBS Virtual Camera",
    "OBS-Camera",
    "ManyCam Virtual Webcam",
    "NDI Video",
    "XSplit VCam",
    "Snap Camera",
    "DroidCam Source 3",
    "Reincubate Camo",
    "EpocCam HD Camera",
    "mmhmm Camera",
    "e2eSoft iVCam",
    "NVIDIA Broadcast",
    "Unity Video Capture",
    "CyberLink YouCam 9",
    "FaceRig Virtual Camera",
    "Streamlabs Desktop Virtual Webcam",
    "SparkoCam Virtual Webcam",
    "Iriun Webcam",
    "vMix Video",
    "ChromaCam",
    "Logi Capture",
    "Ecamm Live Virtual Camera",
    "AlterCam Virtual Camera",
)
_MICROPHONES = (
    "Headset Microphone (Jabra Evolve2 65)",
    "Mikrofon (Realtek High Definition Audio)",
    "MacBook Pro Microphone",
    "USB PnP Sound Device Mono",
    "Blue Yeti Analog Stereo",
    "Shure MV7",
    "RODE NT-USB",
    "Internal Microphone Array",
    "Line In (Realtek Audio)",
    "OBSBOT Tiny 2 Audio",
    "Scarlett Solo USB",
    "Réseau de microphones (Technologie Intel)",
    "Built-in Audio Analog Stereo",
    "マイク (USB Audio Device)",
)
_MADE_MICROPHONES = (
    "Monitor of Built-in Audio Analog Stereo",
    "Stereo Mix (Realtek Audio)",
    "Stereomix (Realtek High Definition Audio)",
    "Mixage stéréo (Realtek Audio)",
    "Mezcla estéreo (Realtek Audio)",
    "Missaggio stereo (Realtek Audio)",
    "Mixagem estéreo (Realtek Audio)",
    "Стерео микшер (Realtek Audio)",
    "ステレオ ミキサー (Realtek Audio)",
    "立体声混音 (Realtek Audio)",
    "Miks stereo (Realtek Audio)",
    "What U Hear (Sound Blaster Z)",
    "Wave Out Mix (SigmaTel)",
    "CABLE Output (VB-Audio Virtual Cable)",
    "VoiceMeeter Output (VB-Audio VoiceMeeter VAIO)",
    "BlackHole 2ch",
    "Soundflower (64ch)",
    "Loopback Audio",
    "iShowU Audio Capture",
    "Line 1 (Virtual Audio Cable)",
    "NDI Audio",
)
_PROGRAMS = ("zoom", "Teams", "firefox", "Google Chrome", None)

Source: TypeAlias = FakeCamera | FakeMicrophone
Arrange: TypeAlias = Callable[[random.Random, "Made"], None]


@dataclass
class Made:
    """The machine of one case, before the bench looks at it.

    Attributes:
        names: of the devices that there are.
        mood: what is done to the source that is made.
        search_s: how long each question to the system lasts.
    """

    is_camera: bool
    system: FakeSystem
    names: Sequence[str]
    mood: Callable[[Source], None] = lambda _: None
    search_s: float = 0.0

    def say(self, access: Permission) -> None:
        """Let the system say this of access, until somebody is asked."""
        if self.is_camera:
            self.system.camera = access
        else:
            self.system.microphone = access

    def answer(self, access: Permission) -> None:
        """Let the person answer so when the system asks them."""
        self.say(Permission.UNDETERMINED)
        self.system.on_request = lambda _: self.say(access)

    def hold(self, program: str | None) -> None:
        """Let a program hold the device; None: the system does not tell which."""
        holder = None if program is None else Holder(program, 4711)
        if self.is_camera:
            self.system.camera_held_by = holder
        else:
            self.system.microphone_held_by = holder


def _asked_of(code: str, arrange: Arrange) -> Make:
    """Ask one check, after what it needs, of the machine that ``arrange`` makes."""
    is_camera = code.startswith("camera.")

    def make(rng: random.Random) -> Found:
        names = [rng.choice(_CAMERAS if is_camera else _MICROPHONES)]
        made = Made(is_camera, FakeSystem(), names)
        made.search_s = rng.uniform(0, 0.2)
        arrange(rng, made)
        return in_made_time(lambda loop: _measured(code, made, loop))

    return make


async def _measured(code: str, made: Made, loop: MadeTimeLoop) -> Found:
    async def offload(call: Callable[[], Any]) -> Any:
        await loop.sleep(made.search_s)
        return call()

    infos = tuple(
        DeviceInfo(DeviceId(f"/dev/{number}"), name, DeviceKind.REAL)
        for number, name in enumerate(made.names)
    )
    catalogue = FakeCatalogue(loop)
    bench: Bench[Any]
    if made.is_camera:
        catalogue.camera_infos, catalogue.camera_mood = infos, made.mood
        camera = CameraBench(catalogue, loop, made.system, offload)
        bench, group = camera, camera_group(camera)
    else:
        catalogue.microphone_infos, catalogue.microphone_mood = infos, made.mood
        microphone = MicrophoneBench(catalogue, loop, made.system, offload)
        bench, group = microphone, microphone_group(microphone)
    checks = {check.code: check for check in group.checks}
    await bench.begin()
    try:
        # In the run's order: first there is a device, and then the system is asked for access,
        # which tells two refusals apart.
        if not code.endswith(".none"):
            await bench.prepared()
        if code.endswith((".busy", ".open_failed")):
            await bench.permission()
        if code.endswith((".virtual", ".muted")):
            await bench.open_settled()
        return await asked(checks[code])
    finally:
        await bench.close()


def _open_in(low_s: float, high_s: float) -> Arrange:
    def arrange(rng: random.Random, made: Made) -> None:
        made.mood = _opening(rng.uniform(low_s, high_s))

    return arrange


def _opening(seconds: float | None) -> Callable[[Source], None]:
    def mood(source: Source) -> None:
        source.open_s = seconds

    return mood


def _failing(*faults: OpenFault, within_s: float = 0.3) -> Arrange:
    def arrange(rng: random.Random, made: Made) -> None:
        fault, seconds = rng.choice(faults), rng.uniform(0.02, within_s)

        def mood(source: Source) -> None:
            source.fault, source.open_s = fault, seconds

        made.mood = mood

    return arrange


def _hanging(_: random.Random, made: Made) -> None:
    made.mood = _opening(None)


def _none_cases(code: str, seed: int) -> Iterator[Case]:
    names = _CAMERAS if code.startswith("camera.") else _MICROPHONES

    def some(rng: random.Random, made: Made) -> None:
        made.names = rng.sample(names, rng.randrange(1, 5))

    def slowly(rng: random.Random, made: Made) -> None:
        some(rng, made)
        made.search_s = rng.uniform(0.4, 0.8)

    def nothing(_: random.Random, made: Made) -> None:
        made.names = ()

    def for_ever(rng: random.Random, made: Made) -> None:
        some(rng, made)
        made.search_s = rng.uniform(3, 30)

    healthy: list[Kind] = [
        ("one to four devices", _asked_of(code, some)),
        ("a slow search", _asked_of(code, slowly)),
    ]
    ill: list[Ill] = [
        ("no device", FAILED, _asked_of(code, nothing)),
        ("a search that hangs", FAILED, _asked_of(code, for_ever)),
    ]
    yield from cases_of(code, seed, healthy, ill)


def _permission_cases(code: str, seed: int) -> Iterator[Case]:
    def granted(rng: random.Random, made: Made) -> None:
        made.say(rng.choice((Permission.GRANTED, Permission.UNKNOWN)))
        _open_in(0.02, FLOWS_WITHIN_S)(rng, made)

    def allowed(rng: random.Random, made: Made) -> None:
        made.answer(Permission.GRANTED)
        _open_in(0.02, FLOWS_WITHIN_S)(rng, made)

    def overruled(rng: random.Random, made: Made) -> None:
        made.say(Permission.DENIED)
        made.search_s = 0.0
        _open_in(0.02, FLOWS_WITHIN_S)(rng, made)

    def refused(rng: random.Random, made: Made) -> None:
        made.say(rng.choice((Permission.DENIED, Permission.RESTRICTED)))
        _failing(OpenFault.DENIED, OpenFault.REFUSED)(rng, made)

    def silent(rng: random.Random, made: Made) -> None:
        """Some systems open the device and give nothing."""
        made.say(rng.choice((Permission.DENIED, Permission.RESTRICTED)))

        def mood(source: Source) -> None:
            source.delivers = False

        made.mood = mood

    def declined(rng: random.Random, made: Made) -> None:
        made.answer(Permission.DENIED)
        _failing(OpenFault.DENIED)(rng, made)

    def unsaid(rng: random.Random, made: Made) -> None:
        made.say(Permission.UNKNOWN)
        _failing(OpenFault.DENIED)(rng, made)

    healthy: list[Kind] = [
        ("granted or unknown", _asked_of(code, granted)),
        ("allowed when asked", _asked_of(code, allowed)),
        ("refused in words, and it sends", _asked_of(code, overruled)),
    ]
    ill: list[Ill] = [
        ("refused", FAILED, _asked_of(code, refused)),
        ("refused, open and silent", FAILED, _asked_of(code, silent)),
        ("declined when asked", FAILED, _asked_of(code, declined)),
        ("only the open says so", FAILED, _asked_of(code, unsaid)),
    ]
    yield from cases_of(code, seed, healthy, ill)


def _busy_cases(code: str, seed: int) -> Iterator[Case]:
    def otherwise(rng: random.Random, made: Made) -> None:
        made.hold(rng.choice(_PROGRAMS))
        _failing(OpenFault.REFUSED, OpenFault.UNPLUGGED)(rng, made)

    def denied(rng: random.Random, made: Made) -> None:
        made.say(Permission.DENIED)
        _failing(OpenFault.DENIED)(rng, made)

    def held(rng: random.Random, made: Made) -> None:
        made.hold(rng.choice(_PROGRAMS))
        _failing(OpenFault.BUSY, within_s=2.0)(rng, made)

    def held_on_windows(rng: random.Random, made: Made) -> None:
        """It says "access is denied", and access is given."""
        made.say(Permission.GRANTED)
        made.hold(rng.choice(_PROGRAMS))
        _failing(OpenFault.DENIED)(rng, made)

    healthy: list[Kind] = [
        ("free", _asked_of(code, _open_in(0.02, 3.0))),
        ("another fault", _asked_of(code, otherwise)),
        ("access is refused", _asked_of(code, denied)),
    ]
    ill: list[Ill] = [
        ("held", FAILED, _asked_of(code, held)),
        ("held, said as a refusal", FAILED, _asked_of(code, held_on_windows)),
    ]
    yield from cases_of(code, seed, healthy, ill)


def _open_cases(code: str, seed: int) -> Iterator[Case]:
    soon_s, late_s = (4.0, 10.0) if code.startswith("camera.") else (2.0, 6.0)
    faults = (OpenFault.BUSY, OpenFault.DENIED, OpenFault.REFUSED, OpenFault.UNPLUGGED)
    healthy: list[Kind] = [
        ("at once", _asked_of(code, _open_in(0.01, 0.5))),
        ("soon enough", _asked_of(code, _open_in(0.5, 0.9 * soon_s))),
    ]
    ill: list[Ill] = [
        ("late", WARNED, _asked_of(code, _open_in(1.1 * soon_s, 0.9 * late_s))),
        ("it fails", FAILED, _asked_of(code, _failing(*faults, within_s=2.0))),
        ("a driver that hangs", FAILED, _asked_of(code, _hanging)),
    ]
    yield from cases_of(code, seed, healthy, ill)


def _virtual_cases(code: str, seed: int) -> Iterator[Case]:
    is_camera = code.startswith("camera.")
    real, virtual = (_CAMERAS, _MADE_CAMERAS) if is_camera else (_MICROPHONES, _MADE_MICROPHONES)

    def itself(rng: random.Random, made: Made) -> None:
        made.names = [rng.choice(real)]
        made.system.driver = rng.choice(("uvcvideo", None, "AVStream", "ipu6"))
        made.system.level = rng.choice((None, InputLevel(False, 60, True, loopback=False)))

    def by_name(rng: random.Random, made: Made) -> None:
        itself(rng, made)
        made.names = [rng.choice(virtual)]

    def by_system(rng: random.Random, made: Made) -> None:
        """Under any name: the driver or the sound server knows it."""
        made.system.driver = rng.choice(("v4l2 loopback", "vivid", "akvcam"))
        made.system.level = InputLevel(False, 100, loopback=True)

    healthy: list[Kind] = [("a real one", _asked_of(code, itself))]
    ill: list[Ill] = [
        ("a program, by its name", WARNED, _asked_of(code, by_name)),
        ("a program, by the system's word", WARNED, _asked_of(code, by_system)),
    ]
    yield from cases_of(code, seed, healthy, ill)


def _muted_cases(code: str, seed: int) -> Iterator[Case]:
    def open_(rng: random.Random, made: Made) -> None:
        made.system.level = InputLevel(False, rng.choice((None, rng.randrange(6, 101))))

    def shut(rng: random.Random, made: Made) -> None:
        made.system.level = InputLevel(True, rng.choice((None, rng.randrange(0, 101))))

    def down(rng: random.Random, made: Made) -> None:
        made.system.level = InputLevel(False, rng.randrange(0, 5))

    def untold(_: random.Random, made: Made) -> None:
        made.system.level = None

    healthy: list[Kind] = [("open", _asked_of(code, open_))]
    ill: list[Ill] = [
        ("muted", WARNED, _asked_of(code, shut)),
        ("turned down to nothing", WARNED, _asked_of(code, down)),
    ]
    yield from cases_of(code, seed, healthy, ill, [("not told", UNTOLD, _asked_of(code, untold))])


def cases() -> Iterator[Case]:
    """Yield every case."""
    kinds = (
        (("camera.none", "mic.none"), _none_cases),
        (("camera.permission", "mic.permission"), _permission_cases),
        (("camera.busy", "mic.busy"), _busy_cases),
        (("camera.open_failed", "mic.open_failed"), _open_cases),
        (("camera.virtual", "mic.virtual"), _virtual_cases),
        (("mic.muted",), _muted_cases),
    )
    for number, (code, make) in enumerate((code, make) for codes, make in kinds for code in codes):
        yield from make(code, SEED + 20_000 * number)
