"""Writes the catalogue as built: each check, the file that measures it, tests that name it.

python scripts/preflight_table.py writes the table between the marks in docs/preflight.md;
--check only says whether it is the same.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from preflight.catalogue import CATALOGUE  # noqa: E402  # the path to it comes first
from preflight.remedies import WORDS  # noqa: E402  # the path to it comes first
from preflight.rules import CheckRow  # noqa: E402  # the path to it comes first

DOCUMENT = ROOT / "docs" / "preflight.md"
BEGIN, END = "<!-- table -->", "<!-- end of the table -->"
_TESTS_SHOWN = 3


def table() -> str:
    """Return the table in Markdown, one row for each check that is measured."""
    lines = [
        "| No. | code | | measured in | tests that name it |",
        "|---|---|---|---|---|",
    ]
    tests = {path: path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py"))}
    lines += [_line(row, tests) for row in CATALOGUE if row.code in WORDS]
    return "\n".join(lines)


def _line(row: CheckRow, tests: dict[Path, str]) -> str:
    name = re.compile(rf"[\"']{re.escape(row.code)}[\"']")
    measured = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "preflight" / "checks").glob("*.py"))
        if name.search(path.read_text("utf-8"))
    ]
    file = next((path for path in measured if row.code.split(".")[1] in path), measured[0])
    naming = sorted(
        (path for path, text in tests.items() if name.search(text)),
        key=lambda path: -len(name.findall(tests[path])),
    )
    shown = ", ".join(f"`{path.name}`" for path in naming[:_TESTS_SHOWN]) or "none"
    kind = "gate" if row.gating else "advice"
    return f"| {row.no} | `{row.code}` | {kind} | `{file}` | {shown} |"


def main(arguments: list[str]) -> int:
    """Write the table, or compare it; 1 when it differs."""
    text = DOCUMENT.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    made = f"{before}{BEGIN}\n{table()}\n{END}{after}"
    if arguments == ["--check"]:
        return int(made != text)
    DOCUMENT.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
