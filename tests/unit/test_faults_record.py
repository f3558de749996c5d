"""What `make faults` keeps of a run, and the table that the documents show of it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.figures import commit
from scripts.faults_table import table

ROOT = Path(__file__).resolve().parents[2]

MADE = """
import os
import signal

import pytest
from tests.faults.seed import chance

@pytest.fixture
def broken():
    yield
    raise OSError

def test_thrown():
    chance("kills")

def test_wrong():
    chance("kills"), chance("freezes")
    assert False

def test_left_out():
    pytest.skip("not here")

def test_falls_at_its_end(broken):
    pass

def test_ends_everything():
    if os.environ.get("MADE_KILL"):
        os.kill(os.getpid(), signal.SIGKILL)
"""


def run(folder: Path, *words: str, **environment: str) -> dict[str, Any]:
    """Run the made tests in a process of their own; returns what was kept."""
    (folder / "test_made.py").write_text(MADE)
    kept = folder / "kept" / "faults.json"
    plain = ["-c", str(folder / "none.ini"), "--rootdir", str(folder), "-p", "no:cacheprovider"]
    (folder / "none.ini").write_text("[pytest]\n")
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", *plain),
            *("-p", "tests.faults.record", "--faults-record", str(kept), *words),
            str(folder / "test_made.py"),
        ],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "LIFTBAY_FAULT_SEED": "4711", **environment},
        capture_output=True,
        check=False,
    )
    told: dict[str, Any] = json.loads(kept.read_text())
    return told


@pytest.mark.parametrize("words", [(), ("-s",), ("-n", "1")], ids=str)
def test_a_run_is_kept_with_outcomes_times_and_seeds(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    told = run(tmp_path, *words)

    outcomes = {name.partition("::")[2]: one["outcome"] for name, one in told["tests"].items()}
    seeds = {name.partition("::")[2]: one["seeds"] for name, one in told["tests"].items()}
    assert outcomes == {
        "test_thrown": "passed",
        "test_wrong": "failed",
        "test_left_out": "skipped",
        "test_falls_at_its_end": "failed",
        "test_ends_everything": "passed",
    }
    assert seeds["test_thrown"] == ["kills 4711"]
    assert seeds["test_wrong"] == ["kills 4711", "freezes 4711"]
    assert seeds["test_left_out"] == []
    assert told["finished"] is True
    assert told["chosen"] == len(outcomes)
    assert told["settings"]["LIFTBAY_FAULT_SEED"] == "4711"
    assert told["begun_at"].endswith("+00:00")
    assert told["seconds"] > 0
    assert told["commit"] == commit()


def test_a_run_that_dies_has_told_what_came_before(tmp_path: Path) -> None:
    told = run(tmp_path, MADE_KILL="1")

    assert told["finished"] is False
    outcomes = [one["outcome"] for one in told["tests"].values()]
    assert told["chosen"] == 5
    assert outcomes == ["passed", "failed", "skipped", "failed", "running"]


def test_the_table_says_what_was_run_and_what_was_not(tmp_path: Path) -> None:
    told = run(tmp_path, MADE_KILL="1") | {"seconds": 90.0, "commit": "abc"}

    text = table(told)

    assert "commit abc with `LIFTBAY_FAULT_SEED=4711`" in text
    assert (
        "**1 of 5 passed, 2 failed, 1 skipped, 1 running, then broken off** in 1.5 minutes" in text
    )
    assert "| `test_made.py` | **1 of 5** | 0.0 | kills 4711; kills 4711; freezes 4711 |" in text


def test_the_documents_table_is_that_of_the_kept_run() -> None:
    script = [sys.executable, "scripts/faults_table.py", "--check"]

    found = subprocess.run(script, cwd=ROOT, check=False)

    assert found.returncode == 0, "run python scripts/faults_table.py"
