"""What is read of a packet's bytes, the records of them, and the formulas over records."""

import socket
import struct

import numpy as np
import pytest

from tests.impaired.packet_log import DTYPE, PacketLog
from tests.impaired.packets import (
    ICMP6,
    RECORD,
    TCP,
    UDP,
    Fate,
    Kind,
    Packet,
    read,
    record,
)
from tests.impaired.resolver import Mode, Question, answer
from tests.impaired.resolver import read as read_question
from tests.impaired.settings import DOWN, UP

MS = 1_000_000


def ipv4(protocol: int, payload: bytes) -> bytes:
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0, b"", b"")
    return head + payload


def ipv6(protocol: int, payload: bytes) -> bytes:
    return struct.pack("!IHBB16s16s", 6 << 28, len(payload), protocol, 64, b"", b"") + payload


def udp(payload: bytes, source: int = 5000, target: int = 6000) -> bytes:
    return struct.pack("!HHHH", source, target, 8 + len(payload), 0) + payload


def tcp(payload: bytes) -> bytes:
    return struct.pack("!HHIIBBHHH", 5000, 443, 0, 0, 8 << 4, 24, 0, 0, 0) + bytes(12) + payload


RTP = struct.pack("!BBHII", 0x80, 96, 513, 90_000, 0xCAFE) + bytes(20)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (ipv4(UDP, udp(b"hello")), Packet(33, 4, UDP, 5000, 6000, 5)),
        (ipv6(UDP, udp(b"hello")), Packet(53, 6, UDP, 5000, 6000, 5)),
        (ipv4(TCP, tcp(b"GET")), Packet(55, 4, TCP, 5000, 443, 3)),
        (ipv6(ICMP6, b"\x80\0\0\0"), Packet(44, 6, ICMP6)),
        (ipv4(UDP, udp(b"\x00\x01" + bytes(18)))[:20], Packet(20, 4, UDP)),
        (b"", Packet(0, 0, 0)),
        (b"\x60" + bytes(25), Packet(26, 6, 0)),
    ],
)
def test_a_packet_is_read_as_far_as_it_goes(data: bytes, expected: Packet) -> None:
    assert read(data) == expected


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (b"\x00\x01" + bytes(18), Kind.STUN),
        (b"\x17\xfe\xfd" + bytes(40), Kind.DTLS),
        (RTP, Kind.RTP),
        (b"\x80\xc8" + bytes(26), Kind.RTCP),
        (b"", Kind.OTHER),
        (b"Z", Kind.OTHER),
    ],
)
def test_what_a_call_sends_is_told_apart(payload: bytes, kind: Kind) -> None:
    assert read(ipv4(UDP, udp(payload))).kind is kind


def test_sound_and_pictures_keep_their_source_and_number() -> None:
    found = read(ipv4(UDP, udp(RTP)))

    assert (found.sequence, found.timestamp, found.ssrc) == (513, 90_000, 0xCAFE)


def log_of(*packets: tuple[Packet, int, Fate, float, float]) -> PacketLog:
    """Make a log from packet, way, fate, and when it came and left in ms."""
    data = b"".join(
        record(packet, way, fate, round(came * MS), round(left * MS), round(left * MS))
        for packet, way, fate, came, left in packets
    )
    return PacketLog(np.frombuffer(data, DTYPE))


ASK = Packet(300, 4, TCP, 40_000, 443, 248)
ANSWER = Packet(400, 4, TCP, 443, 40_000, 348)
BARE = Packet(52, 4, TCP, 40_000, 443, 0)


def test_a_record_is_as_long_as_its_fields() -> None:
    assert RECORD.size == DTYPE.itemsize


def test_a_request_and_its_answer_are_one_exchange() -> None:
    log = log_of(
        (ASK, 0, Fate.FORWARDED, 0, 25),
        (BARE, 0, Fate.FORWARDED, 1, 26),
        (ANSWER, 1, Fate.FORWARDED, 28, 53),
        (ANSWER, 1, Fate.FORWARDED, 29, 54),
        (ASK, 0, Fate.FORWARDED, 100, 130),
        (ANSWER, 1, Fate.FORWARDED, 131, 151),
    )

    first, second = log.exchanges(443)

    assert (first.line_ms, first.server_ms, first.total_ms) == (51.0, 3.0, 54.0)
    assert second.total_ms == 51.0


def test_what_of_a_picture_is_missing_counts_what_never_came_and_not_what_came_again() -> None:
    def one(number: int, ssrc: int = 7) -> Packet:
        return Packet(1000, 4, UDP, 1, 2, 972, Kind.RTP, number % 65_536, ssrc, 0)

    log = log_of(
        (one(1), 1, Fate.FORWARDED, 0, 10),
        (one(65_534), 1, Fate.FORWARDED, 9000, 9010),
        (one(65_535), 1, Fate.LOST, 9001, 9001),
        # 65536 was lost on the way up.
        (one(65_537), 1, Fate.FORWARDED, 9003, 9013),
        (one(65_538), 1, Fate.LOST, 9004, 9004),
        (one(65_535), 1, Fate.FORWARDED, 9005, 9015),
        (one(65_539), 1, Fate.FORWARDED, 9006, 9016),
        (one(1, ssrc=8), 1, Fate.LOST, 9006, 9006),
        (one(1, ssrc=9), 0, Fate.LOST, 9006, 9006),
    )

    assert log.picture_missing(1.0) == (2, 6)
    assert log.missing(8) == (1, 1)
    assert log.missing(99) == (0, 0)


def test_shares_rates_and_delays_are_of_what_is_asked_for() -> None:
    media = Packet(1000, 4, UDP, 1, 2, 972, Kind.RTP, 1, 7, 0)
    log = log_of(
        (media, 0, Fate.FORWARDED, 0, 10),
        (media, 0, Fate.LOST, 10, 0),
        (media, 0, Fate.FORWARDED, 500, 510),
        (media, 0, Fate.QUEUE_FULL, 600, 0),
        (media, 1, Fate.FORWARDED, 700, 701),
    )
    up = log.of(UP, protocol=UDP, kind=Kind.RTP, port=2, ssrc=7)

    assert (len(up), len(log.of(DOWN)), len(log.of(ssrc=8))) == (4, 1, 0)
    assert (up.lost_share(), up.count(Fate.LOST, Fate.QUEUE_FULL)) == (0.5, 2)
    assert up.kbps() == pytest.approx(2 * 8 / 0.5)
    assert list(up.delays_ms()) == [10.0, 10.0]
    assert log.sources() == [7]
    assert len(log.last_seconds(0.15)) == 2


def query(name: bytes, kind: int) -> bytes:
    labels = b"".join(bytes([len(part)]) + part for part in name.split(b".")) + b"\0"
    return struct.pack("!HHHHHH", 77, 0x0100, 1, 0, 0, 0) + labels + struct.pack("!HH", kind, 1)


def test_the_name_server_answers_with_the_address_of_the_family() -> None:
    question = read_question(query(b"service.test", 1))
    mode = Mode(ipv4="10.0.0.7", ipv6=None)

    told = answer(question, mode)

    assert question.number == 77
    assert told is not None
    assert told.endswith(socket.inet_aton("10.0.0.7"))
    assert struct.unpack_from("!HHHH", told) == (77, 0x8180, 1, 1)


@pytest.mark.parametrize(
    ("mode", "flags"),
    [
        (Mode(does="deny"), 0x8183),
        (Mode(does="refuse"), 0x8185),
        (Mode(ipv4="10.0.0.7"), 0x8180),
        (Mode(does="silent"), None),
    ],
)
def test_the_name_server_can_refuse_deny_and_be_silent(mode: Mode, flags: int | None) -> None:
    told = answer(Question(1, b"\1a\0\0\x1c\0\1", 28), mode)

    assert (None if told is None else struct.unpack_from("!H", told, 2)[0]) == flags
