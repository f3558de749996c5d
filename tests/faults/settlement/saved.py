"""A state to come back to: making six ended sessions takes longer than killing their settlement."""

import copy
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from liftbay_backend.core import Core
from liftbay_backend.durable.engine import ENGINE_FILE
from liftbay_backend.settings import DATABASE_FILE
from tests.fakes.crm_receiver import CrmReceiver
from tests.fakes.stripe_server import StripeServer

_OF_STRIPE = ("accounts", "pages", "payments", "refunds", "transfers", "reversals")


@dataclass(slots=True)
class Saved:
    """One moment of database, Stripe and CRM; nobody else may be connected at either end."""

    core: Core
    stripe: StripeServer
    crm: CrmReceiver
    _objects: dict[str, Any] = field(default_factory=dict)

    async def save(self) -> None:
        """Remember how it is now."""
        await self.core.database.close()
        self._objects = {name: copy.deepcopy(getattr(self.stripe, name)) for name in _OF_STRIPE}
        if self.core.database.is_sqlite:
            shutil.copyfile(self._file(DATABASE_FILE), self._file("saved"))
        else:
            self._copy(self._database, f"{self._database}_saved")

    async def restore(self) -> None:
        """Let all be as it was."""
        await self.core.database.close()
        for name, objects in self._objects.items():
            setattr(self.stripe, name, copy.deepcopy(objects))
        self.stripe.forget_keys()
        self.crm.records.clear()
        self.crm.deliveries.clear()
        if not self.core.database.is_sqlite:
            self._copy(f"{self._database}_saved", self._database)
            return
        for name in (DATABASE_FILE, ENGINE_FILE):
            for rest in ("", "-wal", "-shm", "-journal"):
                self._file(name + rest).unlink(missing_ok=True)
        shutil.copyfile(self._file("saved"), self._file(DATABASE_FILE))

    def drop(self) -> None:
        """Forget it."""
        if not self.core.database.is_sqlite:
            self._run(f"DROP DATABASE IF EXISTS {self._database}_saved WITH (FORCE)")

    @property
    def _database(self) -> str:
        name = make_url(self.core.settings.sqlalchemy_url).database
        assert name is not None
        return name

    def _file(self, name: str) -> Path:
        return self.core.settings.data_dir / name

    def _copy(self, source: str, target: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
        # Killed processes may be connected a moment longer.
        self._run(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{source}'"
        )
        self._run(f"CREATE DATABASE {target} TEMPLATE {source}")

    def _run(self, statement: str) -> None:
        url = make_url(self.core.settings.sqlalchemy_url).set(
            drivername="postgresql", database="postgres"
        )
        plain = url.render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(statement.encode())
