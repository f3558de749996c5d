"""NOTICE names everything that is installed with either distribution, and what copyleft asks."""

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import pytest

ROOT = Path(__file__).resolve().parents[3]
DISTRIBUTIONS: Final = ("liftbay", "liftbay-backend")
# As a package's own words name them, and the word that must stand beside its name.
COPYLEFT: Final = {"LGPL": "LGPL", "MPL": "MPL", "MOZILLA": "MPL", "GPL": "GPL"}


def needed(distribution: str) -> set[str]:
    """Return every package of the lock that is installed with this one, on any system."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    packages: dict[str, list[dict[str, Any]]] = {}
    for package in lock["package"]:
        packages.setdefault(package["name"], []).append(package)
    found: set[tuple[str, str]] = set()
    waiting = [(distribution, "")]
    while waiting:
        name, extra = waiting.pop()
        for package in packages[name]:
            wanted = package.get("optional-dependencies", {}).get(extra, [])
            for one in [*wanted, *([] if extra else package.get("dependencies", []))]:
                new = {(one["name"], each) for each in ("", *one.get("extra", []))} - found
                found |= new
                waiting += new
    return {name for name, _ in found}


def named() -> set[str]:
    return set(re.findall(r"[a-z0-9][a-z0-9-]*[a-z0-9]", (ROOT / "NOTICE").read_text("utf-8")))


def entries() -> Iterator[str]:
    """Yield each library's line of NOTICE with the indented ones that belong to it."""
    text = (ROOT / "NOTICE").read_text("utf-8")
    yield from re.findall(r"^\S.*(?:\n[ ].*)*", text, re.MULTILINE)


def copyleft(name: str) -> str | None:
    """Return what a package's own metadata says; None for free ones and other systems' ones."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    words = [
        one.split("\n")[0]
        for key in ("License-Expression", "License", "Classifier")
        for one in told.get_all(key, [])
        if key != "Classifier" or one.startswith("License")
    ]
    text = " ".join(words).upper()
    return next((word for sign, word in COPYLEFT.items() if sign in text), None)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_everything_that_is_installed_with_it_is_named(distribution: str) -> None:
    wanted = needed(distribution)

    assert len(wanted) > 40
    assert wanted - named() == set()


def test_what_copyleft_asks_stands_beside_the_name() -> None:
    wanted = set().union(*(needed(one) for one in DISTRIBUTIONS))
    strict = {name: word for name in wanted if (word := copyleft(name)) is not None}

    assert {"certifi": "MPL", "psycopg": "LGPL", "shiboken6": "LGPL"}.items() <= strict.items()
    for name, word in strict.items():
        beside = [one for one in entries() if re.search(rf"(?<![\w-]){name}(?![\w-])", one)]
        assert any(word in one for one in beside), (name, word)
