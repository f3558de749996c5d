"""Every dependency of a route is asynchronous: a plain one is called in a thread, each time."""

import inspect
from collections.abc import Iterator
from pathlib import Path

from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from liftbay_backend.app import create_app
from liftbay_backend.settings import Settings


def all_of(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for inner in dependant.dependencies:
        yield from all_of(inner)


def test_no_request_costs_a_thread(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    routes = [
        one.route for one in iter_route_contexts(app.routes) if hasattr(one.route, "dependant")
    ]
    calls = {one.call for route in routes for one in all_of(route.dependant)}

    assert len(calls) > 40
    assert [call for call in calls if not inspect.iscoroutinefunction(call)] == []
