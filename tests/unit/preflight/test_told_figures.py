"""What was measured stands on the line of its verdict, with the limit it was held against."""

import pytest

from preflight.model import CheckResult, CheckState, Measured
from preflight.support.told_figures import figure, figures
from preflight.support.words import sentence
from preflight.verdicts.catalogue import BY_CODE, CATALOGUE
from preflight.verdicts.rules import AtLeast, AtMost, judge_row


def result(code: str, measured: Measured) -> CheckResult:
    row = BY_CODE[code]
    state = judge_row(row, measured)
    return CheckResult(code, row.no, row.group, state, measured=measured, gating=row.gating)


@pytest.mark.parametrize(
    ("code", "measured", "told"),
    [
        ("net.rtt_high", {"rtt_median_ms": 24.04, "samples": 11}, "round trip 24 ms, limit 200"),
        ("net.rtt_high", {"rtt_median_ms": 240, "samples": 11}, "round trip 240 ms, limit 200"),
        ("net.rtt_high", {"rtt_median_ms": 412, "samples": 11}, "round trip 412 ms, limit 300"),
        ("net.rtt_high", {"rtt_median_ms": 12, "samples": 2}, "samples 2, limit 5"),
        ("camera.fps_low", {"fps": 29.97}, "30 fps, limit 24"),
        ("camera.fps_low", {"fps": 3.25}, "3.25 fps, limit 5"),
        ("mic.level_low", {"level_dbfs": -52.26}, "level -52.3 dBFS, limit -40"),
        ("media.uplink_low", {"uplink_kbps": 3050.0}, "upload 3050 kbit/s, limit 1100"),
        ("media.uplink_low", {"uplink_kbps": 412.0}, "upload 412 kbit/s, limit 700"),
        ("camera.drops", {"drop_share": 0.034}, "dropped 3.4 %, limit 2"),
        (
            "media.loss",
            {"loss_up_percent": 0.5, "loss_down_percent": 7.25},
            "loss down 7.25 %, limit 6",
        ),
        (
            "media.loss",
            {"loss_up_percent": 0.5, "loss_down_percent": 1},
            "loss up 0.5 %, limit 2; loss down 1 %, limit 2",
        ),
        ("camera.open_failed", {"opened": False}, ""),
        (
            "camera.black",
            {"colour_spread": 9, "luma_mean": 5, "structure": 30},
            "spread of colours 9, limit 0.1; brightness 5",
        ),
        (
            "camera.black",
            {"colour_spread": 9, "luma_mean": 5, "structure": 0.2},
            "brightness 5, limit 40; structure 0.2, limit 0.5",
        ),
        ("speaker.loop", {"coupled": False, "gain_db": -12.9}, "echo -12.9 dB"),
        ("speaker.loop", {"coupled": True, "gain_db": -12.9}, "echo -12.9 dB, limit -30"),
        (
            "mic.noise_high",
            {"floor_dbfs": -48, "snr_db": 4, "spoken": True},
            "noise -48 dBFS, limit -50; voice above noise 4 dB, limit 10",
        ),
        ("net.wifi_weak", {"signal_percent": 35}, "signal 35 %, limit 40"),
        ("camera.permission", {"permission": "denied"}, "denied"),
        ("mic.silent", {"sound": False, "floor_dbfs": -90.2}, "noise -90.2 dBFS"),
        ("camera.busy", {"busy": True, "holder": "OtherCall"}, ""),
        ("media.jitter", {"jitter_ms": "nonsense"}, ""),
        ("media.jitter", {"jitter_ms": float("nan")}, ""),
    ],
)
def test_a_figure_is_told_with_its_unit_and_limit(code: str, measured: Measured, told: str) -> None:
    assert figures(result(code, measured)) == told


LIMITS = [
    (row.code, rule)
    for row in CATALOGUE
    for rule in row.rules
    if isinstance(rule, AtMost | AtLeast)
]


@pytest.mark.parametrize(("code", "rule"), LIMITS)
def test_every_check_with_a_limit_tells_its_figure_beside_it(
    code: str, rule: AtMost | AtLeast
) -> None:
    """At the step where it fails, or warns where it never fails: that step is named."""
    step = rule.warn if rule.fail is None else rule.fail
    assert step is not None
    value = step if isinstance(rule, AtMost) else step - 0.001
    row = BY_CODE[code]
    state = CheckState.WARNED if rule.fail is None else CheckState.FAILED

    told = figures(CheckResult(code, row.no, row.group, state, measured={rule.field: value}))

    percent = rule.field.endswith(("_share", "_ratio"))
    assert told.endswith(f", limit {step * 100 if percent else step:g}")


def test_the_line_of_a_verdict_holds_its_figures_and_what_to_do() -> None:
    good = sentence(result("net.rtt_high", {"rtt_median_ms": 24, "samples": 11}))
    fair = sentence(result("camera.fps_low", {"fps": 18}))
    bad = sentence(result("media.uplink_low", {"uplink_kbps": 412}))
    none = sentence(result("media.uplink_low", {}))

    assert good == "N03  passed   Connection is quick (round trip 24 ms, limit 200)"
    assert fair == "C08  warned   Picture is smooth (18 fps, limit 24): good enough"
    assert bad.startswith("P01  advice   Upload is fast enough (upload 412 kbit/s, limit 700): ")
    assert none == "P01  unknown  Upload is fast enough: not measured (None)"


def test_a_figure_by_itself_has_no_limit() -> None:
    assert figure("level_dbfs", -31.0) == "level -31 dBFS"
    assert figure("rate_off_share", -0.0) == "rate off 0 %"
