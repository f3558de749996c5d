"""Whether the books of a database are in order, asked over a plain connection after a test."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from liftbay_backend.settings import DATABASE_FILE

Ask = Callable[[str], list[tuple[Any, ...]]]

# What each question finds is wrong.
QUESTIONS = {
    "postings that do not balance": """
        SELECT posting, SUM(amount_cents), COUNT(*) FROM ledger_entries GROUP BY posting
        HAVING SUM(amount_cents) <> 0 OR COUNT(*) < 2 OR COUNT(DISTINCT currency) <> 1
    """,
    "sessions whose customer's account is not what was paid and not given back": """
        SELECT s.id, COALESCE(l.cents, 0), COALESCE(p.cents, 0) FROM sessions s
        LEFT JOIN (SELECT session_id, SUM(amount_cents) AS cents FROM ledger_entries
                   WHERE account LIKE 'customer:%' GROUP BY session_id) l ON l.session_id = s.id
        LEFT JOIN (SELECT session_id, SUM(amount_cents - refunded_cents) AS cents FROM payments
                   WHERE paid_at IS NOT NULL GROUP BY session_id) p ON p.session_id = s.id
        WHERE COALESCE(l.cents, 0) <> -COALESCE(p.cents, 0)
    """,
    "sessions whose mechanic's account is not what was transferred": """
        SELECT s.id, COALESCE(l.cents, 0), COALESCE(p.cents, 0) FROM sessions s
        LEFT JOIN (SELECT session_id, SUM(amount_cents) AS cents FROM ledger_entries
                   WHERE account LIKE 'mechanic:%' GROUP BY session_id) l ON l.session_id = s.id
        LEFT JOIN (SELECT session_id, SUM(amount_cents) AS cents FROM payouts
                   WHERE state = 'done' GROUP BY session_id) p ON p.session_id = s.id
        WHERE COALESCE(l.cents, 0) <> COALESCE(p.cents, 0)
    """,
    "settlements whose share is not what the mechanic has got and is owed": """
        SELECT t.session_id, t.payout_cents, COALESCE(l.cents, 0) FROM settlements t
        LEFT JOIN (SELECT session_id, SUM(amount_cents) AS cents FROM ledger_entries
                   WHERE account LIKE 'mechanic:%' OR account LIKE 'owed:%'
                   GROUP BY session_id) l ON l.session_id = t.session_id
        WHERE t.payout_cents <> COALESCE(l.cents, 0)
    """,
    "sessions whose disputed money is not what open and overdrawn disputes say": """
        SELECT s.id, COALESCE(l.cents, 0), COALESCE(d.cents, 0) FROM sessions s
        LEFT JOIN (SELECT session_id, SUM(amount_cents) AS cents FROM ledger_entries
                   WHERE account = 'disputed' GROUP BY session_id) l ON l.session_id = s.id
        LEFT JOIN (SELECT p.session_id, SUM(x.amount_cents - COALESCE(r.amount_cents, 0)) AS cents
                   FROM provider_disputes x
                   JOIN payments p ON p.provider = x.provider
                   AND p.provider_payment_id = x.provider_payment_id
                   LEFT JOIN refunds r ON r.id = x.refund_id
                   WHERE x.booked IN ('out', 'lost') GROUP BY p.session_id) d
        ON d.session_id = s.id
        WHERE COALESCE(l.cents, 0) <> COALESCE(d.cents, 0)
    """,
    "refunds that are more than was paid": """
        SELECT id, amount_cents, refunded_cents FROM payments
        WHERE refunded_cents < 0 OR refunded_cents > amount_cents
    """,
}


def faults_of_the_books(ask: Ask) -> list[str]:
    """Return what is wrong, a line each; empty is good.

    Args:
        ask: runs a query and returns its rows.
    """
    return [f"{name}: {row}" for name, query in QUESTIONS.items() for row in ask(query)]


def faults_on_disk(folder: Path) -> list[str]:
    """Return what is wrong in a data folder's SQLite database; nothing where there is none.

    A copy is asked: to open a killed service's database would tidy up what its next start must.
    """
    if not (folder / DATABASE_FILE).exists():
        return []
    with tempfile.TemporaryDirectory(prefix="liftbay-books-") as there:
        for end in ("", "-wal"):
            part = folder / f"{DATABASE_FILE}{end}"
            if part.exists():
                shutil.copyfile(part, Path(there) / part.name)
        with closing(sqlite3.connect(Path(there) / DATABASE_FILE)) as db:
            return faults_of_the_books(lambda query: db.execute(query).fetchall())


def faults_on_server(url: str) -> list[str]:
    """Return what is wrong in a PostgreSQL database."""
    with psycopg.connect(url) as db:
        return faults_of_the_books(lambda query: db.execute(query.encode()).fetchall())
