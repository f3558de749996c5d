"""From verdict to what is sent: the rung of the publish ladder that line and machine carry.

Pure. The ladder and its caps are section 13 of docs/preflight_checks.md. A rung limits what is
sent, it never forces more onto a line: below it the call's own bandwidth estimate still decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from preflight.model import CheckResult, CheckState
from preflight.verdicts.figures import finite

OVERHEAD = 1.2
"""Needed uplink over the sum of picture and sound (100 kbit/s with redundancy)."""
PROVEN_SHARE = 0.8
"""A line of known rate measures as 82 to 93 % of it (medians, docs/calibration.md; decision 0028):
the call's own control leaves some room. A line that measures as 95 % still carries picture and
sound of the rung that this gives it, since `OVERHEAD` is more than 0.95 over 0.8."""
_FREE = 5
"""Where the uplink was not measured: nothing speaks against it (decision 0021)."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder.

    Attributes:
        uplink_kbps: the least rate of a line for it.
        bitrate_kbps: of the picture; 0 starts the call without one.
    """

    number: int
    uplink_kbps: float
    width: int
    height: int
    fps: int
    bitrate_kbps: int


LADDER: Sequence[Rung] = (
    Rung(0, 0, 320, 180, 20, 0),
    Rung(1, 300, 320, 180, 20, 160),
    Rung(2, 700, 640, 360, 20, 450),
    Rung(3, 1100, 960, 540, 25, 800),
    Rung(4, 1600, 1280, 720, 20, 1200),
    Rung(5, 2200, 1280, 720, 30, 1700),
    Rung(6, 2900, 1280, 720, 30, 1700),
)
HIGHEST = LADDER[-1].number


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What a call should send.

    Attributes:
        rung: 0..6 of the ladder.
        width, height, fps, bitrate_kbps: of the picture at most; 0 kbit/s: begin without one.
        audio_only_offered: whether the person should be asked to begin with sound alone.
        because: codes of the checks that took the rung down, ``uplink_unknown``, or
            ``peer_downlink`` where the other side cannot receive more.
        receives: the rung that this side can receive, for the other one; None: not held back.
    """

    rung: int
    width: int
    height: int
    fps: int
    bitrate_kbps: int
    audio_only_offered: bool
    because: tuple[str, ...]
    receives: int | None = None


def recommend(results: Iterable[CheckResult]) -> Recommendation:
    """Return the rung that every verdict allows; the lowest wins.

    Loss takes the uplink's own rung down by one (2 % and more) or two (6 %); processor, energy,
    heat, a metered line and a detour are caps.
    """
    by_code = {result.code: result for result in results}
    uplink = _figure(by_code, "media.uplink_low", "uplink_kbps")
    because: list[str] = []
    if uplink is None:
        rung = _FREE
        because.append("uplink_unknown")
    else:
        rung = rung_for(uplink)
        if rung < _FREE:
            because.append("media.uplink_low")
    offered = rung <= 1
    lossy = by_code.get("media.loss")
    if lossy is not None and lossy.state in (CheckState.WARNED, CheckState.FAILED):
        failed = lossy.state is CheckState.FAILED
        rung = max(0, rung - (2 if failed else 1))
        offered = offered or failed or rung <= 1
        because.append("media.loss")
    fps = LADDER[rung].fps
    for code, warned, failing in _CAPS:
        state = by_code[code].state if code in by_code else None
        if code in by_code and by_code[code].reason == "server_offers_none":
            # Nobody's fault, and all the same no path over UDP.
            state = CheckState.WARNED
        cap = {CheckState.WARNED: warned, CheckState.FAILED: failing}.get(state) if state else None
        if cap is not None and cap < rung:
            rung = cap
            fps = LADDER[rung].fps
            because.append(code)
    if "host.cpu_encode" in because and by_code["host.cpu_encode"].state is CheckState.FAILED:
        fps = min(fps, _SLOW_FPS)
    step = LADDER[rung]
    width, height = _within_camera(step, by_code)
    return Recommendation(
        rung=rung,
        width=width,
        height=height,
        fps=fps,
        bitrate_kbps=step.bitrate_kbps,
        audio_only_offered=offered,
        because=tuple(because),
        receives=_receivable(by_code),
    )


def limited_by(own: Recommendation, rung: int | None) -> Recommendation:
    """Return what is sent to somebody who can receive ``rung``: the lower of the two counts."""
    if rung is None or rung >= own.rung:
        return own
    step = LADDER[max(0, rung)]
    share = min(1.0, step.width / own.width, step.height / own.height)
    return replace(
        own,
        rung=step.number,
        width=round(own.width * share),
        height=round(own.height * share),
        # A rate below the ladder's own is the processor's, and stays.
        fps=step.fps if own.fps >= LADDER[own.rung].fps else min(own.fps, step.fps),
        bitrate_kbps=min(own.bitrate_kbps, step.bitrate_kbps),
        because=(*own.because, "peer_downlink"),
    )


def _receivable(by_code: Mapping[str, CheckResult]) -> int | None:
    """Return the rung the way down carries; None where nothing was proved against it.

    What came down was bounded by what went up: only a clear loss on the way tells of the way down.
    """
    down = _figure(by_code, "media.downlink_low", "downlink_kbps")
    up = _figure(by_code, "media.downlink_low", "uplink_kbps")
    if down is None:
        return None
    rung = rung_for(max(0.0, down))
    if rung >= _FREE or up is None or down >= _BOUNDED * up:
        return None
    return rung


_BOUNDED = 0.9
"""The downlink's verdict counts below this share of the uplink (P02)."""


def rung_for(measured_kbps: float) -> int:
    """Return the highest rung whose line would measure like this or less."""
    return max(each.number for each in LADDER if measured_kbps >= each.uplink_kbps * PROVEN_SHARE)


_SLOW_FPS = 15
_CAPS = (
    ("host.cpu_encode", 3, 2),
    ("host.power_saver", 3, 3),
    ("host.thermal", 3, 3),
    ("net.metered", 3, 3),
    ("media.udp_blocked", 4, 4),
)
"""Code, the highest rung when it warns, and when it fails."""


def _within_camera(step: Rung, by_code: Mapping[str, CheckResult]) -> tuple[int, int]:
    long_side = _figure(by_code, "camera.resolution", "long_side_px")
    short_side = _figure(by_code, "camera.resolution", "short_side_px")
    if long_side is None or short_side is None:
        return step.width, step.height
    if long_side >= step.width and short_side >= step.height:
        return step.width, step.height
    return round(long_side), round(short_side)


def _figure(by_code: Mapping[str, CheckResult], code: str, name: str) -> float | None:
    result = by_code.get(code)
    return None if result is None else finite(result.measured.get(name))


UNLIMITED = recommend(())
"""What is sent where nothing was measured."""
