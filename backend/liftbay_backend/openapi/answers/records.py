"""What people leave in a session."""

from typing import Annotated

from pydantic import ConfigDict, Field

from liftbay_backend.domain.roles import Side
from liftbay_backend.openapi.answers.base import Count, Moment, Shape, Uuid
from liftbay_backend.openapi.answers.sessions import Finding


class Message(Shape):
    """A chat message: plain text."""

    id: Annotated[int, Field(ge=1)]
    client_id: Uuid
    session_id: Uuid
    author: Side
    text: str
    sent_at: Moment


class Messages(Shape):
    """Messages in their order."""

    messages: list[Message]


class Notes(Shape):
    """All notes of a session; version 0 was never written."""

    version: Count
    findings: list[Finding]
    text: str
    updated_at: Moment


class AcceptedSamples(Shape):
    """How many samples of a batch were kept."""

    accepted: Count


class QualitySample(Shape):
    """One sample as its sender measured it, and what the service knows about it."""

    model_config = ConfigDict(extra="allow")

    role: Side
    attempt: Uuid
    arrived_at: Moment


class QualitySamples(Shape):
    """A page of both sides' samples, oldest first; `next_before` brings the one before it."""

    samples: list[QualitySample]
    next_before: Annotated[int, Field(ge=1)] | None


class SideConsent(Shape):
    """What one side has said about being recorded, and when; null where it has said nothing."""

    consents: bool
    at: Moment | None


class RecordingConsents(Shape):
    """What both sides have said; recording needs both."""

    customer: SideConsent
    mechanic: SideConsent
    may_record: bool
