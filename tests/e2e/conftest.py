"""Tests that share one running call keep the order in which they are written."""

from collections.abc import Iterator

import pytest

from tests.e2e.house import House, open_house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One service with its people for a whole module."""
    with open_house(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Undo the random order inside each end-to-end module, where it is of no use.

    The last test of a module may end the call that the others need.
    """
    places = [at for at, item in enumerate(items) if item.get_closest_marker("e2e")]
    modules: dict[str, list[pytest.Item]] = {}
    for at in places:
        modules.setdefault(items[at].nodeid.split("::")[0], []).append(items[at])
    ordered = [item for group in modules.values() for item in sorted(group, key=_line)]
    for at, item in zip(places, ordered, strict=True):
        items[at] = item


def _line(item: pytest.Item) -> int:
    return item.location[1] or 0
