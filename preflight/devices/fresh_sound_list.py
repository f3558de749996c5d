"""PortAudio's list as a process of its own sees it now.

This process's list is frozen while it has a stream open, and the microphone that passed stays
open. Only for showing what there is: the numbers of another process open nothing here.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict

import msgspec

from preflight.devices import portaudio
from preflight.devices.portaudio import PortAudioDevice

_PATIENCE_S = 4.0
COMMAND = (sys.executable, "-m", "preflight.devices.fresh_sound_list")


def fresh_devices(command: Sequence[str] = COMMAND) -> tuple[PortAudioDevice, ...] | None:
    """List anew; None where that process fails or takes more than 4 s. Blocks."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=True,
            stdin=subprocess.DEVNULL,
            # Windows would flash a console window.
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        return msgspec.json.decode(done.stdout, type=tuple[PortAudioDevice, ...])
    except (OSError, subprocess.SubprocessError, msgspec.MsgspecError):
        return None


def main() -> None:
    """Print the list as JSON."""
    sys.stdout.write(json.dumps([asdict(row) for row in portaudio.devices(refresh=False)]))


if __name__ == "__main__":
    main()
