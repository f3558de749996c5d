"""The service's identifiers: different types, so that a mechanic's two ids cannot be mixed up.

All are lower-case UUID strings on the wire and in the database.
"""

import uuid
from typing import NewType

UserId = NewType("UserId", str)
MechanicId = NewType("MechanicId", str)
SessionId = NewType("SessionId", str)
RequestId = NewType("RequestId", str)
RunId = NewType("RunId", str)
PaymentId = NewType("PaymentId", str)
AttemptId = NewType("AttemptId", str)


def new_uuid() -> str:
    """Return a fresh random UUID as text; wrap it in the id type it is meant for."""
    return str(uuid.uuid4())
