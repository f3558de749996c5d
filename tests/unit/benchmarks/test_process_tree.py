"""The meter sees a whole tree of processes, also those that come and go."""

import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from benchmarks import process_tree
from benchmarks.process_tree import CostMeter

BUSY_CHILD = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "while True: pass"])
print(child.pid, flush=True)
sys.stdin.read()
child.kill()
child.wait()
"""


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="PSS is Linux's")
def test_a_childs_work_and_memory_count() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", BUSY_CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        meter = CostMeter(parent.pid)
        meter.start()
        before = sum(child.cpu_times()[:2])
        # The child's own CPU time is the condition: a busy machine only makes this longer.
        while sum(child.cpu_times()[:2]) - before < 0.2:
            time.sleep(0.02)
        cost = meter.stop()
        parent.communicate("", timeout=30)

    assert cost.cpu_cores * cost.seconds >= 0.19
    assert cost.pss_mb > 4


def test_work_from_before_the_window_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = iter([{1: 100.0, 2: 50.0}, {1: 101.0, 3: 0.5}])
    moments = iter([10.0, 12.0])
    monkeypatch.setattr(process_tree, "_cpu_seconds", lambda _pid: next(readings))
    monkeypatch.setattr(process_tree, "_pss_mb", lambda _pid: 7.0)
    clock = SimpleNamespace(monotonic=lambda: next(moments))
    monkeypatch.setattr("benchmarks.process_tree.time", clock)
    meter = CostMeter(1)

    meter.start()
    cost = meter.stop()

    assert cost.cpu_cores == pytest.approx(0.75)
    assert (cost.pss_mb, cost.seconds) == (7.0, 2.0)


def test_a_tree_that_is_gone_costs_nothing() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    meter = CostMeter(gone.pid)
    meter.start()

    cost = meter.stop()

    assert (cost.cpu_cores, cost.pss_mb) == (0.0, 0.0)
