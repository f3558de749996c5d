"""A preflight that says which microphones it lists, whenever it tells a change: its own process.

QtMultimedia looks for a sound server once per process, and the tests' own has looked already. The
camera is made up; the microphone in use is the one that the command line names.
"""

import asyncio
import contextlib
import sys
import tempfile
import time
from pathlib import Path

import qasync
from PySide6.QtGui import QGuiApplication

from client_api.clock import SystemClock
from preflight.devices.catalogue import SystemCatalogue
from preflight.devices.frames import DeviceId
from preflight.devices.pulse import PulseServer
from preflight.model import CheckState, RunProgress
from preflight.parts import PreflightParts
from preflight.preflight import Preflight
from preflight.system.linux import LinuxProbe
from preflight.system.qt_hotplug import QtHotplug

CODE = "mic.no_data"


def say(words: str) -> None:
    """Write a line for whoever started this."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


async def tell(folder: Path, microphone: str, over: asyncio.Event) -> None:
    """Say every list that is new, with its time, once the microphone in use works."""
    pulse = PulseServer()
    system = LinuxProbe(pulse)
    parts = PreflightParts(
        catalogue=SystemCatalogue(camera_choice="pattern", pulse=pulse, probe=system),
        system=system,
        clock=SystemClock(),
        service_url="http://127.0.0.1:9",
        folder=folder,
        hotplug=QtHotplug(),
    )
    preflight = Preflight(parts, only=(CODE,), microphone=DeviceId(microphone))
    told: list[str] = []

    def on_change(progress: RunProgress) -> None:
        works = all(
            check.state is CheckState.PASSED for check in progress.checks if check.code == CODE
        )
        names = " ".join(sorted(each.id for each in preflight.devices.microphones))
        if works and names and told[-1:] != [names]:
            told.append(names)
            say(f"{time.monotonic()} {names}")

    preflight.start(on_change)
    await over.wait()
    await preflight.close()


def main() -> None:
    """Tell until the standard input is closed."""
    app = QGuiApplication([])
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    over = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), over.set)
    with loop, tempfile.TemporaryDirectory() as folder, contextlib.suppress(asyncio.CancelledError):
        loop.run_until_complete(tell(Path(folder), sys.argv[1], over))


if __name__ == "__main__":
    main()
