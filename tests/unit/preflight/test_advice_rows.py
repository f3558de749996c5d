"""The advisory rows at their limits: what raises, what clears, what just misses."""

import pytest

from preflight.model import CheckState, Measured
from preflight.verdicts.catalogue import CATALOGUE, judge

PASSED, WARNED, FAILED, UNKNOWN = (
    CheckState.PASSED,
    CheckState.WARNED,
    CheckState.FAILED,
    CheckState.UNKNOWN,
)


@pytest.mark.parametrize(
    ("code", "measured", "expected"),
    [
        ("camera.covered", {"luma_mean": 40, "structure": 0.49}, WARNED),
        ("camera.covered", {"luma_mean": 39.9, "structure": 0.49}, PASSED),
        ("camera.covered", {"luma_mean": 40, "structure": 0.5}, PASSED),
        ("camera.low_light", {"luma_mean": 45, "structure": 2}, PASSED),
        ("camera.low_light", {"luma_mean": 44.9, "structure": 2}, WARNED),
        ("camera.low_light", {"luma_mean": 24.9, "structure": 0.5}, FAILED),
        ("camera.low_light", {"luma_mean": 24.9, "structure": 0.49}, PASSED),
        ("camera.overexposed", {"bright_share": 0.149}, PASSED),
        ("camera.overexposed", {"bright_share": 0.15}, WARNED),
        ("camera.overexposed", {"bright_share": 0.35}, FAILED),
        ("camera.backlit", {"centre_luma": 59, "border_luma": 160}, WARNED),
        ("camera.backlit", {"centre_luma": 60, "border_luma": 200}, PASSED),
        ("camera.backlit", {"centre_luma": 59, "border_luma": 159}, PASSED),
        ("camera.blurred", {"sharpness": 0.20}, PASSED),
        ("camera.blurred", {"sharpness": 0.199}, WARNED),
        ("camera.blurred", {"sharpness": 0.119}, FAILED),
        ("camera.blurred", {}, UNKNOWN),
        ("camera.hazy", {"contrast": 70, "luma_mean": 100, "structure": 2}, PASSED),
        ("camera.hazy", {"contrast": 69, "luma_mean": 100, "structure": 2}, WARNED),
        ("camera.hazy", {"contrast": 49, "luma_mean": 60, "structure": 0.5}, FAILED),
        ("camera.hazy", {"contrast": 49, "luma_mean": 59, "structure": 2}, PASSED),
        ("camera.hazy", {"contrast": 49, "luma_mean": 220, "structure": 2}, PASSED),
        ("camera.hazy", {"contrast": 49, "luma_mean": 100, "structure": 0.4}, PASSED),
        ("camera.flicker", {"flicker_share": 0.25, "flicker_depth": 0.01}, WARNED),
        ("camera.flicker", {"flicker_share": 0.24, "flicker_depth": 0.1}, PASSED),
        ("camera.flicker", {"flicker_share": 0.9, "flicker_depth": 0.009}, PASSED),
        ("camera.resolution", {"long_side_px": 1280, "short_side_px": 720}, PASSED),
        ("camera.resolution", {"long_side_px": 1279, "short_side_px": 720}, WARNED),
        ("camera.resolution", {"long_side_px": 640, "short_side_px": 239}, FAILED),
        ("camera.drops", {"drop_share": 0.019}, PASSED),
        ("camera.drops", {"drop_share": 0.02}, WARNED),
        ("camera.drops", {"drop_share": 0.10}, FAILED),
        ("camera.infrared", {"infrared": True}, WARNED),
        ("camera.infrared", {"infrared": False}, PASSED),
        ("camera.virtual", {"virtual": True}, WARNED),
        ("camera.changed", {"changed": True}, WARNED),
        ("mic.no_voice", {"voice_heard": False}, UNKNOWN),
        ("mic.noise_high", {"floor_dbfs": -45, "snr_db": 9.9, "spoken": True}, FAILED),
        ("mic.noise_high", {"floor_dbfs": -51, "snr_db": 9, "spoken": True}, PASSED),
        ("mic.dc_offset", {"dc_share": 0.05, "dc_stable": False}, PASSED),
        ("mic.dc_offset", {"dc_share": 0.05, "dc_stable": True}, FAILED),
        ("mic.narrowband", {"band": "wide"}, WARNED),
        ("mic.narrowband", {"band": "narrow"}, FAILED),
    ],
)
def test_a_row_at_its_limits(code: str, measured: Measured, expected: CheckState) -> None:
    assert judge(code, measured) is expected


def test_every_number_and_every_code_is_there_once() -> None:
    numbers = [row.no for row in CATALOGUE]
    codes = [row.code for row in CATALOGUE]

    assert len(set(numbers)) == len(numbers)
    assert len(set(codes)) == len(codes)


def test_nothing_measured_is_unknown_for_advice_and_failed_for_the_gate() -> None:
    for row in CATALOGUE:
        assert judge(row.code, {}) is (FAILED if row.gating else UNKNOWN)
