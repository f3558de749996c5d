"""The checks have words in two places; both must say the same of each.

`preflight/verdicts/remedies.py` speaks to a terminal and to the report (two sentences, English),
`desktop/views/check_words.py` to the page (one sentence with a colon, translated).
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from client_api.errors import ErrorCode, ReportFault
from desktop.views import check_words
from desktop.views.check_words import CHECKS, remedy, seen
from desktop.views.group_words import group_detail
from desktop.views.language import install_language
from desktop.views.refusal_words import refusal_words
from liftbay_backend.domain.plans import DEFAULT_PLANS
from preflight.measuring import REASON_INTERNAL
from preflight.model import CheckResult, CheckState, Group
from preflight.support.page_words import ENGLISH
from preflight.support.words import sentence
from preflight.verdicts.catalogue import BY_CODE, CATALOGUE
from preflight.verdicts.recommendation import LADDER
from preflight.verdicts.remedies import INTERNAL, WORDS
from preflight.verdicts.rules import AtMost
from tests.fakes.preflight_desk import result

SAID_OTHERWISE = {
    # The page has a button that opens the settings and looks again by itself; a terminal has not.
    "camera.permission",
    "screen.permission",
    "mic.permission",
    # The page is there while it happens.
    "net.changed",
    # The page has the remedy of a device that one program has to itself beside it.
    "mic.busy",
    # The terminal also speaks of a microphone that sends too little.
    "mic.no_data",
}


def words_of(text: str) -> list[str]:
    return re.findall(r"[\w'{}]+", text.lower())


def test_both_lists_know_the_same_checks() -> None:
    assert set(WORDS) == set(CHECKS)


@pytest.mark.parametrize("code", sorted(WORDS))
def test_the_page_says_what_the_terminal_says(code: str) -> None:
    in_terminal = words_of(f"{WORDS[code].failed} {WORDS[code].remedy}")
    on_page = words_of(CHECKS[code].remedy)

    assert (on_page == in_terminal) is (code not in SAID_OTHERWISE)


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("stale", "Your last results were too old to join with: checking again, one moment."),
        ("failed", "Your last results did not pass: checking again, one moment."),
        ("preflight.run_expired", "too old to join with: checking again"),
        ("rate.limited", "Too many tries. Wait a minute, then try again."),
        ("host.outdated", "This version of Liftbay is too old for the service."),
        ("preflight.incomplete", "The check of your set-up is not complete."),
        ("preflight.synthetic_source", "A test picture or test tone cannot be used in a session."),
        ("a.code_of_later", "Liftbay did not take the result of these checks: try again"),
        (None, "Liftbay did not take the result of these checks: try again"),
    ],
)
def test_a_refused_report_says_why(why: str | None, words: str) -> None:
    """It said *too old, checking again* of every refusal, and nothing was checked again."""
    refused = CheckResult(
        "session.report_stale",
        "A07",
        Group.ACCOUNT,
        CheckState.WARNED,
        measured={"refused": True, "why": why},
        gating=False,
    )

    assert words in remedy(refused)


def test_every_refusal_of_the_contract_has_its_own_words() -> None:
    faults = [fault.value for fault in ReportFault]
    codes = [code.value for code in ErrorCode]

    assert all(refusal_words(why) for why in (*faults, *codes))


@pytest.mark.parametrize("code", sorted(SAID_OTHERWISE))
def test_what_is_said_otherwise_still_names_the_same_fault(code: str) -> None:
    begin = 3

    assert words_of(CHECKS[code].remedy)[:begin] == words_of(WORDS[code].failed)[:begin]


SAID = re.compile(r"(?:NotMeasured|CannotTell)\(\s*\"([a-z_]+)\"")


def test_every_reason_that_a_check_gives_is_told_in_words() -> None:
    """A card that says “Not measured” alone leaves a person with nothing."""
    folder = Path(check_words.__file__).parents[2] / "preflight"
    texts = (path.read_text("utf-8") for path in folder.rglob("*.py"))
    reasons = {one for text in texts for one in SAID.findall(text)}

    assert len(reasons) > 15
    for given in reasons:
        for state in (CheckState.SKIPPED, CheckState.UNKNOWN):
            told = check_words.reason(replace(result("camera.black", state), reason=given))
            assert told.startswith("Not measured: ") or given == "deadline", given


def test_a_fault_of_a_check_sends_nobody_to_their_cables() -> None:
    for row in CATALOGUE:
        if row.code not in check_words.CHECKS:
            continue
        failed = CheckResult(
            row.code, row.no, row.group, CheckState.FAILED, reason=REASON_INTERNAL, measured={}
        )
        told = check_words.remedy(failed)
        assert row.no in told
        assert "None" not in told
        assert INTERNAL in sentence(failed)
        assert INTERNAL in ENGLISH.remedy(failed)
        assert check_words.reason(failed) == "The check itself went wrong"


def test_the_network_says_round_trip_jitter_and_loss() -> None:
    passed = CheckState.PASSED
    results = (
        result("net.rtt_high", passed, rtt_median_ms=42.4),
        result("net.jitter_high", passed, jitter_ms=3.6),
        CheckResult(
            "media.loss",
            "M05",
            Group.MEDIA,
            passed,
            measured={"loss_up_percent": 0.25, "loss_down_percent": None},
        ),
    )

    told = group_detail(Group.NETWORK, passed, None, results)

    assert "answer takes 42 ms" in told
    assert "it varies by 4 ms" in told
    assert re.search(r"0[.,][23] % of the test call was lost", told)


NOT_OF_A_ROW = {
    # How long to leave a plug out, as the vendors say.
    "camera.open_failed": {"5"},
    "mic.open_failed": {"5"},
    # What a call uses: see the test below.
    "net.metered": {"45", "1.2"},
    # The rate that Opus and WebRTC work at, not one that is measured (RFC 7587, section 4.1).
    "mic.rate_wrong": {"48"},
}
"""The numbers that stand in the words of a check and are no limit of its row."""


@pytest.mark.parametrize("code", sorted(CHECKS))
def test_a_limit_in_words_comes_from_its_row(code: str) -> None:
    """A number that is typed into words stays behind when the limit of the row changes."""
    words = CHECKS[code]
    said = f"{words.title} {words.remedy} {words.remedy_unnamed} {words.remedy_settings}"

    numbers = set(re.findall(r"(?<!IPv)\b\d+(?:\.\d+)?", said))

    assert numbers == NOT_OF_A_ROW.get(code, set())


def test_the_limit_of_the_round_trip_is_the_gates(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_language(qapp, QLocale(QLocale.Language.English))
    row = BY_CODE["net.rtt_high"]
    moved = replace(row, rules=(AtMost("rtt_median_ms", 150, 250),))
    failed = replace(result("net.rtt_high", CheckState.FAILED), measured={"rtt_median_ms": 412.0})
    before = seen(failed)

    monkeypatch.setattr(check_words, "BY_CODE", {**BY_CODE, row.code: moved})

    assert before == "Answer takes 412 ms (limit 300 ms)"
    assert seen(failed) == "Answer takes 412 ms (limit 250 ms)"


def test_a_call_on_mobile_data_uses_what_the_words_say() -> None:
    """Picture and sound of the highest rung (100 kbit/s with redundancy), both ways."""
    kbps = 2 * (LADDER[-1].bitrate_kbps + 100)
    minutes = DEFAULT_PLANS["video15"].total_seconds // 60

    gigabytes = kbps * 1000 / 8 * minutes * 60 / 1e9

    assert f"a {minutes}-minute call" in CHECKS["net.metered"].remedy
    assert f"about {gigabytes:.1f} GB" in CHECKS["net.metered"].remedy
