"""Picks what tells of the network on the system this program runs on."""

import sys

from preflight.system.linux_network import LinuxNetwork
from preflight.system.macos_network import MacNetwork
from preflight.system.network_ports import LocalNetwork
from preflight.system.windows_network import WindowsNetwork


def local_network() -> LocalNetwork:
    """Make it; asking is what takes time, not this."""
    if sys.platform == "win32":
        return WindowsNetwork()
    if sys.platform == "darwin":
        return MacNetwork()
    return LinuxNetwork()
