"""Old is what the numbers say, and nothing else."""

from __future__ import annotations

from importlib import metadata

import pytest

from client_api import version
from client_api.version import installed_version, is_older


@pytest.mark.parametrize(
    ("ours", "minimum", "older"),
    [
        ("0.1.0", "0.1.0", False),
        ("0.1.0", "0.1", False),
        ("0.1", "0.1.0", False),
        ("0.9.12", "0.10.0", True),
        ("0.10.0", "0.9.12", False),
        ("1.0.0", "0.99.99", False),
        ("0.1.0", "1.0.0", True),
        ("1.2.0rc1", "1.2.0", False),
        ("1.2.0.dev3+gabc", "1.2.0", False),
        ("1.1.9+local.7", "1.2.0", True),
        ("v1.2.0", "1.2.1", True),
        ("0.1.0", "", False),
        ("0.1.0", "any", False),
    ],
)
def test_numbers_are_compared_as_numbers(ours: str, minimum: str, older: bool) -> None:
    assert is_older(ours, minimum) is older


def test_the_installed_version_is_that_of_the_distribution() -> None:
    assert installed_version() == metadata.version("liftbay")


def test_a_tree_that_was_never_installed_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "DISTRIBUTION", "liftbay-that-was-never-installed")

    assert installed_version() is None
