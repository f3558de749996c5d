"""Notices that Pulse moved or dropped our stream: it never says so by itself.

When a source is unplugged, the server may move the stream silently to another microphone. The
person would speak into one and be heard through another, so we treat that as unplugged.
"""

import threading

from preflight.devices.pulse import Direction, PulseDevice, PulseServer

_PERIOD_S = 1.0


class StreamWatch:
    """Asks the server every second, on a thread of its own, where the stream is."""

    def __init__(
        self,
        pulse: PulseServer,
        direction: Direction,
        device: PulseDevice,
        tag: str,
        period_s: float = _PERIOD_S,
    ) -> None:
        self._pulse = pulse
        self._direction = direction
        self._device = device
        self._tag = tag
        self._period_s = period_s
        self._stop = threading.Event()
        self._problem: str | None = None
        self._thread = threading.Thread(target=self._run, name=f"watch {device.name}", daemon=True)

    @property
    def problem(self) -> str | None:
        """What happened to the stream, for logs; None while it is where it belongs."""
        return self._problem

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread; returns at once."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(self._period_s):
            # A server that is busy may miss its deadline once: ask again before judging.
            if self._on_our_device() or self._on_our_device() or self._stop.is_set():
                continue
            self._problem = "the stream is not on its device any more"
            return

    def _on_our_device(self) -> bool:
        on = self._pulse.index_of_stream(self._direction, self._tag)
        return on == self._device.index
