"""One intent, one effect: `Idempotency-Key` on every change that states or money depend on.

The key, the effect and its answer commit together, in one transaction: a crash leaves all of them
or none, and there is one commit to wait for. The same key at the same instant waits for the first
and brings its answer. A refusal is not stored: nothing happened, and the same key may try again.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse

from liftbay_backend.core import Core, CoreDep
from liftbay_backend.db.insert_once import insert_once
from liftbay_backend.db.models import IdempotencyKeyRow
from liftbay_backend.identity import Principal, signed_in
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.intents import keep_answer
from liftbay_backend.work import Work

CLAIM_LASTS: Final = timedelta(seconds=60)
Effect = Callable[[Work], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Once:
    """The intent of one HTTP request; without a key every request is an intent of its own."""

    core: Core
    account: str
    key: str | None
    fingerprint: str

    async def run(self, effect: Effect, *, status: int = 200) -> JSONResponse:
        """Run the effect in a unit of work, or bring back the answer of its first run.

        Args:
            effect: does the change and returns the answer's body; must call nothing external.
            status: HTTP status of the answer.

        Raises:
            Problem: IDEMPOTENCY_BODY_DIFFERS, IDEMPOTENCY_RUNNING, and whatever `effect` raises.
        """
        if self.key is None:
            async with self.core.works.begin() as work:
                return JSONResponse(await effect(work), status_code=status)
        async with self.core.works.begin() as work:
            stored = await self._claim(work, self.key)
            if stored is not None:
                return stored
            answer = await effect(work)
            await keep_answer(work.db, self.account, self.key, status, answer)
        return JSONResponse(answer, status_code=status)

    async def run_known(
        self, answer: dict[str, Any], effect: Callable[[Work], Awaitable[None]], *, status: int
    ) -> JSONResponse:
        """Run an effect whose answer does not depend on it, as `run` does.

        The answer goes in with the key, so one statement less is needed than where it is kept
        afterwards; an effect that raises leaves neither.

        Raises:
            Problem: as `run` does.
        """
        async with self.core.works.begin() as work:
            if self.key is not None:
                stored = await self._claim(work, self.key, status=status, answer=answer)
                if stored is not None:
                    return stored
            await effect(work)
        return JSONResponse(answer, status_code=status)

    async def _claim(
        self,
        work: Work,
        key: str,
        *,
        status: int | None = None,
        answer: dict[str, Any] | None = None,
    ) -> JSONResponse | None:
        """Take the key for this transaction, or return the answer of its first run.

        Whoever comes second at the same instant waits here for the first one's end.

        Args:
            status: of the answer, where it is known before the effect.
            answer: its body, likewise.
        """
        values = {
            "account": self.account,
            "key": key,
            "fingerprint": self.fingerprint,
            "claimed_at": work.now,
            "status": status,
            "answer": answer,
        }
        if await insert_once(work.db, IdempotencyKeyRow, values):
            return None
        row = await work.db.get(IdempotencyKeyRow, (self.account, key), with_for_update=True)
        if row is None or row.fingerprint != self.fingerprint:
            raise Problem(ErrorCode.IDEMPOTENCY_BODY_DIFFERS)
        if row.answer is not None and row.status is not None:
            return JSONResponse(row.answer, status_code=row.status)
        # Left by an instance of before 2026-12, which claimed in a transaction of its own.
        if work.now - row.claimed_at < CLAIM_LASTS:
            raise Problem(ErrorCode.IDEMPOTENCY_RUNNING, headers={"Retry-After": "1"})
        row.claimed_at, row.status, row.answer = work.now, status, answer
        return None


async def _once(
    request: Request,
    core: CoreDep,
    principal: Annotated[Principal, Depends(signed_in)],
    idempotency_key: Annotated[UUID | None, Header()] = None,
) -> Once:
    body = await request.body()
    intent = b"\n".join([request.method.encode(), request.url.path.encode(), body])
    return Once(
        core,
        principal.account,
        None if idempotency_key is None else str(idempotency_key),
        hashlib.sha256(intent).hexdigest(),
    )


IdempotencyDep = Annotated[Once, Depends(_once)]
