"""Prints how often the checks are right, as a table.

python -m tests.accuracy.report all|blind|fresh|GROUP|MODULE [PART OF A CODE] [--write]

``--write`` puts the rows into the table of docs/preflight.md; those of other checks stay. The blind
sets and the fresh ones have tables of their own. A whole set that is written says when it was
counted, and of which commit.

Ends with 1 where a check is right in less than 99 % of its cases, or a healthy one was failed.
"""

import importlib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figures import commit
from preflight.verdicts.catalogue import CATALOGUE
from tests.accuracy.tally import Case, Row, tally

GROUPS: Mapping[str, Sequence[str]] = {
    "camera": ("camera",),
    "microphone": ("microphone",),
    "device": ("device", "plugged", "plugged_sound", "usb"),
    "speaker": ("speaker", "speaker_device", "speaker_state"),
    "screen": ("screen",),
    "person": ("person", "upright"),
    "network": (
        "network",
        "network_answer",
        "network_machine",
        "network_secure",
        "network_service",
        "network_wifi",
    ),
    "media": ("media", "media_drill", "media_own", "media_ramp", "media_relay"),
    "account": ("account",),
    "host": ("host_load", "host_power", "host_store"),
}
"""The modules of each group, without ``_cases``."""
MODULES = tuple(module for modules in GROUPS.values() for module in modules)
BLIND = (
    "blind_access",
    "blind_account",
    "blind_answer",
    "blind_battery",
    "blind_echo",
    "blind_film",
    "blind_flow",
    "blind_holder",
    "blind_infrared",
    "blind_lamp",
    "blind_level",
    "blind_light",
    "blind_line",
    "blind_load",
    "blind_pace",
    "blind_path",
    "blind_person",
    "blind_picture",
    "blind_plugged",
    "blind_power",
    "blind_pulled",
    "blind_ramp",
    "blind_reach",
    "blind_return",
    "blind_screen",
    "blind_service",
    "blind_sharp",
    "blind_sound",
    "blind_spectrum",
    "blind_start",
    "blind_stereo",
    "blind_store",
    "blind_trip",
    "blind_usb",
    "blind_voice",
    "blind_way",
    "blind_wifi",
)
"""Second sets, by people who had not seen the checks' code; likewise."""
FRESH = (
    "fresh_constant",
    "fresh_lamp",
    "fresh_light",
    "fresh_line",
    "fresh_picture",
    "fresh_voice",
)
"""Further scenes of checks whose rule was changed when cases of the first set had been seen."""
PAGE = Path(__file__).parents[2] / "docs" / "preflight.md"
_PLACES = ("accuracy", "misses")
"""Where the table and the misses stand in the page, between ``<!-- X -->`` and its end."""
_HEAD = (
    "| check | cases | right | told / ill | false alarms / healthy | neither | made in |",
    "|---|---|---|---|---|---|---|",
)
_CODE = re.compile(r"`([a-z_]+\.[a-z0-9_]+)`")
_AT_ONCE = 2
TARGET = 0.99
WHOLE = {"all": "accuracy", "blind": "blind", "fresh": "fresh"}
"""Words that name a whole set, and its place in the page."""


def cases_of(module: str) -> Iterable[Case]:
    """Return the cases of one of `MODULES`."""
    found: Iterable[Case] = importlib.import_module(f"tests.accuracy.{module}_cases").cases()
    return found


def line(row: Row, module: str) -> str:
    """Return a check's row of the table."""
    neither = row.cases - row.healthy - row.faulty
    return (
        f"| `{row.code}` | {row.cases} | {100 * row.right_share:.1f} % | {row.hits} / {row.faulty} "
        f"| {row.alarms} / {row.healthy} | {neither or '-'} | `{module}` |"
    )


def table(lines: Iterable[str]) -> str:
    """Return a Markdown table of such rows, in the order of the catalogue."""
    order = {row.code: number for number, row in enumerate(CATALOGUE)}
    return "\n".join((*_HEAD, *sorted(lines, key=lambda each: order[_code(each)])))


def misses(rows: Iterable[Row]) -> list[str]:
    """Return every wrong verdict as a line of a list."""
    return [f"- `{row.code}`: {name}" for row in rows for name in row.wrong]


def written(
    page: str, lines: Sequence[str], missed: Sequence[str], places: tuple[str, str] = _PLACES
) -> str:
    """Return the page with these rows and misses in the place of older ones of the same checks.

    Args:
        places: names of the table's place and of the misses'.
    """
    rows_at, misses_at = places
    codes = {_code(each) for each in lines}
    kept = [each for each in _between(page, rows_at) if _CODE.search(each)]
    kept = [each for each in kept if _code(each) not in codes]
    page = _put(page, rows_at, table([*kept, *lines]))
    old = [each for each in _between(page, misses_at) if each.startswith("- ")]
    old = [each for each in old if _code(each) not in codes]
    return _put(page, misses_at, "\n".join(sorted([*old, *missed])) or "None.")


def stamp(cases: int) -> str:
    """Say when and of which commit a whole set was counted."""
    return f"{cases:,} cases, counted on {datetime.now(UTC).date()} at commit {commit() or 'none'}."


def below_target(rows: Iterable[Row]) -> list[str]:
    """Name the checks that are right too seldom, and every healthy case that was failed."""
    told: list[str] = []
    for row in rows:
        if row.right_share < TARGET:
            told.append(f"{row.code}: right in {100 * row.right_share:.1f} % of {row.cases}")
        told += [f"{row.code} failed a healthy case: {name}" for name in row.failed_healthy]
    return told


def _code(text: str) -> str:
    found = _CODE.search(text)
    assert found is not None
    return found[1]


def _between(page: str, place: str) -> list[str]:
    begin, end = _marks(place)
    return page.split(begin)[1].split(end)[0].splitlines()


def _put(page: str, place: str, text: str) -> str:
    begin, end = _marks(place)
    before, _, rest = page.partition(begin)
    return f"{before}{begin}{text}\n{end}{rest.partition(end)[2]}"


def _marks(place: str) -> tuple[str, str]:
    return f"<!-- {place} -->\n", f"<!-- end of {place} -->\n"


def _counted(job: tuple[str, str]) -> tuple[str, list[Row]]:
    module, part = job
    rows = tally(case for case in cases_of(module) if part in case.code)
    return module, list(rows.values())


def _asked_for(word: str) -> Sequence[str]:
    whole = {"all": MODULES, "blind": BLIND, "fresh": FRESH, **GROUPS}
    return whole.get(word) or tuple(each for each in (*MODULES, *BLIND, *FRESH) if each == word)


def _places(module: str) -> tuple[str, str]:
    kind = next((name for name in ("blind", "fresh") if module.startswith(name)), None)
    return _PLACES if kind is None else (kind, f"{kind} misses")


def count(modules: Sequence[str], part: str) -> Iterator[tuple[str, list[Row]]]:
    """Count modules, two at a time; yield each as it is done."""
    if len(modules) == 1:
        yield _counted((modules[0], part))
        return
    with ProcessPoolExecutor(_AT_ONCE) as pool:
        yield from pool.map(_counted, [(module, part) for module in modules])


def main(arguments: list[str]) -> int:
    """Count what is asked for and print what came of it."""
    words = [each for each in arguments if each != "--write"]
    modules = _asked_for(words[0]) if words else ()
    if not modules:
        sys.stderr.write(
            f"usage: python -m tests.accuracy.report all|blind|fresh|{'|'.join(GROUPS)} "
            "[PART OF A CODE] [--write]\n"
            f"or one of the modules {' '.join((*MODULES, *BLIND, *FRESH))}\n"
        )
        return 2
    lines, missed, short = list[str](), list[str](), list[str]()
    row_cases: list[int] = []
    for module, rows in count(modules, words[1] if len(words) > 1 else ""):
        lines += [line(row, module) for row in rows]
        missed += misses(rows)
        short += below_target(rows)
        row_cases += [row.cases for row in rows]
        sys.stderr.write(f"{module}: {sum(row.cases for row in rows)} cases\n")
    sys.stdout.write(f"{table(lines)}\n\nMisses\n\n{chr(10).join(missed) or 'None.'}\n")
    if "--write" in arguments:
        page = written(PAGE.read_text("utf-8"), lines, missed, _places(modules[0]))
        if len(words) == 1 and words[0] in WHOLE:
            cases = sum(row_cases)
            page = _put(page, f"{WHOLE[words[0]]} counted", stamp(cases))
        PAGE.write_text(page, "utf-8")
    sys.stderr.writelines(f"below the target: {each}\n" for each in short)
    return 1 if short else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
