"""Alembic migrations, packaged so that `liftbay-backend migrate` finds them anywhere."""
