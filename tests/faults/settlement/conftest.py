"""The service's databases, as the integration tests have them."""

from tests.integration.backend.conftest import (
    database_shelf,
    make_settings,
    new_database,
    postgres_server,
    sqlite_template,
)

__all__ = ["database_shelf", "make_settings", "new_database", "postgres_server", "sqlite_template"]
