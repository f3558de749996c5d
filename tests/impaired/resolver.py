"""A name server in the client's router: ``python -m tests.impaired.resolver ADDRESS``.

Takes its mode as a JSON line on stdin and answers each with ``{}``; ends when stdin ends. RFC 1035,
as much of it as the C library's look-ups need.
"""

import select
import socket
import struct
import sys
import time
from dataclasses import dataclass
from typing import Literal

import msgspec

PORT = 53
_HEAD = struct.Struct("!HHHHHH")
_QUESTION = struct.Struct("!HH")
_ANSWER = struct.Struct("!HHHIH")
_A, _AAAA, _IN = 1, 28, 1
_RESPONSE = 0x8180
_REFUSED, _NO_SUCH_NAME = 5, 3
_POINTER = 0xC00C
"""To the question's name, which stands behind the head."""


class Mode(msgspec.Struct, frozen=True):
    """What the resolver does.

    Attributes:
        does: ``answer`` with the addresses, ``deny`` that there is such a name, ``refuse`` to say,
            or be ``silent``.
        ipv4, ipv6: the addresses of every name that it is asked for.
        delay_s: before each answer.
    """

    does: Literal["answer", "deny", "refuse", "silent"] = "answer"
    ipv4: str | None = None
    ipv6: str | None = None
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks: the question's bytes, which the answer repeats, and its type."""

    number: int
    text: bytes
    kind: int


def read(data: bytes) -> Question:
    """Read a query with one question.

    Raises:
        struct.error, IndexError: it is cut off.
    """
    number, *_ = _HEAD.unpack_from(data)
    at = _HEAD.size
    while data[at]:
        at += 1 + data[at]
    kind, _ = _QUESTION.unpack_from(data, at + 1)
    return Question(number, data[_HEAD.size : at + 1 + _QUESTION.size], kind)


def answer(question: Question, mode: Mode) -> bytes | None:
    """Return what goes back; None for a silent resolver. A name without an address has none."""
    match mode.does:
        case "silent":
            return None
        case "refuse":
            return _reply(question, _REFUSED)
        case "deny":
            return _reply(question, _NO_SUCH_NAME)
        case "answer":
            return _reply(question, 0, _address(question.kind, mode))


def _address(kind: int, mode: Mode) -> bytes:
    if kind == _A and mode.ipv4 is not None:
        return socket.inet_pton(socket.AF_INET, mode.ipv4)
    if kind == _AAAA and mode.ipv6 is not None:
        return socket.inet_pton(socket.AF_INET6, mode.ipv6)
    return b""


def _reply(question: Question, code: int, address: bytes = b"") -> bytes:
    head = _HEAD.pack(question.number, _RESPONSE | code, 1, bool(address), 0, 0)
    found = _ANSWER.pack(_POINTER, question.kind, _IN, 0, len(address)) + address
    return head + question.text + (found if address else b"")


def main(arguments: list[str]) -> int:
    """Answer until stdin ends."""
    mode = Mode()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asked.bind((arguments[0], PORT))
        sys.stdout.write("{}\n")
        sys.stdout.flush()
        while True:
            ready, _, _ = select.select([asked, sys.stdin], [], [])
            if sys.stdin in ready:
                line = sys.stdin.readline()
                if not line:
                    return 0
                mode = msgspec.json.decode(line, type=Mode)
                sys.stdout.write("{}\n")
                sys.stdout.flush()
            if asked in ready:
                data, whose = asked.recvfrom(4096)
                reply = answer(read(data), mode)
                time.sleep(mode.delay_s)
                if reply is not None:
                    asked.sendto(reply, whose)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
