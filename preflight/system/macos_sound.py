"""macOS: loudspeakers as ``osascript`` and ``system_profiler`` tell of them.

Sources: AppleScript's ``get volume settings`` (Standard Additions dictionary) and the JSON of
``system_profiler SPAudioDataType``. Both need no permission and no bridge to Core Audio. Not yet
proven on a real Mac.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from preflight.devices.frames import PORTAUDIO_PREFIX
from preflight.system.asked import Ask, ask
from preflight.system.ports import Holder
from preflight.system.sound_ports import OutputState

_VOLUME = ("osascript", "-e", "get volume settings")
_DEVICES = ("system_profiler", "-json", "SPAudioDataType")
_OUTPUT_VOLUME = re.compile(r"output volume:(\d+)")
_OUTPUT_MUTED = re.compile(r"output muted:(true|false)")


class MacSound:
    """``OutputFacts`` on macOS: the volume is that of the default output alone."""

    every_s = 10.0

    def __init__(self, asked: Ask = ask) -> None:
        self._ask = asked

    def output(self, device: str) -> OutputState | None:
        name = device.removeprefix(PORTAUDIO_PREFIX)
        rows = read_outputs(self._ask(_DEVICES) or "")
        row = rows.get(name)
        if row is None:
            return None
        muted, volume = None, None
        if row.get("default") is True:
            muted, volume = read_volume(self._ask(_VOLUME) or "")
        rate = row.get("rate_hz")
        bluetooth = row.get("bluetooth") is True
        return OutputState(
            name=name,
            muted=muted,
            volume_percent=volume,
            rate_hz=rate,
            telephone=None if bluetooth or rate is None else False,
        )

    def holder(self, device: str) -> Holder | None:
        """Nobody: macOS shares its loudspeakers."""
        return None


def read_volume(words: str) -> tuple[bool | None, int | None]:
    """Read ``output volume:50, …, output muted:false``; a display tells ``missing value``."""
    muted, volume = _OUTPUT_MUTED.search(words), _OUTPUT_VOLUME.search(words)
    return (
        None if muted is None else muted.group(1) == "true",
        None if volume is None else int(volume.group(1)),
    )


def read_outputs(words: str) -> Mapping[str, Mapping[str, Any]]:
    """Read the outputs by name: ``default``, ``rate_hz`` and ``bluetooth`` of each."""
    try:
        told = json.loads(words)
    except ValueError:
        return {}
    found: dict[str, Mapping[str, Any]] = {}
    for group in _rows(told.get("SPAudioDataType") if isinstance(told, dict) else None):
        for row in _rows(group.get("_items")):
            name = row.get("_name")
            if not isinstance(name, str) or not row.get("coreaudio_device_output"):
                continue
            rate = row.get("coreaudio_device_srate")
            found[name] = {
                "default": row.get("coreaudio_default_audio_output_device") == "spaudio_yes",
                "rate_hz": int(rate) if isinstance(rate, int | float) else None,
                "bluetooth": "bluetooth" in str(row.get("coreaudio_device_transport", "")),
            }
    return found


def _rows(told: object) -> list[dict[str, Any]]:
    return [row for row in told if isinstance(row, dict)] if isinstance(told, list) else []
