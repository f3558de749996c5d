"""An account knows its id at an outside Supabase, and whether the operator has shut it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; no account has one of them."""
    op.add_column("users", sa.Column("outside_id", sa.String(length=36), nullable=True))
    for name in ("disabled_at", "sign_ins_ended_at"):
        op.add_column("users", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_users_outside_id", "users", ["outside_id"], unique=True)


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_users_outside_id", table_name="users")
    for name in ("sign_ins_ended_at", "disabled_at", "outside_id"):
        op.drop_column("users", name)
