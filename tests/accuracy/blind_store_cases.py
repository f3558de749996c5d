"""H04, H05, H09 and H10, blind: memory, disks, clocks and versions.

Written from the catalogue, proc(5), statvfs(3), RFC 3339 and the service's contract.
"""

import json
import os
import platform
import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from preflight.probe.network_probe import NetworkProbe
from preflight.system.linux_machine import LinuxMachine
from tests.accuracy.asked_machine import answering, machine_figures, made_folder, made_proc
from tests.accuracy.kinds import FAILED, UNKNOWN, WARNED, Found, Make, blind_cases_of
from tests.accuracy.made_service import Answered, MadeHealth, served
from tests.accuracy.made_time import MadeTimeLoop
from tests.accuracy.probe_here import network_probe_here
from tests.accuracy.tally import Case

SEED = 7_600_000
_GB = 1e9

# --- H04 ---------------------------------------------------------------------------------------


def _memory(low_gb: float, high_gb: float) -> Make:
    """What is available is neither what is free nor what is swapped."""

    def make(rng: random.Random) -> Found:
        available = rng.uniform(low_gb, high_gb) * 1e6
        total = max(available * 1.1, rng.choice((1.9, 3.7, 7.6, 15.4, 62.7)) * 1e6)
        cached = total * rng.uniform(0.05, 0.6)
        rows = {
            "MemTotal": total,
            "MemFree": available * rng.uniform(0.02, 0.9),
            "MemAvailable": available,
            "Buffers": total * 0.02,
            "Cached": cached,
            "SwapCached": 0,
            "Active": total * 0.3,
            "Inactive": total * 0.3,
            "Active(anon)": total * 0.2,
            "Inactive(anon)": total * 0.1,
            "Active(file)": total * 0.1,
            "Inactive(file)": total * 0.2,
            "Unevictable": 48,
            "Mlocked": 48,
            "SwapTotal": rng.choice((0, 8e6)),
            "SwapFree": rng.choice((0, 8e6)),
            "Zswap": 0,
            "Dirty": 812,
            "AnonPages": total * 0.3,
            "Shmem": total * rng.uniform(0, 0.1),
            "KReclaimable": total * 0.02,
            "Slab": total * 0.04,
            "SReclaimable": total * 0.02,
            "SUnreclaim": total * 0.02,
            "VmallocTotal": 34_359_738_367,
            "DirectMap4k": 500_000,
        }
        text = "".join(f"{name + ':':<16}{round(kb):>8} kB\n" for name, kb in rows.items())
        text += "HugePages_Total:       0\nHugePages_Free:        0\nHugepagesize:       2048 kB\n"
        with made_folder({"meminfo": text}) as root, made_proc(root):
            return machine_figures("host.memory", LinuxMachine(root / "sys", answering({})))

    return make


# --- H05 ---------------------------------------------------------------------------------------


def _statvfs(rng: random.Random, free_gb: float) -> os.statvfs_result:
    """Return a file system's word: local, over NFS, or one with a part kept for root."""
    block, fragment = rng.choice(
        ((4096, 4096), (1_048_576, 4096), (65_536, 512), (131_072, 131_072))
    )
    ours = round(free_gb * _GB / fragment)
    kept = round(rng.choice((0.0, 60.0)) * _GB / fragment)
    blocks = ours + kept + round(200 * _GB / fragment)
    inodes = rng.choice((0, 9_000_000))
    figures = (block, fragment, blocks, ours + kept, ours, inodes, inodes, inodes, 0, 255)
    return os.statvfs_result(figures)


def _space(low_gb: float, high_gb: float) -> Make:
    def make(rng: random.Random) -> Found:
        told = _statvfs(rng, rng.uniform(low_gb, high_gb))
        below = rng.choice((".", "Videos/Liftbay", "Vidéos/ré né", "a/b/c/d", "録画"))
        with made_folder({}) as root, patch.object(os, "statvfs", lambda _path: told):
            return machine_figures("host.disk", LinuxMachine(root), folder=root / below)

    return make


def _not_writable(rng: random.Random) -> Found:
    """The folder hangs in a loop of links, behind a file, or in a place of the kernel's."""
    told = _statvfs(rng, rng.uniform(20, 300))
    with made_folder({"note": "x"}) as root, patch.object(os, "statvfs", lambda _path: told):
        (root / "round").symlink_to(root / "round")
        (root / "astray").symlink_to(root / "note" / "further")
        folder = rng.choice(
            (root / "round", root / "astray", root / "note" / "x", Path("/proc/self/liftbay"))
        )
        return machine_figures("host.disk", LinuxMachine(root), folder=folder)


# --- H09 and H10 -------------------------------------------------------------------------------


def _of_health(code: str, health: MadeHealth, ours: str = "0.1.0") -> Found:
    with ExitStack() as stack, made_folder({}) as root:

        def probe(loop: MadeTimeLoop) -> NetworkProbe:
            stack.enter_context(served(health, loop))
            return network_probe_here()

        return machine_figures(code, LinuxMachine(root), version=ours, network=probe)


def _body(rng: random.Random, **words: str) -> str:
    """Return a health answer with other fields around, in some order."""
    fields: list[tuple[str, object]] = [("status", "ok"), *words.items(), ("uptime_s", 812.25)]
    rng.shuffle(fields)
    return json.dumps(dict(fields), indent=rng.choice((None, 4)), ensure_ascii=rng.random() < 0.5)


def _instant(rng: random.Random, text: str) -> str:
    """Write an instant in another way that RFC 3339 allows."""
    seconds, _, rest = text.replace("+00:00", "").partition(".")
    rest = rest or "000000"
    return rng.choice((f"{seconds}.{rest}Z", f"{seconds}.{rest[:3]}Z", f"{seconds}.{rest}+00:00"))


def _skewed(low_s: float, high_s: float) -> Make:
    def make(rng: random.Random) -> Found:
        skew = rng.uniform(low_s, high_s) * rng.choice((-1, 1))
        out, back, work = rng.uniform(5, 180), rng.uniform(5, 180), rng.uniform(0.2, 40)

        def answer(number: int, health: MadeHealth) -> Answered:
            # Some of the answers are late; the quickest one tells the time best.
            late = rng.choice((0, 0, 0, 900)) if number else 0
            there = _instant(rng, health.server_now(out + work / 2))
            body = _body(rng, server_now=there, version="0.1.0", min_client_version="0.1.0")
            return Answered(body, out_ms=out, service_ms=work, back_ms=back + late)

        return _of_health("host.clock_skew", MadeHealth(answer, skew_s=skew))

    return make


def _untold_time(rng: random.Random) -> Found:
    """A service that tells no time, or none that can be one."""
    words: dict[str, str] = rng.choice(
        ({}, {"server_now": "soon"}, {"server_now": ""}, {"server_now": "2026-13-41T25:61:00Z"})
    )
    health = MadeHealth(lambda _number, _health: Answered(_body(rng, **words)))
    return _of_health("host.clock_skew", health)


_SUPPORTED = (
    ("Linux", "x86_64", ("glibc", "2.28")),
    ("Linux", "x86_64", ("glibc", "2.42")),
    ("Linux", "aarch64", ("glibc", "2.39")),
    ("Windows", "AMD64", ("", "")),
    ("Darwin", "arm64", ("", "")),
    ("Darwin", "x86_64", ("", "")),
)
_FOREIGN = (
    ("Linux", "x86_64", ("glibc", "2.23")),
    ("Linux", "x86_64", ("glibc", "2.9")),
    ("Linux", "x86_64", ("", "")),
    ("OpenBSD", "amd64", ("", "")),
)


def _released(rng: random.Random, order: str) -> tuple[str, str, str]:
    """Return our version, the newest and the least, so that ours is ``order``."""
    low, middle, high = (
        f"{major}.{minor}.{patch_}"
        for major, minor, patch_ in sorted(
            rng.sample(
                [(a, b, c) for a in (0, 1, 2) for b in (2, 9, 10, 11) for c in (0, 3, 12)], 3
            )
        )
    )
    if order == "current":
        return high, high, rng.choice((low, high))
    if order == "older":
        return middle, high, rng.choice((low, middle))
    return low, rng.choice((middle, high)), middle


def _version(order: str, *, foreign: bool = False) -> Make:
    def make(rng: random.Random) -> Found:
        ours, newest, least = _released(rng, order)
        system, arch, libc = rng.choice(_FOREIGN if foreign else _SUPPORTED)

        def answer(_number: int, health: MadeHealth) -> Answered:
            told = health.server_now(20)
            body = _body(rng, server_now=told, version=newest, min_client_version=least)
            return Answered(body)

        with (
            patch.object(platform, "system", lambda: system),
            patch.object(platform, "machine", lambda: arch),
            patch.object(platform, "libc_ver", lambda: libc),
        ):
            return _of_health("host.outdated", MadeHealth(answer), ours)

    return make


def _untold_version(rng: random.Random) -> Found:
    words: dict[str, str] = rng.choice(({}, {"version": ""}, {"version": "latest"}))
    return _of_health(
        "host.outdated", MadeHealth(lambda _number, _health: Answered(_body(rng, **words)))
    )


def cases() -> Iterator[Case]:
    """Yield the blind cases; what lies beside a limit is not made."""
    yield from blind_cases_of(
        "host.memory",
        SEED,
        (("enough", _memory(1.7, 40)),),
        (("short", WARNED, _memory(0.58, 1.4)), ("very short", FAILED, _memory(0.03, 0.44))),
    )
    yield from blind_cases_of(
        "host.disk",
        SEED + 20_000,
        (("room", _space(3.4, 900)),),
        (
            ("little room", WARNED, _space(1.15, 2.7)),
            ("no room", FAILED, _space(0.0, 0.9)),
            ("not writable", FAILED, _not_writable),
        ),
    )
    yield from blind_cases_of(
        "host.clock_skew",
        SEED + 40_000,
        (("right", _skewed(0, 4.6)),),
        (("wrong", WARNED, _skewed(5.4, 294)), ("far off", FAILED, _skewed(306, 90_000_000))),
        (("not told", UNKNOWN, _untold_time),),
    )
    yield from blind_cases_of(
        "host.outdated",
        SEED + 60_000,
        (("current", _version("current")),),
        (
            ("older", WARNED, _version("older")),
            ("an unsupported system", WARNED, _version("current", foreign=True)),
            ("below the least", FAILED, _version("below")),
        ),
        (("not told", UNKNOWN, _untold_version),),
    )
