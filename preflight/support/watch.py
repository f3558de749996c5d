"""What ``--watch`` says: changes alone, and the round trips' summary at the end."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TextIO

import msgspec
import numpy as np

from preflight.devices.departures import Departures
from preflight.model import CheckState, RunProgress
from preflight.parts import DeviceLists
from preflight.report.redaction import Secrets, redact


class ChangesAsJson:
    """One JSON object a line for every verdict that is new, redacted as a report is."""

    def __init__(self, out: TextIO, now: Callable[[], datetime], secrets: Secrets) -> None:
        self._out = out
        self._now = now
        self._secrets = secrets
        self._said: dict[str, CheckState] = {}

    def tell(self, progress: RunProgress) -> None:
        """Say what changed since the last time."""
        for result in progress.checks:
            if not result.state.final or self._said.get(result.code) is result.state:
                continue
            self._said[result.code] = result.state
            line = {
                "at_utc": self._now().isoformat(timespec="milliseconds"),
                "code": result.code,
                "no": result.no,
                "state": result.state.value,
                "reason": result.reason,
                "measured": dict(result.measured),
            }
            told = redact(line, self._secrets)
            # How often each rule took something out is said of whole reports.
            del told["redaction"]
            self._out.write(msgspec.json.encode(told).decode() + "\n")
        self._out.flush()

    def say_gone(self, device: str) -> None:
        """Say that a device was unplugged that was not in use."""
        line = {
            "at_utc": self._now().isoformat(timespec="milliseconds"),
            "event": "unplugged",
            "device": device,
            "in_use": False,
        }
        told = redact(line, self._secrets)
        del told["redaction"]
        self._out.write(msgspec.json.encode(told).decode() + "\n")
        self._out.flush()

    def close(self) -> None:
        """Nothing is left to say."""


class GoneDevices:
    """Says once of each device that it was unplugged while nobody used it."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._departures = Departures()
        self._said: tuple[str, ...] = ()

    def look(self, devices: DeviceLists) -> None:
        """Look at what there is now."""
        used = {role: None if info is None else info.id for role, info in devices.in_use.items()}
        gone = self._departures.see(devices.available, used)
        for each in gone:
            if each not in self._said:
                self._say(each)
        self._said = gone


class RoundTripLog:
    """Counts the samples of every look at the service by their tenths of a millisecond.

    A watch may last for days: what it keeps must not grow with them.
    """

    def __init__(self) -> None:
        self._last: Sequence[float] = ()
        self._counts: Counter[float] = Counter()

    def note(self, rtts_ms: Sequence[float]) -> None:
        """Take the samples of the newest look; the same look again adds nothing."""
        if rtts_ms is not self._last:
            self._last = rtts_ms
            self._counts.update(round(rtt_ms, 1) for rtt_ms in rtts_ms)

    def summary(self) -> dict[str, float | int] | None:
        """Return number, min, median and 95th percentile in ms; None without a sample."""
        if not self._counts:
            return None
        steps = sorted(self._counts)
        every = np.repeat(steps, [self._counts[step] for step in steps])
        return {
            "samples": len(every),
            "rtt_min_ms": steps[0],
            "rtt_median_ms": round(float(np.median(every)), 1),
            "rtt_p95_ms": round(float(np.percentile(every, 95)), 1),
        }
