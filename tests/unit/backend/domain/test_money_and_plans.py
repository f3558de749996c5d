"""Shares in cents, and plans that an operator may replace."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liftbay_backend.domain.money import mechanic_share_cents
from liftbay_backend.domain.plans import (
    DEFAULT_PLANS,
    Plan,
    SessionType,
    extension_offers,
    plans_from_json,
)

SHORT = {
    "code": "short",
    "type": "video",
    "total_seconds": 90,
    "price_cents": 500,
    "extension_seconds": 60,
    "extension_price_cents": 100,
}


@given(st.integers(min_value=0, max_value=10**9))
def test_the_share_is_seventy_percent_rounded_half_up(paid_cents: int) -> None:
    exact = Fraction(paid_cents * 70, 100)

    share = mechanic_share_cents(paid_cents)

    assert Fraction(-1, 2) < share - exact <= Fraction(1, 2)


def test_the_products_prices_give_the_contracts_shares() -> None:
    assert mechanic_share_cents(4999) == 3499
    assert mechanic_share_cents(2999) == 2099


def test_the_share_is_rounded_once_on_the_total() -> None:
    assert mechanic_share_cents(4999 + 3999) == 6299
    assert mechanic_share_cents(4999) + mechanic_share_cents(3999) == 6298


def test_a_negative_total_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="negative"):
        mechanic_share_cents(-1)


def test_the_product_offers_one_chat_and_two_video_plans() -> None:
    types = [plan.type for plan in DEFAULT_PLANS.values()]

    assert sorted(types) == [SessionType.CHAT, SessionType.VIDEO, SessionType.VIDEO]
    assert DEFAULT_PLANS["diagnostic"].total_seconds == 3600


def test_an_operator_can_replace_the_plans() -> None:
    plans = plans_from_json(json.dumps([SHORT]))

    assert list(plans) == ["short"]
    assert plans["short"].total_seconds == 90


@pytest.mark.parametrize(
    "text",
    [
        "not json",
        "[]",
        "{}",
        json.dumps([SHORT, SHORT]),
        json.dumps([{**SHORT, "price_cents": 0}]),
        json.dumps([{**SHORT, "price_cents": "500"}]),
        json.dumps([{**SHORT, "total_seconds": True}]),
        json.dumps([{**SHORT, "type": "phone"}]),
        json.dumps([{**SHORT, "code": ""}]),
        json.dumps([{**SHORT, "code": "x" * 41}]),
        json.dumps([{**SHORT, "price_cents": 100_000_000}]),
        json.dumps([{**SHORT, "extension_price_cents": 100_000_000}]),
        json.dumps([{**SHORT, "total_seconds": 604_801}]),
        json.dumps([{**SHORT, "extension_seconds": 10**12}]),
        json.dumps([{key: SHORT[key] for key in SHORT if key != "code"}]),
        json.dumps([{**SHORT, "colour": "red"}]),
    ],
)
def test_plans_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        plans_from_json(text)


def test_the_highest_plan_is_one_that_can_be_sold() -> None:
    highest = {"price_cents": 99_999_999, "total_seconds": 604_800, "code": "x" * 40}

    [plan] = plans_from_json(json.dumps([{**SHORT, **highest}])).values()

    assert (plan.price_cents, plan.total_seconds, len(plan.code)) == (99_999_999, 604_800, 40)


def test_equally_long_extensions_are_one_offer_at_the_lower_price() -> None:
    """A code names one price, whatever plan it comes from."""
    plans = {
        code: Plan(code, SessionType.VIDEO, 3600, 4999, seconds, cents)
        for code, seconds, cents in (("a", 1800, 2499), ("b", 900, 1499), ("c", 1800, 1999))
    }

    offers = [(one.code, one.price_cents) for one in extension_offers(plans)]

    assert offers == [("extension-900", 1499), ("extension-1800", 1999)]
