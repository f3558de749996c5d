"""One intent, one effect: `Idempotency-Key` on every change that states or money depend on.

A key is claimed in a short transaction of its own; the effect and its answer then commit together,
so a crash leaves either both or none. A refusal is not stored: nothing happened, and the same key
may try again. A claim without an answer is taken over when it is older than any request can be.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError

from liftbay_backend.access import Principal, signed_in
from liftbay_backend.core import Core, CoreDep
from liftbay_backend.db.models import IdempotencyKeyRow
from liftbay_backend.problems import ErrorCode, Problem
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
        stored = await self._claim()
        if stored is not None:
            return stored
        try:
            async with self.core.works.begin() as work:
                answer = await effect(work)
                row = await work.db.get(IdempotencyKeyRow, (self.account, self.key))
                assert row is not None
                row.status, row.answer = status, answer
        except BaseException:
            await self._release()
            raise
        return JSONResponse(answer, status_code=status)

    async def _claim(self) -> JSONResponse | None:
        try:
            return await self._claim_once()
        except IntegrityError:
            # Two first requests at the same instant: on PostgreSQL both see no row.
            raise Problem(ErrorCode.IDEMPOTENCY_RUNNING, headers={"Retry-After": "1"}) from None

    async def _claim_once(self) -> JSONResponse | None:
        assert self.key is not None
        async with self.core.works.begin() as work:
            row = await work.db.get(
                IdempotencyKeyRow, (self.account, self.key), with_for_update=True
            )
            if row is None:
                work.db.add(
                    IdempotencyKeyRow(
                        account=self.account,
                        key=self.key,
                        fingerprint=self.fingerprint,
                        claimed_at=work.now,
                    )
                )
                return None
            if row.fingerprint != self.fingerprint:
                raise Problem(ErrorCode.IDEMPOTENCY_BODY_DIFFERS)
            if row.answer is not None and row.status is not None:
                return JSONResponse(row.answer, status_code=row.status)
            if work.now - row.claimed_at < CLAIM_LASTS:
                raise Problem(ErrorCode.IDEMPOTENCY_RUNNING, headers={"Retry-After": "1"})
            row.claimed_at = work.now
            return None

    async def _release(self) -> None:
        async with self.core.works.begin() as work:
            row = await work.db.get(IdempotencyKeyRow, (self.account, self.key))
            if row is not None and row.answer is None:
                await work.db.delete(row)


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
