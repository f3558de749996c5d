"""What the framework calls for a route, and the function behind one of our `Annotated` names."""

from collections.abc import Callable, Iterator
from typing import Any, get_args

from fastapi.dependencies.models import Dependant


def dependency_of(alias: object) -> Callable[..., Any]:
    """Return the function of an alias such as `access.SignedIn`."""
    found: Callable[..., Any] = get_args(alias)[1].dependency
    return found


def calls_of(dependant: Dependant) -> frozenset[Callable[..., Any]]:
    """Return every function that the framework calls for a route before the route's own."""
    return frozenset(_walk(dependant))


def _walk(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    for one in dependant.dependencies:
        if one.call is not None:
            yield one.call
        yield from _walk(one)
