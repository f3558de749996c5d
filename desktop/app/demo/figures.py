"""What one client of the demo measures of its own call."""

import asyncio
from typing import Any

from desktop.app.demo.plan import DemoPlan, Facts
from desktop.app.demo.stages import Stage
from desktop.app.demo.stall_meter import QtStallMeter
from desktop.app.program import Program
from desktop.media.call_metrics import CallMetrics, Spread
from desktop.media.livekit_room import LiveKitRoom
from desktop.views.call_view import CallView

LOOK_EVERY_S = 0.25
LISTEN_EVERY_S = 1.0
"""A reading covers the last second; its Fourier transform takes 2 ms."""
HEARD_ABOVE_DBFS = -50.0


class FigureTaker:
    """Measures from the call page's opening; ``figures`` are complete after the window."""

    def __init__(self, program: Program, facts: Facts, plan: DemoPlan) -> None:
        self._program = program
        self._facts = facts
        self._plan = plan
        self._metrics: CallMetrics | None = None
        self._view: CallView | None = None
        self._loudest: dict[str, float] = {}

    def attach(self, view: CallView) -> None:
        """Measure what this view paints from now on."""
        room = self._program.call_parts().room
        if not isinstance(room, LiveKitRoom):
            raise TypeError("figures need the real room")
        stalls = QtStallMeter() if self._plan.costly_figures else None
        self._metrics = CallMetrics(room, stalls, time_code=self._plan.time_code)
        view.remote.on_painted = self._metrics.on_painted
        self._view = view
        self._metrics.start()

    def detach(self) -> None:
        """End the measuring; tell what is known when the window was not reached. Idempotent."""
        metrics, self._metrics = self._metrics, None
        self._view = None
        if metrics is None:
            return
        metrics.stop()
        if not self._facts.has(Stage.MEASURED):
            self._facts.tell("figures", figures=self._figures_of(metrics))

    async def hear(self) -> None:
        """Return once the other side was heard; keeps the loudest reading."""
        while True:
            await self._listen()
            if self._loudest and self._loudest["rms_dbfs"] > HEARD_ABOVE_DBFS:
                self._facts.stage(Stage.REMOTE_SOUND)
                return
            await asyncio.sleep(LOOK_EVERY_S)

    async def measure(self) -> dict[str, Any]:
        """Wait for the whole window and return the figures."""
        metrics, view = self._metrics, self._view
        assert metrics is not None
        assert view is not None
        while metrics.window_s <= 0:
            await asyncio.sleep(LOOK_EVERY_S)
        self._facts.tell("measuring", picture=view.remote.picture_on_screen())
        # The sound of the window alone: while both join, blocks are lost and the level settles.
        self._loudest = {}
        while metrics.window_s < self._plan.measure_s:
            await asyncio.sleep(LISTEN_EVERY_S)
            if self._metrics is not metrics:
                # The call is over; what was known then was told.
                return {}
            if self._plan.costly_figures or not self._loudest:
                await self._listen()
        figures = self._figures_of(metrics)
        self._facts.stage(Stage.MEASURED)
        figures["remote_audio"] = dict(self._loudest) or None
        self._facts.tell("figures", figures=figures)
        return figures

    def figures(self) -> dict[str, Any]:
        """Return what is known now, in the timeline's shape."""
        assert self._metrics is not None
        return self._figures_of(self._metrics)

    def _figures_of(self, metrics: CallMetrics) -> dict[str, Any]:
        told = metrics.figures()
        room = self._program.call_parts().room
        assert isinstance(room, LiveKitRoom)
        counters = room.audio.counters
        played = tuple(counters.people.values())
        totals = room.stay.totals if room.stay is not None else None
        return {
            "connect_ms": _rounded(told.connect_ms),
            "connect_to_first_frame_ms": _rounded(told.connect_to_first_frame_ms),
            "remote_frames_painted": told.remote_frames_painted,
            "remote_fps": _rounded(told.remote_fps, 2),
            "remote_size": list(told.remote_size) if told.remote_size else None,
            "window_s": _rounded(told.window_s),
            "glass_to_glass_ms": _of(told.glass_to_glass_ms, "p50", "p95"),
            "arrival_to_painted_ms": _of(told.arrival_to_painted_ms, "p50", "p95"),
            "remote_audio": dict(self._loudest) or None,
            "ui_stall_ms": _of(told.ui_stall_ms, "p50", "p99", "max"),
            "cpu_cores": _rounded(told.cpu_cores, 3),
            "rss_mb": _rounded(told.rss_mb),
            "audio_blocks": {
                "captured": counters.captured,
                "capture_overruns": counters.capture_overruns,
                "played": sum(one.played for one in played),
                "underruns": sum(one.underruns for one in played),
            },
            # 1 is the CPU (livekit's QualityLimitationReason).
            "encoder_limited": totals is not None and totals.limited_by == 1,
        }

    async def _listen(self) -> None:
        room = self._program.call_parts().room
        assert isinstance(room, LiveKitRoom)
        stay = room.stay
        if stay is None:
            return
        for identity in list(stay.room.remote_participants):
            reading = await asyncio.to_thread(room.audio.read_tone, identity)
            if reading.peak_hz is None:
                continue
            if reading.rms_dbfs >= self._loudest.get("rms_dbfs", -200.0):
                self._loudest = {
                    "rms_dbfs": round(reading.rms_dbfs, 1),
                    "peak_hz": round(reading.peak_hz, 1),
                }


def _of(spread: Spread, *names: str) -> dict[str, float | None] | None:
    values = {name: _rounded(getattr(spread, name)) for name in names}
    return None if values[names[0]] is None else values


def _rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)
