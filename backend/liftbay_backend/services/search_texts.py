"""What was stored before history was searched by folded texts, or by an older instance, gets them.

In small transactions beside the service's work: a migration that did it would hold its table for
as long as that takes, and rows that older instances write in a roll-over come after it. One of
those that archives a session erases its words and leaves the text they were folded into.
"""

from typing import Final

import structlog

from liftbay_backend.core import Core
from liftbay_backend.repositories.search_texts import fill_mechanics, fill_sessions, fill_users

AT_ONCE: Final = 100
_log = structlog.get_logger(__name__)


async def fill_search_texts(core: Core) -> int:
    """Fill whatever has none; return how many rows that were."""
    filled = 0
    for fill in (fill_sessions, fill_users, fill_mechanics):
        some = AT_ONCE
        while some == AT_ONCE:
            async with core.works.begin() as work:
                some = await fill(work.db, AT_ONCE)
            filled += some
    if filled:
        _log.info("search_texts.filled", rows=filled)
    return filled
