"""The load program against a real service: its figures are whole, and a fault is one."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.parts import find_haproxy
from tests.fakes.postgres import find_postgres

ROUTES = {"GET /clock", "POST /quality"}
DATABASES = [
    "sqlite",
    pytest.param(
        "postgres",
        marks=pytest.mark.skipif(find_postgres() is None, reason="PostgreSQL is not installed"),
    ),
]


def run(
    tmp_path: Path, *, sessions: int, seconds: float, database: str, instances: int = 1
) -> dict[str, Any]:
    output = tmp_path / "load.json"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.load", "--sessions", str(sessions)),
            *("--minutes", str(seconds / 60), "--settle", "1", "--database", database),
            *("--instances", str(instances), "--output", str(output)),
        ],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    # 1 is a budget that a busy machine did not keep.
    assert done.returncode in {0, 1}, done.stderr
    result: dict[str, Any] = json.loads(output.read_text())
    assert result["database"] == database
    return result


def whole(stage: dict[str, Any], sessions: int) -> None:
    assert stage["faults"] == {}
    assert set(stage["routes"]) >= ROUTES
    assert stage["sessions"] == sessions
    # Those that live send nothing while the last ones begin.
    assert set(stage["starts"]) == {"POST /intake", "POST /accept", "POST /start"}
    assert stage["starts"]["POST /start"]["count"] == 2 * sessions
    assert stage["write_transactions_per_second"] > 0
    assert stage["rss_mib"]["most"] >= stage["rss_mib"]["first"] > 0


@pytest.mark.slow
def test_a_few_sessions_live_without_a_fault(tmp_path: Path) -> None:
    [stage] = run(tmp_path, sessions=5, seconds=6, database="sqlite")["stages"]

    whole(stage, 5)


@pytest.mark.slow
@pytest.mark.parametrize("database", DATABASES)
def test_twenty_sessions_live_for_half_a_minute(tmp_path: Path, database: str) -> None:
    [stage] = run(tmp_path, sessions=20, seconds=30, database=database)["stages"]

    whole(stage, 20)
    assert set(stage["routes"]) >= ROUTES | {"POST /messages", "PUT /notes"}
    # Forty clients, a poll each every 5 s: the rates are those of the desktop client.
    assert stage["routes"]["GET /clock"]["count"] == pytest.approx(240, rel=0.2)
    assert stage["events"]["arrived"] > 0
    assert stage["events"]["lost"] == 0
    assert ("postgres" in stage) is (database == "postgres")


@pytest.mark.slow
@pytest.mark.skipif(find_postgres() is None, reason="PostgreSQL is not installed")
@pytest.mark.skipif(find_haproxy() is None, reason="HAProxy is not installed")
def test_two_instances_behind_the_balancer_share_the_work(tmp_path: Path) -> None:
    result = run(tmp_path, sessions=20, seconds=30, database="postgres", instances=2)

    assert result["instances"] == 2
    [stage] = result["stages"]
    whole(stage, 20)
    assert stage["balancer_cores"] > 0
    assert stage["events"]["lost"] == 0


def test_sqlite_is_for_one_instance(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="several instances share a PostgreSQL"):
        run(tmp_path, sessions=1, seconds=1, database="sqlite", instances=2)
