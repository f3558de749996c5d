"""The measured figure of a verdict, in a few words, with the limit it was held against. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from preflight.model import CheckResult, CheckState, Measured
from preflight.verdicts.catalogue import BY_CODE
from preflight.verdicts.figures import UNITS, finite
from preflight.verdicts.rules import (
    EVIDENCE,
    AllOf,
    AtLeast,
    AtMost,
    FirstKnown,
    MustBe,
    NotIn,
    Rule,
    judge_rule,
)

_UNITS = {**UNITS, "share": "%", "ratio": "%", "fps": "fps"}
_BARE = frozenset({"runs_per_s"})
"""Whose name says the unit."""
_AS_PERCENT = frozenset({"share", "ratio"})
_NAMES = {
    "rtt_median_ms": "round trip",
    "rtt_ms": "round trip",
    "mos": "MOS",
    "dns_ms": "name looked up in",
    "open_ms": "opened in",
    "join_ms": "let in after",
    "connect_ms": "connected after",
    "uplink_kbps": "upload",
    "downlink_kbps": "download",
    "up_mbps": "other upload",
    "first_frame_ms": "first picture after",
    "first_block_ms": "first sound after",
    "received_ratio": "arrived",
    "drop_share": "dropped",
    "floor_dbfs": "noise",
    "snr_db": "voice above noise",
    "over_floor_db": "voice above noise",
    "gain_db": "echo",
    "camera_back_fps": "came back",
    "encode_ms": "encoded in",
    "cpu_limited_percent": "held back",
    "limited_percent": "held back",
    "steady_freezes": "freezes",
    "relay_connect_ms": "connected after",
    "percent": "charge",
    "off_s": "off by",
    "early_s": "starts in",
    "runs_per_s": "distorted passages a second",
    "luma_mean": "brightness",
    "luma_spread": "spread of brightness",
    "colour_spread": "spread of colours",
    "border_luma": "border",
    "centre_luma": "middle",
    "ramp_s": "full speed after",
    "gap_ms": "silent for",
    "reconnect_ms": "back after",
}
"""What is shorter or plainer than the figure's own name without its unit."""
_BESIDE = {
    "camera.usb_slow": ("fps",),
    "camera.infrared": ("chroma_deviation",),
    "mic.silent": ("voice_dbfs", "floor_dbfs"),
    "mic.no_voice": ("over_floor_db",),
    "mic.channel_dead": ("quieter_dbfs", "louder_dbfs"),
    "speaker.open_failed": ("open_ms",),
    "speaker.headset_mode": ("rate_hz",),
    "net.mtu": ("stalls",),
    "media.relay_blocked": ("relay_connect_ms",),
    "media.turn_tls_blocked": ("relay_connect_ms",),
    "media.protocol_choice": ("udp_loss_percent",),
}
"""What was measured where the verdict itself is yes or no."""
_BAD = (CheckState.FAILED, CheckState.WARNED)


@dataclass(frozen=True, slots=True)
class _Told:
    field: str
    value: float
    limit: float | None
    state: CheckState


def figures(result: CheckResult) -> str:
    """Return what decided a verdict, e.g. ``round trip 412 ms, limit 300``; may be empty.

    Of a bad verdict only what is beyond its limit; of a good one every figure that was judged.
    """
    rules, measured = BY_CODE[result.code].rules, result.measured
    told = list({each.field: each for each in reversed(list(_judged(rules, measured)))}.values())
    told.reverse()
    if result.state in _BAD:
        told = [each for each in told if each.state in _BAD]
    else:
        told = [each for each in told if each.field not in EVIDENCE]
    words = [_words(each.field, each.value, each.limit) for each in told]
    if not words:
        words = [*_texts(rules, measured), *_beside(result)]
    return "; ".join(words)


def figure(field: str, value: float) -> str:
    """Return one figure by itself, e.g. ``upload 3050 kbit/s``."""
    return _words(field, value, None)


def _judged(rules: Sequence[Rule], measured: Measured) -> Iterator[_Told]:
    for rule in rules:
        match rule:
            case AtMost() | AtLeast():
                yield from _number_of(rule, measured)
            case FirstKnown(rules=either):
                found = (told for each in either for told in _number_of(each, measured))
                yield from list(found)[:1]
            case AllOf(rules=several):
                yield from _several(rule, several, measured)
            case MustBe() | NotIn():
                continue


def _number_of(rule: AtMost | AtLeast, measured: Measured) -> Iterator[_Told]:
    value = finite(measured.get(rule.field))
    if value is None:
        return
    state = judge_rule(rule, measured)
    first = rule.fail if rule.warn is None else rule.warn
    yield _Told(rule.field, value, rule.fail if state is CheckState.FAILED else first, state)


def _several(
    rule: AllOf, rules: Sequence[AtMost | AtLeast | MustBe], measured: Measured
) -> Iterator[_Told]:
    """Tell what several conditions decided together: all where they hold, else the first.

    One that holds while another does not is no fault, and its limit would look like one.
    """
    found = [
        told
        for each in rules
        if not isinstance(each, MustBe)
        for told in _number_of(each, measured)
    ]
    if judge_rule(rule, measured) in _BAD:
        yield from found
        return
    for told in found[:1]:
        limit = told.limit if told.state is CheckState.PASSED else None
        yield _Told(told.field, told.value, limit, CheckState.PASSED)


def _texts(rules: Sequence[Rule], measured: Measured) -> list[str]:
    words = [measured.get(rule.field) for rule in rules if isinstance(rule, NotIn)]
    return list(dict.fromkeys(word for word in words if isinstance(word, str)))


def _beside(result: CheckResult) -> list[str]:
    fields = _BESIDE.get(result.code, ())
    values = [(field, finite(result.measured.get(field))) for field in fields]
    return [_words(field, value, None) for field, value in values if value is not None]


def _words(field: str, value: float, limit: float | None) -> str:
    name, _, end = field.rpartition("_")
    unit = "" if field in _BARE else _UNITS.get(end, "")
    known = _NAMES.get(field, (name if unit else field).replace("_", " "))
    scale = 100.0 if end in _AS_PERCENT else 1.0
    told = " ".join(filter(None, (known, _number(value * scale), unit)))
    return told if limit is None else f"{told}, limit {_number(limit * scale)}"


def _number(value: float) -> str:
    return f"{round(value, 1 if abs(value) >= 10 else 3) + 0.0:.10g}"
