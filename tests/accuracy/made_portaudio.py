"""PortAudio's library with made devices, as sounddevice documents what it answers.

Windows lists each device under several interfaces, of which the program uses one; PortAudio's own
default there is one of the oldest. macOS and ALSA have one interface each.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from preflight.devices import catalogue, portaudio

WINDOWS = ("MME", "Windows DirectSound", "Windows WASAPI", "Windows WDM-KS")
MACOS = ("Core Audio",)
ALSA = ("ALSA",)
_SHORTENED = 31
"""MME cuts names off."""


@dataclass(eq=False)
class SoundDevice:
    """A device as the system has it: an output, or a microphone."""

    name: str
    outputs: int = 2
    inputs: int = 0
    rate_hz: float = 48_000.0


@dataclass
class MadePortAudio:
    """What is plugged in; the first output and the first input are the system's defaults.

    Attributes:
        apis: names of the interfaces that this system has.
        default: the output that is the default; None: the first.
    """

    apis: Sequence[str] = ()
    devices: Sequence[SoundDevice] = ()
    default: SoundDevice | None = None

    def query_devices(self) -> list[dict[str, Any]]:
        """List as ``sounddevice.query_devices`` does."""
        return [
            {
                "index": index,
                "name": device.name[:_SHORTENED] if api == "MME" else device.name,
                "hostapi": self.apis.index(api),
                "max_input_channels": device.inputs,
                "max_output_channels": device.outputs,
                "default_samplerate": device.rate_hz,
            }
            for index, (api, device) in enumerate(self._rows())
        ]

    def query_hostapis(self) -> list[dict[str, Any]]:
        """List as ``sounddevice.query_hostapis`` does; -1: it has no such device."""
        return [
            {
                "name": api,
                "default_input_device": self._default(api, "inputs"),
                "default_output_device": self._default(api, "outputs"),
            }
            for api in self.apis
        ]

    def _terminate(self) -> None:
        """Nothing is behind it."""

    def _initialize(self) -> None:
        """Nothing is behind it."""

    @contextmanager
    def listed(self) -> Iterator[None]:
        """Let the program find these sound devices where no sound server answers."""
        first = self.apis[:1]
        own = [self._default(api, kind) for kind in ("inputs", "outputs") for api in first]
        library = SimpleNamespace(
            PortAudioError=RuntimeError,
            default=SimpleNamespace(device=own or [-1, -1]),
            query_devices=self.query_devices,
            query_hostapis=self.query_hostapis,
            _terminate=self._terminate,
            _initialize=self._initialize,
        )
        with ExitStack() as stack:
            stack.enter_context(patch.object(portaudio, "_library", lambda: library))
            stack.enter_context(patch.object(catalogue, "has_sound_card", lambda: True))
            stack.enter_context(patch.object(portaudio, "is_frozen", lambda: False))
            yield

    def _rows(self) -> list[tuple[str, SoundDevice]]:
        return [(api, device) for api in self.apis for device in self.devices]

    def _default(self, api: str, kind: str) -> int:
        meant = self.default if kind == "outputs" else None
        for index, (of, device) in enumerate(self._rows()):
            if of == api and getattr(device, kind) and meant in (None, device):
                return index
        return -1
