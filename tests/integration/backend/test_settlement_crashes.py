"""A settlement survives SIGKILL anywhere: one payout, one CRM record, one set of upsells."""

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from subprocess import DEVNULL

import pytest

from tests.fakes.crm_receiver import SECRET, CrmReceiver, crm_receiver

ROOT = Path(__file__).resolve().parents[3]
PROCESS_DEADLINE_S = 90
# Before or after the Nth write of one run. A step that died after its write runs again and writes
# nothing new, so the second write of a run is the first one of the next step.
DEATHS = ("-1", "+1", "-2", "+2", "+2", "-2", "+2", "-3", "+2")

pytestmark = pytest.mark.timeout(400)


def command_of(data_dir: Path, *arguments: str) -> list[str]:
    """Return the settlement process's command, with its path as the tests have it."""
    code = (
        "import sys; sys.path[:0] = sys.argv.pop(1).split('|');"
        "from tests.integration.backend.settlement_process import main; main()"
    )
    paths = f"{ROOT}|{ROOT / 'backend'}"
    return [sys.executable, "-c", code, paths, str(data_dir), *arguments]


def run(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the settlement process to its end."""
    return subprocess.run(
        command_of(data_dir, *arguments),
        cwd=data_dir,
        capture_output=True,
        text=True,
        timeout=PROCESS_DEADLINE_S,
        check=False,
    )


def prepared(data_dir: Path) -> str:
    """Make an ended session that wants its settlement."""
    made = run(data_dir, "prepare")
    assert made.returncode == 0, made.stderr
    session_id: str = json.loads(made.stdout.splitlines()[-1])["session_id"]
    return session_id


def rows(data_dir: Path, query: str) -> list[Sequence[object]]:
    """Read the database as it lies on disk."""
    with closing(sqlite3.connect(data_dir / "liftbay.sqlite3")) as db:
        return db.execute(query).fetchall()


def assert_settled_once(data_dir: Path, session_id: str, crm_state: str = "not_due") -> None:
    """Everything is there, and nothing twice."""
    states = "SELECT state, payout_state, crm_state, upsell_count FROM settlements"
    assert rows(data_dir, states) == [("done", "paid", crm_state, 1)]
    key = f"payout-{session_id}-1"
    assert rows(data_dir, "SELECT key, state, amount_cents FROM payouts") == [(key, "done", 3499)]
    assert rows(data_dir, "SELECT key, amount_cents FROM provider_transfers") == [(key, 3499)]
    posted = "SELECT sum(amount_cents) FROM ledger_entries WHERE account LIKE 'mechanic:%'"
    assert rows(data_dir, posted) == [(3499,)]
    assert rows(data_dir, "SELECT count(*) FROM crm_records") == [(1,)]
    assert rows(data_dir, "SELECT code FROM upsells") == [("follow_up",)]
    told = "SELECT count(*) FROM session_events WHERE kind = 'settlement' AND data LIKE '%done%'"
    assert rows(data_dir, told) == [(1,)]


@pytest.mark.slow
def test_a_settlement_survives_being_killed_at_every_step(tmp_path: Path) -> None:
    session_id = prepared(tmp_path)

    codes = [run(tmp_path, "settle", death).returncode for death in DEATHS]
    last = run(tmp_path, "settle")

    assert last.returncode == 0, last.stderr
    assert set(codes) <= {-signal.SIGKILL, 0}
    assert codes.count(-signal.SIGKILL) >= 6
    assert_settled_once(tmp_path, session_id)


def test_an_upgrade_finishes_what_the_old_version_began(tmp_path: Path) -> None:
    session_id = prepared(tmp_path)
    killed = run(tmp_path, "settle", "+3")

    upgraded = run(tmp_path, "upgraded")

    assert killed.returncode == -signal.SIGKILL
    assert upgraded.returncode == 0, upgraded.stderr
    assert_settled_once(tmp_path, session_id)


def killed_when_the_crm_has_it(data_dir: Path, crm: CrmReceiver) -> int:
    """Settle in a process that dies after the CRM kept the record and before it confirmed it."""
    with subprocess.Popen(
        command_of(data_dir, "settle"), cwd=data_dir, stdout=DEVNULL, stderr=DEVNULL
    ) as process:
        crm.arrived = process.kill
        try:
            return process.wait(PROCESS_DEADLINE_S)
        finally:
            process.kill()
            crm.arrived = lambda: None


@pytest.mark.slow
def test_a_crm_has_one_record_however_often_the_service_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fails, it keeps the record unconfirmed, it is well; and the service dies at each step."""
    with crm_receiver("503", "lost") as crm:
        monkeypatch.setenv("LIFTBAY_CRM_WEBHOOK_URL", crm.url)
        monkeypatch.setenv("LIFTBAY_CRM_WEBHOOK_SECRET", SECRET)
        monkeypatch.setenv("LIFTBAY_CRM_DEADLINE_SECONDS", "1")
        session_id = prepared(tmp_path)

        codes = [run(tmp_path, "settle", death).returncode for death in ("-4", "+1")]
        codes += [killed_when_the_crm_has_it(tmp_path, crm) for _ in range(3)]
        crm.script = ["hang", "drop"]
        codes.append(run(tmp_path, "settle", "-1").returncode)
        last = run(tmp_path, "settle")

    assert last.returncode == 0, last.stderr
    assert codes == [-signal.SIGKILL] * 6
    kept = rows(tmp_path, "SELECT id, state, attempts FROM crm_records")
    assert [(one, state) for one, state, _ in kept] == [(next(iter(crm.records)), "done")]
    assert len(crm.records) == 1
    assert len(crm.deliveries) >= 5
    assert len({one.body for one in crm.deliveries}) == 1
    assert crm.forged == 0
    assert_settled_once(tmp_path, session_id, "delivered")
