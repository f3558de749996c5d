"""Bundles for support have a table."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "bundles",
        sa.Column("short_code", sa.String(length=12), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("sent_by", sa.String(length=36), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sent_by"], ["users.id"]),
        sa.PrimaryKeyConstraint("short_code"),
    )
    op.create_index("ix_bundles_arrived_at", "bundles", ["arrived_at"])


def downgrade() -> None:
    """Take it away, with what it holds."""
    op.drop_index("ix_bundles_arrived_at", table_name="bundles")
    op.drop_table("bundles")
