"""The clock of a database's machine, moved under a running service.

A step is what somebody does who sets the time of day; how fast time passes stays the same.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from sqlalchemy import event

from liftbay_backend.db.engine import Database

_EPOCH_JULIAN: Final = 2440587.5
_POSTGRES: Final = """
    CREATE TABLE machine_clock (now timestamptz NOT NULL);
    INSERT INTO machine_clock VALUES (pg_catalog.now());
    CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
        'SELECT now FROM public.machine_clock';
"""


class DatabaseClock:
    """What time the machine of a database says it is: the test's, and steps that it made.

    Make it before anybody connects.
    """

    def __init__(self, database: Database, url: str | None, now: Callable[[], datetime]) -> None:
        """Put it in the place of the database's own.

        Args:
            database: the service's.
            url: how to reach PostgreSQL; None for SQLite, where each connection gets it.
            now: the right time.
        """
        self._url, self._now = url, now
        self._step = timedelta()
        if url is None:
            for engine in (database.reader, database.writer):
                event.listen(engine.sync_engine, "connect", self._on_connect)
        else:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(_POSTGRES)
                name = connection.info.dbname.encode()
                # Ours is found before the one of PostgreSQL.
                connection.execute(b"ALTER DATABASE %b SET search_path = public, pg_catalog" % name)

    def step(self, seconds: float) -> None:
        """Set the clock forwards, or back."""
        self._step += timedelta(seconds=seconds)

    def tell(self) -> None:
        """Let PostgreSQL know the present moment; its clock of ours stands still in between."""
        if self._url is not None:
            with psycopg.connect(self._url, autocommit=True) as connection:
                connection.execute("UPDATE machine_clock SET now = %s", [self._says()])

    def _says(self) -> datetime:
        return self._now() + self._step

    def _on_connect(self, connection: Any, _record: Any) -> None:
        connection.create_function(
            "julianday", 1, lambda _: self._says().timestamp() / 86400.0 + _EPOCH_JULIAN
        )
