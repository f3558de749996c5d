"""P01 to P11: one trial call, looked at from many sides."""

from collections.abc import Callable

from preflight.check import CannotTell, Check
from preflight.checks.media.bench import MediaBench
from preflight.model import CheckState, Measured, MeasuredValue
from preflight.verdicts.catalogue import judge

NEEDS = ("net.room", "net.rtt_high")
"""The trial call fills the line: the gate's own measurements come first."""
_BOUNDED = 0.9

_Judge = Callable[[dict[str, MeasuredValue]], None]


def media_checks(bench: MediaBench) -> tuple[Check, ...]:
    """Return the checks of the media path over one trial call."""
    return (
        _check(bench, "media.uplink_low", "uplink_kbps", "lower_bound", "seconds"),
        _check(bench, "media.downlink_low", "downlink_kbps", "uplink_kbps", unless=_bounded),
        _check(bench, "media.ramp_slow", "ramp_s", unless=_never_there),
        _check(bench, "media.rtt_high", "rtt_ms"),
        _check(bench, "media.loss", "loss_up_percent", "loss_down_percent"),
        _check(
            bench,
            "media.loss_burst",
            "worst_burst_percent",
            "second_burst_percent",
            "stream_loss_percent",
            "stream_packets",
        ),
        _check(bench, "media.reorder", "reordered_percent", "stream_packets"),
        _check(bench, "media.jitter", "jitter_ms"),
        _check(bench, "media.mos", "mos"),
        _check(
            bench, "media.bandwidth_limited", "limited_percent", "uplink_kbps", unless=_too_short
        ),
        _check(
            bench,
            "media.video_stuck",
            "decoded",
            "first_frame_ms",
            "freezes",
            "steady_freezes",
            "frames_decoded",
            "published_ms",
            "began_ago_ms",
            "seconds",
            unless=_no_picture,
        ),
    )


def _check(bench: MediaBench, code: str, *fields: str, unless: _Judge | None = None) -> Check:
    async def measure() -> Measured:
        told = (await bench.trial()).measured
        figures = {name: told.get(name) for name in fields}
        if unless is not None:
            unless(figures)
        return figures

    return Check(code, measure, needs=NEEDS, before=bench.ready)


def _bounded(figures: Measured) -> None:
    """What came down was all that went up: a slow way up tells nothing of the way down."""
    down, up = figures["downlink_kbps"], figures["uplink_kbps"]
    if not isinstance(down, float | int) or not isinstance(up, float | int):
        return
    little = judge("media.downlink_low", figures) is not CheckState.PASSED
    if little and down >= _BOUNDED * up:
        raise CannotTell("bounded_by_upload", figures)


def _never_there(figures: Measured) -> None:
    if figures["ramp_s"] is None:
        raise CannotTell("never_there", figures)


def _no_picture(figures: dict[str, MeasuredValue]) -> None:
    """A picture that never came took as long as the call: without a time there was no verdict."""
    if figures["decoded"] is False and figures["first_frame_ms"] is None:
        seconds = figures["seconds"]
        waited_s = seconds if isinstance(seconds, float | int) else 0.0
        figures["first_frame_ms"] = waited_s * 1000


def _too_short(figures: Measured) -> None:
    if figures["limited_percent"] is None:
        raise CannotTell("too_short", figures)
