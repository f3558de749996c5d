"""The data folder of an embedded database held by a command, so that no service starts on it."""

from collections.abc import Iterator
from contextlib import contextmanager

from liftbay_backend.backup.archive import BackupRefused
from liftbay_backend.db.storage_faults import StorageFault
from liftbay_backend.durable.engine import LOCK_FILE
from liftbay_backend.durable.sole_owner import OwnedElsewhere, SoleOwner
from liftbay_backend.settings import Settings


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold it; with a PostgreSQL there is nothing to hold.

    Raises:
        BackupRefused: a service works on it, or it cannot be used.
    """
    if not settings.is_sqlite:
        yield
        return
    try:
        owner = SoleOwner(settings.data_dir / LOCK_FILE)
    except OwnedElsewhere:
        raise BackupRefused(
            f"a service works on the data folder {settings.data_dir}; stop it first"
        ) from None
    except StorageFault as fault:
        raise BackupRefused(str(fault)) from None
    try:
        yield
    finally:
        owner.release()
