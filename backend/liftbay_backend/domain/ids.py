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
FileId = NewType("FileId", str)


_CRM_RECORDS: Final = uuid.UUID("0b5c0f0e-3f64-4c0b-8d0e-6a6f1f0d7a52")
_OURS: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_id(text: str) -> bool:
    """Tell whether a text can be an id of ours; what cannot be one is not worth a question."""
    return _OURS.fullmatch(text) is not None


def crm_record_id(session_id: SessionId | str) -> str:
    """Return the id of a session's record at the CRM: the same one, however often it is written.

    A receiver that has it keeps it once, also after the database was put back from a backup.
    """
    return str(uuid.uuid5(_CRM_RECORDS, session_id))


def crm_correction_id(superseded: str, told: str) -> str:
    """Return the id of a correction: of the record whose place it takes, and of what it tells.

    Like a record's, it is the same again after the database was put back.
    """
    return str(uuid.uuid5(_CRM_RECORDS, f"{superseded} {told}"))


def new_uuid() -> str:
    """Return a fresh random UUID as text; wrap it in the id type it is meant for."""
    return str(uuid.uuid4())
