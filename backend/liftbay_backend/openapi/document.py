"""The OpenAPI document: requests as the framework knows them, answers as the table says.

Contract: every route has its row in `table.ROWS`; every answer the tests see is checked against
this document (tests/fakes/described.py).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from liftbay_backend.admission import ALWAYS
from liftbay_backend.dependencies import calls_of
from liftbay_backend.openapi.derived import (
    SECURITY_SCHEMES,
    derived_proofs,
    derived_refusals,
)
from liftbay_backend.openapi.examples import request_example, response_example, stream_example
from liftbay_backend.openapi.refusals import (
    Problem,
    SupabaseFault,
    fault_content,
    problem_content,
    problem_examples,
    title_of,
)
from liftbay_backend.openapi.rows import REQUEST_ID, RETRY_AFTER, Answer, Row, Schema
from liftbay_backend.openapi.table import EVENT_STREAM, ROWS
from liftbay_backend.problems import ErrorCode

_REF: Final = "#/components/schemas/{model}"
_EVERYWHERE: Final = (ErrorCode.HTTP_TOO_LARGE, ErrorCode.SERVER_FAULT)
_STREAM: Final = (
    "Server-sent events with ids, resumable. The first frame is an id without event and data: "
    "the number from which on this stream tells."
)
_WAITING_HELPS: Final = frozenset({409, 429, 503})
_FRAMEWORKS_OWN: Final = ("HTTPValidationError", "ValidationError")
# These are named by security schemes and media types; OpenAPI ignores them as parameters.
_NO_PARAMETERS: Final = frozenset({"authorization", "accept", "content-type", "stripe-signature"})


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the document of an app whose routes are all there.

    Raises:
        LookupError: a route has no row, or a row no route.
    """
    document = get_openapi(
        title=app.title,
        version=app.version,
        routes=app.routes,
        description="Refusals are application/problem+json with a stable code. Any path may "
        "answer 405 http.method_not_allowed, any other address 404 http.not_found.",
    )
    routes = dict(_routes(app))
    if routes.keys() != ROWS.keys():
        raise LookupError(f"without a row or a route: {sorted(routes.keys() ^ ROWS.keys())}")
    shapes: set[type[BaseModel]] = {Problem, SupabaseFault}
    for (method, path), calls in routes.items():
        row = ROWS[method, path]
        shapes |= set(_shapes(row))
        operation = document["paths"][path][method.lower()]
        _complete(operation, method, row, calls, can_be_busy=path not in ALWAYS)
    _add_links(document["paths"])
    components = document["components"]
    _add_schemas(components["schemas"], shapes)
    components["securitySchemes"] = SECURITY_SCHEMES
    components["examples"] = problem_examples()
    components["headers"] = {
        name: {"description": text, "schema": {"type": "string"}}
        for name, text in (REQUEST_ID | RETRY_AFTER).items()
    }
    return document


def _routes(app: FastAPI) -> Iterator[tuple[tuple[str, str], frozenset[Callable[..., Any]]]]:
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                yield (method, route.path_format or ""), calls_of(route.dependant)


def _complete(
    operation: dict[str, Any],
    method: str,
    row: Row,
    calls: frozenset[Callable[..., Any]],
    *,
    can_be_busy: bool,
) -> None:
    operation["parameters"] = [
        _exact(one, row)
        for one in operation.get("parameters", [])
        if one["name"].lower() not in _NO_PARAMETERS
    ]
    if row.body is not None:
        content = {kind: {"schema": _schema(shape)} for kind, shape in row.body.items()}
        operation["requestBody"] = {"required": row.body_is_needed, "content": content}
    if row.body_examples:
        (content,) = operation["requestBody"]["content"].values()
        content["examples"] = {one: {"value": request_example(one)} for one in row.body_examples}
    proofs = derived_proofs(method, calls) if row.proofs is None else row.proofs
    operation["security"] = list(proofs)
    refusals = [*row.refuses, *derived_refusals(method, calls), *_EVERYWHERE]
    if row.uses_database or can_be_busy:
        refusals.append(ErrorCode.SERVER_UNAVAILABLE)
    if _can_be_invalid(operation):
        refusals.append(ErrorCode.REQUEST_INVALID)
    # Only now: what such a header is refused with is the route's own affair.
    operation["parameters"] += row.headers
    responses = {str(one.status): _answer(one) for one in row.answers}
    for status, answer in _refusals(row, refusals):
        if method == "HEAD":
            # HTTP sends it without a body, and so without its code.
            del answer["content"]
        responses[str(status)] = answer
    operation["responses"] = dict(sorted(responses.items()))


def _exact(parameter: dict[str, Any], row: Row) -> dict[str, Any]:
    """Take null away, which a header or query cannot carry, and say what the use case needs."""
    schema = dict(parameter["schema"])
    kinds = [one for one in schema.pop("anyOf", []) if one != {"type": "null"}]
    if len(kinds) == 1:
        schema |= kinds[0]
    elif kinds:
        schema["anyOf"] = kinds
    required = parameter.get("required", False) or parameter["name"].lower() in row.needs
    return {**parameter, "schema": schema, "required": required}


def _add_links(paths: Mapping[str, Any]) -> None:
    """Say where the ids of an answer lead: to every route with such a parameter in its path."""
    for (method, path), row in ROWS.items():
        for answer in row.answers:
            links = {
                operation["operationId"]: {
                    "operationId": operation["operationId"],
                    "parameters": {name: f"$response.body#{pointer}"},
                }
                for name, pointer in answer.leads_to.items()
                for other, operations in paths.items()
                if f"{{{name}}}" in other
                for operation in operations.values()
            }
            if links:
                said = paths[path][method.lower()]["responses"][str(answer.status)]
                said["links"] = links


def _can_be_invalid(operation: Mapping[str, Any]) -> bool:
    """Tell whether the framework can refuse the input; a plain text in the path is never wrong."""
    plain = {"type": "string"}
    fixed = [
        {name: value for name, value in one["schema"].items() if name != "title"} != plain
        for one in operation["parameters"]
    ]
    return "requestBody" in operation or any(fixed)


def _refusals(row: Row, codes: list[ErrorCode]) -> Iterator[tuple[int, dict[str, Any]]]:
    problems, faults = defaultdict(set), defaultdict(set)
    for code in codes:
        problems[code.status].add(code)
    for fault in row.faults:
        faults[fault.status].add(fault)
    for status in sorted({*problems, *faults}):
        content: dict[str, Any] = {}
        if status in problems:
            content |= problem_content(status, problems[status])
        if status in faults:
            content |= fault_content(faults[status])
        headers = RETRY_AFTER if status in _WAITING_HELPS else {}
        yield (
            status,
            {
                "description": title_of(status),
                "headers": _headers(headers),
                "content": content,
            },
        )


def _answer(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = {
        "description": title_of(answer.status),
        "headers": _headers(answer.headers),
    }
    content: dict[str, Any] = {}
    for kind, shape in answer.content.items():
        if kind == EVENT_STREAM:
            content[kind] = _stream(shape, answer.examples)
            continue
        content[kind] = {"schema": _schema(shape)}
        if isinstance(shape, type) and answer.examples:
            shown = {one: {"value": response_example(one)} for one in answer.examples}
            content[kind]["examples"] = shown
    if content:
        found["content"] = content
    return found


def _stream(kinds: Any, examples: tuple[str, ...]) -> dict[str, Any]:
    return {
        "schema": {"type": "string", "description": _STREAM},
        "examples": {one: {"value": stream_example(one)} for one in examples},
        # OpenAPI 3.1 cannot type the items of a stream; 3.2 will (itemSchema).
        "x-liftbay-events": {kind: _schema(shape) for kind, shape in kinds.items()},
    }


def _headers(given: Mapping[str, str]) -> dict[str, Any]:
    shared = REQUEST_ID | RETRY_AFTER
    return {
        name: {"$ref": f"#/components/headers/{name}"}
        if name in shared
        else {"description": text, "schema": {"type": "string"}}
        for name, text in (REQUEST_ID | dict(given)).items()
    }


def _schema(shape: Any) -> Schema:
    if isinstance(shape, tuple):
        return {"oneOf": [_schema(one) for one in shape]}
    if isinstance(shape, type):
        return {"$ref": _REF.format(model=shape.__name__)}
    found: Schema = shape
    return found


def _shapes(row: Row) -> Iterator[type[BaseModel]]:
    for answer in row.answers:
        for kind, shape in answer.content.items():
            if kind == EVENT_STREAM and isinstance(shape, dict):
                yield from shape.values()
            elif isinstance(shape, type):
                yield shape
    for body in (row.body or {}).values():
        yield from body if isinstance(body, tuple) else [body] if isinstance(body, type) else []


def _add_schemas(schemas: dict[str, Any], shapes: set[type[BaseModel]]) -> None:
    """Add the shapes and all they hold, beside the framework's request bodies.

    Raises:
        ValueError: two different things have one name.
    """
    ordered = sorted(shapes, key=lambda one: one.__name__)
    _, found = models_json_schema([(one, "validation") for one in ordered], ref_template=_REF)
    for name in _FRAMEWORKS_OWN:
        schemas.pop(name, None)
    for name, schema in found["$defs"].items():
        if schemas.get(name, schema) != schema:
            raise ValueError(f"two different schemas are named {name}")
        schemas[name] = schema
    for refusal in (Problem, SupabaseFault):
        for member in schemas[refusal.__name__]["properties"].values():
            # What is not there has no value; the default is for our own code alone.
            member.pop("default", None)
