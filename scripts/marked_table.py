"""Puts what a script makes between two marks of a document, or compares it with what is there."""

from collections.abc import Sequence
from pathlib import Path


def put(document: Path, begin: str, end: str, made: str, arguments: Sequence[str]) -> int:
    """Write the text between the marks; with ``--check`` only compare it.

    Returns:
        The script's exit status: 1 when it was compared and differs.
    """
    text = document.read_text("utf-8")
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    whole = f"{before}{begin}\n{made}\n{end}{after}"
    if "--check" in arguments:
        return int(whole != text)
    document.write_text(whole, encoding="utf-8")
    return 0
