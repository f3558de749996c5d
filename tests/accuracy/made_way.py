"""A made machine's way to the network: files of the kernel, counters, proxies, and who is asked.

What there is (which interfaces, names, answers and rates) is the business of those who use it;
here are no cases, and nothing of what is right. The blind set and the older one both stand on it.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from unittest.mock import patch

from preflight.checks.network.bench import NetworkBench
from preflight.system.linux_network import LinuxNetwork
from preflight.system.macos_network import MacNetwork
from preflight.system.network_ports import LocalNetwork, Traffic
from preflight.system.windows_network import WindowsNetwork
from tests.accuracy.asked_machine import made_folder, made_proc, write_all
from tests.accuracy.asked_network import Prepare, network_figures, on_made_line
from tests.accuracy.kinds import Found
from tests.accuracy.made_time import MadeTimeLoop
from tests.fakes.local_network import FakeHints

Files = dict[str, str | None]


def told(code: str, local: LocalNetwork, hints: FakeHints | None = None) -> Found:
    """Ask a check of a machine with this network."""

    async def work(loop: MadeTimeLoop) -> Found:
        return await network_figures(code, loop, local=local, hints=hints)

    return on_made_line(work)


def windows(name: str | None) -> LocalNetwork:
    """Return a Windows machine whose way out has this name; None: there is none."""
    return WindowsNetwork(lambda _host: name, lambda: None)


def macos(name: str | None) -> LocalNetwork:
    """Return the same of macOS."""
    return MacNetwork(lambda _host: name, lambda: None)


def linux(root: Path, name: str | None, said: str | None = None) -> LocalNetwork:
    """Return a Linux machine with this sysfs; every program that is asked says ``said``."""
    return LinuxNetwork(root, towards=lambda _host: name, ask=lambda _command: said)


def interface(kind: int, devtype: str = "", more: Mapping[str, str | None] = {}) -> Files:
    """Return the files below ``/sys/class/net/X`` that every interface has, and ``more``."""
    head = f"DEVTYPE={devtype}\n" if devtype else ""
    return {"type": f"{kind}\n", "uevent": f"{head}INTERFACE=x\nIFINDEX=3\n", **more}


def sysfs(several: Sequence[tuple[str, Mapping[str, str | None]]], below: str = "") -> Files:
    """Return the files of several interfaces, each below its name."""
    return {
        f"{below}{name}/{path}": text for name, files in several for path, text in files.items()
    }


def asked_of_proxies(
    hosts: tuple[str, str],
    environment: Mapping[str, str],
    hints: FakeHints | None,
    *,
    blocked: bool,
) -> Found:
    """Ask N10 of a machine with these variables.

    Args:
        hosts: of the service and of the call server.
        blocked: whether the call server did not answer (N04).
    """

    async def gate(bench: NetworkBench) -> None:
        await bench.room()
        bench.advice.signal_blocked = blocked

    async def work(loop: MadeTimeLoop) -> Found:
        return await network_figures(
            "net.proxy",
            loop,
            url=f"https://{hosts[0]}",
            room_url=f"wss://{hosts[1]}",
            hints=hints,
            before=gate,
        )

    with patch.dict(os.environ, environment, clear=True):
        return on_made_line(work)


class CountedNetwork(LinuxNetwork):
    """A machine whose ``/proc/net/dev`` is written anew each time that it is read.

    Args:
        below: where its sysfs is, in ``root``.
        table: makes the file, of the seconds that have passed.
    """

    def __init__(
        self, root: Path, below: str, loop: MadeTimeLoop, name: str, table: Callable[[float], str]
    ) -> None:
        super().__init__(root / below, towards=lambda _host: name)
        self._root, self._loop, self._table = root, loop, table

    def traffic(self, interface: str) -> Traffic | None:
        write_all(self._root, {"net/dev": self._table(self._loop.time())})
        return super().traffic(interface)


def asked_of_traffic(
    files: Mapping[str, str | None],
    line: Callable[[Path, MadeTimeLoop], LocalNetwork],
    before: Callable[[MadeTimeLoop], Prepare],
) -> Found:
    """Ask N17 of a machine with these files, on the line that is made over them."""

    async def work(loop: MadeTimeLoop) -> Found:
        made = line(root, loop)
        return await network_figures("net.busy", loop, local=made, before=before(loop))

    with made_folder(files) as root, made_proc(root):
        return on_made_line(work)
