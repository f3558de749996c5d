"""What the service may forget: else the proofs that something was done once grow for ever."""

from datetime import timedelta
from typing import Final

import structlog

from liftbay_backend.core import Core
from liftbay_backend.repositories.upkeep import forget_before
from liftbay_backend.services import diagnostics

KEPT_FOR: Final = timedelta(days=60)
"""Twice what a client keeps of what it could not send (`client_api/outbox.py`), and longer than
any sender of webhooks repeats them; a payment's own states refuse a later repetition."""
_log = structlog.get_logger(__name__)


async def forget_old_proofs(core: Core) -> int:
    """Delete what is older than `KEPT_FOR`, and diagnostics of their own age; return how many."""
    async with core.works.begin() as work:
        gone = await forget_before(work.db, work.now - KEPT_FOR, work.now - diagnostics.KEPT_FOR)
    if gone:
        _log.info("proofs.forgotten", rows=gone)
    return gone
