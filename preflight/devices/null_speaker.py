"""``null``: takes sound in real time and plays it to nobody, where there is no loudspeaker.

A call needs somebody who pulls: the echo canceller and the meters live from what is played.
"""

import threading
import time

from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.pacing import Pacer
from preflight.devices.ports import PullBlock, SourceState, SourceStatus

NULL_SPEAKER_INFO = DeviceInfo(DeviceId("null"), "No loudspeaker", DeviceKind.NONE)
_PERIOD_NS = 10_000_000
_CLOSE_WAIT_S = 2.0


class NullSpeaker:
    """``SpeakerSink`` that pulls a block every 10 ms and drops it."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._status = SourceStatus(SourceState.CLOSED)
        self._pull: PullBlock | None = None
        self._thread: threading.Thread | None = None

    @property
    def info(self) -> DeviceInfo:
        return NULL_SPEAKER_INFO

    @property
    def status(self) -> SourceStatus:
        return self._status

    @property
    def latency_ms(self) -> float:
        return 0.0

    def open(self, pull: PullBlock) -> None:
        """Start pulling, or pull from another source instead.

        Raises:
            RuntimeError: closed before; a sink lives once.
        """
        if self._stop.is_set():
            raise RuntimeError("this sink was closed; make a new one")
        self._pull = pull
        if self._thread is not None:
            return
        self._status = SourceStatus(SourceState.RUNNING, open_ms=0.0)
        self._thread = threading.Thread(target=self._run, name="null speaker", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(_CLOSE_WAIT_S)
        self._status = SourceStatus(SourceState.CLOSED, open_ms=self._status.open_ms)

    def _run(self) -> None:
        pacer = Pacer(_PERIOD_NS)
        began_ns = time.monotonic_ns()
        while pacer.wait(self._stop):
            if self._pull is not None:
                self._pull()
            if self._status.first_ms is None:
                first_ms = (time.monotonic_ns() - began_ns) / 1e6
                self._status = SourceStatus(SourceState.RUNNING, open_ms=0.0, first_ms=first_ms)
