"""Which version this client is, and whether a service still takes it.

Must not import anything of the project.
"""

from __future__ import annotations

import re
from importlib import metadata

DISTRIBUTION = "liftbay"
_NUMBER = re.compile(r"\d+")


def installed_version() -> str | None:
    """Return the installed version; None in a source tree that was never installed."""
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return None


def is_older(version: str, minimum: str) -> bool:
    """Say whether ``version`` comes before ``minimum``, by the numbers of their releases.

    What follows the numbers (``rc1``, ``.dev3+local``) does not count: a candidate of the
    minimum is taken. A minimum without a number asks for nothing.
    """
    return _release(version) < _release(minimum)


def _release(text: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for part in text.strip().removeprefix("v").split("."):
        found = _NUMBER.match(part)
        if found is None:
            break
        numbers.append(int(found.group()))
        if found.end() < len(part):
            break
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
