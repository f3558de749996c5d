"""A refund knows the order whose place it took, and a lease what its instance must share.

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
    """Add the columns."""
    op.add_column("refunds", sa.Column("order_id", sa.String(length=36), nullable=True))
    op.add_column("executor_leases", sa.Column("marks", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("executor_leases", "marks")
    op.drop_column("refunds", "order_id")
