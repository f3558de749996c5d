"""The publish ladder: uplink, loss and caps; the lowest wins."""

from dataclasses import replace
from itertools import pairwise

import pytest
from pydantic import BaseModel

from liftbay_backend.openapi.answers.sessions import SideReadiness
from liftbay_backend.openapi.answers.streams import ReadinessEvent
from liftbay_backend.routers.calls import ReadinessBody
from preflight.analysis.media_path import plenty_kbps
from preflight.analysis.packet_train import NARROW_KBPS
from preflight.checks.media.bench import CAP_KBPS
from preflight.model import CheckResult, CheckState, Group, MeasuredValue
from preflight.probe.trial_sending import NARROW, NARROWEST, picture_for
from preflight.verdicts.catalogue import BY_CODE
from preflight.verdicts.recommendation import (
    HIGHEST,
    LADDER,
    PROVEN_SHARE,
    Recommendation,
    limited_by,
    recommend,
    rung_for,
)

PASSED, WARNED, FAILED = CheckState.PASSED, CheckState.WARNED, CheckState.FAILED


def result(code: str, state: CheckState = PASSED, **measured: MeasuredValue) -> CheckResult:
    return CheckResult(code, "X00", Group.MEDIA, state, measured=measured, gating=False)


def uplink(kbps: float) -> CheckResult:
    return result("media.uplink_low", uplink_kbps=kbps)


@pytest.mark.parametrize(
    ("kbps", "rung"),
    [
        (0, 0),
        (299, 0),
        (300, 1),
        (699, 1),
        (700, 2),
        (1099, 2),
        (1100, 3),
        (1599, 3),
        (1600, 4),
        (2199, 4),
        (2200, 5),
        (2899, 5),
        (2900, 6),
        (90_000, 6),
    ],
)
def test_the_lines_rate_chooses_the_rung(kbps: float, rung: int) -> None:
    """A line measures as a share of its rate (docs/calibration.md)."""
    found = recommend([uplink(kbps * PROVEN_SHARE)])

    assert found.rung == rung
    assert found.audio_only_offered is (rung <= 1)
    assert found.because == (("media.uplink_low",) if rung < 5 else ())


def test_a_rung_needs_no_more_than_its_line_carries() -> None:
    for rung in LADDER[1:]:
        assert (rung.bitrate_kbps + 100) * 1.2 <= rung.uplink_kbps * 1.04
    assert all(low.uplink_kbps < high.uplink_kbps for low, high in pairwise(LADDER))
    assert all(low.bitrate_kbps <= high.bitrate_kbps for low, high in pairwise(LADDER))


def test_a_trial_call_sends_what_the_ladder_needs_and_no_more() -> None:
    """A rung that is added or changed is measured for, and the small picture is a rung's own."""
    highest = LADDER[-1]
    small = rung_for(NARROW_KBPS * PROVEN_SHARE)

    assert highest.number == len(LADDER) - 1 == HIGHEST
    assert plenty_kbps(CAP_KBPS) == highest.uplink_kbps
    assert (LADDER[small].width, LADDER[small].height, LADDER[small].fps) == (
        NARROW.width,
        NARROW.height,
        NARROW.fps,
    )
    assert 1000 * LADDER[small].bitrate_kbps == NARROW.cap_bps


@pytest.mark.parametrize(
    ("told_kbps", "sent"), [(300.0, NARROW), (240.0, NARROW), (239, NARROWEST)]
)
def test_a_trial_call_over_a_line_for_sound_alone_sends_the_smallest_picture(
    told_kbps: float, sent: object
) -> None:
    assert picture_for(told_kbps, 3_500_000) == sent
    assert NARROWEST.cap_bps + 24_000 < 1000 * LADDER[1].uplink_kbps / 3


def test_a_trial_call_over_any_other_line_sends_what_it_may() -> None:
    assert picture_for(None, 1_500_000).cap_bps == 1_500_000


@pytest.mark.parametrize("model", [ReadinessBody, SideReadiness, ReadinessEvent])
def test_the_service_takes_every_rung_and_no_other(model: type[BaseModel]) -> None:
    """The two share no code: this is where a rung more is noticed."""
    kinds = model.model_json_schema()["properties"]["rung"]["anyOf"]
    bounds = [(kind["minimum"], kind["maximum"]) for kind in kinds if "maximum" in kind]

    assert bounds == [(LADDER[0].number, HIGHEST)]


def test_an_unmeasured_line_is_not_held_back() -> None:
    assert recommend([]) == Recommendation(5, 1280, 720, 30, 1700, False, ("uplink_unknown",))


@pytest.mark.parametrize(
    ("state", "rung", "offered"), [(PASSED, 5, False), (WARNED, 4, False), (FAILED, 3, True)]
)
def test_loss_takes_steps_down(
    state: CheckState, rung: int, offered: bool
) -> None:  # a parameter of the table
    found = recommend([uplink(2300), result("media.loss", state)])

    assert (found.rung, found.audio_only_offered) == (rung, offered)
    assert ("media.loss" in found.because) is (state is not PASSED)


@pytest.mark.parametrize(
    ("code", "state", "rung", "fps"),
    [
        ("host.cpu_encode", WARNED, 3, 25),
        ("host.cpu_encode", FAILED, 2, 15),
        ("host.power_saver", WARNED, 3, 25),
        ("host.thermal", FAILED, 3, 25),
        ("net.metered", WARNED, 3, 25),
        ("media.udp_blocked", WARNED, 4, 20),
    ],
)
def test_caps_hold_whatever_the_line_carries(
    code: str, state: CheckState, rung: int, fps: int
) -> None:
    found = recommend([uplink(9000), result(code, state)])

    assert (found.rung, found.fps, found.because) == (rung, fps, (code,))


def test_a_call_server_without_udp_caps_as_a_network_without_it_does() -> None:
    without = replace(result("media.udp_blocked", CheckState.UNKNOWN), reason="server_offers_none")

    assert recommend([uplink(9000), without]).rung == 4
    assert recommend([uplink(9000), replace(without, reason="no_trial")]).rung == 6


def test_a_cap_above_the_rung_changes_nothing() -> None:
    assert recommend([uplink(750), result("net.metered", WARNED)]).because == ("media.uplink_low",)


def test_the_lowest_wins() -> None:
    found = recommend(
        [uplink(1700), result("media.loss", WARNED), result("host.cpu_encode", FAILED)]
    )

    assert found.rung == 2
    assert found.because == ("media.uplink_low", "media.loss", "host.cpu_encode")


def test_a_small_camera_sends_its_own_size() -> None:
    small = result("camera.resolution", WARNED, long_side_px=640, short_side_px=480)

    assert (recommend([uplink(9000), small]).width, recommend([uplink(9000), small]).height) == (
        640,
        480,
    )
    assert recommend([uplink(350), small]).width == 320


def test_advice_that_is_unknown_is_no_cap() -> None:
    found = recommend([uplink(3000), result("host.cpu_encode", CheckState.UNKNOWN)])

    assert (found.rung, found.because) == (6, ())


def test_what_it_looks_at_is_in_the_catalogue() -> None:
    for code in ("media.uplink_low", "media.loss", "media.udp_blocked", "camera.resolution"):
        assert code in BY_CODE


def downlink(down: float, up: float) -> CheckResult:
    return result("media.downlink_low", downlink_kbps=down, uplink_kbps=up)


@pytest.mark.parametrize(
    ("down", "up", "rung"),
    [
        (800, 3000, 2),
        (879, 3000, 2),
        (1759, 3000, 4),
        (1760, 3000, None),
        (800, 888, None),
        (800, 890, 2),
        (0, 3000, 0),
    ],
)
def test_only_a_loss_on_the_way_tells_what_can_be_received(
    down: float, up: float, rung: int | None
) -> None:
    assert recommend([uplink(up), downlink(down, up)]).receives == rung


def test_an_unmeasured_way_down_holds_nobody_back() -> None:
    assert recommend([uplink(3000)]).receives is None


@pytest.mark.parametrize("theirs", [None, 6, 5, 4, 3, 2, 1, 0])
@pytest.mark.parametrize("kbps", [3000, 1700, 1200, 400])
def test_what_is_sent_is_the_lower_of_own_uplink_and_their_downlink(
    kbps: float, theirs: int | None
) -> None:
    own = recommend([uplink(kbps)])

    sent = limited_by(own, theirs)

    expected = own.rung if theirs is None else min(own.rung, theirs)
    step = LADDER[expected]
    assert sent.rung == expected
    assert (sent.width, sent.height) == (step.width, step.height)
    assert (sent.fps, sent.bitrate_kbps) == (step.fps, step.bitrate_kbps)
    assert ("peer_downlink" in sent.because) is (expected < own.rung)


def test_a_small_or_turned_camera_keeps_its_shape_for_a_narrow_line() -> None:
    turned = result("camera.resolution", long_side_px=640, short_side_px=480)
    own = recommend([uplink(3000), turned])
    assert (own.width, own.height) == (640, 480)

    sent = limited_by(own, 1)

    assert (sent.width, sent.height) == (240, 180)
