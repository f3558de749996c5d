"""The stages of the demo's journey: what must really happen, on which side, in which order.

Pure: shared by the clients, who report stages, and the runner, who judges them.
"""

from dataclasses import dataclass
from enum import Enum


class Side(Enum):
    """One of the two clients."""

    CUSTOMER = "customer"
    MECHANIC = "mechanic"


class Stage(Enum):
    """What a client observes in its own page states; never what its driver meant to do."""

    SIGNED_IN = "signed_in"
    INTAKE_SUBMITTED = "intake_submitted"
    REQUEST_SEEN = "request_seen"
    REQUEST_ACCEPTED = "request_accepted"
    ACTIVE_SESSION = "active_session"
    PREFLIGHT_RUNNING = "preflight_running"
    CAMERA_PASSED = "camera_passed"
    MICROPHONE_PASSED = "microphone_passed"
    NETWORK_PASSED = "network_passed"
    JOIN_ENABLED = "join_enabled"
    JOINED = "joined"
    REMOTE_PICTURE = "remote_picture"
    BOTH_JOINED = "both_joined"
    LIVE = "live"
    REMOTE_SOUND = "remote_sound"
    MEASURED = "measured"
    CHAT_SENT = "chat_sent"
    CHAT_RECEIVED = "chat_received"
    PICTURE_FULL = "picture_full"
    END_CONFIRMED = "end_confirmed"
    ENDED = "ended"
    SUMMARY = "summary"
    SETTLED = "settled"
    DASHBOARD = "dashboard"


BOTH = (Side.CUSTOMER, Side.MECHANIC)

REQUIRED: dict[Stage, tuple[Side, ...]] = {
    Stage.SIGNED_IN: BOTH,
    Stage.INTAKE_SUBMITTED: (Side.CUSTOMER,),
    Stage.REQUEST_SEEN: (Side.MECHANIC,),
    Stage.REQUEST_ACCEPTED: (Side.MECHANIC,),
    Stage.ACTIVE_SESSION: BOTH,
    Stage.PREFLIGHT_RUNNING: BOTH,
    Stage.CAMERA_PASSED: BOTH,
    Stage.MICROPHONE_PASSED: BOTH,
    Stage.NETWORK_PASSED: BOTH,
    Stage.JOIN_ENABLED: BOTH,
    Stage.JOINED: BOTH,
    Stage.REMOTE_PICTURE: BOTH,
    Stage.BOTH_JOINED: BOTH,
    Stage.LIVE: BOTH,
    Stage.REMOTE_SOUND: BOTH,
    Stage.MEASURED: BOTH,
    Stage.CHAT_SENT: BOTH,
    Stage.CHAT_RECEIVED: BOTH,
    Stage.PICTURE_FULL: (Side.MECHANIC,),
    Stage.END_CONFIRMED: (Side.CUSTOMER,),
    Stage.ENDED: BOTH,
    Stage.SUMMARY: BOTH,
    Stage.SETTLED: BOTH,
    Stage.DASHBOARD: BOTH,
}
"""Every stage the journey has, with the sides on which it must be seen."""

MUST_PRECEDE: tuple[tuple[Stage, Stage], ...] = (
    (Stage.SIGNED_IN, Stage.ACTIVE_SESSION),
    (Stage.ACTIVE_SESSION, Stage.PREFLIGHT_RUNNING),
    (Stage.CAMERA_PASSED, Stage.JOIN_ENABLED),
    (Stage.MICROPHONE_PASSED, Stage.JOIN_ENABLED),
    (Stage.NETWORK_PASSED, Stage.JOIN_ENABLED),
    (Stage.JOIN_ENABLED, Stage.JOINED),
    (Stage.JOINED, Stage.LIVE),
    (Stage.LIVE, Stage.ENDED),
    (Stage.ENDED, Stage.SETTLED),
    (Stage.SUMMARY, Stage.DASHBOARD),
)
"""Pairs whose order on one side the rules of the product fix."""


@dataclass(frozen=True, slots=True)
class StageSeen:
    """One observation. ``at_ms`` counts from the start of the journey."""

    name: str
    side: str
    at_ms: float
