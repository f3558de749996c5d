"""Decides what becomes of each packet of one direction, and when it leaves. Pure."""

import random
from dataclasses import dataclass

from tests.impaired.packets import PROTOCOLS, Fate, Packet
from tests.impaired.settings import Way

_FAMILIES = {"ipv4": 4, "ipv6": 6}
_MS = 1_000_000
_CUT = 3.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a packet.

    Attributes:
        due_ns: when it leaves, on the clock that `Shaper.decide` was given; 0 for a dropped one.
    """

    fate: Fate
    due_ns: int = 0


class Shaper:
    """One direction. The same seed and packets give the same losses and delays."""

    def __init__(self, way: Way, seed: int) -> None:
        self._random = random.Random(seed)
        self._free_ns = 0
        self._last_ns = 0
        self.take(way)

    def take(self, way: Way) -> None:
        """Go by other settings from the next packet on."""
        self.way = way
        self._protocols = {number for name in way.blocked for number in PROTOCOLS[name]}
        self._ports = set(way.blocked_ports)
        self._families = {_FAMILIES[name] for name in way.blocked_families}

    def decide(self, packet: Packet, now_ns: int) -> Verdict:
        """Return what becomes of a packet that comes now."""
        way = self.way
        if self._is_blocked(packet):
            return Verdict(Fate.BLOCKED)
        if way.largest_bytes is not None and packet.size > way.largest_bytes:
            return Verdict(Fate.TOO_LARGE)
        if way.loss and self._random.random() < way.loss:
            return Verdict(Fate.LOST)
        sent_ns = now_ns
        if way.rate_kbps is not None:
            begins_ns = max(now_ns, self._free_ns)
            if begins_ns - now_ns > way.queue_ms * _MS:
                return Verdict(Fate.QUEUE_FULL)
            sent_ns = self._free_ns = begins_ns + round(packet.size * 8 * _MS / way.rate_kbps)
        due_ns = sent_ns + round(self._delay_ms() * _MS)
        if not way.may_overtake:
            due_ns = max(due_ns, self._last_ns)
        self._last_ns = due_ns
        return Verdict(Fate.FORWARDED, due_ns)

    def _is_blocked(self, packet: Packet) -> bool:
        return (
            packet.protocol in self._protocols
            or packet.family in self._families
            or packet.source_port in self._ports
            or packet.target_port in self._ports
        )

    def _delay_ms(self) -> float:
        way = self.way
        if not way.jitter_ms:
            return way.delay_ms
        drawn = max(-_CUT, min(_CUT, self._random.gauss(0.0, 1.0)))
        return max(0.0, way.delay_ms + drawn * way.jitter_ms)
