"""Diagnostics have a table, and session reports name their machine."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, and the column by which reports of one machine are found."""
    op.create_table(
        "diagnostics",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("short_code", sa.String(length=12), nullable=False),
        sa.Column("machine_id", sa.String(length=36), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("blocking", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("short_code"),
    )
    op.create_index("ix_diagnostics_arrived_at", "diagnostics", ["arrived_at"])
    op.create_index("ix_diagnostics_machine_id", "diagnostics", ["machine_id"])
    op.add_column("preflight_reports", sa.Column("machine_id", sa.String(length=36), nullable=True))
    op.create_index("ix_preflight_reports_machine_id", "preflight_reports", ["machine_id"])


def downgrade() -> None:
    """Take both away."""
    op.drop_index("ix_preflight_reports_machine_id", table_name="preflight_reports")
    op.drop_column("preflight_reports", "machine_id")
    op.drop_table("diagnostics")
