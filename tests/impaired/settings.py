"""How a line behaves in one direction, as data that goes to the forwarder and back."""

from typing import Literal, TypeAlias

import msgspec

Direction: TypeAlias = Literal["up", "down"]
UP: Direction = "up"
DOWN: Direction = "down"
DIRECTIONS: tuple[Direction, Direction] = (UP, DOWN)


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One direction of a line; the default lets everything through at once.

    Attributes:
        delay_ms: how long each packet is on its way.
        jitter_ms: standard deviation of a normal distribution around ``delay_ms``, cut off at
            three deviations and at zero.
        may_overtake: whether a packet that was drawn a short delay overtakes others; otherwise
            none leaves before the one that came before it, as in a queue.
        loss: share of packets that vanish, each on its own (Bernoulli), 0..1.
        rate_kbps: bits of whole IP packets per second; None for no limit.
        queue_ms: how much may wait for its turn at ``rate_kbps``; what comes then is dropped.
        blocked: IP protocols that get lost: ``udp``, ``tcp``, ``icmp``.
        blocked_ports: ports, at either end, whose packets get lost.
        blocked_families: ``ipv4`` or ``ipv6``.
        largest_bytes: IP packets above this get lost without a word (a black hole); None for none.
    """

    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    may_overtake: bool = False
    loss: float = 0.0
    rate_kbps: float | None = None
    queue_ms: float = 200.0
    blocked: tuple[Literal["udp", "tcp", "icmp"], ...] = ()
    blocked_ports: tuple[int, ...] = ()
    blocked_families: tuple[Literal["ipv4", "ipv6"], ...] = ()
    largest_bytes: int | None = None


class Line(msgspec.Struct, frozen=True):
    """Both directions: ``up`` from the client to the servers, ``down`` back."""

    up: Way = Way()
    down: Way = Way()


def both(**settings: object) -> Line:
    """Return a line that is the same in both directions.

    Raises:
        msgspec.ValidationError: a setting of another type.
    """
    way = msgspec.convert(settings, Way)
    return Line(way, way)


class Set(msgspec.Struct, frozen=True, tag="set"):
    """Let packets that come from now on go by another line."""

    line: Line


class Flush(msgspec.Struct, frozen=True, tag="flush"):
    """Append what was logged since the last time to the log's file."""


Order: TypeAlias = Set | Flush


class Done(msgspec.Struct, frozen=True):
    """The forwarder's word that an order was carried out.

    Attributes:
        records: how many packets the log's file holds now.
    """

    records: int = 0
