"""The service's databases, as the integration tests have them."""

from tests.integration.backend.conftest import (
    make_settings,
    new_database,
    postgres_server,
    sqlite_template,
)

__all__ = ["make_settings", "new_database", "postgres_server", "sqlite_template"]
