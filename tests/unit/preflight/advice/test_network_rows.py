"""N07 to N17 as rows: at the threshold, just beside it, and without a figure."""

import pytest

from preflight.model import CheckState, Group, Measured
from preflight.verdicts.advice.network import ROWS
from preflight.verdicts.advice.network_words import WORDS
from preflight.verdicts.catalogue import judge
from preflight.verdicts.rules import FirstKnown, steps
from tests.check_cases import just_misses

PASSED, WARNED, FAILED, UNKNOWN = (
    CheckState.PASSED,
    CheckState.WARNED,
    CheckState.FAILED,
    CheckState.UNKNOWN,
)
PROXY: Measured = {"proxy": True, "signal_blocked": False}


@pytest.mark.parametrize(
    ("code", "measured", "expected"),
    [
        pytest.param(
            *("jitter_high", {"jitter_ms": 29.99}, PASSED), marks=just_misses("net.jitter_high")
        ),
        ("jitter_high", {"jitter_ms": 30.0}, WARNED),
        ("jitter_high", {"jitter_ms": 99.9}, WARNED),
        ("jitter_high", {"jitter_ms": 100.0}, FAILED),
        pytest.param(
            *("server_slow", {"server_share": 0.49}, PASSED), marks=just_misses("net.server_slow")
        ),
        ("server_slow", {"server_share": 0.51}, WARNED),
        ("captive_portal", {"portal": False}, PASSED),
        ("captive_portal", {"portal": True}, FAILED),
        pytest.param(
            *("proxy", {"proxy": False, "signal_blocked": True}, PASSED),
            marks=just_misses("net.proxy"),
        ),
        ("proxy", PROXY, WARNED),
        ("proxy", {**PROXY, "signal_blocked": True}, FAILED),
        ("tls_intercepted", {"intercepted": False}, PASSED),
        ("tls_intercepted", {"intercepted": True}, WARNED),
        ("vpn", {"vpn": False}, PASSED),
        ("vpn", {"vpn": True}, WARNED),
        ("ipv6", {"family_broken": False}, PASSED),
        ("ipv6", {"family_broken": True}, WARNED),
        ("mtu", {"black_hole": False}, PASSED),
        ("mtu", {"black_hole": True}, FAILED),
        ("metered", {"metered": False}, PASSED),
        ("metered", {"metered": True}, WARNED),
        pytest.param(
            *("wifi_weak", {"signal_dbm": -67.0}, PASSED), marks=just_misses("net.wifi_weak")
        ),
        ("wifi_weak", {"signal_dbm": -67.1}, WARNED),
        ("wifi_weak", {"signal_dbm": -75.0}, WARNED),
        ("wifi_weak", {"signal_dbm": -75.1}, FAILED),
        ("wifi_weak", {"signal_percent": 60}, PASSED),
        ("wifi_weak", {"signal_percent": 59}, WARNED),
        ("wifi_weak", {"signal_percent": 40}, WARNED),
        ("wifi_weak", {"signal_percent": 39}, FAILED),
        ("busy", {"up_mbps": 0.49}, PASSED),
        ("busy", {"up_mbps": 0.5}, WARNED),
        ("busy", {"up_mbps": 1.99}, WARNED),
        ("busy", {"up_mbps": 2.0}, FAILED),
    ],
)
def test_the_catalogues_threshold_decides(
    code: str, measured: Measured, expected: CheckState
) -> None:
    assert judge(f"net.{code}", measured) is expected


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.no)
def test_without_a_figure_nothing_is_said_and_join_never_waits(row: object) -> None:
    assert row in ROWS
    found = next(each for each in ROWS if each == row)

    assert judge(found.code, {}) is UNKNOWN
    assert (found.gating, found.group) == (False, Group.NETWORK)
    assert found.code in WORDS


def test_the_numbers_are_those_of_the_catalogue_in_order() -> None:
    assert [row.no for row in ROWS] == [f"N{number:02}" for number in range(7, 18)]
    assert len({row.code for row in ROWS}) == len(ROWS)


def test_the_unit_that_is_told_decides_and_the_report_shows_the_first() -> None:
    wifi = next(row for row in ROWS if row.code == "net.wifi_weak")
    (rule,) = wifi.rules

    assert isinstance(rule, FirstKnown)
    assert judge(wifi.code, {"signal_dbm": -50.0, "signal_percent": 10}) is PASSED
    assert steps(wifi.rules) == (-67, -75)
