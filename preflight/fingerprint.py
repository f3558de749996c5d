"""What must be the same for an earlier result to still count; parts are kept apart.

Pure. Every part is hashed with the machine's own key, so the stored and the sent fingerprint
tell *that* something changed and never what it is.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from preflight.devices.frames import DeviceInfo


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One machine, its devices and its network at one moment.

    Attributes:
        parts: hash by part (app, os, camera, microphone, speaker, network, hosts, power).
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


def plain_parts(
    *,
    camera: DeviceInfo | None,
    microphone: DeviceInfo | None,
    speaker: DeviceInfo | None,
    network: str | None,
    hosts: Sequence[str],
) -> dict[str, str]:
    """Return the parts of one moment in words.

    Args:
        network: names the way out of this machine.
        hosts: addresses of service and media server; only their hosts and ports count.
    """
    return {
        "camera": _named(camera),
        "microphone": _named(microphone),
        "speaker": _named(speaker),
        "network": network or "",
        "hosts": " ".join(urlsplit(url).netloc for url in hosts),
    }


def _named(info: DeviceInfo | None) -> str:
    return "" if info is None else f"{info.id} {info.name}"
