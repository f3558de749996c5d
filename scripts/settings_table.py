"""Writes the table of settings: each name, its default, what it means.

python scripts/settings_table.py writes the table between the marks in docs/settings.md;
--check only says whether it is the same.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import AliasChoices, SecretStr
from pydantic.fields import FieldInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "backend")]

from liftbay_backend.settings import Settings  # noqa: E402  # the path to it comes first
from scripts.marked_table import put  # noqa: E402  # the path to it comes first

DOCUMENT = ROOT / "docs" / "settings.md"
BEGIN, END = "<!-- table -->", "<!-- end of the table -->"
BOUNDS = {"ge": "from", "gt": "above", "le": "to", "lt": "below"}


def table() -> str:
    """Return the table as Markdown."""
    rows = ["| name | default | |", "|---|---|---|"]
    return "\n".join([*rows, *_rows()])


def _rows() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        meaning = " ".join((field.description or "").split()).replace("``", "`")
        bounds = _bounds(field)
        secret = " Secret." if "SecretStr" in str(field.annotation) else ""
        yield f"| {_names(name, field)} | {_default(field)} | {meaning}{bounds}{secret} |"


def _names(name: str, field: FieldInfo) -> str:
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return " or ".join(f"`{one}`" for one in alias.choices)
    return f"`LIFTBAY_{name.upper()}`"


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if field.default_factory is not None:
        return "made at the start"
    if value is None or value == "":
        return "none"
    if isinstance(value, tuple):
        value = ",".join(str(one) for one in value)
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _bounds(field: FieldInfo) -> str:
    found = [
        f"{word} {getattr(one, name)}"
        for one in field.metadata
        for name, word in BOUNDS.items()
        if getattr(one, name, None) is not None
    ]
    return f" ({', '.join(found)})" if found else ""


def main() -> int:
    """Write the table, or compare it; 1 when they differ."""
    return put(DOCUMENT, BEGIN, END, table(), sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
