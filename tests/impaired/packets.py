"""What the forwarder reads of a packet, and the record it keeps of each. Pure."""

import struct
from enum import IntEnum
from typing import NamedTuple

TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
PROTOCOLS = {"udp": (UDP,), "tcp": (TCP,), "icmp": (ICMP, ICMP6)}
_PORTS = struct.Struct("!HH")
_RTP = struct.Struct("!BBHII")
_RTCP_TYPES = range(192, 224)


class Kind(IntEnum):
    """What a UDP packet of a call carries (RFC 7983), by its first byte."""

    OTHER = 0
    STUN = 1
    DTLS = 2
    RTP = 3
    RTCP = 4


class Fate(IntEnum):
    """What became of a packet."""

    FORWARDED = 0
    LOST = 1
    QUEUE_FULL = 2
    BLOCKED = 3
    TOO_LARGE = 4
    REFUSED = 5


class Packet(NamedTuple):
    """What is read of one IP packet; zero where it does not apply.

    Attributes:
        payload: bytes behind the TCP or UDP header.
        sequence, ssrc, timestamp: of RTP.
    """

    size: int
    family: int
    protocol: int
    source_port: int = 0
    target_port: int = 0
    payload: int = 0
    kind: Kind = Kind.OTHER
    sequence: int = 0
    ssrc: int = 0
    timestamp: int = 0


RECORD = struct.Struct("<QQQHBBBBBxHHHHII")
FIELDS = (
    ("came_ns", "<u8"),
    ("due_ns", "<u8"),
    ("left_ns", "<u8"),
    ("size", "<u2"),
    ("way", "u1"),
    ("fate", "u1"),
    ("family", "u1"),
    ("protocol", "u1"),
    ("kind", "u1"),
    ("unused", "u1"),
    ("source_port", "<u2"),
    ("target_port", "<u2"),
    ("payload", "<u2"),
    ("sequence", "<u2"),
    ("ssrc", "<u4"),
    ("timestamp", "<u4"),
)
"""The record as numpy's dtype; ``way`` is 0 up and 1 down, times are the monotonic clock's."""


def record(
    packet: Packet, way: int, fate: Fate, came_ns: int, due_ns: int = 0, left_ns: int = 0
) -> bytes:
    """Return one packet's record."""
    return RECORD.pack(
        came_ns,
        due_ns,
        left_ns,
        packet.size,
        way,
        fate,
        packet.family,
        packet.protocol,
        packet.kind,
        packet.source_port,
        packet.target_port,
        packet.payload,
        packet.sequence,
        packet.ssrc,
        packet.timestamp,
    )


def read(data: bytes) -> Packet:
    """Read an IP packet; what is cut off or of another kind keeps zeros."""
    size = len(data)
    if size < 20:
        return Packet(size, 0, 0)
    family = data[0] >> 4
    if family == 4:
        protocol, start = data[9], (data[0] & 15) * 4
    elif family == 6 and size >= 40:
        # Extension headers do not come in these tests.
        protocol, start = data[6], 40
    else:
        return Packet(size, family, 0)
    if protocol == TCP and size >= start + 20:
        source, target = _PORTS.unpack_from(data, start)
        return Packet(
            size, family, protocol, source, target, size - start - (data[start + 12] >> 4) * 4
        )
    if protocol == UDP and size >= start + 8:
        source, target = _PORTS.unpack_from(data, start)
        kind, sequence, timestamp, ssrc = _of_call(data, start + 8)
        return Packet(
            size,
            family,
            protocol,
            source,
            target,
            size - start - 8,
            kind,
            sequence,
            ssrc,
            timestamp,
        )
    return Packet(size, family, protocol)


def _of_call(data: bytes, start: int) -> tuple[Kind, int, int, int]:
    """Return the kind, and RTP's sequence number, time stamp and source."""
    if len(data) <= start:
        return Kind.OTHER, 0, 0, 0
    first = data[start]
    if first < 4:
        return Kind.STUN, 0, 0, 0
    if 20 <= first <= 63:
        return Kind.DTLS, 0, 0, 0
    if 128 <= first <= 191 and len(data) >= start + 12:
        _, second, sequence, timestamp, ssrc = _RTP.unpack_from(data, start)
        if second in _RTCP_TYPES:
            return Kind.RTCP, 0, 0, 0
        return Kind.RTP, sequence, timestamp, ssrc
    return Kind.OTHER, 0, 0, 0
