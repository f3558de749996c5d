"""An instance's lease: that it lives, and what it must have in common with the others that do.

Others take up its durable work, and share what falls due anew, only after the lease has run out.
With the embedded database there is one process, which nobody is compared with.
"""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from liftbay_backend import metrics
from liftbay_backend.core import Core
from liftbay_backend.db.engine import UNAVAILABLE
from liftbay_backend.db.models import ExecutorLeaseRow
from liftbay_backend.files.store import files_folder
from liftbay_backend.repositories.upkeep import living_executors, living_marks
from liftbay_backend.shared_settings import MEANS, Marks, place_of_files, shared_values

LEASE_SECONDS: Final = 20.0
_log = structlog.get_logger(__name__)


class Lease:
    """Renewed by the keeper; one per process."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._own = core.settings.instance_id
        self._marks: Marks | None = None
        self._is_held = False
        self._told: set[tuple[str, str]] = set()

    async def renew(self) -> None:
        """Say that this executor lives."""
        marks = await self._own_marks()
        async with self._core.works.begin() as work:
            row = await work.db.get(ExecutorLeaseRow, self._own)
            if row is None:
                row = ExecutorLeaseRow(executor_id=self._own, started_at=work.now)
                work.db.add(row)
            is_taken = self._is_held and row.marks is not None and row.marks != marks.row
            row.expires_at = work.now + timedelta(seconds=LEASE_SECONDS)
            row.marks = marks.row
        self._is_held = True
        if is_taken and self._is_news("LIFTBAY_INSTANCE_ID", self._own):
            # What a dead one left is known by its id, and so would be what a living one does.
            _log.error("instances.same_id", setting="LIFTBAY_INSTANCE_ID", instance=self._own)

    async def drop(self) -> None:
        """Give it back; where the database is away it runs out by itself."""
        try:
            async with self._core.works.begin() as work:
                row = await work.db.get(ExecutorLeaseRow, self._own)
                if row is not None:
                    await work.db.delete(row)
        except UNAVAILABLE as error:
            _log.warning("durable.lease_left", error=type(error).__name__)

    async def living(self) -> frozenset[str]:
        """Return the instances that live, this one among them."""
        async with self._core.database.reading() as db:
            return frozenset({self._own, *await living_executors(db, self._core.clock.now())})

    async def compare(self) -> None:
        """Tell the operator which settings another living instance has otherwise, each once.

        Nothing is refused for it: whoever serves people goes on, and the gauge stays until all
        agree.
        """
        if self._core.database.is_sqlite:
            return
        marks = await self._own_marks()
        async with self._core.database.reading() as db:
            others = await living_marks(db, self._core.clock.now(), but=self._own)
        found = {
            (setting, other) for other, row in others.items() for setting in marks.differing(row)
        }
        self._told &= found | {("LIFTBAY_INSTANCE_ID", self._own)}
        metrics.INSTANCES_DIFFER.clear()
        for setting in MEANS:
            metrics.INSTANCES_DIFFER.labels(setting).set(sum(one == setting for one, _ in found))
        for setting, other in sorted(found):
            if self._is_news(setting, other):
                said = {"setting": setting, "other": other, "means": MEANS[setting]}
                _log.error("instances.settings_differ", **said)

    def _is_news(self, setting: str, other: str) -> bool:
        is_news = (setting, other) not in self._told
        self._told.add((setting, other))
        return is_news

    async def _own_marks(self) -> Marks:
        if self._marks is None:
            settings = self._core.settings
            [key] = self._core.tokens.jwks()["keys"]
            files = ""
            if not self._core.database.is_sqlite:
                try:
                    files = await asyncio.to_thread(
                        place_of_files, settings, files_folder(settings)
                    )
                except OSError as error:
                    # Told by whatever wants to write there; and nobody has the same place.
                    files = f"unusable:{self._own}"
                    _log.warning("files.unavailable", error=type(error).__name__)
            self._marks = Marks(shared_values(settings, key["kid"], files))
        return self._marks
