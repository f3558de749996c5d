"""Intake: a session, its request and its payment, created together."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from liftbay_backend.bodies import plain_text
from liftbay_backend.core import Core
from liftbay_backend.db.models import RequestRow, SessionRow
from liftbay_backend.domain.ids import RequestId, SessionId, new_uuid
from liftbay_backend.domain.plans import Plan, SessionType, whole_minutes
from liftbay_backend.domain.request_fsm import INITIAL as REQUEST_INITIAL
from liftbay_backend.domain.roles import Side
from liftbay_backend.domain.session_fsm import INITIAL as SESSION_INITIAL
from liftbay_backend.domain.states import PaymentKind, PaymentStatus
from liftbay_backend.identity import Principal
from liftbay_backend.payments.book import Purchase, open_payment
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.services.session_view import SessionViews
from liftbay_backend.work import Work

_PLAIN_SCHEMA: Final[dict[str, Any]] = {
    "pattern": r"^[^\x00-\x08\x0b-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x08\x0b-\x1f\x7f]*$"
}
_VIN_SCHEMA: Final[dict[str, Any]] = {"pattern": r"^\s*[A-HJ-NPR-Za-hj-npr-z0-9]{5,17}\s*$"}
"""What the validators below check, for whoever reads the OpenAPI document."""
FARTHEST_BOOKING: Final = timedelta(days=60)


def _vin(text: str) -> str:
    """Old cars have short ones and European ones no check digit: only the alphabet is checked."""
    text = text.strip().upper()
    if not re.fullmatch(r"[A-HJ-NPR-Z0-9]{5,17}", text):
        raise ValueError("not a VIN")
    return text


class Vehicle(BaseModel):
    """The car, as the customer describes it."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    year: int = Field(ge=1900, le=2100)
    make: Annotated[
        str, Field(max_length=60, json_schema_extra=_PLAIN_SCHEMA), AfterValidator(plain_text)
    ]
    model: Annotated[
        str, Field(max_length=60, json_schema_extra=_PLAIN_SCHEMA), AfterValidator(plain_text)
    ]
    vin: (
        Annotated[str, Field(max_length=20, json_schema_extra=_VIN_SCHEMA), AfterValidator(_vin)]
        | None
    ) = None
    plate: (
        Annotated[
            str, Field(max_length=16, json_schema_extra=_PLAIN_SCHEMA), AfterValidator(plain_text)
        ]
        | None
    ) = None
    odometer_km: int | None = Field(default=None, ge=0, le=5_000_000)


class IntakeBody(BaseModel):
    """What a customer submits. A plan is named; price, minutes and time are the service's."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    plan: str = Field(max_length=40)
    vehicle: Vehicle
    concern: Annotated[
        str, Field(max_length=4000, json_schema_extra=_PLAIN_SCHEMA), AfterValidator(plain_text)
    ]
    urgency: Literal["now", "soon", "whenever"]
    scheduled_for: Annotated[AwareDatetime, Field(strict=False)] | None = None


async def start_intake(
    core: Core, work: Work, principal: Principal, body: IntakeBody
) -> dict[str, Any]:
    """Create session (`pending`), request (`pending`) and payment in this transaction.

    Raises:
        Problem: PLAN_NOT_FOUND, REQUEST_INVALID for a time that cannot be booked.
    """
    plan = _video_plan(core, body.plan)
    assert principal.customer_id is not None
    scheduled_for = _bookable(body.scheduled_for, work.now)
    session = SessionRow(
        id=SessionId(new_uuid()),
        customer_id=principal.customer_id,
        type=plan.type,
        status=SESSION_INITIAL,
        plan=plan.code,
        price_cents=plan.price_cents,
        currency=core.settings.currency,
        payment_status=PaymentStatus.DUE,
        vehicle=body.vehicle.model_dump(mode="json"),
        concern=body.concern,
        urgency=body.urgency,
        created_at=work.now,
        scheduled_for=scheduled_for,
        total_seconds=plan.total_seconds,
    )
    work.db.add(session)
    await work.db.flush()
    request = RequestRow(
        id=RequestId(new_uuid()),
        session_id=session.id,
        status=REQUEST_INITIAL,
        opened_at=work.now,
        expires_at=work.now + timedelta(seconds=core.settings.accept_window_seconds),
    )
    work.db.add(request)
    await work.db.flush()
    payment = await open_payment(
        work,
        session,
        core.payments,
        Purchase(PaymentKind.PLAN, session.price_cents, session.total_seconds),
        core.settings.clock_warnings,
    )
    if payment.status is PaymentStatus.DUE:
        work.session_changed(session)
    views = SessionViews(work.db, work.now, core.settings.clock_warnings)
    return {
        "session": await views.one(session, Side.CUSTOMER),
        "payment": {"status": payment.status.value, "checkout_url": payment.checkout_url},
    }


def offered_plans(core: Core) -> list[dict[str, Any]]:
    """Return the plans that this client's intake shows. Contract: tests/contract/plans.json"""
    return [
        {
            "plan": plan.code,
            "type": plan.type.value,
            "minutes": whole_minutes(plan.total_seconds),
            "price_cents": plan.price_cents,
            "currency": core.settings.currency,
        }
        for plan in core.plans.values()
        if plan.type is SessionType.VIDEO
    ]


def _video_plan(core: Core, code: str) -> Plan:
    plan = core.plans.get(code)
    if plan is None or plan.type is not SessionType.VIDEO:
        raise Problem(ErrorCode.PLAN_NOT_FOUND)
    return plan


def _bookable(wanted: datetime | None, now: datetime) -> datetime | None:
    if wanted is None:
        return None
    if not now < wanted <= now + FARTHEST_BOOKING:
        raise Problem(ErrorCode.REQUEST_INVALID, "scheduled_for lies within the next 60 days.")
    return wanted
