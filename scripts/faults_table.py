"""Writes the table of the last whole run of `make faults` from its record.

python scripts/faults_table.py writes the table between the marks in docs/testing.md;
--check only says whether it is the same.
"""

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.marked_table import put  # noqa: E402  # the path to it comes first

RECORD = ROOT / "benchmarks" / "results" / "faults.json"
DOCUMENT = ROOT / "docs" / "testing.md"
BEGIN, END = "<!-- faults -->", "<!-- end of faults -->"
NONE_KEPT = "No run is kept yet."
MANY_SEEDS = 3


def table(record: dict[str, Any]) -> str:
    """Return a run as Markdown: a sentence, and a row for each file of tests."""
    tests = record["tests"]
    files: dict[str, list[dict[str, Any]]] = {}
    for name in sorted(tests):
        files.setdefault(name.partition("::")[0], []).append(tests[name])
    rows = ["| file | passed | minutes | seeds |", "|---|---:|---:|---|"]
    rows += [_row(name, every) for name, every in files.items()]
    return "\n".join([_sentence(record), "", *rows])


def _sentence(record: dict[str, Any]) -> str:
    tests = record["tests"].values()
    passed = sum(one["outcome"] == "passed" for one in tests)
    told = [f"{passed} of {record['chosen']} passed"]
    for outcome in ("failed", "skipped", "running"):
        count = sum(one["outcome"] == outcome for one in tests)
        told += [f"{count} {outcome}"] * bool(count)
    if not record["finished"]:
        told.append("then broken off")
    day, commit = record["begun_at"][:10], record["commit"] or "no commit"
    machine, minutes = record["machine"], record["seconds"] / 60
    set_ = [f"`{name}={value}`" for name, value in record["settings"].items() if value is not None]
    with_ = f" with {', '.join(set_)}" if set_ else ""
    return (
        f"{day}, commit {commit}{with_}: **{', '.join(told)}** in {minutes:.1f} minutes on "
        f"{machine['cores']} cores (load before {machine['load_1_min']})."
    )


def _row(name: str, tests: list[dict[str, Any]]) -> str:
    passed = sum(one["outcome"] == "passed" for one in tests)
    count = f"{passed} of {len(tests)}"
    seeds = [seed for one in tests for seed in one["seeds"]]
    told = "; ".join(seeds[:MANY_SEEDS]) + (" …" if len(seeds) > MANY_SEEDS else "")
    minutes = sum(one["seconds"] for one in tests) / 60
    shown = count if passed == len(tests) else f"**{count}**"
    return f"| `{name}` | {shown} | {minutes:.1f} | {told} |"


def main() -> int:
    """Write the table, or compare it; 1 when they differ."""
    kept = table(json.loads(RECORD.read_text("utf-8"))) if RECORD.exists() else NONE_KEPT
    return put(DOCUMENT, BEGIN, END, kept, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
