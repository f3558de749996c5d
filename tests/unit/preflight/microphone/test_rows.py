"""The microphone's rows just beside their limits."""

import pytest

from preflight.model import CheckState, Measured
from preflight.verdicts.catalogue import judge
from tests.check_cases import just_misses

MEASURED = (
    "mic.silent",
    "mic.level_low",
    "mic.noise_high",
    "mic.hum",
    "mic.dc_offset",
    "mic.narrowband",
    "mic.channel_dead",
    "mic.antiphase",
)
"""Sound on either side of their limits is in test_just_beside."""
PASSED, UNKNOWN = CheckState.PASSED, CheckState.UNKNOWN


@pytest.mark.parametrize(
    ("code", "measured"),
    [
        pytest.param(code, measured, marks=[just_misses(code)] * (code not in MEASURED))
        for code, measured in (
            ("mic.none", {"microphones": 1}),
            ("mic.permission", {"permission": "undetermined", "sound": False}),
            ("mic.busy", {"busy": False, "holder": None}),
            ("mic.open_failed", {"opened": True, "open_ms": 1999.0}),
            ("mic.no_data", {"first_block_ms": 999.0, "received_ratio": 0.95}),
            ("mic.silent", {"sound": True, "silent_ms": 7999.0}),
            ("mic.unplugged", {"present": True}),
            ("mic.level_low", {"level_dbfs": -40.0}),
            ("mic.clipping", {"runs_per_s": 1.99}),
            ("mic.noise_high", {"floor_dbfs": -50.1, "snr_db": 9.0, "spoken": True}),
            ("mic.noise_high", {"floor_dbfs": -50.1, "snr_db": 10.0, "spoken": True}),
            ("mic.hum", {"hum_dbfs": -55.1}),
            ("mic.dc_offset", {"dc_share": 0.0099, "dc_stable": True}),
            ("mic.dropouts", {"gaps": 0}),
            ("mic.rate_wrong", {"rate_off_share": 0.0049}),
            ("mic.narrowband", {"band": "full"}),
            ("mic.channel_dead", {"channel_dead": False}),
            ("mic.antiphase", {"correlation": -0.8}),
            ("mic.default_changed", {"changed": False, "device": "Headset"}),
            ("mic.replay", {"confirmed": True}),
            ("mic.virtual", {"virtual": False}),
        )
    ],
)
def test_the_healthy_side_of_a_limit_passes(code: str, measured: Measured) -> None:
    assert judge(code, measured) is PASSED


@just_misses("mic.no_voice")
def test_who_did_not_speak_yet_is_at_no_fault() -> None:
    assert judge("mic.no_voice", {"voice_heard": False}) is UNKNOWN
