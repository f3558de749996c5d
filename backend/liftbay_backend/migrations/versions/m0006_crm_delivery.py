"""CRM records say how far their delivery is."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; records of before went nowhere, and no CRM is owed them now."""
    at_first = sa.Column("round", sa.Integer(), nullable=False, server_default="1")
    op.add_column("crm_records", at_first)
    none_yet = sa.Column("attempts", sa.Integer(), nullable=False, server_default="0")
    op.add_column("crm_records", none_yet)
    op.add_column("crm_records", sa.Column("last_error", sa.String(length=80), nullable=True))
    op.add_column(
        "crm_records", sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_index(
        "ix_crm_records_state_next_attempt_at", "crm_records", ["state", "next_attempt_at"]
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_crm_records_state_next_attempt_at", table_name="crm_records")
    for name in ("next_attempt_at", "last_error", "attempts", "round"):
        op.drop_column("crm_records", name)
