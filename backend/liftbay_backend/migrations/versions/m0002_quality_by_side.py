"""Quality samples are counted by side."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the samples by session and side, which serves what the old index served."""
    op.create_index("ix_quality_samples_session_id_side", "quality_samples", ["session_id", "side"])
    op.drop_index("ix_quality_samples_session_id", table_name="quality_samples")


def downgrade() -> None:
    """Put the old index back."""
    op.create_index("ix_quality_samples_session_id", "quality_samples", ["session_id"])
    op.drop_index("ix_quality_samples_session_id_side", table_name="quality_samples")
