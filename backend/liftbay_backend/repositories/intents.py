"""Idempotency keys: claimed at the begin of a transaction, answered at its end."""

from typing import Any, Final

from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncSession

from liftbay_backend.db.base import table_of
from liftbay_backend.db.models import IdempotencyKeyRow

_ANSWER: Final = (
    update(table_of(IdempotencyKeyRow))
    .where(
        IdempotencyKeyRow.account == bindparam("of_account"),
        IdempotencyKeyRow.key == bindparam("of_key"),
    )
    .values(status=bindparam("new_status"), answer=bindparam("new_answer"))
)


async def keep_answer(
    db: AsyncSession, account: str, key: str, status: int, answer: dict[str, Any]
) -> None:
    """Keep the answer of an intent whose key this transaction has claimed."""
    values = {"of_account": account, "of_key": key, "new_status": status, "new_answer": answer}
    await (await db.connection()).execute(_ANSWER, values)
