"""Says when the system's hint came and which microphones were there then: a process of its own.

QtMultimedia looks for a sound server once per process, and the tests' own has looked already.
"""

import sys
import time

from PySide6.QtGui import QGuiApplication

from preflight.devices.pulse import Direction, PulseServer
from preflight.system.qt_hotplug import QtHotplug


def say(words: str) -> None:
    """Write a line for whoever started this."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> None:
    """Tell of every hint until this process is ended."""
    app = QGuiApplication([])
    hotplug, pulse = QtHotplug(), PulseServer()

    def tell() -> None:
        names = [each.name for each in pulse.devices(Direction.IN)]
        say(f"{time.monotonic()} {' '.join(names)}")

    hotplug.subscribe(tell)
    say("ready")
    app.exec()


if __name__ == "__main__":
    main()
