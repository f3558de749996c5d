"""Chargebacks have a table: what the provider has said of each, and what was booked of it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "provider_disputes",
        sa.Column("provider", sa.String(length=24), nullable=False),
        sa.Column("provider_dispute_id", sa.String(length=120), nullable=False),
        sa.Column("provider_payment_id", sa.String(length=120), nullable=False),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("is_back", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("booked", sa.String(length=24), nullable=False),
        sa.Column("refund_id", sa.String(length=36), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider", "provider_dispute_id"),
    )
    op.create_index(
        "ix_provider_disputes_provider_payment_id", "provider_disputes", ["provider_payment_id"]
    )


def downgrade() -> None:
    """Take it away; what the ledger has of disputes stays."""
    op.drop_index("ix_provider_disputes_provider_payment_id", table_name="provider_disputes")
    op.drop_table("provider_disputes")
