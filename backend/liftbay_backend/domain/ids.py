"""The service's identifiers: different types, so that a mechanic's two ids cannot be mixed up.

All are lower-case UUID strings on the wire and in the database.
"""

import re
import uuid
from typing import Final, NewType

UserId = NewType("UserId", str)
MechanicId = NewType("MechanicId", str)
SessionId = NewType("SessionId", str)
RequestId = NewType("RequestId", str)
RunId = NewType("RunId", str)
PaymentId = NewType("PaymentId", str)
AttemptId = NewType("AttemptId", str)


_OURS: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_id(text: str) -> bool:
    """Tell whether a text can be an id of ours; what cannot be one is not worth a question."""
    return _OURS.fullmatch(text) is not None


def new_uuid() -> str:
    """Return a fresh random UUID as text; wrap it in the id type it is meant for."""
    return str(uuid.uuid4())
