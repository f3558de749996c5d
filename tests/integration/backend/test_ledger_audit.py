"""What looks at the books after every test finds what is wrong in them."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.ledger_audit import QUESTIONS, faults_of_the_books

AT = "2026-11-22 12:00:00"
POSTED = "INSERT INTO ledger_entries (posting, account, amount_cents, currency, session_id, at)"
SESSION = f"""INSERT INTO sessions (id, customer_id, type, status, plan, price_cents,
    extensions_cents, currency, payment_status, vehicle, concern, urgency, created_at, clock_state,
    clock_revision, total_seconds, paused_seconds, absence_used_seconds, event_seq) VALUES ('s',
    'c', 'video', 'pending', 'p', 1, 0, 'usd', 'paid', '{{}}', '', '', '{AT}', 'x', 1, 1, 0, 0, 0)
"""
MONEY = "session_id, payout_cents, payout_state, state, crm_state, upsell_count, retries"
PAID = "id, session_id, kind, status, amount_cents, currency, seconds, provider, provider_ref"


@pytest.fixture
def books(tmp_path: Path, sqlite_template: Path) -> Iterator[sqlite3.Connection]:
    """A database with one session and no money."""
    path = shutil.copyfile(sqlite_template, tmp_path / "books.sqlite3")
    with closing(sqlite3.connect(path)) as db:
        db.execute(SESSION)
        yield db


@pytest.mark.parametrize(
    ("fault", "statements"),
    [
        (
            "postings that do not balance",
            (f"{POSTED} VALUES ('a', 'platform', 5, 'usd', 's', '{AT}')",),
        ),
        (
            "postings that do not balance",
            (
                f"{POSTED} VALUES ('a', 'platform', 5, 'usd', 's', '{AT}')",
                f"{POSTED} VALUES ('a', 'x', -5, 'eur', 's', '{AT}')",
            ),
        ),
        (
            "sessions whose customer's account is not what was paid and not given back",
            (
                f"INSERT INTO payments ({PAID}, refunded_cents, created_at, paid_at)"
                f" VALUES ('p', 's', 'plan', 'paid', 9, 'usd', 1, 't', 'r', 0, '{AT}', '{AT}')",
            ),
        ),
        (
            "sessions whose mechanic's account is not what was transferred",
            (
                f"{POSTED} VALUES ('a', 'mechanic:m', 5, 'usd', 's', '{AT}')",
                f"{POSTED} VALUES ('a', 'platform', -5, 'usd', 's', '{AT}')",
            ),
        ),
        (
            "settlements whose share is not what the mechanic has got and is owed",
            (
                f"INSERT INTO settlements ({MONEY}, requested_at)"
                f" VALUES ('s', 7, 'pending', 'pending', 'pending', 0, 0, '{AT}')",
            ),
        ),
        (
            "refunds that are more than was paid",
            (
                f"INSERT INTO payments ({PAID}, refunded_cents, created_at)"
                f" VALUES ('p', 's', 'plan', 'paid', 9, 'usd', 1, 't', 'r', 10, '{AT}')",
            ),
        ),
    ],
)
def test_a_fault_is_found_and_named(
    books: sqlite3.Connection, fault: str, statements: tuple[str, ...]
) -> None:
    def ask(query: str) -> list[tuple[object, ...]]:
        return books.execute(query).fetchall()

    clean = faults_of_the_books(ask)
    for statement in statements:
        books.execute(statement)

    found = faults_of_the_books(ask)

    assert clean == []
    assert fault in QUESTIONS
    assert [one.partition(":")[0] for one in found] == [fault]
