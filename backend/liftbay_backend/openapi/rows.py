"""What a route's row in the table is made of: answers, refusals of its own, raw bodies, proofs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel

from liftbay_backend.problems import ErrorCode
from liftbay_backend.services.sign_in import AuthFault

JSON: Final = "application/json"
Schema = dict[str, Any]
BINARY: Final[Schema] = {"type": "string", "format": "binary"}

REQUEST_ID: Final = {"X-Request-Id": "Names this HTTP request in our logs."}
RETRY_AFTER: Final = {"Retry-After": "Seconds to wait, where waiting helps."}


@dataclass(frozen=True, slots=True)
class Answer:
    """One way to say yes.

    Attributes:
        content: what the body is, by its content type; empty for an answer without a body.
        examples: names of contract fixtures whose `response` this answer is; of an event stream,
            the fixture whose `events` it tells.
        headers: headers worth knowing, with what they say.
        leads_to: what of the body is a path parameter of other routes: the parameter's name and
            where the value stands (JSON pointer); each such route is linked.
    """

    status: int
    content: Mapping[str, type[BaseModel] | Schema]
    examples: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    leads_to: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """What one route can answer beyond what its dependencies already say (`derived`).

    Attributes:
        refuses: codes that the use case itself answers with.
        faults: the same in Supabase's shape, under `/auth/v1`.
        body: the body by content type, for routes that read it raw.
        body_is_needed: whether such a raw body may not be empty.
        body_examples: names of contract fixtures whose `request` is a body of this route.
        headers: headers that the route reads from the HTTP request itself, as OpenAPI parameters.
        needs: headers without which the use case refuses, though the framework would not.
        proofs: security requirements that no dependency shows; None takes the derived ones.
        uses_database: whether the database's own absence can be the answer of what is never
            refused as too much; all others can say 503 anyway.
    """

    answers: tuple[Answer, ...]
    refuses: tuple[ErrorCode, ...] = ()
    faults: tuple[AuthFault, ...] = ()
    body: Mapping[str, type[BaseModel] | Schema | tuple[type[BaseModel], ...]] | None = None
    body_is_needed: bool = True
    body_examples: tuple[str, ...] = ()
    headers: tuple[Schema, ...] = ()
    needs: tuple[str, ...] = ()
    proofs: tuple[dict[str, list[str]], ...] | None = None
    uses_database: bool = True


def says(
    shape: type[BaseModel],
    *examples: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    leads_to: Mapping[str, str] | None = None,
) -> tuple[Answer, ...]:
    """Return the one answer of most routes: JSON of one shape."""
    content = {JSON: shape}
    return (Answer(status, content, examples, dict(headers or {}), dict(leads_to or {})),)


def nothing(headers: Mapping[str, str] | None = None) -> tuple[Answer, ...]:
    """Return the answer 204, which has no body."""
    return (Answer(204, {}, (), dict(headers or {})),)
