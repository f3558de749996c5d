"""A test that asserts nothing passes whatever breaks; this finds it before a person does."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parent
# What fails by itself when something does not come or does not happen.
JUDGES = {"raises", "fail", "waitUntil", "waitSignal", "waitExposed"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST) -> Iterator[Function]:
    """Yield every function and method, however deep."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def called(function: Function) -> set[str]:
    """Return the bare names of what a function calls."""
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {each.id for each in calls if isinstance(each, ast.Name)} | {
        each.attr for each in calls if isinstance(each, ast.Attribute)
    }


def judges(function: Function) -> bool:
    """True when the function itself can fail on what it sees."""
    says = any(isinstance(node, ast.Assert | ast.Raise) for node in ast.walk(function))
    return says or bool(called(function) & JUDGES)


def judging_names(trees: list[ast.AST]) -> set[str]:
    """Return the functions that judge, or call one that does, by their bare names."""
    every = [function for tree in trees for function in functions(tree)]
    known = {function.name for function in every if judges(function)}
    while more := {each.name for each in every if called(each) & known} - known:
        known |= more
    return known


def toothless(tree: ast.AST, judging: set[str]) -> list[str]:
    """Return the tests of a module that cannot fail on what they see."""
    return [
        each.name
        for each in functions(tree)
        if each.name.startswith("test_") and not judges(each) and not called(each) & judging
    ]


def test_every_test_asserts_something() -> None:
    trees = {path: ast.parse(path.read_text()) for path in sorted(TESTS.rglob("*.py"))}
    judging = judging_names(list(trees.values()))

    found = [
        f"{path.relative_to(TESTS).as_posix()}: {name}"
        for path, tree in trees.items()
        for name in toothless(tree, judging)
    ]

    assert found == []


def test_a_test_that_asserts_nothing_is_found() -> None:
    tree = ast.parse(
        """
def test_that_only_calls(): start()
def test_that_asserts(): assert start()
def test_that_expects_an_error():
    with pytest.raises(ValueError): start()
def test_that_asks_a_helper(): check_twice(start())
def check_twice(value): check(value)
def check(value): assert value
"""
    )

    assert toothless(tree, judging_names([tree])) == ["test_that_only_calls"]
