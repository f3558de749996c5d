"""A load run's figures as the tables of docs/capacity.md, and which budgets it did not keep.

python -m benchmarks.load.tables    the tables of docs/capacity.md, from the kept results
"""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

RESULTS: Final = Path(__file__).resolve().parents[1] / "results"
KEPT: Final = ("load-postgres", "load-two", "load-sqlite")
SCALE: Final = "load-scale"

BUDGET_P95_MS: Final = 50.0
FLAT_MIB_A_MINUTE: Final = 0.5
FLAT_SECONDS: Final = 240.0
"""A shorter run tells nothing about memory: caches still fill."""


def faults_of(stage: dict[str, Any]) -> list[str]:
    """Return each budget that a stage did not keep, in words."""
    found = [f"{what} ({times}x)" for what, times in stage["faults"].items()]
    # While it settled, too: what a budget is about is none of it.
    for refused in (stage.get("refused_before", {}), stage.get("refused", {})):
        found += [f"{route} refused ({times}x)" for route, times in refused.items()]
    if stage["events"]["lost"]:
        found.append(f"{stage['events']['lost']} events lost")
    starts = {f"{route} of the start": one for route, one in stage.get("starts", {}).items()}
    for route, times in {**stage["routes"], **starts, "events": stage["events"]}.items():
        if times.get("p95", 0.0) >= BUDGET_P95_MS:
            found.append(f"{route} {times['p95']} ms at p95")
    rise = stage["rss_mib"]["slope_per_minute"]
    if stage["seconds"] >= FLAT_SECONDS and rise > FLAT_MIB_A_MINUTE:
        found.append(f"memory grows by {rise} MiB a minute")
    return found


def stage_table(stage: dict[str, Any]) -> str:
    """Return one stage: its routes, then its costs."""
    spreads = {**stage["routes"], "event to the other side": stage["events"]}
    rows = [
        (name, times.get("count", times.get("arrived")), *(times.get(p) for p in _PERCENTILES))
        for name, times in spreads.items()
    ]
    rss = stage["rss_mib"]
    costs = {
        "sessions": stage["sessions"],
        "seconds": stage["seconds"],
        "requests per second": stage["requests_per_second"],
        "faults": sum(stage["faults"].values()),
        "refused": sum(stage.get("refused", {}).values()),
        "service, cores": stage["service_cores"],
        "service, ms per session and second": stage["service_ms_per_session_second"],
        "memory, MiB: first, last, slope a minute": (
            f"{rss['first']}, {rss['last']}, {rss['slope_per_minute']}"
        ),
        "write transactions per second": stage["write_transactions_per_second"],
        "write transactions per session and second": stage["write_transactions_per_session_second"],
        **({"balancer, cores": stage["balancer_cores"]} if "balancer_cores" in stage else {}),
        "driver and made-up media server, cores": (
            f"{stage['driver_cores']} and {stage['room_api_cores']}"
        ),
        "load before and after": f"{stage['load_before']} and {stage['load_after']}",
        **{f"PostgreSQL, {name}": value for name, value in stage.get("postgres", {}).items()},
    }
    return "\n\n".join(
        (
            _table(("route", "answers", *(f"{p}, ms" for p in _PERCENTILES)), rows),
            _table(("cost", "measured"), costs.items()),
        )
    )


def scale_table(result: dict[str, Any]) -> str:
    """Return how the cost of a session changes with their number."""
    with_postgres = result["database"] == "postgres"
    head = [
        *("sessions", "requests/s", "faults", "slowest route p95, ms", "event p95, ms"),
        *("service cores", "ms per session and s", "RSS, MiB", "write transactions/s"),
    ]
    if with_postgres:
        head += ["PostgreSQL cores", "WAL, KiB/s", "connections"]
    rows = []
    for stage in result["stages"]:
        row = [
            stage["sessions"],
            stage["requests_per_second"],
            sum(stage["faults"].values()) + stage["events"]["lost"],
            max((one["p95"] for one in stage["routes"].values()), default="-"),
            stage["events"].get("p95", "-"),
            stage["service_cores"],
            stage["service_ms_per_session_second"],
            stage["rss_mib"]["last"],
            stage["write_transactions_per_second"],
        ]
        if with_postgres:
            of = stage["postgres"]
            row += [of["cores"], of["wal_kib_per_second"], of["connections"]]
        rows.append(row)
    before = result["machine"]["load_1_min"]
    title = f"{result['database']}, {result['instances']} instances, load before {before}"
    told = [title, _table(head, rows)]
    beyond = [stage for stage in result["stages"] if stage.get("refused")]
    if beyond:
        told.append(beyond_table(beyond))
    if "not_begun" in result:
        told.append(not_begun(result))
    return "\n\n".join(told)


def beyond_table(stages: Sequence[dict[str, Any]]) -> str:
    """Return what sizes beyond the limit refused, and what became of it when load fell."""
    head = [
        *("beyond the limit", *(f"`{route}` refused" for route in _ROUTES)),
        *("polls in vain", "changes under way at the end"),
    ]
    rows = [
        (
            stage["sessions"],
            *(_refused(stage, route) for route in _ROUTES),
            sum(stage["given_up"].values()),
            stage["under_way"],
        )
        for stage in stages
    ]
    told = [_table(head, rows)]
    for stage in stages:
        after = stage["after"]
        told.append(
            f"{stage['sessions']} sessions, then {after['sessions']}: everything wished before"
            f" arrived after {after['arrived_seconds']} s ({after['undelivered']} did not,"
            f" {after['events_lost']} events were lost); then {sum(after['refused'].values())}"
            f" refused, {sum(after['faults'].values())} faults, slowest route"
            f" {after['slowest_p95']} ms at p95"
        )
        if ends := stage.get("ends"):
            settled = ", ".join(
                f"{number} {state}" for state, number in ends["settlements"].items()
            )
            told.append(
                f"{ends['sessions']} ends among {stage['sessions']} sessions: refused"
                f" {ends['refused']} times, answered after {ends.get('p95', '-')} ms at p95;"
                f" settlements: {settled}"
            )
    return "\n\n".join(told)


def _refused(stage: dict[str, Any], route: str) -> str:
    """Return how often a route was refused, of how many times it was asked."""
    refused = stage["refused"].get(route, 0)
    asked = refused + stage["routes"].get(route, {}).get("count", 0)
    return f"{refused:,} of {asked:,} ({refused / max(asked, 1):.0%})"


def not_begun(result: dict[str, Any]) -> str:
    """Say in a line at which size not all sessions came to life, and why."""
    at = result["not_begun"]
    why = "; ".join(f"{what} ({times}x)" for what, times in at["faults"].items())
    return f"not all of {at['sessions']} sessions began: {why}"


def runs_table(results: Sequence[dict[str, Any]]) -> str:
    """Return runs of one size side by side; a run too short to tell of memory's slope has none."""
    stages = [result["stages"][-1] for result in results]
    heads = [
        f"{one['database']} x{one['instances']}, {stage['seconds']:.0f} s"
        for one, stage in zip(results, stages, strict=True)
    ]
    routes = list(dict.fromkeys(route for stage in stages for route in stage["routes"]))
    rows: list[list[object]] = [
        ["faults", *(f"{sum(one['faults'].values())} of {one['requests']:,}" for one in stages)],
        ["service, cores", *(one["service_cores"] for one in stages)],
        [
            "service, ms of a core per session and second",
            *(one["service_ms_per_session_second"] for one in stages),
        ],
    ]
    rows += [
        [f"`{route}` p50, p95, p99, ms", *(_spread(one["routes"].get(route)) for one in stages)]
        for route in routes
    ]
    rows += [
        ["event to the other side p50, p95, p99, ms", *(_spread(one["events"]) for one in stages)],
        ["memory, MiB", *(_memory(one) for one in stages)],
        ["PostgreSQL, cores; WAL, KiB/s", *(_database(one) for one in stages)],
        ["balancer, cores", *(one.get("balancer_cores") for one in stages)],
    ]
    return _table(["200 live sessions", *heads], rows)


def main() -> int:
    """Print every table that a kept result gives."""
    kept = [path for name in KEPT if (path := RESULTS / f"{name}.json").exists()]
    print(runs_table([json.loads(path.read_text("utf-8")) for path in kept]))
    scale = RESULTS / f"{SCALE}.json"
    if scale.exists():
        for result in json.loads(scale.read_text("utf-8")):
            print(f"\n{scale_table(result)}")
    return 0


def _spread(times: dict[str, float] | None) -> str | None:
    return None if times is None else ", ".join(f"{times[one]:.1f}" for one in _PERCENTILES[:3])


def _memory(stage: dict[str, Any]) -> str:
    rss = stage["rss_mib"]
    told = f"{rss['first']:.0f} to {rss['last']:.0f}"
    flat = stage["seconds"] >= FLAT_SECONDS
    return f"{told}, +{rss['slope_per_minute']} a minute" if flat else told


def _database(stage: dict[str, Any]) -> str | None:
    of = stage.get("postgres")
    return None if of is None else f"{of['cores']}; {of['wal_kib_per_second']:.0f}"


_PERCENTILES: Final = ("p50", "p95", "p99", "max")
_ROUTES: Final = ("GET /clock", "POST /quality", "POST /messages", "PUT /notes")


def _table(head: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    names = [*head]
    lines = [_row(names), _row("---" if not at else "---:" for at in range(len(names)))]
    return "\n".join((*lines, *map(_row, rows)))


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join('-' if cell is None else str(cell) for cell in cells)} |"


if __name__ == "__main__":
    sys.exit(main())
