"""Ranges of a download (RFC 9110, section 14): one range, or the whole file."""

import re
from dataclasses import dataclass
from typing import Final

from liftbay_backend.problems import ErrorCode, Problem

_ONE: Final = re.compile(r"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes `first` to `last` of a file, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.last - self.first + 1


def read_range(header: str | None, length: int) -> Stretch | None:
    """Return the bytes that a Range header asks for; None asks for all of them.

    Several ranges at once and other units are not understood, which the RFC allows: all it is.

    Args:
        length: of the file, at least 1.

    Raises:
        Problem: FILE_RANGE_UNSATISFIABLE, with the length in Content-Range.
    """
    asked = None if header is None else _ONE.fullmatch(header.strip())
    if asked is None:
        return None
    first, last = asked[1], asked[2]
    if first:
        begin, end = int(first), int(last) if last else length - 1
        if last and end < begin:
            # No range at all by the RFC's grammar, and so as if it were not there.
            return None
    elif last:
        begin, end = max(0, length - int(last)), length - 1
        if int(last) == 0:
            begin = length
    else:
        return None
    if begin >= length:
        raise Problem(
            ErrorCode.FILE_RANGE_UNSATISFIABLE,
            f"The file has {length} bytes.",
            headers={"Content-Range": f"bytes */{length}"},
        )
    return Stretch(begin, min(end, length - 1))
