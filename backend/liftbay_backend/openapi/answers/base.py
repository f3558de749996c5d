"""What every shape of an answer is made of.

A shape has no defaults: what it names is always there, and what may be missing from the world is
null. It forbids what it does not name, so that a field nobody described fails the tests.
"""

from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from liftbay_backend.domain.plans import SessionType
from liftbay_backend.domain.roles import Side

Uuid = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
Moment = Annotated[
    str,
    Field(
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$",
        json_schema_extra={"format": "date-time"},
    ),
]
"""ISO 8601 with milliseconds, in UTC."""
Cents = Annotated[int, Field(description="Money in the currency's hundredth part.")]
Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0)]
Currency = Annotated[str, Field(description="ISO 4217, in small letters.")]
Object: TypeAlias = Annotated[
    dict[str, Any], WithJsonSchema({"type": "object", "additionalProperties": True})
]
"""What its sender chose and this service keeps and hands on."""


class Shape(BaseModel):
    """An object whose fields are exactly these."""

    model_config = ConfigDict(extra="forbid")


class SessionVehicle(Shape):
    """The car, as its owner described it."""

    year: int
    make: str
    model: str
    vin: str | None
    plate: str | None
    odometer_km: int | None


class Counterpart(Shape):
    """The other person of a session."""

    name: str
    role: Side


__all__ = [
    "Cents",
    "Count",
    "Counterpart",
    "Currency",
    "Moment",
    "Object",
    "Seconds",
    "SessionType",
    "SessionVehicle",
    "Shape",
    "Side",
    "Uuid",
]
