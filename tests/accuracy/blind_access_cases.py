"""C02, C22, M02, blind: Windows' registry as its versions write it, and cameras of other makers.

Written from the catalogue (section 9), Microsoft's pages on app access and the AppPrivacy policy,
and the makers' own names of their products, without a look at the reader or its lists.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from preflight.checks.camera.bench import CameraBench
from preflight.checks.camera.group import camera_group
from preflight.checks.device_bench import Bench
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.group import microphone_group
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.ports import OpenFault
from preflight.system.ports import SystemProbe
from preflight.system.windows import WindowsProbe
from tests.accuracy.kinds import FAILED, WARNED, Found, Make, asked, blind_cases_of
from tests.accuracy.made_time import MadeTimeLoop, in_made_time
from tests.accuracy.tally import Case
from tests.fakes.devices import FakeCamera, FakeCatalogue, FakeMicrophone, FakeSystem
from tests.fakes.offload import at_once

SEED = 8_000_000
Values: TypeAlias = Mapping[tuple[str, str], str | int]
"""By hive (``HKLM``, ``HKCU``) and the end of the key, after the store or the policies."""


def _measured(code: str, system: SystemProbe, name: str, fault: OpenFault | None) -> Found:
    info = DeviceInfo(DeviceId("0@\\\\?\\usb#vid_0bda&pid_5520"), name, DeviceKind.REAL)
    return measured(code, system, info, fault)


def measured(code: str, system: SystemProbe, info: DeviceInfo, fault: OpenFault | None) -> Found:
    """Ask a check of one device that opens, or fails to for this reason."""

    def mood(source: FakeCamera | FakeMicrophone) -> None:
        source.fault, source.open_s = fault, 0.1

    async def work(loop: MadeTimeLoop) -> Found:
        catalogue = FakeCatalogue(loop)
        bench: Bench[Any]
        if code.startswith("camera."):
            catalogue.camera_infos, catalogue.camera_mood = (info,), mood
            camera = CameraBench(catalogue, loop, system, at_once)
            bench, group = camera, camera_group(camera)
        else:
            catalogue.microphone_infos, catalogue.microphone_mood = (info,), mood
            microphone = MicrophoneBench(catalogue, loop, system, at_once)
            bench, group = microphone, microphone_group(microphone)
        check = next(each for each in group.checks if each.code == code)
        await bench.begin()
        try:
            await bench.prepared()
            if code.endswith(".busy"):
                # In the run's order: the system is asked for access first.
                await bench.permission()
            if code.endswith(".virtual"):
                await bench.open_settled()
            return await asked(check)
        finally:
            await bench.close()

    return in_made_time(work)


# --- C02 and M02 -------------------------------------------------------------------------------


class Registry:
    """Windows' registry with a few values, whatever the case of the asker's words."""

    def __init__(self, values: Values, subkeys: Mapping[str, Sequence[str]]) -> None:
        self._values = {(hive, key.lower()): value for (hive, key), value in values.items()}
        self._subkeys = {key.lower(): tuple(each) for key, each in subkeys.items()}

    def value(self, hive: str, key: str, name: str) -> str | int | None:
        short = "HKLM" if "LM" in hive.upper() or "LOCAL_MACHINE" in hive.upper() else "HKCU"
        return self._values.get((short, f"{self._end(key)}\\{name}".lower()))

    def subkeys(self, hive: str, key: str) -> tuple[str, ...]:
        del hive
        return self._subkeys.get(self._end(key), ())

    @staticmethod
    def _end(key: str) -> str:
        for head in ("consentstore\\", "windows\\appprivacy"):
            _, found, tail = key.lower().partition(head)
            if found:
                return tail if head.endswith("\\") else "policy" + tail
        return key.lower()


def _store(what: str, where: str = "") -> str:
    return f"{what}{where}\\Value"


def _policy(what: str) -> str:
    return f"policy\\LetAppsAccess{'Camera' if what == 'webcam' else 'Microphone'}"


def _others(rng: random.Random, what: str) -> dict[str, Sequence[str]]:
    apps = ("C:#Program Files#Zoom#bin#Zoom.exe", "C:#Users#x#AppData#Local#Teams#ms-teams.exe")
    return {f"{what}\\nonpackaged": rng.sample(apps, rng.randint(0, 2))}


def _allowed(rng: random.Random, what: str) -> Values:
    """Allowed; a store app's own switch, or the policy for the person to decide, is no refusal."""
    yes: dict[tuple[str, str], str | int] = {
        ("HKLM", _store(what)): "Allow",
        ("HKCU", _store(what)): "Allow",
        ("HKCU", _store(what, "\\NonPackaged")): "Allow",
    }
    how = rng.randrange(5)
    if how == 1:
        yes[("HKCU", _store(what))] = "Deny"
    elif how == 2:
        yes[("HKLM", _policy(what))] = rng.choice((0, 1))
    elif how == 3:
        yes[("HKCU", _store(what, "\\Microsoft.WindowsCamera_8wekyb3d8bbwe"))] = "Deny"
    elif how == 4:
        return {}
    return yes


def _denied(rng: random.Random, what: str) -> Values:
    values = {
        ("HKLM", _store(what)): "Allow",
        ("HKCU", _store(what)): "Allow",
        ("HKCU", _store(what, "\\NonPackaged")): "Allow",
    }
    told: dict[tuple[str, str], str | int] = dict(values)
    how = rng.randrange(4)
    if how == 0:
        told[("HKLM", _store(what))] = "Deny"
    elif how == 1:
        told[("HKCU", _store(what, "\\NonPackaged"))] = "Deny"
    elif how == 2:
        told[("HKLM", _policy(what))] = 2
    else:
        # What is for the whole machine was never written.
        told = {("HKCU", _store(what, "\\NonPackaged")): "Deny"}
    return told


def _windows(code: str, *, denied: bool, opens: bool) -> Make:
    what = "webcam" if code.startswith("camera.") else "microphone"

    def make(rng: random.Random) -> Found:
        values = (_denied if denied else _allowed)(rng, what)
        registry = Registry(values, _others(rng, what))
        system = WindowsProbe(registry, "C:\\Program Files\\Liftbay\\liftbay.exe", lambda _: True)
        # A refusal comes as "access denied", which on Windows may have other reasons as well.
        fault = None if opens else rng.choice((OpenFault.DENIED, OpenFault.REFUSED))
        return _measured(code, system, "Integrated Webcam", fault)

    return make


# --- C22 ---------------------------------------------------------------------------------------

_MADE_BY_PROGRAMS = (
    "OBS Virtual Camera",
    "OBS-Camera",
    "ManyCam Virtual Webcam",
    "Snap Camera",
    "NDI Webcam Video 1",
    "NewTek NDI Video",
    "XSplit VCam",
    "SplitCam Video Driver",
    "e2eSoft VCam",
    "CyberLink YouCam 10",
    "Camera (NVIDIA Broadcast)",
    "mmhmm Camera",
    "Unity Video Capture",
    "AlterCam Virtual Camera",
    "Prezi Virtual Camera",
    "vMix Video",
)
_OF_HARDWARE = (
    "OBSBOT Tiny 2",
    "OBSBOT Meet SE StreamCamera",
    "Insta360 Link 2",
    "Cam Link 4K",
    "Logitech StreamCam",
    "Surface Camera Front",
    "Integrated RGB Camera",
    "HP Wide Vision HD Camera",
    "Caméra FaceTime HD",
    "Razer Kiyo Pro Ultra",
    "USB2.0 HD UVC WebCam",
    "Lenovo Performance FHD Webcam",
    "AVerMedia Live Streamer CAM 513",
    "Elgato Facecam MK.2",
    "ELMO Document Camera",
    "Sandberg USB Webcam Pro",
)


def _called(names: Sequence[str]) -> Make:
    def make(rng: random.Random) -> Found:
        system = FakeSystem()
        system.driver = None
        return _measured("camera.virtual", system, rng.choice(names), None)

    return make


def _driven_by(*drivers: str) -> Make:
    """On Linux the driver tells, whatever the person called the camera."""

    def make(rng: random.Random) -> Found:
        system = FakeSystem()
        system.driver = rng.choice(drivers)
        name = rng.choice(("Werkstatt", "Cam", "Integrated Camera", "USB Video"))
        return _measured("camera.virtual", system, name, None)

    return make


def cases() -> Iterator[Case]:
    """Yield the blind cases."""
    for number, code in enumerate(("camera.permission", "mic.permission")):
        yield from blind_cases_of(
            code,
            SEED + 20_000 * number,
            (
                ("allowed", _windows(code, denied=False, opens=True)),
                ("denied in words, and it opens", _windows(code, denied=True, opens=True)),
            ),
            (("denied", FAILED, _windows(code, denied=True, opens=False)),),
        )
    yield from blind_cases_of(
        "camera.virtual",
        SEED + 40_000,
        (
            ("a maker's name", _called(_OF_HARDWARE)),
            ("a driver of hardware", _driven_by("uvcvideo", "bcm2835-isp", "ipu6", "em28xx")),
        ),
        (
            ("a program's name", WARNED, _called(_MADE_BY_PROGRAMS)),
            ("a loopback driver", WARNED, _driven_by("v4l2 loopback")),
        ),
    )
