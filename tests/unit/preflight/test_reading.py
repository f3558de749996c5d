"""A report from anybody is read without trust: whatever is in it, something can be shown."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preflight.model import CheckState, Group
from preflight.support.reading import (
    LONGEST_TEXT,
    LONGEST_WORD,
    MOST_CHECKS,
    MOST_SAMPLES,
    compare_with,
    read_report,
    text,
)
from preflight.support.verdict import ExitCode, judge_checks, spoken_numbers
from preflight.verdicts.figures import finite
from tests.fakes.contract import fixture

REPORT: dict[str, Any] = fixture("report")["report"]


def test_a_good_report_is_read_whole() -> None:
    read = read_report(REPORT)

    assert len(read.checks) == len(REPORT["checks"])
    assert (read.ended_by, read.duration_s) == ("finished", 5.2)
    assert read.level.x == (0.25, 0.5)
    assert read.level.y == (None, -41.3)
    assert read.rtt.x == (1.0, 2.0)
    assert dict(read.devices)["camera"] == "Integrated Camera"
    assert dict(read.machine)["os"] == "Linux"
    assert read.figures()["rtt_median_ms"] == pytest.approx(23.1, abs=5)


def test_a_made_up_device_says_what_it_is() -> None:
    devices = {"camera": {"id": "pattern", "name": "Test picture", "kind": "pattern"}}

    read = read_report({"devices": devices, "network": {"vpn": False, "metered": None}})

    assert dict(read.devices)["camera"] == "Test picture (pattern)"
    assert dict(read.network) == {"vpn": False, "metered": None}, "the page has words for them"


def test_a_known_check_keeps_its_own_group_number_and_limits() -> None:
    lie = {
        "code": "net.rtt_high",
        "no": "C01",
        "group": "camera",
        "gating": False,
        "state": "failed",
        "measured": {"rtt_median_ms": 412},
        "thresholds": {"warn": 9000, "fail": 9000},
    }

    (check,) = read_report({"checks": [lie]}).checks

    assert (check.result.no, check.result.group) == ("N03", Group.NETWORK)
    assert check.result.gating
    assert (check.warn, check.fail) == (200, 300)
    assert spoken_numbers(judge_checks([check.result])) == ("N03",)


def test_a_login_page_is_said_before_what_it_blocks() -> None:
    rows = [
        {"code": code, "state": "failed", "measured": measured}
        for code, measured in (
            ("net.health", {"healthy": False, "lost": 11}),
            ("net.captive_portal", {"portal": True}),
        )
    ]

    checks = [check.result for check in read_report({"checks": rows}).checks]

    assert spoken_numbers(judge_checks(checks)) == ("N09", "N02")
    assert spoken_numbers(judge_checks(checks[:1])) == ("N02",)


def test_a_check_of_a_newer_client_is_shown_as_it_says() -> None:
    rows = [
        {"code": "camera.smell", "no": "C99", "group": "camera", "state": "failed"},
        {"code": "x.y", "group": "no group", "state": "failed"},
        {"code": "camera.taste", "group": "camera", "state": "tasty"},
    ]

    first, second = read_report({"checks": rows}).checks

    assert (first.result.no, first.result.state) == ("C99", CheckState.FAILED)
    assert not first.result.gating
    assert second.result.state is CheckState.UNKNOWN
    assert spoken_numbers(judge_checks([first.result, second.result])) == ()


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("a\nb\tc", "a b c"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("a\x00\x1b[31mb", "a[31mb"),
        ("<b>x</b>", "<b>x</b>"),
        (True, "yes"),
        (1.50, "1.5"),
        (None, ""),
        ({"a": 1}, ""),
    ],
)
def test_a_text_shows_what_it_is(told: object, shown: str) -> None:
    assert text(told) == shown


def test_long_texts_and_words_are_cut() -> None:
    assert len(text("word " * 500)) == LONGEST_TEXT
    assert len(text("x" * 5000)) == LONGEST_WORD


@pytest.mark.parametrize("value", [True, "5", None, float("nan"), float("inf"), 10**400, [1]])
def test_what_is_no_number_is_none(value: object) -> None:
    assert finite(value) is None


def test_a_line_whose_columns_do_not_fit_is_left_out() -> None:
    samples = {
        "devices": {"at_ms": [1, 2, 3], "level_dbfs": [1, 2], "luma": [1, 2, 3]},
        "media": {"at_s": [3, 2, 1], "uplink_kbps": [1, 2, 3]},
    }

    read = read_report({"samples": samples})

    assert read.level.y == ()
    assert read.luma.y == (1.0, 2.0, 3.0)
    assert read.uplink.y == (), "time does not run backwards"


def test_too_much_of_anything_is_cut() -> None:
    read = read_report(
        {
            "checks": [
                {"code": f"a{n}", "group": "host", "measured": {f"m{m}": m for m in range(99)}}
                for n in range(MOST_CHECKS + 9)
            ],
            "samples": {"rtt_ms": [1.0] * (MOST_SAMPLES + 9)},
            "host": {f"k{n}": n for n in range(999)},
        }
    )

    assert len(read.checks) == MOST_CHECKS
    assert max(len(check.result.measured) for check in read.checks) == 40
    assert len(read.rtt.y) == MOST_SAMPLES
    assert len(read.machine) == 40


def test_figures_stand_beside_the_median_of_earlier_runs() -> None:
    (upload,) = compare_with(
        {"uplink_kbps": 960.0}, [{"uplink_kbps": 2400.0}, {"uplink_kbps": None}, {}]
    )

    assert (upload.usual, upload.percent, upload.runs) == (2400.0, -60, 1)
    assert compare_with({"uplink_kbps": 960.0}, []) == ()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(REPORT)), ANYTHING)
def test_nothing_in_a_report_raises(field: str, value: Any) -> None:
    spoiled = json.loads(json.dumps(REPORT)) | {field: value}

    read = read_report(spoiled)

    assert judge_checks([check.result for check in read.checks]).code is not None


def test_where_nothing_that_gates_was_looked_at_nothing_is_decided() -> None:
    advice = read_report({"checks": [{"code": "host.memory", "state": "passed"}]}).checks

    assert judge_checks([]).code is ExitCode.UNDECIDED
    assert judge_checks([check.result for check in advice]).code is ExitCode.UNDECIDED
