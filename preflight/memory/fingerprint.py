"""What must be the same for an earlier result to still count; parts are kept apart.

Pure. Every part is hashed with the machine's own key, so the stored and the sent fingerprint
tell *that* something changed and never what it is.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from preflight.devices.frames import DeviceInfo


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One machine, its devices and its network at one moment.

    Attributes:
        parts: hash by part, as `plain_parts` names them.
    """

    parts: Mapping[str, str]

    @property
    def whole(self) -> str:
        """One hash over all parts, as the report has it."""
        joined = "\n".join(f"{name}={self.parts[name]}" for name in sorted(self.parts))
        return "sha256:" + hashlib.sha256(joined.encode()).hexdigest()

    def changed(self, earlier: "Fingerprint") -> frozenset[str]:
        """Return the names of the parts that differ."""
        names = self.parts.keys() | earlier.parts.keys()
        return frozenset(name for name in names if self.parts.get(name) != earlier.parts.get(name))


def take_fingerprint(plain: Mapping[str, str], key: bytes) -> Fingerprint:
    """Hash the plain parts with the machine's key."""
    return Fingerprint(
        {
            name: hmac.new(key, f"{name}\n{value}".encode(), hashlib.sha256).hexdigest()[:32]
            for name, value in plain.items()
        }
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """What is looked at for a fingerprint, in words; empty or None where nothing is known.

    Attributes:
        route: interface and address of the way out, and the gateway.
        wifi: name of the Wi-Fi network.
        vpn, proxy: yes or no; None before that was looked at.
        call_server: None before a run was begun at the service.
        power: ``mains`` or ``battery``.
    """

    app: str = ""
    os_build: str = ""
    camera: DeviceInfo | None = None
    microphone: DeviceInfo | None = None
    speaker: DeviceInfo | None = None
    route: str = ""
    wifi: str = ""
    vpn: str | None = None
    proxy: str | None = None
    service: str = ""
    call_server: str | None = None
    power: str = ""


def plain_parts(seen: Seen) -> dict[str, str]:
    """Return the parts of one moment in words; what was not looked at yet is left out.

    Of addresses only host and port count.
    """
    parts = {
        "app": seen.app,
        "os": seen.os_build,
        **device_parts(seen.camera, seen.microphone, seen.speaker),
        "route": seen.route,
        "wifi": seen.wifi,
        "vpn": seen.vpn,
        "proxy": seen.proxy,
        "service": urlsplit(seen.service).netloc,
        "call_server": None if seen.call_server is None else urlsplit(seen.call_server).netloc,
        "power": seen.power,
    }
    return {name: value for name, value in parts.items() if value is not None}


def device_parts(
    camera: DeviceInfo | None, microphone: DeviceInfo | None, speaker: DeviceInfo | None
) -> dict[str, str]:
    """Return the parts of the devices in words."""
    return {
        "camera": _named(camera),
        "microphone": _named(microphone),
        "speaker": _named(speaker),
    }


def _named(info: DeviceInfo | None) -> str:
    return "" if info is None else f"{info.id} {info.name}"
