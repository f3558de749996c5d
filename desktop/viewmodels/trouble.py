"""What went wrong, as a page shows it: one value for every error of ``client_api``.

The words are not here but in ``desktop/views/texts.py``, one entry per kind.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from client_api.errors import (
    SIGN_IN_CODES,
    BrokenAnswer,
    ClientError,
    ErrorCode,
    Refused,
    Unreachable,
    UnreachableReason,
)

TroubleKind: TypeAlias = ErrorCode | UnreachableReason | Literal["broken_answer"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """One failure of a call to the service.

    Attributes:
        kind: which words to show; ``broken_answer`` when the answer made no sense.
        retry_after_s: how long the service asked to wait, where it did.
        reference: what support can find the failure by, small beside the words.
    """

    kind: TroubleKind
    retry_after_s: float | None = None
    reference: str | None = None

    @property
    def is_sign_in(self) -> bool:
        """True when the service does not know who asks: only a new sign-in helps."""
        return self.kind in SIGN_IN_CODES

    @property
    def is_connection(self) -> bool:
        """True when no answer came at all."""
        return isinstance(self.kind, UnreachableReason)


def trouble_of(error: ClientError) -> Trouble:
    """Return what a page shows for an error."""
    match error:
        case Refused():
            return Trouble(error.code, error.retry_after_s, error.problem.request_id)
        case Unreachable():
            return Trouble(error.reason, error.retry_after_s)
        case BrokenAnswer():
            return Trouble("broken_answer")
        case _:
            return Trouble(ErrorCode.UNKNOWN)
