"""Keeps what a run of slow tests was: which tests, when, of which commit, with which seeds.

A pytest plugin, loaded only where it is asked for (`make faults`):

    python -m pytest -m slow -p tests.faults.record --faults-record FILE

The file is written anew after every test, so that a run which is broken off has told so far as it
came; `finished` says whether it came to its end.
"""

import json
import os
import time
from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from benchmarks.figures import commit, machine
from tests.faults import seed

SETTINGS: Final = (
    "LIFTBAY_FAULT_SEED",
    "LIFTBAY_FAULT_ROUNDS",
    "LIFTBAY_FAULT_KILLS",
    "LIFTBAY_LIFECYCLE_SECONDS",
)
RUNNING: Final = "running"
"""The outcome of a test that has not come to its end, and never will where the process died."""
_SEED: Final = "fault seed"


class Record:
    """What is known of a run so far."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._began = time.monotonic()
        self._told: dict[str, Any] = {
            "commit": commit(),
            "begun_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
            "settings": {name: os.environ.get(name) for name in SETTINGS},
            "chosen": 0,
            "finished": False,
            "seconds": 0.0,
            "tests": {},
        }

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note how many tests there are to run."""
        self._told["chosen"] = len(session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: object, ids: Sequence[str]) -> None:
        """Note the same where others run them: each of these processes has found every test."""
        self._told["chosen"] = len(ids)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add one phase of a test: the worst of its phases is its outcome, once all have been."""
        test = self._told["tests"].setdefault(
            report.nodeid, {"outcome": RUNNING, "seconds": 0.0, "seeds": []}
        )
        if report.outcome != "passed" and test["outcome"] != "failed":
            test["outcome"] = report.outcome
        elif report.when == "teardown" and test["outcome"] == RUNNING:
            test["outcome"] = "passed"
        test["seconds"] = round(test["seconds"] + report.duration, 1)
        test["seeds"] = [value for name, value in report.user_properties if name == _SEED]
        self._write()

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Say whether every test has had its turn."""
        self._told["finished"] = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        self._write()

    def _write(self) -> None:
        self._told["seconds"] = round(time.monotonic() - self._began, 1)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(f"{json.dumps(self._told, indent=2)}\n", "utf-8")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let each report carry the seeds that its test has thrown, from whatever process."""
    item.user_properties += [(_SEED, one) for one in seed.thrown]
    seed.thrown.clear()
    return (yield)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the name of the file."""
    parser.addoption("--faults-record", type=Path, help="where the run is kept, as JSON")


def pytest_configure(config: pytest.Config) -> None:
    """Begin a record in the process that hears of every test."""
    path: Path | None = config.getoption("--faults-record")
    if path is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Record(path), "faults-record")
