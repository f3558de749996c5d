"""What history is searched in is stored folded: without case and accents, on both databases."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from liftbay_backend.domain.search_words import folded, text_of_session

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_BATCH = 500


def upgrade() -> None:
    """Add the columns and fill them."""
    for table, column in _COLUMNS:
        op.add_column(table, sa.Column(column, sa.Text(), nullable=False, server_default=""))
    _fill(
        sa.table(
            "sessions", *(sa.column(name) for name in ("id", "search_text", "concern")), _VEHICLE
        ),
        "id",
        "search_text",
        lambda row: text_of_session(row.vehicle, row.concern),
    )
    for table, key in (("users", "id"), ("mechanics", "mechanic_id")):
        _fill(
            sa.table(table, *(sa.column(name) for name in (key, "name", "search_name"))),
            key,
            "search_name",
            lambda row: folded(row.name),
        )


def downgrade() -> None:
    """Take them away."""
    for table, column in _COLUMNS:
        op.drop_column(table, column)


_COLUMNS = (("sessions", "search_text"), ("users", "search_name"), ("mechanics", "search_name"))
_VEHICLE: sa.ColumnClause[dict[str, object]] = sa.column("vehicle", sa.JSON())


def _fill(table: sa.TableClause, key: str, column: str, text_of: Callable[[Any], str]) -> None:
    db = op.get_bind()
    last = ""
    while True:
        query = sa.select(table).where(table.c[key] > last).order_by(table.c[key]).limit(_BATCH)
        rows = db.execute(query).all()
        if not rows:
            return
        change = (
            sa.update(table)
            .where(table.c[key] == sa.bindparam("row_key"))
            .values({column: sa.bindparam("text")})
        )
        db.execute(change, [{"row_key": getattr(row, key), "text": text_of(row)} for row in rows])
        last = getattr(rows[-1], key)
