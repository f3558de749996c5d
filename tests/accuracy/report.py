"""Prints how often the checks of a group are right, as a table.

python -m tests.accuracy.report camera [PART OF A CODE]
"""

import importlib
import sys
from collections.abc import Iterable, Mapping

from tests.accuracy.tally import Case, Row, tally


def cases_of(group: str) -> Iterable[Case]:
    """Return the cases of ``camera`` or ``microphone``."""
    found: Iterable[Case] = importlib.import_module(f"tests.accuracy.{group}_cases").cases()
    return found


def table(rows: Mapping[str, Row]) -> str:
    """Return a Markdown table: how many cases, how many right, which kinds of mistakes."""
    lines = [
        "| check | cases | right | told / faulty | false alarms / healthy |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{row.code}` | {row.cases} | {100 * row.right_share:.1f} % "
        f"| {row.hits} / {row.faulty} | {row.alarms} / {row.healthy} |"
        for row in rows.values()
    ]
    return "\n".join(lines)


def misses(rows: Mapping[str, Row]) -> str:
    """Return every wrong verdict as a line of a list."""
    told = [f"- `{row.code}`: {name}" for row in rows.values() for name in row.wrong]
    return "\n".join(told or ["None."])


def main(arguments: list[str]) -> int:
    """Run all cases of a group and print what came of them."""
    if not arguments or arguments[0] not in ("camera", "microphone"):
        sys.stderr.write("usage: python -m tests.accuracy.report camera|microphone [CODE]\n")
        return 2
    part = arguments[1] if len(arguments) > 1 else ""
    rows = tally(case for case in cases_of(arguments[0]) if part in case.code)
    sys.stdout.write(f"{table(rows)}\n\nMisses\n\n{misses(rows)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
