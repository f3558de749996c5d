"""Extensions and what support gives back."""

from typing import Annotated

from pydantic import Field

from liftbay_backend.domain.session_fsm import SessionStatus
from liftbay_backend.domain.states import PaymentStatus
from liftbay_backend.openapi.answers.base import Cents, Count, Currency, Shape, Uuid
from liftbay_backend.openapi.answers.sessions import Clock, Payment


class ExtensionOffer(Shape):
    """Paid minutes with the service's own price."""

    extension: str
    minutes: Count
    price_cents: Cents
    currency: Currency


class ExtensionOffers(Shape):
    """What the customer can buy."""

    offers: list[ExtensionOffer]


class StartedExtension(Shape):
    """What was asked for and where to pay for it; the clock grows once it is paid."""

    extension: ExtensionOffer
    payment: Payment
    clock: Clock


class OrderedRefund(Shape):
    """What goes back within seconds, and what could go back after that."""

    session_id: Uuid
    status: SessionStatus
    payment_status: PaymentStatus
    reason: str
    refund_cents: Annotated[Cents, Field(ge=1)]
    left_cents: Annotated[Cents, Field(ge=0)]
    currency: Currency
