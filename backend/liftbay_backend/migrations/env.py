"""Alembic's entry: works on the connection that `db.migrate` hands over, in its transaction."""

from alembic import context

from liftbay_backend.db.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    # SQLite changes tables by copying them; the triggers it loses are put back by db.migrate.
    render_as_batch=True,
)
context.run_migrations()
