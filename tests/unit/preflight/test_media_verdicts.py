"""Every verdict of the media path at its limits, through the checks' own measurement."""

from typing import Any

import pytest

from preflight.model import CheckState, Measured
from preflight.verdicts.catalogue import judge
from tests.check_cases import clears, just_misses, raises
from tests.fakes.media_probe import (
    GOOD_CAMERA,
    GOOD_DRILLS,
    GOOD_MICROPHONE,
    GOOD_OFFER,
    GOOD_RELAY,
    GOOD_TRIAL,
)
from tests.unit.preflight.media_world import MediaWorld

PASSED, WARNED, FAILED, UNKNOWN, SKIPPED = (
    CheckState.PASSED,
    CheckState.WARNED,
    CheckState.FAILED,
    CheckState.UNKNOWN,
    CheckState.SKIPPED,
)
TRIAL_CODES = (
    "media.uplink_low",
    "media.downlink_low",
    "media.ramp_slow",
    "media.rtt_high",
    "media.loss",
    "media.loss_burst",
    "media.reorder",
    "media.jitter",
    "media.mos",
    "media.bandwidth_limited",
    "media.video_stuck",
    "media.delay",
    "media.udp_blocked",
)
LATER_CODES = (
    "media.mic_roundtrip",
    "media.camera_roundtrip",
    "media.server_quality",
    "media.tcp_blocked",
    "media.relay_blocked",
    "media.turn_tls_blocked",
    "media.reconnect",
    "media.protocol_choice",
)


def case(code: str, figures: dict[str, Any], expected: CheckState, **marked: bool) -> Any:
    """One case; what it shows of the check follows from the state, but for ``just=True``."""
    mark = {
        PASSED: just_misses if marked.get("just") else clears,
        WARNED: raises,
        FAILED: raises,
    }.get(expected)
    return pytest.param(
        code, figures, expected, marks=[] if mark is None else mark(code), id=f"{code} {figures}"
    )


@pytest.mark.parametrize(
    ("code", "figures", "expected"),
    [
        *[case(code, {}, PASSED) for code in TRIAL_CODES],
        case("media.uplink_low", {"uplink_kbps": 1100.0}, PASSED, just=True),
        case("media.uplink_low", {"uplink_kbps": 1099.0}, WARNED),
        case("media.uplink_low", {"uplink_kbps": 699.0}, FAILED),
        case("media.downlink_low", {"downlink_kbps": 1100.0}, PASSED, just=True),
        case("media.downlink_low", {"downlink_kbps": 1099.0}, WARNED),
        case("media.downlink_low", {"downlink_kbps": 600.0, "uplink_kbps": 600.0}, UNKNOWN),
        case("media.downlink_low", {"downlink_kbps": 600.0, "uplink_kbps": 700.0}, FAILED),
        case("media.ramp_slow", {"ramp_s": 7.9}, PASSED, just=True),
        case("media.ramp_slow", {"ramp_s": 8.0}, WARNED),
        case("media.ramp_slow", {"ramp_s": 15.0}, FAILED),
        case("media.ramp_slow", {"ramp_s": None}, UNKNOWN),
        case("media.rtt_high", {"rtt_ms": 199.9}, PASSED, just=True),
        case("media.rtt_high", {"rtt_ms": 200.0}, WARNED),
        case("media.rtt_high", {"rtt_ms": 400.0}, FAILED),
        case("media.rtt_high", {"rtt_ms": None}, UNKNOWN),
        case("media.loss", {"loss_up_percent": 1.9}, PASSED, just=True),
        case("media.loss", {"loss_down_percent": 2.0}, WARNED),
        case("media.loss", {"loss_up_percent": 6.0}, FAILED),
        case("media.loss_burst", {"worst_burst_percent": 10.0}, PASSED, just=True),
        case("media.loss_burst", {"worst_burst_percent": 20.0}, WARNED),
        case("media.loss_burst", {"worst_burst_percent": 90.0}, WARNED),
        # Half of ten packets is not "more than half" (the catalogue), however often.
        case(
            "media.loss_burst",
            {"worst_burst_percent": 90.0, "second_burst_percent": 50.0},
            WARNED,
        ),
        case(
            "media.loss_burst",
            {"worst_burst_percent": 90.0, "second_burst_percent": 60.0},
            FAILED,
        ),
        case("media.reorder", {"reordered_percent": 0.9}, PASSED, just=True),
        case("media.reorder", {"reordered_percent": 1.0}, WARNED),
        case("media.reorder", {"reordered_percent": 5.0}, FAILED),
        case("media.jitter", {"jitter_ms": 29.9}, PASSED, just=True),
        case("media.jitter", {"jitter_ms": 30.0}, WARNED),
        case("media.jitter", {"jitter_ms": 100.0}, FAILED),
        case("media.mos", {"mos": 3.8}, PASSED, just=True),
        case("media.mos", {"mos": 3.79}, WARNED),
        case("media.mos", {"mos": 2.39}, FAILED),
        # A line that carries a call, and not the 3.5 Mbit/s of the trial, is held back throughout.
        case("media.bandwidth_limited", {"limited_percent": 100.0, "uplink_kbps": 1100.0}, PASSED),
        case(
            "media.bandwidth_limited",
            {"limited_percent": 9.9, "uplink_kbps": 500.0},
            PASSED,
            just=True,
        ),
        case("media.bandwidth_limited", {"limited_percent": 10.0, "uplink_kbps": 699.0}, WARNED),
        case("media.bandwidth_limited", {"limited_percent": 99.0, "uplink_kbps": 700.0}, WARNED),
        case("media.bandwidth_limited", {"limited_percent": 50.0, "uplink_kbps": 699.0}, FAILED),
        case("media.bandwidth_limited", {"limited_percent": None}, UNKNOWN),
        case("media.video_stuck", {"first_frame_ms": 2999.0}, PASSED, just=True),
        case("media.video_stuck", {"first_frame_ms": 3000.0}, WARNED),
        case("media.video_stuck", {"freezes": 2}, PASSED),
        case("media.video_stuck", {"freezes": 1, "steady_freezes": 1}, WARNED),
        case("media.video_stuck", {"decoded": False, "first_frame_ms": 0.0}, FAILED),
        # Nobody measures when a picture came that never did.
        case("media.video_stuck", {"decoded": False, "first_frame_ms": None}, FAILED),
        case("media.delay", {"delay_ms": 249.9}, PASSED, just=True),
        case("media.delay", {"delay_ms": 250.0}, WARNED),
        case("media.delay", {"delay_ms": 500.0}, FAILED),
        case("media.delay", {"delay_ms": None}, UNKNOWN),
        # A detour that is still UDP is none.
        case(
            "media.udp_blocked",
            {"udp": True, "protocol": "udp", "candidate": "prflx"},
            PASSED,
            just=True,
        ),
    ],
)
async def test_what_the_ramp_tells(code: str, figures: Measured, expected: CheckState) -> None:
    world = MediaWorld()
    world.probe.figures = {**GOOD_TRIAL, **figures}

    state, _ = await world.verdict(code)

    assert state is expected
    assert world.probe.done == [], "nothing but the ramp was asked for"


@pytest.mark.parametrize(
    ("code", "figures", "expected"),
    [
        *[case(code, {}, PASSED) for code in LATER_CODES],
        case("media.mic_roundtrip", {"correlation": 0.6}, PASSED, just=True),
        case("media.mic_roundtrip", {"correlation": 0.59}, WARNED),
        case("media.mic_roundtrip", {"correlation": 0.29}, FAILED),
        case("media.mic_roundtrip", {"correlation": None, "received_s": 0.0}, FAILED),
        case("media.mic_roundtrip", {"voice_heard": False, "correlation": 0.1}, UNKNOWN),
        case("media.mic_roundtrip", {"sent_s": 2.9, "correlation": None}, UNKNOWN),
        case("media.mic_roundtrip", {"starved_share": 0.05, "correlation": 0.2}, UNKNOWN),
        case("media.mic_roundtrip", {"starved_share": 0.04, "correlation": 0.2}, FAILED),
        case("media.camera_roundtrip", {"camera_back_fps": 10.0}, PASSED, just=True),
        case("media.camera_roundtrip", {"camera_back_fps": 9.9}, WARNED),
        case("media.camera_roundtrip", {"camera_back_fps": 4.9}, FAILED),
        case("media.camera_roundtrip", {"camera_back_fps": 0.0, "luma_off": 60.0}, FAILED),
        case("media.camera_roundtrip", {"camera_back_fps": 7.0, "camera_sent_fps": 7.5}, UNKNOWN),
        case("media.camera_roundtrip", {"camera_sent_fps": 0.0}, UNKNOWN),
        case("media.server_quality", {"quality": "good"}, PASSED, just=True),
        case("media.server_quality", {"quality": "poor"}, WARNED),
        case("media.server_quality", {"quality": "lost"}, FAILED),
        case("media.server_quality", {"quality": None}, UNKNOWN),
        case("media.tcp_blocked", {"tcp": True, "tcp_packets": 50}, PASSED, just=True),
        case("media.tcp_blocked", {"tcp": True, "tcp_packets": 49}, FAILED),
        case("media.relay_blocked", {"relay": True, "packets": 50}, PASSED, just=True),
        case("media.relay_blocked", {"relay": True, "packets": 49}, FAILED),
        case("media.relay_blocked", {"offered": False}, SKIPPED),
        case("media.relay_blocked", {"offered": None}, UNKNOWN),
        case("media.turn_tls_blocked", {"relay": True, "packets": 50}, PASSED, just=True),
        case("media.turn_tls_blocked", {"relay": True, "packets": 49}, WARNED),
        case("media.turn_tls_blocked", {"offered": False}, SKIPPED),
        case("media.reconnect", {"reconnect_ms": 4999.0}, PASSED, just=True),
        case("media.reconnect", {"reconnect_ms": 5000.0}, WARNED),
        case("media.reconnect", {"gap_ms": 5000.0}, WARNED),
        case("media.reconnect", {"gap_ms": 12_000.0}, FAILED),
        case("media.reconnect", {"mute_kept": False}, WARNED),
        case("media.reconnect", {"back": False, "reconnect_ms": None, "full_ms": None}, FAILED),
        case("media.protocol_choice", {"tcp_kbps": 1199.0}, PASSED, just=True),
        case("media.protocol_choice", {"tcp_kbps": 1200.0}, WARNED),
        case("media.protocol_choice", {"tcp_loss_percent": 1.5}, PASSED, just=True),
        case("media.protocol_choice", {"tcp_loss_percent": 1.49}, WARNED),
        case("media.protocol_choice", {"tcp_kbps": None}, UNKNOWN),
    ],
)
async def test_what_the_steps_tell(code: str, figures: Measured, expected: CheckState) -> None:
    world = MediaWorld()
    probe = world.probe
    match code:
        case "media.mic_roundtrip":
            probe.microphone_figures = {**GOOD_MICROPHONE, **figures}
        case "media.camera_roundtrip":
            probe.camera_figures = {**GOOD_CAMERA, **figures}
        case "media.server_quality":
            probe.drills["quality"] = {**GOOD_DRILLS["quality"], **figures}
        case "media.tcp_blocked":
            probe.drills["tcp"] = {**GOOD_DRILLS["tcp"], **figures}
        case "media.relay_blocked":
            probe.relays[False] = {**GOOD_RELAY, **figures}
        case "media.turn_tls_blocked":
            probe.relays[True] = {**GOOD_RELAY, "relay_protocol": "tls", **figures}
        case "media.reconnect":
            probe.drills["reconnect"] = {**GOOD_DRILLS["reconnect"], **figures}
        case "media.protocol_choice":
            probe.figures = {**GOOD_TRIAL, "loss_up_percent": 2.5}
            probe.drills["tcp_rate"] = {**GOOD_DRILLS["tcp_rate"], **figures}
        case _:
            raise AssertionError(code)

    state, _ = await world.verdict(code)

    assert state is expected


@pytest.mark.parametrize(
    ("offer", "state", "reason"),
    [
        ({"udp_offered": True}, WARNED, None),
        ({"udp_offered": False}, UNKNOWN, "server_offers_none"),
        # Who was not heard has said nothing against the path itself.
        ({"told": False, "udp_offered": False}, WARNED, None),
    ],
)
@raises("media.udp_blocked")
@pytest.mark.parametrize(
    "path",
    [
        {"udp": False, "protocol": "tcp"},
        {"udp": False, "candidate": "relay", "relay_protocol": "tls"},
    ],
)
async def test_a_network_blocks_only_what_the_call_server_offers(
    path: Measured, offer: Measured, state: CheckState, reason: str | None
) -> None:
    world = MediaWorld()
    world.probe.figures = {**GOOD_TRIAL, **path}
    world.probe.offered = {**GOOD_OFFER, **offer}

    assert await world.verdict("media.udp_blocked") == (state, reason)


async def test_a_call_server_without_udp_leaves_a_missing_relay_open() -> None:
    world = MediaWorld()
    world.probe.figures = {**GOOD_TRIAL, "udp": False, "protocol": "tcp"}
    world.probe.offered = {**GOOD_OFFER, "udp_offered": False}
    world.probe.relays[True] = {**GOOD_RELAY, "relay": False, "packets": 0}

    assert await world.verdict("media.turn_tls_blocked") == (UNKNOWN, "path_unknown")


@raises("media.turn_tls_blocked")
async def test_with_udp_blocked_as_well_only_fragile_paths_are_left() -> None:
    world = MediaWorld()
    world.probe.figures = {**GOOD_TRIAL, "udp": False, "protocol": "tcp"}
    world.probe.relays[True] = {**GOOD_RELAY, "relay": False, "packets": 0}

    assert await world.verdict("media.turn_tls_blocked") == (FAILED, None)


async def test_a_path_that_is_not_known_leaves_a_missing_relay_open() -> None:
    world = MediaWorld()
    world.probe.figures = {**GOOD_TRIAL, "udp": None}
    world.probe.relays[True] = {**GOOD_RELAY, "relay": False, "packets": 0}

    assert await world.verdict("media.turn_tls_blocked") == (UNKNOWN, "path_unknown")


async def test_what_the_call_server_does_not_offer_is_skipped_without_a_try() -> None:
    world = MediaWorld()
    world.probe.offered = {
        **GOOD_OFFER,
        "turn_offered": False,
        "turn_tls_offered": False,
        "tcp_offered": False,
    }
    codes = ("media.tcp_blocked", "media.relay_blocked", "media.turn_tls_blocked")

    found = await world.verdicts(*codes)

    assert found == dict.fromkeys(codes, (SKIPPED, "not_offered"))
    assert world.probe.done == ["offer"]


async def test_a_picture_that_is_stuck_anyway_is_not_blamed_on_the_camera() -> None:
    world = MediaWorld()
    world.probe.figures = {**GOOD_TRIAL, "decoded": False}
    world.probe.camera_figures = {**GOOD_CAMERA, "camera_back_fps": 0.0}

    assert await world.verdict("media.camera_roundtrip") == (UNKNOWN, "no_picture_at_all")


@clears("media.protocol_choice")
async def test_where_little_is_lost_nothing_is_compared() -> None:
    world = MediaWorld()
    world.probe.figures = {**GOOD_TRIAL, "loss_up_percent": 1.9}

    assert await world.verdict("media.protocol_choice") == (PASSED, None)
    assert "tcp_rate" not in world.probe.done


async def test_without_tcp_there_is_nothing_to_choose() -> None:
    world = MediaWorld()
    world.probe.figures = {**GOOD_TRIAL, "loss_down_percent": 8.0}
    world.probe.drills["tcp"] = {**GOOD_DRILLS["tcp"], "tcp": False}

    assert await world.verdict("media.protocol_choice") == (UNKNOWN, "no_tcp")


@pytest.mark.parametrize("code", [*TRIAL_CODES, *LATER_CODES])
def test_nothing_measured_is_no_verdict(code: str) -> None:
    assert judge(code, {}) is UNKNOWN
