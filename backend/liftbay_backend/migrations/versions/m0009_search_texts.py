"""What history is searched in is stored folded: without case and accents, on both databases.

The columns come empty; the running service fills them (`services.search_texts`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COLUMNS = (("sessions", "search_text"), ("users", "search_name"), ("mechanics", "search_name"))


def upgrade() -> None:
    """Add the columns."""
    for table, column in _COLUMNS:
        op.add_column(table, sa.Column(column, sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take them away."""
    for table, column in _COLUMNS:
        op.drop_column(table, column)
