"""Which device of today is the one of yesterday, whatever its number is now.

Linux numbers cameras in the order in which they come: ``/dev/video0`` is another one after the
next start. udev keeps links that follow the hardware: ``/dev/v4l/by-id`` by maker, model and serial
number, ``/dev/v4l/by-path`` by the socket. Elsewhere, and without udev, the name has to do.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from preflight.devices.frames import DeviceInfo

LINKS = Path("/dev/v4l")
_BY_HARDWARE, _BY_SOCKET = "by-id", "by-path"


def stable_names(links: Path = LINKS) -> Mapping[str, str]:
    """Return the stable name of each camera node, e.g. ``by-id/usb-Maker_Model-video-index0``."""
    found: dict[str, str] = {}
    for kind in (_BY_SOCKET, _BY_HARDWARE):
        try:
            for link in sorted((links / kind).iterdir()):
                found[str(link.resolve())] = f"{kind}/{link.name}"
        except OSError:
            # No udev, or no camera with such a link.
            continue
    return found


def device_key(info: DeviceInfo) -> str:
    """Return what something about this device is remembered under."""
    return info.stable or info.name


def is_same(one: DeviceInfo, other: DeviceInfo) -> bool:
    """Say whether two rows of lists are one device, which may have got another id in between."""
    if one.stable and other.stable:
        return one.stable == other.stable
    return one.id == other.id


def find_again(known: DeviceInfo, devices: Sequence[DeviceInfo]) -> DeviceInfo | None:
    """Return the device that ``known`` is today; None where it is not there.

    By its stable name, else by id and name, else by name. Two cameras of one model have one name;
    where both have a stable name of their own they are not taken for each other.
    """
    if known.stable:
        for device in devices:
            if device.stable == known.stable:
                return device
    named = [each for each in devices if each.name == known.name and not _differ(each, known)]
    return next((each for each in named if each.id == known.id), next(iter(named), None))


def is_another(usual: DeviceInfo, used: DeviceInfo, devices: Sequence[DeviceInfo]) -> bool:
    """Say whether a sound device is another one than the usual one.

    The same id is the same device under whichever name, which follows the system's language. The
    same name is the same device in another socket, unless the usual one is there beside it.
    """
    if used.id == usual.id:
        return False
    there = any(each.id == usual.id for each in devices)
    return there or used.name != usual.name


def _differ(one: DeviceInfo, other: DeviceInfo) -> bool:
    by_hardware = all(each.stable.startswith(f"{_BY_HARDWARE}/") for each in (one, other))
    return by_hardware and one.stable != other.stable
