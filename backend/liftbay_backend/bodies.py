"""Bodies with fields of their sender's choice, on their way into a JSON column."""

import json
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

from liftbay_backend.problems import ErrorCode, Problem


def as_stored(body: BaseModel) -> dict[str, Any]:
    """Return a body as JSON has it: a number that is not finite is null.

    Raises:
        Problem: REQUEST_INVALID for a text that is no Unicode, such as half of a surrogate pair.
    """
    try:
        text = body.model_dump_json(by_alias=True)
    except PydanticSerializationError:
        raise Problem(ErrorCode.REQUEST_INVALID, "A text is no valid Unicode.") from None
    stored: dict[str, Any] = json.loads(text)
    return stored
