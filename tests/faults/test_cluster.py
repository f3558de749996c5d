"""`make cluster` as a stranger runs it: everything holds, and no process is left."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cluster.parts import find_haproxy
from tests.fakes.redis_server import find_redis

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_S = 900
STAGES = (
    "chat across instances",
    "one instance killed",
    "the other one is upgraded",
    "the room's media node killed",
    "end, one settlement",
    "summary",
    "all parts end",
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(DEADLINE_S + 60)]


def test_a_session_outlives_an_instance_an_upgrade_and_a_media_node() -> None:
    assert find_haproxy() is not None, "python3 scripts/setup.py test installs it"
    assert find_redis() is not None
    done = subprocess.run(
        [sys.executable, "-m", "tests.cluster"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "left behind" not in done.stderr
    told = [line.rpartition(":")[0] for line in done.stdout.splitlines()]
    assert [told.index(name) for name in STAGES] == sorted(told.index(name) for name in STAGES)
