"""Wake-ups between instances: PostgreSQL's LISTEN on a connection of its own.

Every commit sends NOTIFY with its topics (see `work`). The streams look at the table by
themselves every few seconds, so a lost connection costs seconds, not events.
"""

import asyncio
from typing import Final

import psycopg
import structlog

from liftbay_backend.db.engine import Database
from liftbay_backend.settings import Settings
from liftbay_backend.wakeup import Wakeup

CHANNEL: Final = "liftbay"
AGAIN_AFTER_SECONDS: Final = 2.0
CONNECT_DEADLINE_SECONDS: Final = 10
_log = structlog.get_logger(__name__)


async def listen_for_wakeups(settings: Settings, wakeup: Wakeup, database: Database) -> None:
    """Wake the streams of this process at other instances' commits, until cancelled.

    Its own commits have woken them already (`Works.begin`); a second time they would look in vain.
    """
    address = settings.sqlalchemy_url.replace("postgresql+psycopg://", "postgresql://", 1)
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                address, autocommit=True, connect_timeout=CONNECT_DEADLINE_SECONDS
            ) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                # What was committed before the LISTEN is found by looking.
                wakeup.wake_all()
                async for notice in connection.notifies():
                    if notice.pid not in database.own_backends:
                        wakeup.wake([notice.payload])
        except psycopg.Error as error:
            _log.warning("notify.lost", error=type(error).__name__)
        await asyncio.sleep(AGAIN_AFTER_SECONDS)
