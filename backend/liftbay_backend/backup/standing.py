"""`settle_in` for a database that somebody else has put back: pg_restore, or a disk's snapshot."""

from dataclasses import dataclass

from liftbay_backend.backup.alone import alone
from liftbay_backend.backup.archive import BackupRefused
from liftbay_backend.clock import SystemClock
from liftbay_backend.db.engine import Database
from liftbay_backend.db.migrate import migrate
from liftbay_backend.files.store import StoreUnavailable, open_store
from liftbay_backend.repositories.restored import (
    Restored,
    a_service_lives,
    has_sessions,
    part_keys,
    settle_in,
)
from liftbay_backend.settings import Settings
from liftbay_backend.timekeeping import set_by_database


@dataclass(frozen=True, slots=True)
class Standing:
    """What is there now.

    Attributes:
        lost_files: files whose bytes are not all in the store.
    """

    found: Restored
    lost_files: tuple[str, ...]


async def after_restore(settings: Settings, database: Database) -> Standing:
    """Bring a database that was put back to the newest schema, and let it settle in.

    Raises:
        BackupRefused: it is none of ours, a service works on it, or the store of the files does
            not answer.
        SettingsError: it is newer than this service.
    """
    with alone(settings):
        await _check(database)
        await migrate(database)
        clock = SystemClock()
        await set_by_database(clock, database)
        async with database.writer.connect() as connection:
            # Rows, and no structure: whoever reads meanwhile is not held up.
            found = await connection.run_sync(settle_in, clock.now())
            keys = await connection.run_sync(part_keys)
            await connection.commit()
        return Standing(found, await _lost(settings, keys))


async def _check(database: Database) -> None:
    async with database.reader.connect() as connection:
        if not await connection.run_sync(has_sessions):
            raise BackupRefused("there is no database of this service yet: put one back first")
        if not database.is_sqlite and await connection.run_sync(a_service_lives):
            raise BackupRefused(
                "a service works on the database, or did until some seconds ago; stop it first"
            )


async def _lost(settings: Settings, keys: list[tuple[str, str]]) -> tuple[str, ...]:
    wanted: dict[str, set[str]] = {}
    for file_id, key in keys:
        wanted.setdefault(file_id, set()).add(key)
    store = open_store(settings)
    try:
        return tuple(
            [
                file_id
                for file_id, parts in sorted(wanted.items())
                if not parts <= set(await store.list(file_id))
            ]
        )
    except StoreUnavailable as error:
        raise BackupRefused(
            f"the database is ready, but the store of the files does not answer: {error}"
        ) from error
    finally:
        store.close()
