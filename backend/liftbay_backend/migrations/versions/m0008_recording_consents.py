"""Who lets the other side record has a table."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; nobody has consented so far."""
    op.create_table(
        "recording_consents",
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("side", sa.String(length=24), nullable=False),
        sa.Column("consents", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"]),
        sa.PrimaryKeyConstraint("session_id", "side"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("recording_consents")
