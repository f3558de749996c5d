"""A payment keeps what the provider says was paid where that is not its price."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("payments", sa.Column("told_cents", sa.Integer(), nullable=True))
    op.add_column("payments", sa.Column("told_currency", sa.String(length=3), nullable=True))
    op.create_index("ix_payments_told_cents", "payments", ["told_cents"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_payments_told_cents", table_name="payments")
    op.drop_column("payments", "told_currency")
    op.drop_column("payments", "told_cents")
