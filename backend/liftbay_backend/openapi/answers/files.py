"""Files that people share, and uploads on their way."""

from typing import Annotated

from pydantic import Field

from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.states import FileKind
from liftbay_backend.openapi.answers.base import Count, Moment, Shape, Uuid


class SharedFile(Shape):
    """A file that has arrived as a whole; `shared_at` is when."""

    id: Uuid
    session_id: Uuid
    kind: FileKind
    name: str
    type: str = Field(description="What its first bytes say.")
    bytes: Annotated[int, Field(ge=1)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    author: Side
    shared_at: Moment


class SharedFiles(Shape):
    """What both sides see, in the order of its arrival."""

    files: list[SharedFile]


class BegunFile(Shape):
    """An upload as its author sees it."""

    id: Uuid
    session_id: Uuid
    bytes: Annotated[int, Field(ge=1)]
    received_bytes: Count
    expires_at: Moment = Field(description="Forgotten then, unless something of it arrives.")
