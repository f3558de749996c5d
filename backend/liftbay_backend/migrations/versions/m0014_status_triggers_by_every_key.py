"""The status triggers look at every key of a row, so that none replaces a living one on SQLite.

No table changes. `db.migrate` puts the triggers in place behind every upgrade; the revision makes
sure that there is one, and that an earlier version, which would take them for foreign, says that
the database is newer than it.
"""

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change no table: the triggers follow."""


def downgrade() -> None:
    """Change no table: the earlier version's own `migrate` brings its triggers back."""
