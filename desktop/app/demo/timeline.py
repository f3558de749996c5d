"""Judge a journey and write its timeline: every stage, both sides' figures, what the service holds.

Pure but for the writing. ``ok`` is the conjunction of all complaints being absent; nothing here
can turn a missing stage into a good one.
"""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from desktop.app.demo.stages import MUST_PRECEDE, REQUIRED, Side, Stage, StageSeen

TONE_TOLERANCE_HZ = 12.0
QUIETEST_DBFS = -50.0

SHORTEST_WINDOW_S = 20.0
"""What the figures of a call must cover to be its figures."""

FIGURES = (
    "connect_ms",
    "connect_to_first_frame_ms",
    "remote_frames_painted",
    "remote_fps",
    "remote_size",
    "window_s",
    "glass_to_glass_ms",
    "remote_audio",
    "ui_stall_ms",
    "cpu_cores",
    "rss_mb",
)


def complaints(
    seen: list[StageSeen],
    figures: dict[str, dict[str, Any]],
    session: dict[str, Any],
    tones_hz: dict[str, float],
    *,
    required: dict[Stage, tuple[Side, ...]] | None = None,
    coded: frozenset[str] = frozenset({"customer", "mechanic"}),
    measured: bool = True,
    window_s: float = SHORTEST_WINDOW_S,
    stalls: bool = True,
) -> list[str]:
    """Return what is wrong with a journey, in sentences; empty when all of it happened.

    Args:
        figures: by side, as the clients measured them.
        session: ``{id, status, payouts, crm_records, upsells}`` from the service.
        tones_hz: by side, the pitch that side's *own* microphone sends.
        required: the stages that must have been seen; all of them unless told otherwise.
        coded: the sides whose own pictures carry their capture time.
        measured: whether the call was to last as long as measuring takes.
        window_s: how long the figures' window must be.
        stalls: whether those of the window's thread were to be measured.
    """
    found: list[str] = []
    first: dict[tuple[str, str], float] = {}
    for one in seen:
        first.setdefault((one.side, one.name), one.at_ms)
    for stage, sides in (REQUIRED if required is None else required).items():
        found += [
            f"{side.value} never reached {stage.value}"
            for side in sides
            if (side.value, stage.value) not in first
        ]
    for side in Side:
        for earlier, later in MUST_PRECEDE:
            a, b = first.get((side.value, earlier.value)), first.get((side.value, later.value))
            if a is not None and b is not None and a > b:
                found.append(f"{side.value} reached {later.value} before {earlier.value}")
        if measured:
            asked = set(FIGURES)
            if not stalls:
                asked.discard("ui_stall_ms")
            if _other(side).value not in coded:
                asked.discard("glass_to_glass_ms")
            found += _figure_complaints(side, figures.get(side.value, {}), asked, window_s)
        found += _media_complaints(side, figures, tones_hz)
    return found + _session_complaints(session)


def _figure_complaints(
    side: Side, own: dict[str, Any], asked: Collection[str], window_s: float
) -> list[str]:
    found = [
        f"{side.value} measured no {name}"
        for name in FIGURES
        if name in asked and own.get(name) is None
    ]
    measured_s = own.get("window_s")
    if measured_s is not None and measured_s < window_s:
        found.append(f"{side.value} measured {measured_s:.1f} s instead of {window_s:.0f} s")
    return found


def _media_complaints(
    side: Side, figures: dict[str, dict[str, Any]], tones_hz: dict[str, float]
) -> list[str]:
    own = figures.get(side.value, {})
    other = _other(side)
    found: list[str] = []
    if not own.get("remote_frames_painted"):
        found.append(f"{side.value} painted no picture of the {other.value}")
    audio = own.get("remote_audio") or {}
    pitch = tones_hz.get(other.value)
    if pitch is not None and audio:
        if abs(float(audio.get("peak_hz") or 0) - pitch) > TONE_TOLERANCE_HZ:
            found.append(f"{side.value} heard {audio.get('peak_hz')} Hz instead of {pitch} Hz")
        if float(audio.get("rms_dbfs") or -120) < QUIETEST_DBFS:
            found.append(f"{side.value} heard the {other.value} at {audio.get('rms_dbfs')} dBFS")
    return found


def _other(side: Side) -> Side:
    return Side.MECHANIC if side is Side.CUSTOMER else Side.CUSTOMER


def _session_complaints(session: dict[str, Any]) -> list[str]:
    found: list[str] = []
    if session.get("status") != "completed":
        found.append(f"the session is {session.get('status')} instead of completed")
    for name, one in (("payouts", "payout"), ("crm_records", "CRM record")):
        count = len(session.get(name) or [])
        if count != 1:
            found.append(f"there are {count} instead of one {one}")
    upsells = [upsell.get("code") for upsell in session.get("upsells") or []]
    if not upsells:
        found.append("there is no upsell")
    if len(set(upsells)) != len(upsells):
        found.append("an upsell was made twice")
    return found


def write(
    path: Path,
    seen: list[StageSeen],
    figures: dict[str, dict[str, Any]],
    session: dict[str, Any],
    wrong: list[str],
    *,
    journey: dict[str, Any],
    clocks: dict[str, Any],
) -> dict[str, Any]:
    """Write ``timeline.json`` and return what it holds."""
    told: dict[str, Any] = {
        "ok": not wrong,
        "complaints": wrong,
        "stages": [
            {"name": one.name, "side": one.side, "at_ms": round(one.at_ms, 1)}
            for one in sorted(seen, key=lambda one: one.at_ms)
        ],
        "customer": figures.get("customer", {}),
        "mechanic": figures.get("mechanic", {}),
        "journey": journey,
        "clocks": clocks,
        "session": session,
    }
    path.write_text(json.dumps(told, indent=2) + "\n")
    return told
