"""A stop ends in a time that is known, whatever hangs; the real thing is in tests/faults."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from dbos import DBOS

from liftbay_backend.durable import engine
from liftbay_backend.durable.crm_delivery import CrmDelivery
from liftbay_backend.durable.engine import DurableWork
from liftbay_backend.durable.settling import Settling
from liftbay_backend.durable.transfers import BookTransfers
from tests.conftest import ExpectedLogs
from tests.fakes.backend_service import BackendService

BACKEND = Path(__file__).resolve().parents[3] / "backend"
HANGS_S = 240
# What a library leaves behind that tries again for ever: a thread the interpreter waits for.
HANGING = """
import sys, threading, time
sys.path.insert(0, sys.argv[1])
from liftbay_backend.serving import end_within
threading.Thread(target=time.sleep, args=(600,)).start()
end_within(1)
"""

pytestmark = pytest.mark.timeout(600)


def test_a_process_whose_threads_go_on_for_ever_is_ended() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", HANGING, str(BACKEND)],
        capture_output=True,
        text=True,
        timeout=HANGS_S,
        check=False,
    )

    assert ended.returncode == 1, ended.stderr
    assert "serve.stop_cut_off" in ended.stdout + ended.stderr


async def test_the_durable_work_waits_for_its_engine_for_a_while_only(
    service: BackendService, monkeypatch: pytest.MonkeyPatch, expected_logs: ExpectedLogs
) -> None:
    expected_logs.allow("durable.stop_cut_off")
    core = service.core
    durable = DurableWork(
        core, Settling(core, BookTransfers(core.database, core.clock)), CrmDelivery(core, None)
    )
    await durable.launch()
    end = DBOS.destroy
    may_end, has_ended = threading.Event(), threading.Event()

    def hang(*, destroy_registry: bool, workflow_completion_timeout_sec: int) -> None:
        may_end.wait(HANGS_S)
        end(
            destroy_registry=destroy_registry,
            workflow_completion_timeout_sec=workflow_completion_timeout_sec,
        )
        has_ended.set()

    monkeypatch.setattr(DBOS, "destroy", hang)
    monkeypatch.setattr(engine, "STOP_WITHIN_S", 0.1)

    await durable.stop()

    assert not has_ended.is_set()
    may_end.set()
    assert has_ended.wait(HANGS_S)
