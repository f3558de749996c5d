"""Refusals as the description shows them: one Problem, and per route and status its codes."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final, Literal

from pydantic import Field

from liftbay_backend.openapi.answers.base import Shape
from liftbay_backend.openapi.examples import response_example
from liftbay_backend.problems import MEDIA_TYPE, ErrorCode
from liftbay_backend.services.sign_in import AuthFault

_EXAMPLE_ID: Final = "req-1"
_TUS_CHECKSUM: Final = 460
_FROM_CONTRACT: Final = {ErrorCode.PREFLIGHT_REQUIRED.code: "problem"}


class InvalidPlace(Shape):
    """Where a body, query or header does not keep to the contract."""

    at: str = Field(description="Its place, with dots; never its value.")
    kind: str


class Problem(Shape):
    """A refusal: application/problem+json with a stable code.

    What stands after `request_id` comes with some codes alone.
    """

    type: Literal["about:blank"]
    code: str = Field(description="Stable; a client takes one it does not know for a refusal.")
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    request_id: str | None
    reason: str = Field(
        default="",
        description="preflight.required, rate.limited, file.limit_reached, "
        "diagnostic.bundle_refused; server.unavailable: busy, stopping, database",
    )
    blocking: list[str] = Field(default=[], description="preflight.*: codes of checks")
    missing: list[str] = Field(default=[], description="preflight.incomplete: codes of checks")
    errors: list[InvalidPlace] = Field(default=[], description="request.invalid")
    current: str = Field(default="", description="session.illegal_transition, request.closed")
    requested: str = Field(default="", description="session.illegal_transition, request.closed")
    version: int = Field(default=0, description="notes.version_conflict: the newest one")
    limit: int = Field(default=0, description="rate.limited, file.limit_reached: how many at most")
    left_cents: int = Field(default=0, description="refund.too_much: what is left to give back")
    max_bytes: int = Field(default=0, description="file.too_large")
    offset: int = Field(
        default=0,
        description="file.offset_conflict, file.checksum_mismatch, file.incomplete: of the next "
        "byte",
    )
    claimed: str | None = Field(default=None, description="file.type_refused: what it is called")
    found: str | None = Field(default=None, description="file.type_refused: what its bytes say")
    allowed: list[str] = Field(default=[], description="file.type_refused: what would do")


class SupabaseFault(Shape):
    """A refusal under /auth/v1, in Supabase Auth's own shape."""

    code: str
    message: str
    weak_password: dict[str, list[str]] = Field(default={}, description="weak_password")


def problem_content(status: int, codes: Iterable[ErrorCode]) -> dict[str, Any]:
    """Return the content of one status: the Problem, narrowed to these codes."""
    named = sorted(codes, key=lambda one: one.code)
    narrowed = {
        "properties": {
            "code": {"enum": [one.code for one in named]},
            "status": {"const": status},
        }
    }
    return {
        MEDIA_TYPE: {
            "schema": {"allOf": [{"$ref": "#/components/schemas/Problem"}, narrowed]},
            "examples": {one.code: {"$ref": f"#/components/examples/{one.code}"} for one in named},
        }
    }


def problem_examples() -> dict[str, Any]:
    """Return an example of every code, for the document's components."""
    return {one.code: {"value": _example(one)} for one in ErrorCode}


def fault_content(faults: Iterable[AuthFault]) -> dict[str, Any]:
    """Return the same for Supabase's shape."""
    named = sorted(faults, key=lambda one: one.code)
    narrowed = {"properties": {"code": {"enum": [one.code for one in named]}}}
    return {
        "application/json": {
            "schema": {"allOf": [{"$ref": "#/components/schemas/SupabaseFault"}, narrowed]},
            "examples": {
                one.code: {"value": {"code": one.code, "message": one.message}} for one in named
            },
        }
    }


def title_of(status: int) -> str:
    """Return the words of a status; 460 is known to tus alone."""
    return "Checksum Mismatch" if status == _TUS_CHECKSUM else HTTPStatus(status).phrase


def _example(error: ErrorCode) -> dict[str, Any]:
    if error.code in _FROM_CONTRACT:
        found: dict[str, Any] = response_example(_FROM_CONTRACT[error.code])
        return found
    return {
        "type": "about:blank",
        "code": error.code,
        "title": error.title,
        "status": error.status,
        "detail": f"{error.title}.",
        "request_id": _EXAMPLE_ID,
    }
