"""Warnings, and failures of several causes, have words that are true of them."""

import re
from typing import Final

import pytest

from desktop.views import check_words
from desktop.views.cause_words import CAUSES
from preflight.model import CheckResult, CheckState, Measured
from preflight.support.page_words import ENGLISH
from preflight.support.words import sentence
from preflight.verdicts.advice import cause_words
from preflight.verdicts.catalogue import BY_CODE, CATALOGUE
from preflight.verdicts.causes import CLOCK, LOST, SILENT, STAGES, UNMUTED, WARNED
from preflight.verdicts.rules import (
    AllOf,
    AtLeast,
    AtMost,
    FirstKnown,
    MustBe,
    NotIn,
    Rule,
    judge_row,
)

HOLD_FOR_BOTH: Final = {
    # What a check says of a warning as well: it is true of a little as of much.
    *("camera.fps_low", "camera.low_light", "camera.overexposed", "camera.blurred"),
    *("camera.hazy", "camera.resolution", "camera.drops"),
    *("mic.level_low", "mic.clipping", "mic.noise_high", "mic.hum", "mic.dc_offset"),
    *("mic.dropouts", "mic.rate_wrong", "mic.narrowband"),
    *("speaker.muted", "speaker.not_heard", "speaker.loop", "speaker.delay"),
    *("net.rtt_high", "net.jitter_high", "net.wifi_weak", "net.busy"),
    *("media.uplink_low", "media.downlink_low", "media.ramp_slow", "media.rtt_high"),
    *("media.loss", "media.loss_burst", "media.reorder", "media.jitter", "media.mos"),
    *("media.bandwidth_limited", "media.delay", "media.server_quality"),
    *("host.cpu_encode", "host.cpu_busy", "host.memory", "host.battery", "host.clock_skew"),
    "host.outdated",
}
ABSOLUTE = re.compile(
    r"\b(no|none|nothing|cannot|blocked|blocks|does not|did not|is off(?! or)|repaired|too hot)\b",
    re.IGNORECASE,
)


def said(code: str, state: CheckState, **measured: float | bool | str | None) -> CheckResult:
    row = BY_CODE[code]
    return CheckResult(code, row.no, row.group, state, measured=measured, gating=row.gating)


def states_of(rules: tuple[Rule, ...]) -> set[CheckState]:
    found: set[CheckState] = set()
    for rule in rules:
        match rule:
            case AtMost(warn=warn, fail=fail) | AtLeast(warn=warn, fail=fail):
                found |= {CheckState.WARNED} if warn is not None else set()
                found |= {CheckState.FAILED} if fail is not None else set()
            case MustBe(otherwise=otherwise) | NotIn(otherwise=otherwise):
                found.add(otherwise)
            case AllOf(rules=several):
                # As bad as the mildest: warned as soon as one of them can warn.
                each = [states_of((one,)) for one in several]
                can_warn = any(CheckState.WARNED in one for one in each)
                found |= {CheckState.WARNED} if can_warn else set()
                found |= (
                    {CheckState.FAILED} if all(CheckState.FAILED in one for one in each) else set()
                )
            case FirstKnown(rules=several):
                found |= states_of(several)
    return found


BOTH = {
    row.code for row in CATALOGUE if {CheckState.WARNED, CheckState.FAILED} <= states_of(row.rules)
}


def test_every_check_that_warns_and_fails_has_words_for_a_warning() -> None:
    """A warning said what a failure says: *Calls are blocked in this network* after 4 s."""
    with_words = {code for code, by_cause in CAUSES.items() if WARNED in by_cause}

    assert len(BOTH) > 50
    assert with_words | HOLD_FOR_BOTH == BOTH
    assert not with_words & HOLD_FOR_BOTH


@pytest.mark.parametrize("code", sorted(BOTH))
def test_no_warning_claims_that_nothing_works(code: str) -> None:
    warned = said(code, CheckState.WARNED, holder="Zoom", device="A", mains_hz=50, minutes=3)

    for told in (check_words.remedy(warned), ENGLISH.remedy(warned)):
        what_is_so = re.split(r"[:.]", told, maxsplit=1)[0]
        assert what_is_so
        assert not ABSOLUTE.search(what_is_so), told


def test_page_and_terminal_say_the_same_of_each_cause() -> None:
    def words_of(text: str) -> list[str]:
        return re.findall(r"[\w'{}]+", text.lower())

    assert {code: set(by_cause) for code, by_cause in CAUSES.items()} == {
        code: set(by_cause) for code, by_cause in cause_words.WORDS.items()
    }
    for code, by_cause in CAUSES.items():
        for cause, on_page in by_cause.items():
            in_terminal = " ".join(cause_words.WORDS[code][cause])
            assert words_of(str(on_page)) == words_of(in_terminal)
            assert set(by_cause) <= {WARNED, LOST, SILENT, UNMUTED, *STAGES}


WELL: Measured = {"dns_ok": True, "tcp_ok": True, "tls_ok": True, "dns_ms": 20.0}


@pytest.mark.parametrize(
    ("code", "measured", "words"),
    [
        ("net.room", {"connected": True, "connect_ms": 4000.0}, "long until a call is connected"),
        ("net.unreachable", {**WELL, "dns_ms": 600.0}, "found slowly"),
        ("net.signal", {"joined": True, "join_ms": 4000.0}, "takes long to answer"),
        ("net.health", {"healthy": True, "lost": 1, "samples": 10}, "got lost on the way"),
        ("camera.open_failed", {"opened": True, "open_ms": 5000.0}, "takes long to start"),
        ("camera.no_frames", {"first_frame_ms": 3000.0}, "comes late"),
        ("mic.open_failed", {"opened": True, "open_ms": 3000.0}, "takes long to start"),
        ("mic.no_data", {"first_block_ms": 100.0, "received_ratio": 0.9}, "late or with gaps"),
        ("media.mic_roundtrip", {"correlation": 0.5}, "with gaps or noise"),
        ("media.camera_roundtrip", {"camera_back_fps": 7.0}, "but stutters"),
        (
            "media.reconnect",
            {"back": True, "mute_kept": False, "gap_ms": 100.0, "reconnect_ms": 100.0},
            "may be on again",
        ),
        (
            "media.reconnect",
            {"back": True, "mute_kept": True, "gap_ms": 6000.0, "reconnect_ms": 100.0},
            "some seconds to come back",
        ),
    ],
)
def test_a_warning_says_what_was_seen(code: str, measured: Measured, words: str) -> None:
    state = judge_row(BY_CODE[code], measured)
    warned = said(code, state, **measured)

    assert state is CheckState.WARNED
    assert words in check_words.remedy(warned)
    assert words in ENGLISH.remedy(warned)


@pytest.mark.parametrize(
    ("measured", "words"),
    [
        ({"healthy": True, "lost": 3, "samples": 8}, "get lost on the way"),
        ({"healthy": False, "lost": 11, "samples": 0}, "does not answer in time"),
        ({}, "does not answer in time"),
        ({"healthy": False, "lost": 0, "samples": 11}, "is being repaired"),
        ({"healthy": False, "lost": 3, "samples": 8}, "is being repaired"),
    ],
)
def test_lost_answers_are_blamed_on_the_line_and_a_sick_service_on_us(
    measured: Measured, words: str
) -> None:
    """Lost samples said *Liftbay is being repaired: you need not change anything*."""
    state = judge_row(BY_CODE["net.health"], measured)
    failed = said("net.health", state, **measured)

    assert state is CheckState.FAILED
    assert words in check_words.remedy(failed)
    assert words in ENGLISH.remedy(failed)
    assert words in sentence(failed)


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("dns", "check that you are on the internet"),
        ("tcp", "try another network"),
        ("tls", "another certificate"),
        (CLOCK, "switch on automatic time"),
        (None, "check that you are on the internet"),
        ("of_later", "check that you are on the internet"),
    ],
)
def test_what_stops_the_way_to_liftbay_is_told_by_its_stage(stage: str | None, words: str) -> None:
    """A wrong clock said *check that you are on the internet*, and H09 was skipped."""
    failed = said("net.unreachable", CheckState.FAILED, stage=stage)

    assert words in check_words.remedy(failed)
    assert words in sentence(failed).lower()
