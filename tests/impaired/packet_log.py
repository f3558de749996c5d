"""What the forwarder logged, and the formulas of the preflight over it, for comparison."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from preflight.analysis.round_trips import jitter_ms
from tests.impaired.packets import FIELDS, RECORD, TCP, Fate, Kind
from tests.impaired.settings import DOWN, UP, Direction

DTYPE = np.dtype([(name, kind) for name, kind in FIELDS])
Rows = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer as the line saw them, in ms.

    Attributes:
        line_ms: on the line, there and back.
        server_ms: between the request's arrival and the answer's departure.
    """

    line_ms: float
    server_ms: float

    @property
    def total_ms(self) -> float:
        return self.line_ms + self.server_ms


class PacketLog:
    """Records of packets in the order in which they were finished."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    @classmethod
    def load(cls, path: Path, start: int = 0) -> PacketLog:
        """Read a log's file from record ``start`` on."""
        assert RECORD.size == DTYPE.itemsize
        if not path.exists():
            return cls(np.empty(0, DTYPE))
        return cls(np.fromfile(path, DTYPE, offset=start * DTYPE.itemsize))

    def of(
        self,
        way: Direction | None = None,
        *,
        protocol: int | None = None,
        kind: Kind | None = None,
        port: int | None = None,
        ssrc: int | None = None,
    ) -> PacketLog:
        """Return the records that fit all that is asked for; ``port`` at either end."""
        rows = self.rows
        keep = np.ones(len(rows), bool)
        if way is not None:
            keep &= rows["way"] == (0 if way == UP else 1)
        if protocol is not None:
            keep &= rows["protocol"] == protocol
        if kind is not None:
            keep &= rows["kind"] == kind
        if port is not None:
            keep &= (rows["source_port"] == port) | (rows["target_port"] == port)
        if ssrc is not None:
            keep &= rows["ssrc"] == ssrc
        return PacketLog(rows[keep])

    def last_seconds(self, seconds: float) -> PacketLog:
        """Return what came in the last seconds of the records."""
        if not len(self.rows):
            return self
        since = int(self.rows["came_ns"].max()) - round(seconds * 1e9)
        return PacketLog(self.rows[self.rows["came_ns"].astype(np.int64) >= since])

    def __len__(self) -> int:
        return len(self.rows)

    def count(self, *fates: Fate) -> int:
        """Count the records with one of the fates."""
        return int(np.isin(self.rows["fate"], fates).sum())

    def lost_share(self) -> float:
        """Return the share that did not get through, 0..1."""
        return 1 - self.count(Fate.FORWARDED) / len(self.rows) if len(self.rows) else 0.0

    def through(self) -> Rows:
        """Return the records of what got through."""
        rows: Rows = self.rows[self.rows["fate"] == Fate.FORWARDED]
        return rows

    def delays_ms(self) -> npt.NDArray[np.float64]:
        """Return how long each packet was really on its way."""
        rows = self.through()
        delays: npt.NDArray[np.float64] = (rows["left_ns"] - rows["came_ns"]) / 1e6
        return delays

    def own_delay_ms(self) -> npt.NDArray[np.float64]:
        """Return by how much each packet left later than the settings wanted: our own noise."""
        rows = self.through()
        late: npt.NDArray[np.float64] = (rows["left_ns"] - rows["due_ns"]) / 1e6
        return late

    def kbps(self) -> float:
        """Return the rate of what got through, whole IP packets, between the first and last."""
        rows = self.through()
        if len(rows) < 2:
            return 0.0
        seconds = float(rows["left_ns"].max() - rows["left_ns"].min()) / 1e9
        return float(rows["size"].sum()) * 8 / 1000 / seconds if seconds else 0.0

    def sources(self) -> list[int]:
        """Return the RTP sources, the busiest first."""
        rows = self.rows[self.rows["kind"] == Kind.RTP]
        found, counts = np.unique(rows["ssrc"], return_counts=True)
        return [int(ssrc) for ssrc in found[np.argsort(-counts)]]

    def missing(self, ssrc: int) -> tuple[int, int]:
        """Count the RTP numbers of a source that did not get through, and all that there were.

        A number that never came to this line is missing as well, as it is to who receives; one
        that came again and got through is not.
        """
        rows = self.of(kind=Kind.RTP, ssrc=ssrc)
        if not len(rows):
            return 0, 0
        order = np.argsort(rows.rows["came_ns"], kind="stable")
        # 16 bits that go round: a step is the shorter way.
        steps = np.diff(rows.rows["sequence"][order]).astype(np.int16)
        numbers = np.concatenate(([0], np.cumsum(steps, dtype=np.int64)))
        through = rows.rows["fate"][order] == Fate.FORWARDED
        every = int(numbers.max() - numbers.min()) + 1
        return every - len(np.unique(numbers[through])), every

    def picture_missing(self, seconds: float) -> tuple[int, int]:
        """Count what is missing of the picture that came down in the last seconds, and all of it.

        The picture is the source with most packets. What of it was lost on the way up, and came
        too late to be sent again, has its number and never came to the way down.
        """
        late = self.of(DOWN).last_seconds(seconds)
        return late.missing(late.sources()[0])

    def exchanges(self, port: int) -> list[Exchange]:
        """Pair requests and answers at a TCP port of the servers, where one follows the other."""
        rows = self.of(protocol=TCP, port=port).through()
        rows = np.sort(rows[rows["payload"] > 0], order="came_ns")
        found: list[Exchange] = []
        asked: Any = None
        answer: list[Any] = []

        def note() -> None:
            if asked is not None and answer:
                first, last = answer[0], answer[-1]
                there = int(asked["left_ns"]) - int(asked["came_ns"])
                server = int(first["came_ns"]) - int(asked["left_ns"])
                back = int(last["left_ns"]) - int(first["came_ns"])
                found.append(Exchange((there + back) / 1e6, server / 1e6))

        for row in rows:
            if row["way"] == 0:
                note()
                asked, answer = row, []
            else:
                answer.append(row)
        note()
        return found

    def transit_jitter_ms(self) -> float:
        """Return the interarrival jitter (RFC 3550, 6.4.1) at the end of the records."""
        rows = np.sort(self.through(), order="left_ns")
        return jitter_ms([float(each) for each in (rows["left_ns"] - rows["came_ns"]) / 1e6])
