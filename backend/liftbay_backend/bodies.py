"""Bodies with fields of their sender's choice, on their way into a JSON column."""

import json
import re
from typing import Any, Final

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

from liftbay_backend.problems import ErrorCode, Problem

HIGHEST_ID: Final = 2**63 - 1
"""Of a row that the database numbers."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def plain_text(text: str) -> str:
    """Strip a field's text, and refuse what is empty or carries control characters.

    Raises:
        ValueError: for pydantic.
    """
    text = text.strip()
    if not text or _CONTROL.search(text):
        raise ValueError("plain text is needed")
    return text


def as_stored(body: BaseModel, *, at_most_bytes: int | None = None) -> dict[str, Any]:
    """Return a body as JSON has it: a number that is not finite is null.

    Raises:
        Problem: REQUEST_INVALID for a text that is no Unicode, such as half of a surrogate pair,
            and for more bytes than allowed.
    """
    try:
        text = body.model_dump_json(by_alias=True)
    except PydanticSerializationError:
        raise Problem(ErrorCode.REQUEST_INVALID, "A text is no valid Unicode.") from None
    if at_most_bytes is not None and len(text.encode()) > at_most_bytes:
        raise Problem(ErrorCode.REQUEST_INVALID, f"An entry has more than {at_most_bytes} bytes.")
    stored: dict[str, Any] = json.loads(text)
    return stored
