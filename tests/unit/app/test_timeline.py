"""The demo's judge lets nothing pass that did not happen."""

from typing import Any

import pytest

from desktop.app.demo.stages import REQUIRED, Side, Stage, StageSeen
from desktop.app.demo.timeline import complaints
from tests.fakes.demo_figures import side_figures

TONES = {"customer": 440.0, "mechanic": 660.0}


def whole_journey() -> list[StageSeen]:
    return [
        StageSeen(stage.value, side.value, float(at))
        for at, (stage, sides) in enumerate(REQUIRED.items())
        for side in sides
    ]


def good_figures() -> dict[str, dict[str, Any]]:
    return {"customer": side_figures(660.0), "mechanic": side_figures(440.0)}


def good_session() -> dict[str, Any]:
    return {
        "id": "s",
        "status": "completed",
        "payouts": [{"amount_cents": 3499}],
        "crm_records": [{"id": "c"}],
        "upsells": [{"code": "belt_quotes"}],
    }


def test_a_whole_journey_has_no_complaint() -> None:
    found = complaints(whole_journey(), good_figures(), good_session(), TONES)

    assert found == []


@pytest.mark.parametrize("stage", list(Stage))
def test_each_missing_stage_is_named_for_each_side(stage: Stage) -> None:
    seen = [one for one in whole_journey() if one.name != stage.value]

    found = complaints(seen, good_figures(), good_session(), TONES)

    assert found == [f"{side.value} never reached {stage.value}" for side in REQUIRED[stage]]


def test_joining_before_the_preflight_passed_is_a_complaint() -> None:
    seen = [
        StageSeen(one.name, one.side, -1.0) if one.name == "joined" else one
        for one in whole_journey()
    ]

    found = complaints(seen, good_figures(), good_session(), TONES)

    assert "customer reached joined before join_enabled" in found


@pytest.mark.parametrize("name", sorted(good_figures()["customer"]))
def test_each_missing_figure_is_a_complaint(name: str) -> None:
    figures = good_figures()
    figures["mechanic"][name] = None

    found = complaints(whole_journey(), figures, good_session(), TONES)

    assert f"mechanic measured no {name}" in found


def test_stalls_may_be_missing_only_where_they_were_not_asked_for() -> None:
    figures = good_figures()
    figures["mechanic"] |= {"ui_stall_ms": None}
    figures["customer"] |= {"ui_stall_ms": None, "rss_mb": None}

    found = complaints(whole_journey(), figures, good_session(), TONES, stalls=False)

    assert found == ["customer measured no rss_mb"]


def test_figures_of_less_than_20_seconds_are_a_complaint() -> None:
    figures = good_figures()
    figures["mechanic"]["window_s"] = 19.9

    found = complaints(whole_journey(), figures, good_session(), TONES)

    assert found == ["mechanic measured 19.9 s instead of 20 s"]


def test_the_own_tone_heard_back_is_a_complaint() -> None:
    figures = good_figures()
    figures["customer"]["remote_audio"]["peak_hz"] = 440.0

    found = complaints(whole_journey(), figures, good_session(), TONES)

    assert found == ["customer heard 440.0 Hz instead of 660.0 Hz"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "cancelled"}, "the session is cancelled instead of completed"),
        ({"payouts": []}, "there are 0 instead of one payout"),
        ({"payouts": [{}, {}]}, "there are 2 instead of one payout"),
        ({"crm_records": [{}, {}]}, "there are 2 instead of one CRM record"),
        ({"upsells": []}, "there is no upsell"),
        ({"upsells": [{"code": "a"}, {"code": "a"}]}, "an upsell was made twice"),
    ],
)
def test_settlement_must_be_exactly_once(change: dict[str, Any], words: str) -> None:
    found = complaints(whole_journey(), good_figures(), good_session() | change, TONES)

    assert found == [words]


def test_a_guided_run_needs_no_figures_but_a_picture_and_the_right_sound() -> None:
    figures = good_figures()
    figures["customer"] |= {"cpu_cores": None, "remote_fps": None}
    silent = good_figures()
    silent["mechanic"]["remote_frames_painted"] = 0

    without_window = complaints(whole_journey(), figures, good_session(), TONES, measured=False)
    without_picture = complaints(whole_journey(), silent, good_session(), TONES, measured=False)

    assert without_window == []
    assert without_picture == ["mechanic painted no picture of the customer"]


def test_every_side_is_in_the_table() -> None:
    assert {side for sides in REQUIRED.values() for side in sides} == set(Side)
