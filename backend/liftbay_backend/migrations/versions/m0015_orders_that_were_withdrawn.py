"""A refund knows the order whose place it took, so that the rest can be ordered again.

Orders that were withdrawn before stay as they are: which refund took the place of which is not
told by their rows, and a guess could give back what nobody asked for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("refunds", sa.Column("order_id", sa.String(length=36), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("refunds", "order_id")
