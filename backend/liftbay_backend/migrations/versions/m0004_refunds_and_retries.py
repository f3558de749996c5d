"""Refunds have a table, what is owed to mechanics is posted, and the money of a session is retried.

Checkouts and payments keep the provider's own names, mechanics their account there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_REFUNDS_FROM_PAYMENTS = """
    INSERT INTO refunds (id, session_id, payment_id, amount_cents, currency, reason, state,
                         attempt, created_at)
    SELECT id, session_id, id, amount_cents, currency, coalesce(refund_reason, 'refund'),
           'pending', 1, created_at
    FROM payments WHERE status = 'refunding'
"""
_OWED = """
    INSERT INTO ledger_entries (posting, account, amount_cents, currency, session_id, at)
    SELECT 'earned-' || s.id, {account}, {sign} * t.payout_cents, s.currency, s.id, t.requested_at
    FROM settlements t JOIN sessions s ON s.id = t.session_id
    WHERE t.payout_cents > 0 AND t.payout_state NOT IN ('paid', 'not_due')
"""


def upgrade() -> None:
    """Add the columns and the table, and bring what is on its way under the new rules."""
    op.create_table(
        "refunds",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("payment_id", sa.String(length=36), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("requested_by", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"]),
        sa.ForeignKeyConstraint(["requested_by"], ["users.id"]),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_refunds_session_id", "refunds", ["session_id"])
    op.create_index("ix_refunds_payment_id", "refunds", ["payment_id"])
    op.add_column(
        "payments", sa.Column("refunded_cents", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("payments", sa.Column("checkout_id", sa.String(length=120), nullable=True))
    op.add_column(
        "payments", sa.Column("provider_payment_id", sa.String(length=120), nullable=True)
    )
    op.add_column(
        "payments", sa.Column("checkout_closed_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("mechanics", sa.Column("payout_account", sa.String(length=120), nullable=True))
    op.add_column("settlements", sa.Column("payout_error", sa.String(length=40), nullable=True))
    op.add_column(
        "settlements", sa.Column("retries", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("settlements", sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_settlements_retry_at", "settlements", ["retry_at"])
    op.execute(_REFUNDS_FROM_PAYMENTS)
    op.execute("UPDATE payments SET refunded_cents = amount_cents WHERE status = 'refunded'")
    op.execute(_OWED.format(account="'platform'", sign="-1"))
    op.execute(_OWED.format(account="'owed:' || s.mechanic_id", sign="1"))
    # Payouts that were given up, and late payments that waited for a sweep.
    op.execute(
        "UPDATE settlements SET retry_at = requested_at, finished_at = NULL"
        " WHERE payout_state = 'failed'"
    )
    op.execute(
        "UPDATE settlements SET retry_at = requested_at"
        " WHERE session_id IN (SELECT session_id FROM refunds)"
    )
    op.drop_column("payments", "refund_reason")


def downgrade() -> None:
    """Take them away; the reasons of refunds are lost."""
    op.add_column("payments", sa.Column("refund_reason", sa.String(length=60), nullable=True))
    op.drop_index("ix_settlements_retry_at", table_name="settlements")
    for table, column in (
        ("settlements", "retry_at"),
        ("settlements", "retries"),
        ("settlements", "payout_error"),
        ("mechanics", "payout_account"),
        ("payments", "checkout_closed_at"),
        ("payments", "provider_payment_id"),
        ("payments", "checkout_id"),
        ("payments", "refunded_cents"),
    ):
        op.drop_column(table, column)
    op.drop_index("ix_refunds_payment_id", table_name="refunds")
    op.drop_index("ix_refunds_session_id", table_name="refunds")
    op.drop_table("refunds")
