"""Asks the machine's checks of a made machine: their own readers, over made files and answers."""

import os
import random
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

import psutil

from preflight.checks.host.bench import HostBench
from preflight.checks.host.group import host_group
from preflight.checks.media.bench import Line, MediaBench
from preflight.checks.network.bench import NetworkBench
from preflight.memory.machine_file import Machine
from preflight.probe.network_probe import NetworkProbe
from preflight.system.ask_program import Ask, Told
from preflight.system.machine_ports import LocalMachine
from preflight.system.surroundings import Surroundings
from tests.accuracy.kinds import Found, asked
from tests.accuracy.made_time import MadeTimeLoop, in_made_time
from tests.fakes.local_network import FakeLocalNetwork
from tests.fakes.media_probe import FakeMediaProbe
from tests.fakes.offload import at_once

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
_MEMORY = Path("/dev/shm")
"""Thousands of small files: on a disk they take minutes."""


@contextmanager
def made_folder(files: Mapping[str, str | None]) -> Iterator[Path]:
    """Make a folder with these files; None makes a folder, which no reader can read."""
    where = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="liftbay-made-", dir=where) as name:
        root = Path(name)
        write_all(root, files)
        yield root


def write_all(root: Path, files: Mapping[str, str | None]) -> None:
    """Write files below ``root``."""
    for path, text in files.items():
        file = root / path
        if text is None:
            file.mkdir(parents=True, exist_ok=True)
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")


@contextmanager
def made_proc(root: Path) -> Iterator[None]:
    """Let psutil read ``root`` as /proc."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(psutil, "PROCFS_PATH", str(root), create=True))
        _forget()
        stack.callback(_forget)
        yield


def _forget() -> None:
    """Have psutil forget what it saw elsewhere."""
    for remembers in (psutil.process_iter, psutil.net_io_counters):
        cast(Any, remembers).cache_clear()


def answering(by_program: Mapping[str, Told | None]) -> Ask:
    """Answer a command by its program, else by the first of its words that is known."""

    def ask(command: tuple[str, ...]) -> Told | None:
        return next((by_program[word] for word in command if word in by_program), None)

    return ask


def machine_figures(
    code: str,
    machine: LocalMachine,
    *,
    folder: Path | None = None,
    booked_minutes: int | None = None,
    version: str = "0.1.0",
    network: Callable[[MadeTimeLoop], NetworkProbe] | None = None,
) -> Found:
    """Return what a check of the machine says of a made one.

    Args:
        network: the probe that has just looked at the service, for what its answers tell.
    """

    async def work(loop: MadeTimeLoop) -> Found:
        probe = cast(Any, None) if network is None else network(loop)
        bench_network = NetworkBench(
            "http://service.test",
            probe,
            loop,
            lambda: "eth0",
            None,
            at_once,
            samples=11,
            local=FakeLocalNetwork(),
        )
        media = MediaBench(FakeMediaProbe(loop), loop, None, Line(lambda: "eth0"))
        parts = cast(
            Any, SimpleNamespace(machine=machine, offload=at_once, folder=folder, clock=loop)
        )
        bench = HostBench(parts, bench_network, media, Machine(None, at_once), booked_minutes)
        bench.surroundings = Surroundings({"liftbay": version}, {"power": "mains"}, "", "")
        await bench.begin()
        if network is not None:
            await bench_network.look()
        check = next(each for each in host_group(bench).checks if each.code == code)
        try:
            return await asked(check)
        finally:
            await bench.close()
            await media.close()
            await bench_network.advice.close()

    from preflight.probe import sampler

    return in_made_time(work, sampler)


def noisy(rng: random.Random, value: float, share: float) -> float:
    """Return a figure that is off by chance, by ``share`` at most."""
    return value * rng.uniform(1 - share, 1 + share)
