"""Writes the catalogue as built: each check, the file that measures it, the tests that show it.

python scripts/preflight_table.py writes the table between the marks in docs/preflight.md;
--check only says whether it is the same. Tests say by their marks what they show
(tests/check_cases.py).
"""

import contextlib
import io
import re
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from preflight.verdicts.catalogue import CATALOGUE  # noqa: E402  # the path to it comes first
from preflight.verdicts.remedies import WORDS  # noqa: E402  # the path to it comes first
from preflight.verdicts.rules import CheckRow  # noqa: E402  # the path to it comes first
from scripts.marked_table import put  # noqa: E402  # the path to it comes first
from tests.check_cases import KINDS, MARK  # noqa: E402  # the path to it comes first

DOCUMENT = ROOT / "docs" / "preflight.md"
BEGIN, END = "<!-- table -->", "<!-- end of the table -->"
Shown = Mapping[tuple[str, str], list[str]]


class _Collector:
    """A pytest plugin that notes the marked tests."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], list[str]] = defaultdict(list)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            for mark in item.iter_markers(MARK):
                code, kind = mark.args
                name = item.path.name
                if name not in self.found[code, kind]:
                    self.found[code, kind].append(name)


def shown() -> Shown:
    """Return the files with the marked tests, by code and kind."""
    collector = _Collector()
    quiet = ["--collect-only", "-q", "-m", MARK, "-p", "no:cacheprovider", "-p", "no:randomly"]
    # Reading all tests takes a minute; those that mark something import the marks.
    marking = [
        str(path)
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if "tests.check_cases" in path.read_text("utf-8")
    ]
    if not marking:
        return {}
    with contextlib.redirect_stdout(io.StringIO()) as told:
        status = pytest.main([*quiet, *marking], plugins=[collector])
    if status is not pytest.ExitCode.OK:
        raise SystemExit(told.getvalue())
    return collector.found


def table(tests: Shown) -> str:
    """Return the table in Markdown, one row for each check that is measured."""
    lines = [
        f"| No. | code | | measured in | {' | '.join(KINDS)} |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [_line(row, tests) for row in CATALOGUE if row.code in WORDS]
    return "\n".join(lines)


def _line(row: CheckRow, tests: Shown) -> str:
    kind = "gate" if row.gating else "advice"
    cells = [", ".join(f"`{name}`" for name in tests.get((row.code, each), [])) for each in KINDS]
    return f"| {row.no} | `{row.code}` | {kind} | `{_file(row)}` | {' | '.join(cells)} |"


def _file(row: CheckRow) -> str:
    name = re.compile(rf"[\"']{re.escape(row.code)}[\"']")
    folder = ROOT / "preflight" / "checks"
    naming = [path for path in sorted(folder.rglob("*.py")) if name.search(path.read_text("utf-8"))]
    if not naming:
        raise SystemExit(f"no file of preflight/checks names {row.code}")
    own = (path for path in naming if path.stem == row.code.split(".")[1])
    return next(own, naming[0]).relative_to(ROOT).as_posix()


def main(arguments: list[str]) -> int:
    """Write the table, or compare it; 1 when it differs."""
    return put(DOCUMENT, BEGIN, END, table(shown()), arguments)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
