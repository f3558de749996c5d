"""Linux: loudspeakers as the Pulse server and ALSA tell of them."""

from pathlib import Path

from preflight.devices.pulse import Direction, PulseDevice, PulseServer
from preflight.system.linux_processes import raw_sound_holder
from preflight.system.ports import Holder
from preflight.system.sound_ports import OutputState

_TELEPHONE_PROFILES = ("headset", "handsfree", "hfp", "hsp")


class LinuxSound:
    """``OutputFacts`` from ``pactl``; ``proc`` is elsewhere in tests."""

    every_s = 2.0

    def __init__(self, pulse: PulseServer, proc: Path = Path("/proc")) -> None:
        self._pulse = pulse
        self._proc = proc

    def output(self, device: str) -> OutputState | None:
        for sink in self._pulse.devices(Direction.OUT):
            if sink.name == device:
                return read_state(sink)
        return None

    def holder(self, device: str) -> Holder | None:
        """Find the owner of a raw ALSA playback stream; Pulse shares its sinks."""
        return raw_sound_holder(self._proc, "p")


def read_state(sink: PulseDevice) -> OutputState:
    """Return a sink's state. Only Bluetooth has profiles: a slow wired sink is no headset."""
    profile = sink.profile
    return OutputState(
        name=sink.description,
        muted=sink.muted,
        volume_percent=sink.volume_percent,
        rate_hz=sink.rate_hz,
        telephone=None if profile is None else profile.startswith(_TELEPHONE_PROFILES),
    )
