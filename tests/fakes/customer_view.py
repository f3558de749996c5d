"""What no answer to a customer may say: how the mechanic is paid."""

import json
from collections.abc import Iterator
from typing import Any, Final

import httpx

THE_MECHANICS: Final = frozenset(
    {
        "mechanic_share_cents",
        "payout_cents",
        "payout_state",
        "payout_error",
        "payouts",
        "settled_cents",
        "owed_cents",
        "ledger",
        "fee_cents",
    }
)


class SaysTooMuch(AssertionError):
    """A customer was told what is between the mechanic and the operator."""


def told_of_the_mechanic(value: Any, place: str = "") -> Iterator[str]:
    """Return where a body says something of the mechanic's money; a null says nothing."""
    match value:
        case dict():
            for name, one in value.items():
                if name in THE_MECHANICS and one is not None:
                    yield f"{place}/{name} = {one!r}"
                yield from told_of_the_mechanic(one, f"{place}/{name}")
        case list():
            for number, one in enumerate(value):
                yield from told_of_the_mechanic(one, f"{place}/{number}")
        case _:
            return


async def check_customers_answer(response: httpx.Response) -> None:
    """Judge an answer that a customer got.

    Raises:
        SaysTooMuch: names the fields.
    """
    await response.aread()
    if not response.headers.get("content-type", "").partition(";")[0].endswith("json"):
        return
    found = list(told_of_the_mechanic(json.loads(response.content or b"null")))
    if found:
        raise SaysTooMuch(f"{response.request.method} {response.request.url.path}: {found}")
