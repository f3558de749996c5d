"""What a call starts with: the session, the report that opens the door, the proven devices."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from client_api.wire import AttemptId, ReportId, Role, SessionId
from preflight.devices.ports import CameraSource, MicrophoneSource, SpeakerSink
from preflight.verdicts.recommendation import UNLIMITED, Recommendation


@dataclass(frozen=True, slots=True, eq=False)
class LocalMedia:
    """Devices that the preflight proved and handed over **open**; the call owns them now.

    None where there is none (a person may join without a camera after support allowed it).
    Whoever closes the call closes them; a rejoin uses the same open devices again.

    Attributes:
        limits: what the preflight found line and machine to carry, and the other side to receive;
            new devices change nothing.
        detail_first: whether a narrow line costs the camera's rate before its size: a customer
            shows details, a mechanic's face moves.
    """

    camera: CameraSource | None
    microphone: MicrophoneSource | None
    speaker: SpeakerSink | None
    limits: Recommendation = UNLIMITED
    detail_first: bool = True


@dataclass(frozen=True, slots=True)
class MediaWishes:
    """What the person wants to send. What is really sent is told by `OwnMediaChanged`."""

    microphone_on: bool = True
    camera_on: bool = True
    screen_on: bool = False


@dataclass(frozen=True, slots=True)
class CallSetup:
    """Everything one call needs to begin.

    Attributes:
        call_id: a fresh UUID per call; the attempts' ids are derived from it.
        report: the passing preflight report; None only for a return to a running session.
        wishes: what was chosen in the preflight (joining muted is possible).
        rung: the rung of the publish ladder that this side can receive, for the other side.
    """

    call_id: uuid.UUID
    session: SessionId
    role: Role
    report: ReportId | None
    media: LocalMedia
    wishes: MediaWishes = MediaWishes()
    rung: int | None = None

    def attempt(self, number: int) -> AttemptId:
        """Return the id of the ``number``-th attempt: a UUID, the same for the same number."""
        return AttemptId(str(uuid.uuid5(self.call_id, str(number))))


def role_of_identity(identity: str) -> Role | None:
    """Return whose identity this is (`mechanic-…` or `customer-…`), None for anybody else's."""
    prefix, _, rest = identity.partition("-")
    if rest and prefix in (Role.MECHANIC, Role.CUSTOMER):
        return Role(prefix)
    return None
