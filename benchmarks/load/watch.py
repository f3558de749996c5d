"""What a load costs, read from outside: processor, memory, commits, and PostgreSQL's own counts."""

import re
import statistics
import time
from collections.abc import Sequence
from typing import Any, Final

import psutil
import psycopg

from benchmarks.load.wire import Wire
from benchmarks.service import RunningService

_COMMITS: Final = re.compile(rb"^liftbay_write_transactions_total ([0-9.e+]+)$", re.MULTILINE)
_POSTGRES: Final = """
    SELECT xact_commit, tup_inserted + tup_updated + tup_deleted,
           (SELECT wal_bytes FROM pg_stat_wal),
           (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
           pg_database_size(current_database())
    FROM pg_stat_database WHERE datname = current_database()
"""
_MIB: Final = 2**20


def used_seconds(pids: Sequence[int]) -> float:
    """Return the processor time that processes have used; one that is gone counts nothing."""
    used = 0.0
    for pid in pids:
        try:
            times = psutil.Process(pid).cpu_times()
        except psutil.NoSuchProcess:
            continue
        used += times.user + times.system
    return used


def postgres_pids() -> list[int]:
    """Return the processes of the PostgreSQL server that this process started."""
    children = psutil.Process().children(recursive=True)
    return [one.pid for one in children if one.name().startswith("postgres")]


def slope(samples: Sequence[tuple[float, float]]) -> float:
    """Return the rise of the least-squares line, per unit of the first figure; 0 for one sample."""
    if len({at for at, _ in samples}) < 2:
        return 0.0
    return statistics.linear_regression(*zip(*samples, strict=True)).slope


class Watch:
    """Reads everything at the begin and at the end of a stage, and memory once a second."""

    def __init__(self, service: RunningService, room_api_pid: int) -> None:
        self._wires = [Wire(one, "") for one in service.instances]
        self._services = [psutil.Process(pid) for pid in service.pids]
        self._balancer_pid = service.balancer_pid
        self._room_api_pid = room_api_pid
        self._postgres = service.database_url
        self._memory: list[tuple[float, float]] = []
        self._before: dict[str, float] = {}

    async def begin(self) -> None:
        """Start a stage."""
        self._memory.clear()
        self.look()
        self._before = await self._counts()

    def look(self) -> None:
        """Note the memory of all instances together now."""
        rss = sum(one.memory_info().rss for one in self._services) / _MIB
        self._memory.append((time.perf_counter() / 60, rss))

    async def end(self, sessions: int) -> dict[str, Any]:
        """Return what the stage cost, as rates per second, and per session where that says more.

        Memory's slope is that of the stage's second half, in MiB a minute.
        """
        after = await self._counts()
        seconds = after["at"] - self._before["at"]
        rate = {name: (after[name] - self._before[name]) / seconds for name in after}
        rss = [mib for _, mib in self._memory]
        told = {
            "seconds": round(seconds, 1),
            "rss_mib": {
                "first": round(rss[0], 1),
                "last": round(rss[-1], 1),
                "most": round(max(rss), 1),
                "slope_per_minute": round(slope(self._memory[len(self._memory) // 2 :]), 2),
            },
            "service_cores": round(rate["service"], 3),
            "service_ms_per_session_second": round(rate["service"] / sessions * 1000, 2),
            "driver_cores": round(rate["driver"], 3),
            "room_api_cores": round(rate["room_api"], 3),
            "write_transactions_per_second": round(rate["commits"], 1),
            "write_transactions_per_session_second": round(rate["commits"] / sessions, 3),
            "threads": sum(one.num_threads() for one in self._services),
        }
        if self._balancer_pid is not None:
            told["balancer_cores"] = round(rate["balancer"], 3)
        if self._postgres is not None:
            told["postgres"] = {
                "cores": round(rate["postgres"], 3),
                "commits_per_second": round(rate["pg_commits"], 1),
                "rows_written_per_second": round(rate["pg_rows"], 1),
                "wal_kib_per_second": round(rate["pg_wal"] / 1024, 1),
                "grows_kib_per_second": round(rate["pg_size"] / 1024, 1),
                "connections": int(after["pg_connections"]),
            }
        return told

    async def _counts(self) -> dict[str, float]:
        answers = [await wire.send("GET", "/metrics") for wire in self._wires]
        commits = [_COMMITS.search(answer.body) for answer in answers]
        counts = {
            "at": time.perf_counter(),
            "service": used_seconds([one.pid for one in self._services]),
            "driver": time.process_time(),
            "room_api": used_seconds([self._room_api_pid]),
            "commits": sum(float(found[1]) for found in commits if found),
        }
        if self._balancer_pid is not None:
            counts["balancer"] = used_seconds([self._balancer_pid])
        if self._postgres is not None:
            counts["postgres"] = used_seconds(postgres_pids())
            async with await psycopg.AsyncConnection.connect(self._postgres) as connection:
                row = await (await connection.execute(_POSTGRES)).fetchone()
            assert row is not None
            names = ("pg_commits", "pg_rows", "pg_wal", "pg_connections", "pg_size")
            counts |= {name: float(value) for name, value in zip(names, row, strict=True)}
        return counts
