"""H04, H05, H09 and H10: memory and disk of a made system, clocks and versions by made answers.

Truth. ``host.memory``: what a made /proc/meminfo says is left, at least 0.08 GB clear of a limit.
``host.disk``: blocks that this user may still write, 0.15 GB clear; folders that cannot be written
are real ones. ``host.clock_skew``: how far the made clock is off, over lines whose ways there and
back differ: healthy to 3.5 s, warned 6.5 to 280, failed from 320. ``host.outdated``: versions whose
order is known, systems that the program is made for and others.
"""

import errno
import os
import platform
import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from preflight.system.linux_machine import LinuxMachine
from preflight.system.machine_ports import SystemFacts
from tests.accuracy.asked_machine import answering, machine_figures, made_folder, made_proc
from tests.accuracy.kinds import FAILED, UNKNOWN, WARNED, Found, Make, cases_of
from tests.accuracy.made_service import Answered, MadeHealth, served, well
from tests.accuracy.made_time import MadeTimeLoop
from tests.accuracy.probe_here import network_probe_here
from tests.accuracy.tally import Case

SEED = 330_000
GB = 1e9


# --- H04 ---------------------------------------------------------------------------------------


def _memory(low_gb: float, high_gb: float, *, old_kernel: bool = False) -> Make:
    def make(rng: random.Random) -> Found:
        kb = round(rng.uniform(low_gb, high_gb) * GB / 1024)
        total = kb + rng.randint(300_000, 30_000_000)
        rows = [f"MemTotal:       {total:>8} kB", f"MemFree:        {kb // 3:>8} kB"]
        if old_kernel:
            # Before 3.14: what is free and what of the page cache can be given back.
            rows[1] = f"MemFree:        {kb:>8} kB"
            rows += ["Active(file):     0 kB", "Inactive(file):   0 kB", "SReclaimable:     0 kB"]
        else:
            rows.append(f"MemAvailable:   {kb:>8} kB")
        rows += [f"Buffers: {rng.randint(0, 90_000)} kB", f"Cached: {rng.randint(0, kb)} kB"]
        rows += ["Active: 100000 kB", "Inactive: 9000 kB", "Slab: 7000 kB", "Shmem: 500 kB"]
        rows += ["HugePages_Total:       0", f"SwapFree: {rng.randint(0, 9_000_000)} kB"]
        if old_kernel:
            rows = [row for row in rows if not row.startswith("Cached") or rng.random() < 1]
        zones = "Node 0, zone   Normal\n  pages free 1\n        min      0\n        low      0\n"
        with made_folder({"meminfo": "\n".join(rows) + "\n", "zoneinfo": zones}) as root:
            with made_proc(root):
                return machine_figures("host.memory", LinuxMachine(root, answering({})))

    return make


# --- H05 ---------------------------------------------------------------------------------------


def _statvfs(rng: random.Random, free_gb: float) -> os.statvfs_result:
    block = rng.choice((512, 1024, 4096, 65_536))
    free = round(free_gb * GB / block)
    reserved = rng.choice((0, free // 20, round(2 * GB / block)))
    total = free + reserved + rng.randint(1, 10**9) * 4096 // block
    # The file system's unit is `f_frsize`; `f_bsize` is how much is best read at once.
    return os.statvfs_result(
        (
            rng.choice((block, 4096, 1 << 20)),
            block,
            total,
            free + reserved,
            free,
            10**6,
            10**6,
            10**6,
            4096,
            255,
        )
    )


def _space(low_gb: float, high_gb: float) -> Make:
    def make(rng: random.Random) -> Found:
        told = _statvfs(rng, rng.uniform(low_gb, high_gb))
        deeper = rng.choice(("", "recordings", "2026/11/not there yet", "Aufnahmen – Müller"))
        with made_folder({}) as root, patch.object(os, "statvfs", lambda _path: told):
            return machine_figures("host.disk", LinuxMachine(root), folder=root / deeper)

    return make


_FAULTS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


def _cannot_write(rng: random.Random) -> Found:
    """A folder that is a file, a place where none may be made, or a disk that takes nothing."""
    told = _statvfs(rng, rng.uniform(5, 500))
    how = rng.randrange(4)
    with ExitStack() as stack:
        root = stack.enter_context(made_folder({"a file": "x"}))
        stack.enter_context(patch.object(os, "statvfs", lambda _path: told))
        folder = (root / "a file", root / "a file" / "below", Path("/proc/nowhere"), root)[how]
        if how == 3:
            refused = OSError(rng.choice(_FAULTS), "made up")
            stack.enter_context(patch.object(os, "fsync", side_effect=refused))
        return machine_figures("host.disk", LinuxMachine(root), folder=folder)


def _untold_disk(_rng: random.Random) -> Found:
    with made_folder({}) as root, patch.object(os, "statvfs", side_effect=OSError("made up")):
        return machine_figures("host.disk", LinuxMachine(root), folder=root)


# --- H09 and H10 -------------------------------------------------------------------------------


def _after_health(
    code: str, rng: random.Random, health: MadeHealth, *, ours: str = "0.1.0"
) -> Found:
    stack = ExitStack()

    def probe(loop: MadeTimeLoop):  # type: ignore[no-untyped-def]  # the probe of `probe_here`
        stack.enter_context(served(health, loop))
        return network_probe_here()

    with stack, made_folder({}) as root:
        return machine_figures(code, LinuxMachine(root), version=ours, network=probe)


def _clock(low_s: float, high_s: float) -> Make:
    def make(rng: random.Random) -> Found:
        off = rng.uniform(low_s, high_s) * rng.choice((-1, 1))
        out, back = rng.uniform(3, 250), rng.uniform(3, 250)

        def answer(_number: int, health: MadeHealth) -> Answered:
            busy = rng.lognormvariate(0, 1)
            return well(
                rng,
                health,
                out_ms=out * busy,
                back_ms=back * rng.lognormvariate(0, 1),
                service_ms=rng.uniform(0.1, 20),
            )

        return _after_health("host.clock_skew", rng, MadeHealth(answer, skew_s=off))

    return make


def _no_time(rng: random.Random) -> Found:
    """A service, or something before it, that tells no time, or one without its zone."""
    told = rng.choice(
        (
            '{"status": "ok"}',
            '{"status": "ok", "server_now": "soon"}',
            '{"status": "ok", "server_now": "2026-11-22T12:00:00"}',
            '{"status":"ok","server_now":7}',
            "[1]",
            '{"status": "ok", "server_now": null}',
        ),
    )
    return _after_health(
        "host.clock_skew", rng, MadeHealth(lambda _number, _health: Answered(told))
    )


def _release(rng: random.Random) -> tuple[int, ...]:
    return tuple(rng.choice((0, 1, 2, 9, 10, 11, 19, 20)) for _ in range(rng.choice((2, 3, 3))))


def _text(rng: random.Random, release: tuple[int, ...], *, ends: bool) -> str:
    words = ".".join(map(str, release))
    tail = rng.choice(("", "", "rc1", ".dev4+gabc", "+local", "-beta.2")) if ends else ""
    return rng.choice(("", "", "v")) + words + tail


def _padded(release: tuple[int, ...]) -> tuple[int, ...]:
    return (*release, 0, 0, 0)[:3]


def _versions(*, older: bool, below: bool, fits: bool) -> Make:
    def make(rng: random.Random) -> Found:
        while True:
            ours, newest, least = _release(rng), _release(rng), _release(rng)
            is_older, is_below = _padded(ours) < _padded(newest), _padded(ours) < _padded(least)
            if (is_older, is_below) == (older, below):
                break
        told = (_text(rng, newest, ends=False), _text(rng, least, ends=False))

        def answer(_number: int, health: MadeHealth) -> Answered:
            return well(
                rng, health, out_ms=20, back_ms=20, service_ms=1, version=told[0], least=told[1]
            )

        facts = _fitting(rng) if fits else _foreign(rng)
        with ExitStack() as stack:
            libc = ("glibc", facts.glibc) if facts.glibc else ("", "")
            for name, said in (
                ("system", facts.system),
                ("machine", facts.arch),
                ("libc_ver", libc),
            ):
                stack.enter_context(patch.object(platform, name, lambda said=said: said))
            ours_told = _text(rng, ours, ends=True)
            return _after_health("host.outdated", rng, MadeHealth(answer), ours=ours_told)

    return make


def _fitting(rng: random.Random) -> SystemFacts:
    return rng.choice(
        (
            SystemFacts("Linux", "x86_64", rng.choice(("2.28", "2.31", "2.36", "2.40", "3.0"))),
            SystemFacts("Linux", "aarch64", "2.35"),
            SystemFacts("Windows", rng.choice(("AMD64", "ARM64"))),
            SystemFacts("Darwin", rng.choice(("arm64", "x86_64"))),
        )
    )


def _foreign(rng: random.Random) -> SystemFacts:
    return rng.choice(
        (
            SystemFacts("Linux", "x86_64", rng.choice(("2.17", "2.9", "2.27", "2.5"))),
            SystemFacts("Linux", "x86_64", None),
            SystemFacts("Linux", rng.choice(("i686", "armv7l", "riscv64")), "2.36"),
            SystemFacts("FreeBSD", "amd64"),
            SystemFacts("Windows", "x86"),
        )
    )


def _no_version(rng: random.Random) -> Found:
    told = rng.choice(('{"status": "ok"}', '{"status": "ok", "version": "1.0"}', "<html>"))
    return _after_health("host.outdated", rng, MadeHealth(lambda _number, _health: Answered(told)))


def cases() -> Iterator[Case]:
    """Yield the cases of the four checks."""
    yield from cases_of(
        "host.memory",
        SEED,
        (("enough", _memory(1.58, 60)), ("an old kernel", _memory(1.6, 20, old_kernel=True))),
        (("short", WARNED, _memory(0.58, 1.42)), ("very short", FAILED, _memory(0.02, 0.42))),
    )
    yield from cases_of(
        "host.disk",
        SEED + 100_000,
        (("room", _space(3.15, 4000)),),
        (
            ("little room", WARNED, _space(1.15, 2.85)),
            ("hardly any", FAILED, _space(0.0, 0.85)),
            ("not writable", FAILED, _cannot_write),
        ),
        (("nobody tells", UNKNOWN, _untold_disk),),
    )
    yield from cases_of(
        "host.clock_skew",
        SEED + 200_000,
        (("right", _clock(0, 0.2)), ("nearly right", _clock(0.2, 3.5))),
        (("off", WARNED, _clock(6.5, 280)), ("far off", FAILED, _clock(320, 90_000))),
        (("no time told", UNKNOWN, _no_time),),
    )
    yield from cases_of(
        "host.outdated",
        SEED + 300_000,
        (("current", _versions(older=False, below=False, fits=True)),),
        (
            ("older", WARNED, _versions(older=True, below=False, fits=True)),
            ("below the minimum", FAILED, _versions(older=True, below=True, fits=True)),
            ("another system", WARNED, _versions(older=False, below=False, fits=False)),
        ),
        (("no version told", UNKNOWN, _no_version),),
    )
