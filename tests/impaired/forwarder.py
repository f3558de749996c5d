"""The forwarder: carries packets between two TUN devices as the settings say, and logs each one.

A process of its own: ``python -m tests.impaired.forwarder LOG SEED NEAR FAR NAMESPACE…``. It makes
the devices, then takes orders as JSON lines on stdin and answers each on stdout. When stdin ends,
because whoever started it ended or crashed, it takes the namespaces away and ends. It runs before
all other programs where it may: a late packet would look like the line's jitter.
"""

import contextlib
import fcntl
import gc
import heapq
import os
import select
import struct
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tests.impaired.namespaces import remove
from tests.impaired.packets import Fate, Packet, read, record
from tests.impaired.settings import Done, Flush, Line, Order, Set
from tests.impaired.shaper import Shaper

_TUN, _NO_PACKET_INFO, _TUNSETIFF = 0x0001, 0x1000, 0x400454CA
_PRIORITY = 20
_LARGEST = 65_536
_AT_ONCE = 64
"""Packets that are read from one device before the others have their turn."""
_SLACK_S = 0.00005


@dataclass(frozen=True, slots=True)
class Waiting:
    """A packet on its way."""

    data: bytes
    packet: Packet
    way: int
    came_ns: int


class Forwarder:
    """Two devices, a shaper for each direction, and what is on its way between them."""

    def __init__(self, near: int, far: int, seed: int, log: Path) -> None:
        line = Line()
        self._from = (near, far)
        self._to = (far, near)
        self._shapers = (Shaper(line.up, seed), Shaper(line.down, seed + 1))
        self._heap: list[tuple[int, int, Waiting]] = []
        self._number = 0
        self._log = log
        self._records: list[bytes] = []
        self._written = 0

    def run(self, orders: int, answers: int) -> None:
        """Forward until ``orders`` ends."""
        begun = b""
        readable = [*self._from, orders]
        while True:
            ready, _, _ = select.select(readable, [], [], self._wait_s())
            for way in (0, 1):
                if self._from[way] in ready:
                    self._take(way)
            self._release()
            if orders in ready:
                told = os.read(orders, _LARGEST)
                if not told:
                    return
                *lines, begun = (begun + told).split(b"\n")
                for line in lines:
                    os.write(answers, msgspec.json.encode(self._obey(line)) + b"\n")

    def _wait_s(self) -> float | None:
        if not self._heap:
            return None
        left_s = (self._heap[0][0] - time.monotonic_ns()) / 1e9
        # The kernel wakes us a little late: the last of it is waited for without sleeping.
        return max(0.0, left_s - _SLACK_S)

    def _take(self, way: int) -> None:
        for _ in range(_AT_ONCE):
            try:
                data = os.read(self._from[way], _LARGEST)
            except BlockingIOError:
                return
            now_ns = time.monotonic_ns()
            packet = read(data)
            verdict = self._shapers[way].decide(packet, now_ns)
            if verdict.fate is not Fate.FORWARDED:
                self._records.append(record(packet, way, verdict.fate, now_ns))
                continue
            self._number += 1
            waiting = Waiting(data, packet, way, now_ns)
            heapq.heappush(self._heap, (verdict.due_ns, self._number, waiting))

    def _release(self) -> None:
        while self._heap and self._heap[0][0] <= time.monotonic_ns():
            due_ns, _, waiting = heapq.heappop(self._heap)
            fate = Fate.FORWARDED
            try:
                os.write(self._to[waiting.way], waiting.data)
            except OSError:
                # The other device is down, or its queue is full.
                fate = Fate.REFUSED
            left_ns = time.monotonic_ns()
            self._records.append(
                record(waiting.packet, waiting.way, fate, waiting.came_ns, due_ns, left_ns)
            )

    def _obey(self, line: bytes) -> Done:
        order: Order = msgspec.json.decode(line, type=Order)
        match order:
            case Set(line=wanted):
                self._shapers[0].take(wanted.up)
                self._shapers[1].take(wanted.down)
            case Flush():
                with self._log.open("ab") as file:
                    file.write(b"".join(self._records))
                self._written += len(self._records)
                self._records.clear()
        return Done(self._written)


def make_device(name: str) -> int:
    """Make a TUN device and return what reads and writes its packets.

    Raises:
        OSError: not allowed, or there is no ``/dev/net/tun``.
    """
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    request = struct.pack("16sH22x", name.encode(), _TUN | _NO_PACKET_INFO)
    fcntl.ioctl(device, _TUNSETIFF, request)
    return device


def main(arguments: list[str]) -> int:
    """Forward until stdin ends, then clean up."""
    log, seed, near, far, *names = arguments
    devices = make_device(near), make_device(far)
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))
    forwarder = Forwarder(*devices, int(seed), Path(log))
    gc.disable()
    sys.stdout.write("{}\n")
    sys.stdout.flush()
    try:
        forwarder.run(sys.stdin.fileno(), sys.stdout.fileno())
    except (KeyboardInterrupt, BrokenPipeError):
        return 0
    finally:
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        remove(names)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
