"""What a provider says of its refunds is kept, so that those made on its own pages are booked."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; payments are found by the provider's own name too."""
    op.create_table(
        "provider_refunds",
        sa.Column("provider", sa.String(length=24), nullable=False),
        sa.Column("provider_refund_id", sa.String(length=120), nullable=False),
        sa.Column("provider_payment_id", sa.String(length=120), nullable=False),
        sa.Column("refund_id", sa.String(length=36), nullable=True),
        sa.Column("amount_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider", "provider_refund_id"),
    )
    op.create_index(
        "ix_provider_refunds_provider_payment_id", "provider_refunds", ["provider_payment_id"]
    )
    op.create_index("ix_payments_provider_payment_id", "payments", ["provider_payment_id"])


def downgrade() -> None:
    """Take it away; what is booked stays booked."""
    op.drop_index("ix_payments_provider_payment_id", table_name="payments")
    op.drop_index("ix_provider_refunds_provider_payment_id", table_name="provider_refunds")
    op.drop_table("provider_refunds")
