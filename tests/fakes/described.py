"""Every answer that a test sees, held against the service's own OpenAPI document.

The document cannot drift from the code: an answer with a status, a content type, a code or a field
that it does not name fails the test that asked.
"""

import json
import re
from functools import cache
from typing import Any, Final

import httpx
import jsonschema_rs
from fastapi import FastAPI

from liftbay_backend.problems import MEDIA_TYPE

_OUTSIDE: Final = frozenset({"/metrics", "/openapi.json"})
"""Served and not described, on purpose."""
_PARAMETER: Final = re.compile(r"\\\{[^/]+?\\\}")


class NotAsDescribed(AssertionError):
    """The service answered what its OpenAPI document does not say."""


class Description:
    """A document, ready to judge answers."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._templates = [
            (re.compile(_PARAMETER.sub("[^/]+", re.escape(path))), path)
            # What is spelled out comes before what has a parameter in its place.
            for path in sorted(document["paths"], key=lambda path: (path.count("{"), path))
        ]

    def check(self, response: httpx.Response) -> None:
        """Judge an answer whose body was read.

        Raises:
            NotAsDescribed: says what of it the document does not name.
        """
        path = response.request.url.path
        if path in _OUTSIDE:
            return
        template = self._template(path)
        if template is None:
            self._check_elsewhere(response, "http.not_found")
            return
        operation = self.document["paths"][template].get(response.request.method.lower())
        if operation is None:
            self._check_elsewhere(response, "http.method_not_allowed")
            return
        place = f"{response.request.method} {template} {response.status_code}"
        described = operation["responses"].get(str(response.status_code))
        if described is None:
            raise NotAsDescribed(f"{place}: the status is not described: {_begin(response)}")
        kind = response.headers.get("content-type", "").partition(";")[0]
        content = described.get("content", {})
        if not content:
            if response.content:
                raise NotAsDescribed(f"{place}: a body is not described: {_begin(response)}")
            return
        if kind not in content:
            raise NotAsDescribed(f"{place}: {kind or 'no content type'} is not described")
        if kind.endswith("json"):
            self._check_json(place, content[kind]["schema"], response.json())

    def check_event(self, path: str, kind: str, data: Any) -> None:
        """Judge the data of one event of a stream.

        Raises:
            NotAsDescribed: says what of it the document does not name.
        """
        answer = self.document["paths"][path]["get"]["responses"]["200"]
        kinds = answer["content"]["text/event-stream"]["x-liftbay-events"]
        if kind not in kinds:
            raise NotAsDescribed(f"{path}: events of kind {kind} are not described")
        self._check_json(f"{path}: {kind}", kinds[kind], data)

    def check_value(self, place: str, schema: dict[str, Any], value: Any) -> None:
        """Judge any value by a schema of this document.

        Raises:
            NotAsDescribed: says what differs.
        """
        self._check_json(place, schema, value)

    def _template(self, path: str) -> str | None:
        return next((name for known, name in self._templates if known.fullmatch(path)), None)

    def _check_elsewhere(self, response: httpx.Response, code: str) -> None:
        place = f"{response.request.method} {response.request.url.path} {response.status_code}"
        kind = response.headers.get("content-type", "").partition(";")[0]
        if kind != MEDIA_TYPE:
            raise NotAsDescribed(f"{place}: no route, and yet {kind}")
        if response.request.method == "HEAD":
            return
        problem = {"$ref": "#/components/schemas/Problem"}
        codes = {"properties": {"code": {"enum": [code, "http.too_large"]}}}
        self._check_json(place, {"allOf": [problem, codes]}, response.json())

    def _check_json(self, place: str, schema: dict[str, Any], value: Any) -> None:
        validator = self._validator(json.dumps(schema, sort_keys=True))
        faults = [
            f"{'/'.join(map(str, one.instance_path)) or 'the body'}: {one.message}"
            for one in validator.iter_errors(value)
        ]
        if faults:
            raise NotAsDescribed(f"{place}: {'; '.join(faults[:5])}")

    @cache  # noqa: B019  # there is one description a process
    def _validator(self, schema: str) -> jsonschema_rs.Draft202012Validator:
        whole = {**json.loads(schema), "components": self.document["components"]}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


_descriptions: dict[str, Description] = {}


def description_of(app: FastAPI) -> Description:
    """Return the app's description; it depends on no setting, so it is made once a process."""
    if app.title not in _descriptions:
        _descriptions[app.title] = Description(app.openapi())
    return _descriptions[app.title]


def _begin(response: httpx.Response) -> str:
    return response.text[:300]
