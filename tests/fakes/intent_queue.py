"""An intent queue in memory, for tests with virtual time (a thread would need real time)."""

from __future__ import annotations

import asyncio
from datetime import datetime

from client_api.durable_queue import Intent, IntentKind
from client_api.wire import AccountId, IdempotencyKey

_ORDER = list(IntentKind)


class FakeIntentQueue:
    """Implements `IntentQueue`. ``intents`` may be filled before a start: an earlier run's.

    Attributes:
        slow_removal: when set, removals wait for it (a busy disk).
        failing_reads: so many of the next readings fail (a disk that is full, a locked file).
    """

    def __init__(self, *intents: Intent) -> None:
        self.intents = list(intents)
        self.is_closed = False
        self.slow_removal: asyncio.Event | None = None
        self.failing_reads = 0

    async def put(self, intent: Intent) -> None:
        await asyncio.sleep(0)
        if all(known.key != intent.key for known in self.intents):
            self.intents.append(intent)

    async def pending(self, account: AccountId) -> tuple[Intent, ...]:
        await asyncio.sleep(0)
        if self.failing_reads:
            self.failing_reads -= 1
            raise OSError("no space left on device")
        mine = [intent for intent in self.intents if intent.account == account]
        return tuple(sorted(mine, key=lambda intent: _ORDER.index(intent.kind)))

    async def remove(self, key: IdempotencyKey) -> bool:
        await asyncio.sleep(0)
        if self.slow_removal is not None:
            await self.slow_removal.wait()
        before = len(self.intents)
        self.intents = [intent for intent in self.intents if intent.key != key]
        return len(self.intents) < before

    async def forget_others(self, account: AccountId, *, before: datetime) -> int:
        await asyncio.sleep(0)
        count = len(self.intents)
        self.intents = [
            intent
            for intent in self.intents
            if intent.account == account or intent.kept_at >= before
        ]
        return count - len(self.intents)

    async def close(self) -> None:
        self.is_closed = True
