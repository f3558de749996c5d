"""Picks what tells of the machine on the system this program runs on."""

import sys

from preflight.system.linux_machine import LinuxMachine
from preflight.system.machine_ports import LocalMachine
from preflight.system.macos_machine import MacMachine
from preflight.system.windows_machine import WindowsMachine


def local_machine() -> LocalMachine:
    """Make it; asking is what takes time, not this."""
    if sys.platform == "win32":
        return WindowsMachine()
    if sys.platform == "darwin":
        return MacMachine()
    return LinuxMachine()
