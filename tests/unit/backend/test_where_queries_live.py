"""Queries live in `repositories`, and a repository leaves the transaction to its caller.

import-linter sees a whole package as one; what is asked for here is finer.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

BACKEND = Path(__file__).resolve().parents[3] / "backend" / "liftbay_backend"
HOLD_QUERIES = ("db", "migrations", "repositories")
# What an error is called and how an address is read are no queries.
NO_QUERIES = {"sqlalchemy.URL", "sqlalchemy.exc", "sqlalchemy.make_url"}
ENDS_A_TRANSACTION = {"begin", "begin_nested", "commit", "rollback", "close"}
REPOSITORIES = sorted((BACKEND / "repositories").glob("*.py"))
OTHERS = sorted(
    path for path in BACKEND.rglob("*.py") if path.relative_to(BACKEND).parts[0] not in HOLD_QUERIES
)


def imported(path: Path) -> Iterator[str]:
    """Yield every imported name in full, also of imports inside functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{one.name}" for one in node.names)


def test_there_are_modules_to_look_at() -> None:
    assert len(REPOSITORIES) > 5
    assert len(OTHERS) > 50


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: str(path.relative_to(BACKEND)))
def test_nobody_else_writes_a_query(path: Path) -> None:
    """A query moves to the module of its aggregate in `repositories` (decision 0016)."""
    found = [
        name
        for name in imported(path)
        if name.split(".")[0] == "sqlalchemy"
        and not any(name == one or name.startswith(f"{one}.") for one in NO_QUERIES)
    ]

    assert found == []


@pytest.mark.parametrize("path", REPOSITORIES, ids=lambda path: path.stem)
def test_a_repository_knows_rows_and_rules_and_no_transaction(path: Path) -> None:
    rooms = {name.split(".")[1] for name in imported(path) if name.startswith("liftbay_backend.")}
    called = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }

    assert rooms <= {"db", "domain", "repositories"}
    assert called & ENDS_A_TRANSACTION == set()
