"""`make audit` says what is wrong, and never calls a question that was not answered a clean one."""

from pathlib import Path
from typing import Any

import pytest

from scripts.audit import (
    EXCEPTIONS,
    FOUND,
    GO_PROGRAMS,
    NOT_ASKED,
    Part,
    complaint,
    go_parts,
    judge,
    npm_parts,
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "licence", "is_good"),
    [
        ("a", "MIT", True),
        ("a", "ISC License (ISCL)", True),
        ("a", "(Apache-2.0 AND BSD-3-Clause)", True),
        ("a", "Apache-2.0 OR GPL-3.0-only", True),
        ("a", "DFSG approved; MIT License", True),
        ("a", "MIT AND GPL-3.0-only", False),
        ("a", "MIT License; GNU General Public License v3 (GPLv3)", False),
        ("a", "UNKNOWN", False),
        ("a", "", False),
        ("a", "LGPL-3.0-only", False),
        ("psycopg", "LGPL-3.0-only", True),
        ("PySide6_Addons", "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", True),
        ("psycopg", "GPL-3.0-only", False),
        ("certifi", "Mozilla Public License 2.0 (MPL 2.0)", True),
    ],
)
def test_a_licence_is_allowed_or_an_exception_or_named(
    name: str, licence: str, is_good: bool
) -> None:
    line = complaint(Part("PyPI", name, "1.0", licence))

    assert (line is None) is is_good
    assert is_good or f"{name} 1.0" in str(line)


def test_every_exception_has_a_reason() -> None:
    assert all(len(reason) > 5 for _, reason in EXCEPTIONS.values())


def test_npm_packages_and_go_programs_are_known_and_in_the_notice() -> None:
    notice = (ROOT / "NOTICE").read_text("utf-8")
    found = [*npm_parts(), *go_parts()]

    assert [line for part in found if (line := complaint(part)) is not None] == []
    assert {part.name for part in found if part.source == "Go"} == set(GO_PROGRAMS)
    assert [name for name in GO_PROGRAMS if name.rpartition("/")[2] not in notice] == []


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ({"vulns": []}, 0, "no known weakness in 2 packages"),
        ({"skip_reason": "not found"}, NOT_ASKED, "1 could not be asked about"),
        (
            {"vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]},
            FOUND,
            "a 1.0: PYSEC-1, mended in 1.1",
        ),
    ],
)
def test_what_was_not_asked_is_not_clean(
    capsys: pytest.CaptureFixture[str], answer: dict[str, Any], status: int, said: str
) -> None:
    good = {"name": "b", "version": "2.0", "vulns": []}

    assert judge([good, {"name": "a", "version": "1.0", **answer}]) == status

    assert said in capsys.readouterr().out
