"""What the figures of the checks are called on support's page, with their units.

The catalogue's own names stand in reports and on the page that a diagnosis writes.
"""

import re
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from desktop.views.evidence_words import EVIDENCE
from desktop.views.fact_words import value_name
from preflight.model import MeasuredValue
from preflight.verdicts.figures import UNITS, unit_of
from preflight.verdicts.rules import OR

_CONTEXT: Final = "figures"
FIGURES: Final[dict[str, object]] = {
    "cameras": QT_TRANSLATE_NOOP("figures", "cameras"),
    "permission": QT_TRANSLATE_NOOP("figures", "permission"),
    "busy": QT_TRANSLATE_NOOP("figures", "in use by another program"),
    "began_ago_ms": QT_TRANSLATE_NOOP("figures", "begun before that"),
    "validate_ms": QT_TRANSLATE_NOOP("figures", "entry checked in"),
    "search_ms": QT_TRANSLATE_NOOP("figures", "found after"),
    "opened": QT_TRANSLATE_NOOP("figures", "opens"),
    "open_ms": QT_TRANSLATE_NOOP("figures", "opened after"),
    "first_frame_ms": QT_TRANSLATE_NOOP("figures", "first picture after"),
    "unchanged_ms": QT_TRANSLATE_NOOP("figures", "unchanged for"),
    "colour_spread": QT_TRANSLATE_NOOP("figures", "spread of the colours"),
    "luma_mean": QT_TRANSLATE_NOOP("figures", "mean brightness"),
    "structure": QT_TRANSLATE_NOOP("figures", "structure"),
    "frames": QT_TRANSLATE_NOOP("figures", "pictures looked at"),
    "picture": QT_TRANSLATE_NOOP("figures", "picture"),
    "fps": QT_TRANSLATE_NOOP("figures", "pictures a second"),
    "present": QT_TRANSLATE_NOOP("figures", "connected"),
    "microphones": QT_TRANSLATE_NOOP("figures", "microphones"),
    "first_block_ms": QT_TRANSLATE_NOOP("figures", "first sound after"),
    "received_ratio": QT_TRANSLATE_NOOP("figures", "share that arrived"),
    "sound": QT_TRANSLATE_NOOP("figures", "sound"),
    "dns_ms": QT_TRANSLATE_NOOP("figures", "name looked up in"),
    "dns_ok": QT_TRANSLATE_NOOP("figures", "name was found"),
    "tcp_ok": QT_TRANSLATE_NOOP("figures", "connection was made"),
    "tls_ok": QT_TRANSLATE_NOOP("figures", "certificate is good"),
    "healthy": QT_TRANSLATE_NOOP("figures", "service is well"),
    "lost": QT_TRANSLATE_NOOP("figures", "answers lost"),
    "rtt_median_ms": QT_TRANSLATE_NOOP("figures", "answer time (median)"),
    "rtt_p95_ms": QT_TRANSLATE_NOOP("figures", "answer time (95 of 100)"),
    "samples": QT_TRANSLATE_NOOP("figures", "answers timed"),
    "joined": QT_TRANSLATE_NOOP("figures", "call server lets in"),
    "join_ms": QT_TRANSLATE_NOOP("figures", "let in after"),
    "connected": QT_TRANSLATE_NOOP("figures", "call connects"),
    "connect_ms": QT_TRANSLATE_NOOP("figures", "call connected after"),
    "changed": QT_TRANSLATE_NOOP("figures", "changed"),
    "bright_share": QT_TRANSLATE_NOOP("figures", "share that is too bright"),
    "border_luma": QT_TRANSLATE_NOOP("figures", "brightness at the border"),
    "centre_luma": QT_TRANSLATE_NOOP("figures", "brightness in the middle"),
    "sharpness": QT_TRANSLATE_NOOP("figures", "sharpness"),
    "contrast": QT_TRANSLATE_NOOP("figures", "contrast"),
    "flicker_depth": QT_TRANSLATE_NOOP("figures", "depth of the flicker"),
    "flicker_share": QT_TRANSLATE_NOOP("figures", "share that flickers"),
    "long_side_px": QT_TRANSLATE_NOOP("figures", "long side"),
    "short_side_px": QT_TRANSLATE_NOOP("figures", "short side"),
    "upright": QT_TRANSLATE_NOOP("figures", "upright"),
    "usb_slow": QT_TRANSLATE_NOOP("figures", "slow USB connection"),
    "drop_share": QT_TRANSLATE_NOOP("figures", "share of pictures dropped"),
    "infrared": QT_TRANSLATE_NOOP("figures", "infrared camera"),
    "virtual": QT_TRANSLATE_NOOP("figures", "not a real device"),
    "muted": QT_TRANSLATE_NOOP("figures", "muted"),
    "level_dbfs": QT_TRANSLATE_NOOP("figures", "level"),
    "voice_heard": QT_TRANSLATE_NOOP("figures", "a voice was heard"),
    "voice_dbfs": QT_TRANSLATE_NOOP("figures", "level of the voice"),
    "runs_per_s": QT_TRANSLATE_NOOP("figures", "distorted passages a second"),
    "floor_dbfs": QT_TRANSLATE_NOOP("figures", "level of the noise"),
    "snr_db": QT_TRANSLATE_NOOP("figures", "voice above noise"),
    "spoken": QT_TRANSLATE_NOOP("figures", "somebody spoke"),
    "hum_dbfs": QT_TRANSLATE_NOOP("figures", "level of the hum"),
    "dc_share": QT_TRANSLATE_NOOP("figures", "constant part"),
    "dc_stable": QT_TRANSLATE_NOOP("figures", "constant part stays"),
    "gaps": QT_TRANSLATE_NOOP("figures", "gaps"),
    "rate_off_share": QT_TRANSLATE_NOOP("figures", "off the right rate by"),
    "band": QT_TRANSLATE_NOOP("figures", "band"),
    "channel_dead": QT_TRANSLATE_NOOP("figures", "one side is dead"),
    "correlation": QT_TRANSLATE_NOOP("figures", "likeness"),
    "confirmed": QT_TRANSLATE_NOOP("figures", "confirmed by the person"),
    "speakers": QT_TRANSLATE_NOOP("figures", "loudspeakers"),
    "volume_percent": QT_TRANSLATE_NOOP("figures", "volume"),
    "plays": QT_TRANSLATE_NOOP("figures", "sound can be played"),
    "heard_none": QT_TRANSLATE_NOOP("figures", "nothing was heard"),
    "wrong_answers": QT_TRANSLATE_NOOP("figures", "wrong answers"),
    "coupled": QT_TRANSLATE_NOOP("figures", "microphone hears the loudspeaker"),
    "gain_db": QT_TRANSLATE_NOOP("figures", "loudness of the echo"),
    "delay_ms": QT_TRANSLATE_NOOP("figures", "delay"),
    "narrow": QT_TRANSLATE_NOOP("figures", "telephone quality"),
    "allowed": QT_TRANSLATE_NOOP("figures", "allowed"),
    "luma_spread": QT_TRANSLATE_NOOP("figures", "spread of the brightness"),
    "jitter_ms": QT_TRANSLATE_NOOP("figures", "unevenness"),
    "server_share": QT_TRANSLATE_NOOP("figures", "share of the time in the service"),
    "portal": QT_TRANSLATE_NOOP("figures", "login page in the way"),
    "proxy": QT_TRANSLATE_NOOP("figures", "proxy"),
    "signal_blocked": QT_TRANSLATE_NOOP("figures", "call server is blocked"),
    "intercepted": QT_TRANSLATE_NOOP("figures", "a program reads along"),
    "vpn": QT_TRANSLATE_NOOP("figures", "VPN"),
    "family_broken": QT_TRANSLATE_NOOP("figures", "one protocol is broken"),
    "black_hole": QT_TRANSLATE_NOOP("figures", "large packets vanish"),
    "metered": QT_TRANSLATE_NOOP("figures", "metered"),
    "signal_dbm": QT_TRANSLATE_NOOP("figures", "Wi-Fi signal"),
    "signal_percent": QT_TRANSLATE_NOOP("figures", "Wi-Fi signal"),
    "up_mbps": QT_TRANSLATE_NOOP("figures", "other upload"),
    "uplink_kbps": QT_TRANSLATE_NOOP("figures", "upload"),
    "downlink_kbps": QT_TRANSLATE_NOOP("figures", "download"),
    "ramp_s": QT_TRANSLATE_NOOP("figures", "full speed after"),
    "rtt_ms": QT_TRANSLATE_NOOP("figures", "round trip"),
    "loss_down_percent": QT_TRANSLATE_NOOP("figures", "loss on the way down"),
    "loss_up_percent": QT_TRANSLATE_NOOP("figures", "loss on the way up"),
    "second_burst_percent": QT_TRANSLATE_NOOP("figures", "second worst burst of loss"),
    "worst_burst_percent": QT_TRANSLATE_NOOP("figures", "worst burst of loss"),
    "reordered_percent": QT_TRANSLATE_NOOP("figures", "out of order"),
    "mos": QT_TRANSLATE_NOOP("figures", "quality of the voice (MOS)"),
    "limited_percent": QT_TRANSLATE_NOOP("figures", "time held back by the line"),
    "decoded": QT_TRANSLATE_NOOP("figures", "picture was decoded"),
    "freezes": QT_TRANSLATE_NOOP("figures", "freezes"),
    "steady_freezes": QT_TRANSLATE_NOOP("figures", "freezes while its size stayed"),
    "camera_back_fps": QT_TRANSLATE_NOOP("figures", "pictures a second that came back"),
    "quality": QT_TRANSLATE_NOOP("figures", "quality"),
    "udp": QT_TRANSLATE_NOOP("figures", "UDP works"),
    "udp_offered": QT_TRANSLATE_NOOP("figures", "UDP offered by the call server"),
    "tcp": QT_TRANSLATE_NOOP("figures", "TCP works"),
    "tcp_packets": QT_TRANSLATE_NOOP("figures", "packets over TCP"),
    "relay": QT_TRANSLATE_NOOP("figures", "relay works"),
    "packets": QT_TRANSLATE_NOOP("figures", "packets"),
    "fragile": QT_TRANSLATE_NOOP("figures", "depends on one way"),
    "back": QT_TRANSLATE_NOOP("figures", "came back"),
    "gap_ms": QT_TRANSLATE_NOOP("figures", "silence meanwhile"),
    "mute_kept": QT_TRANSLATE_NOOP("figures", "stayed muted"),
    "reconnect_ms": QT_TRANSLATE_NOOP("figures", "connected again after"),
    "tcp_better": QT_TRANSLATE_NOOP("figures", "TCP is better"),
    "cpu_limited_percent": QT_TRANSLATE_NOOP("figures", "time held back by the processor"),
    "encode_ms": QT_TRANSLATE_NOOP("figures", "time to encode a picture"),
    "busy_percent": QT_TRANSLATE_NOOP("figures", "processor in use"),
    "wake_lock": QT_TRANSLATE_NOOP("figures", "stays awake"),
    "available_gb": QT_TRANSLATE_NOOP("figures", "free memory"),
    "free_gb": QT_TRANSLATE_NOOP("figures", "free disk"),
    "writable": QT_TRANSLATE_NOOP("figures", "disk can be written"),
    "percent": QT_TRANSLATE_NOOP("figures", "charge"),
    "too_short": QT_TRANSLATE_NOOP("figures", "battery too short"),
    "power_saver": QT_TRANSLATE_NOOP("figures", "energy saving"),
    "thermal": QT_TRANSLATE_NOOP("figures", "too hot"),
    "off_s": QT_TRANSLATE_NOOP("figures", "clock off by"),
    "below_minimum": QT_TRANSLATE_NOOP("figures", "too old for the service"),
    "older": QT_TRANSLATE_NOOP("figures", "newer version exists"),
    "supported": QT_TRANSLATE_NOOP("figures", "supported version"),
    "signed_in": QT_TRANSLATE_NOOP("figures", "signed in"),
    "yours": QT_TRANSLATE_NOOP("figures", "own session"),
    "over": QT_TRANSLATE_NOOP("figures", "session has ended"),
    "early_s": QT_TRANSLATE_NOOP("figures", "starts in"),
    "in_room": QT_TRANSLATE_NOOP("figures", "in the call elsewhere"),
    "other_side": QT_TRANSLATE_NOOP("figures", "other side"),
    "refused": QT_TRANSLATE_NOOP("figures", "refused"),
}
_SHORTEST = QLocale.FloatingPointPrecisionOption.FloatingPointShortest.value
_LARGEST = 1e9
_CONDITION = re.compile(r"([a-z0-9_]+)(>=|<|=)(\S+)")
_SIGNS: Final = {">=": "≥", "<": "<", "=": "="}


def figure_words(name: str, value: MeasuredValue) -> str:
    """Return a figure with its name and unit."""
    words = QT_TRANSLATE_NOOP("figures", "{name}: {value}")
    return QCoreApplication.translate(_CONTEXT, str(words)).format(
        name=_name(name), value=with_unit(name, value)
    )


def with_unit(name: str, value: MeasuredValue) -> str:
    """Return a value as people read it, with the unit that its name ends in."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{plain_value(value)} {unit_of(name) if is_number else ''}".strip()


def condition_words(limit: str) -> str:
    """Return conditions such as ``luma_mean<40 structure<0.5`` with the names people know."""
    either = QCoreApplication.translate(
        _CONTEXT, str(QT_TRANSLATE_NOOP("figures", "{one} or {other}"))
    )
    one, _, other = limit.partition(OR)
    told = _CONDITION.sub(_condition, one)
    return either.format(one=told, other=condition_words(other)) if other else told


def limit_words(limit: str) -> str:
    """Return conditions, or the words that must not be: ``denied restricted``."""
    if any(sign in limit for sign in "<="):
        return condition_words(limit)
    return ", ".join(value_name(word) for word in limit.split())


def plain_value(value: MeasuredValue) -> str:
    """Return a value by locale; a dash where there is none."""
    match value:
        case None:
            return "–"
        case bool():
            yes, no = QT_TRANSLATE_NOOP("figures", "yes"), QT_TRANSLATE_NOOP("figures", "no")
            return QCoreApplication.translate(_CONTEXT, str(yes if value else no))
        case int() | float() if abs(value) < _LARGEST:
            return QLocale().toString(round(float(value), 3), "f", _SHORTEST)
        case int() | float():
            return f"{value:.3g}"
        case _:
            return value_name(value)


def _condition(found: re.Match[str]) -> str:
    name, sign, told = found.groups()
    try:
        limit = with_unit(name, float(told))
    except ValueError:
        limit = plain_value({"true": True, "false": False}.get(told, told))
    return f"{_name(name)} {_SIGNS[sign]} {limit}"


def _name(name: str) -> str:
    known = FIGURES.get(name) or EVIDENCE.get(name)
    if known is not None:
        return QCoreApplication.translate(_CONTEXT, str(known))
    stem, _, unit = name.rpartition("_")
    return (stem if stem and unit in UNITS else name).replace("_", " ")
