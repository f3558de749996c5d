"""Events that a customer reads, also when resuming far back, no longer say what a mechanic gets."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_FIGURES = ("payout_cents", "payout_state", "payout_error")
_READ_BY_CUSTOMERS = {
    "session_events": "kind = 'settlement'",
    "account_events": "kind = 'settlement' AND audience LIKE 'customer:%'",
}


def upgrade() -> None:
    """Take the figures out of what earlier versions told."""
    for table, which in _READ_BY_CUSTOMERS.items():
        if op.get_bind().dialect.name == "sqlite":
            nulls = ", ".join(f"'$.settlement.{name}', NULL" for name in _FIGURES)
            has = "json_type(data, '$.settlement') = 'object'"
            without = f"json_set(data, {nulls})"
        else:
            nulls = ", ".join(f"'{name}', NULL" for name in _FIGURES)
            has = "json_typeof(data -> 'settlement') = 'object'"
            without = (
                "CAST(jsonb_set(CAST(data AS jsonb), '{settlement}', "
                f"CAST(data -> 'settlement' AS jsonb) || jsonb_build_object({nulls})) AS json)"
            )
        statement = f"UPDATE {table} SET data = {without} WHERE {which} AND {has}"
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    """What was taken out is not known any more."""
