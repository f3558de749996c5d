"""Sound servers as ``pactl`` prints them: versions 16 and 17, PulseAudio and PipeWire.

Written from pactl's own source and from listings that people published, without a look at the
reader; so is every row in here. Version 16 writes its numbers in the language of the machine
(``"balance":0,00``, which is no JSON) unless it is told not to.
"""

import json
import os
import random
import re
from pathlib import Path
from typing import Any

from preflight.devices.pulse import PulseServer
from tests.accuracy.made_devices import MadePulse, Row

NO_MODULE = 4_294_967_295


def _volume(percent: float, channels: list[str], *, comma: bool) -> dict[str, Any]:
    value = round(percent * 655.36)
    db = "-inf dB" if value == 0 else f"{60 * (percent / 100 - 1):.2f} dB"
    side = {
        "value": value,
        "value_percent": f"{round(percent)}%",
        "db": db.replace(".", ",") if comma else db,
    }
    return {channel: dict(side) for channel in channels}


def full_row(
    rng: random.Random,
    name: str,
    description: str,
    *,
    percent: float = 70.0,
    muted: bool = False,
    rate_hz: int = 48_000,
    monitor_of: str = "",
    properties: dict[str, str] | None = None,
) -> Row:
    """Return everything that pactl says of a source or sink.

    Args:
        monitor_of: the sink that this source listens to.
    """
    channels = rng.choice(
        (["mono"], ["front-left", "front-right"], ["aux0", "aux1", "aux2", "aux3"])
    )
    pipewire = rng.random() < 0.6
    form = rng.choice(("s16le", "s24le", "s32le", "float32le"))
    bus = "bluetooth" if "bluez" in name else "usb" if ".usb-" in name else "pci"
    said = {
        "device.description": description,
        "device.class": "monitor" if monitor_of else "sound",
        "device.api": "bluez5" if bus == "bluetooth" else "alsa",
        "device.bus": bus,
        "alsa.card": "1",
        "node.name": name,
        "media.class": "Audio/Sink",
        "device.icon_name": "audio-card-analog",
        **(properties or {}),
    }
    return {
        "index": rng.randrange(3000),
        "state": rng.choice(("SUSPENDED", "IDLE", "RUNNING")),
        "name": name,
        "description": description,
        "driver": "PipeWire" if pipewire else "module-alsa-card.c",
        "sample_specification": f"{form} {len(channels)}ch {rate_hz}Hz",
        "channel_map": ",".join(channels),
        "owner_module": NO_MODULE if pipewire else 23,
        "mute": muted,
        "volume": _volume(percent, channels, comma=rng.random() < 0.5),
        "balance": 0.0,
        "base_volume": {"value": 65_536, "value_percent": "100%", "db": "0.00 dB"},
        "monitor_source": monitor_of,
        "latency": {"actual": 0.0, "configured": 0.0},
        "flags": ["HARDWARE", "HW_MUTE_CTRL", "DECIBEL_VOLUME", "LATENCY"],
        "properties": said,
        "ports": [
            {
                "name": "[In] Mic1",
                "description": "Micrófono",
                "type": "Mic",
                "priority": 8700,
                "availability_group": "Legacy 1",
                "availability": rng.choice(("availability unknown", "available", "not available")),
            }
        ],
        "active_port": "[In] Mic1",
        "formats": ["pcm"],
    }


def monitor_row(rng: random.Random, sink: Row) -> Row:
    """Return the source that listens to a sink."""
    words = f"Monitor of {sink['description']}"
    return full_row(rng, f"{sink['name']}.monitor", words, monitor_of=sink["name"])


class PrintedPulse(MadePulse):
    """Rows that a program prints, which the real reader runs: a shell script in pactl's place.

    It does as version 16 does in a language that writes 0,00.
    """

    def __init__(self, folder: Path, sources: list[Row], sinks: list[Row]) -> None:
        super().__init__(sources, sinks)
        program = folder / "pactl"
        PulseServer.__init__(self, str(program))
        info = {
            "server_name": "pulseaudio",
            "server_version": "16.1",
            "default_sample_specification": "s16le 2ch 44100Hz",
            "default_sink_name": self.default["sinks"],
            "default_source_name": self.default["sources"],
            "cookie": "8112:aa01",
        }
        for kind, told in (("info", info), ("sources", sources), ("sinks", sinks)):
            text = json.dumps(told)
            (folder / f"{kind}.C").write_text(text, "utf-8")
            (folder / f"{kind}.de").write_text(re.sub(r"(: -?\d+)\.(\d)", r"\1,\2", text), "utf-8")
        program.write_text(
            "#!/bin/sh\n"
            'case "${LC_ALL:-${LC_NUMERIC:-${LANG:-C}}}" in C*|POSIX|en*) l=C;; *) l=de;; esac\n'
            'for last; do :; done\ncat "${0%/*}/$last.$l" 2>/dev/null\n',
            "utf-8",
        )
        program.chmod(0o755)

    def _run(self, *words: str) -> bytes | None:
        return None if self.busy else PulseServer._run(self, *words)


GERMAN = {**os.environ, "LANG": "de_DE.UTF-8", "LC_NUMERIC": "de_DE.UTF-8"}
"""The surroundings of a program in a language that writes 0,00."""
for _name in ("LC_ALL", "LANGUAGE"):
    GERMAN.pop(_name, None)
