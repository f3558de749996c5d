"""Which trouble stands in the band on top of the call page, and since when. Pure.

One band at a time: what the person did comes first, then who is missing, then the own devices,
then a network that is merely weak.
"""

import math
from datetime import datetime, timedelta
from typing import Final

from client_api.clock import Clock
from client_api.wire import ClockState
from desktop.call.events import OwnFault
from desktop.call.states import CallState, EndProgress, InCall, MediaHealth, Peer, Rejoining, Talk
from desktop.viewmodels.call_state import (
    Band,
    CallDevices,
    DeviceRefused,
    EndRefused,
    EndWaits,
    OwnDeviceStopped,
    OwnNetworkWeak,
    OwnReconnecting,
    OwnTrackNotSent,
    PaidClock,
    PeerLost,
    PeerStalled,
)
from desktop.viewmodels.command import Command
from desktop.viewmodels.preflight_desk import DeviceRole

PAUSE_AFTER_S: Final = 10.0
"""How long the service goes on counting after somebody left, until it says the exact moment."""
ABSENCE_CAP_S: Final = 600.0
"""How long the sides of one session may be away in all; then the service ends it."""


class CallBands:
    """Remembers since when somebody is missing, and finds the band for a state of the call."""

    def __init__(
        self,
        paid_clock: PaidClock,
        clock: Clock,
        devices: CallDevices,
        *,
        undo_end: Command,
        dismiss: Command,
    ) -> None:
        """Make the bands of one page.

        Args:
            undo_end: takes a waiting end back.
            dismiss: puts the words about a refused device away.
        """
        self._paid_clock = paid_clock
        self._clock = clock
        self._devices = devices
        self._undo_end = undo_end
        self._dismiss = dismiss
        self._gone_ns: int | None = None
        self.stalled_at: datetime | None = None
        """When the last picture came, while none comes."""

    def note(self, peer: Peer | None, *, own_break: bool) -> None:
        """Note since when the other side is gone, and since when nothing comes from it."""
        gone = stalled = False
        if peer is not None and peer.was_seen:
            gone = not peer.in_room or peer.is_absent
            stalled = gone or own_break or peer.health is MediaHealth.LOST
        if not gone:
            self._gone_ns = None
        elif self._gone_ns is None:
            self._gone_ns = self._clock.monotonic_ns()
        if not stalled:
            self.stalled_at = None
        elif self.stalled_at is None and peer is not None:
            self.stalled_at = self._clock.now() - timedelta(milliseconds=peer.media_age_ms)

    def band(self, call: CallState, talk: Talk | None) -> Band | None:
        """Return the band for this state of the call, or None."""
        if talk is None or not isinstance(call, InCall | Rejoining):
            return None
        if talk.end is EndProgress.QUEUED:
            return EndWaits(self._undo_end)
        if isinstance(call, Rejoining):
            return OwnReconnecting(call.tries)
        if talk.end is EndProgress.FAILED:
            return EndRefused()
        return self._of_peer(talk) or self._of_devices(talk) or _of_network(talk)

    def _of_peer(self, talk: Talk) -> Band | None:
        peer = talk.peer
        if self._gone_ns is not None:
            return PeerLost(self._clock_stops_in(peer), _whole(peer.absence_left_seconds))
        if peer.was_seen and peer.health is MediaHealth.LOST and talk.own_network_ok:
            return PeerStalled(round(peer.media_age_ms / 1000), self._would_stop_in(peer))
        return None

    def _of_devices(self, talk: Talk) -> Band | None:
        refused = self._devices.refused
        if refused is not None:
            return DeviceRefused(refused, self._dismiss)
        own, wishes = talk.own, talk.wishes
        if own.microphone_fault is not None and wishes.microphone_on:
            return self._of_fault(DeviceRole.MICROPHONE, own.microphone_fault)
        if own.speaker_failed:
            return self._of_fault(DeviceRole.SPEAKER, OwnFault.DEVICE)
        if own.camera_fault is not None and wishes.camera_on:
            return self._of_fault(DeviceRole.CAMERA, own.camera_fault)
        return None

    def _of_fault(self, role: DeviceRole, fault: OwnFault) -> Band:
        if fault is OwnFault.NOT_SENT:
            return OwnTrackNotSent(role)
        choice = self._devices.devices.of(role)
        names = {each.id: each.name for each in choice.devices}
        return OwnDeviceStopped(role, names.get(choice.chosen) if choice.chosen else None)

    def _would_stop_in(self, peer: Peer) -> int | None:
        """Estimate when the clock stops if a peer that sends nothing is really gone."""
        current = self._paid_clock.session_clock
        left_s = PAUSE_AFTER_S - peer.media_age_ms / 1000
        if current is None or current.state is not ClockState.RUNNING or left_s <= 0:
            return None
        return math.ceil(left_s)

    def _clock_stops_in(self, peer: Peer) -> int | None:
        current = self._paid_clock.session_clock
        if current is None or current.state is not ClockState.RUNNING or self._gone_ns is None:
            return None
        now = self._paid_clock.server_now()
        if peer.pauses_at is not None and now is not None:
            return max(0, math.ceil((peer.pauses_at - now).total_seconds()))
        gone_s = (self._clock.monotonic_ns() - self._gone_ns) / 1e9
        return max(0, math.ceil(PAUSE_AFTER_S - gone_s))


def _of_network(talk: Talk) -> Band | None:
    return None if talk.own_network_ok else OwnNetworkWeak()


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else max(0, math.ceil(seconds))
