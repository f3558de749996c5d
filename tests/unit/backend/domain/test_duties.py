"""Instances share what is to be looked after, and nothing is ever left to nobody."""

from collections import Counter

import pytest

from liftbay_backend.domain.duties import STANDBY_EVERY, Duties

SESSIONS = [f"session-{number}" for number in range(400)]
ROUNDS = range(2 * STANDBY_EVERY)


def instances(*names: str) -> dict[str, Duties]:
    """Return instances that know of each other."""
    made = {name: Duties(name) for name in names}
    for duties in made.values():
        duties.living_are(names)
    return made


def test_who_is_alone_does_everything_in_every_round() -> None:
    alone = Duties("one")

    assert all(alone.has_turn(one, round_) for one in SESSIONS for round_ in ROUNDS)


@pytest.mark.parametrize("names", [("one", "two"), ("a", "b", "c"), tuple("abcdefg")])
def test_each_session_is_looked_after_in_every_round_and_by_a_second_now_and_then(
    names: tuple[str, ...],
) -> None:
    looks = {
        session: Counter(
            name
            for name, duties in instances(*names).items()
            for round_ in ROUNDS
            if duties.has_turn(session, round_)
        )
        for session in SESSIONS
    }

    assert all(
        sorted(found.values()) == [len(ROUNDS) // STANDBY_EVERY, len(ROUNDS)]
        for found in looks.values()
    )
    shares = Counter(found.most_common(1)[0][0] for found in looks.values())
    fair = len(SESSIONS) / len(names)
    assert all(0.6 * fair < shares[name] < 1.5 * fair for name in names)


def test_what_a_second_stands_by_for_does_not_come_all_at_once() -> None:
    one = instances("one", "two")["one"]
    first = {session for session in SESSIONS if all(one.has_turn(session, r) for r in ROUNDS)}
    standby = [
        sum(one.has_turn(session, round_) for session in SESSIONS if session not in first)
        for round_ in range(STANDBY_EVERY)
    ]

    assert all(count > 0 for count in standby)
    assert sum(standby) == len(SESSIONS) - len(first)


def test_when_one_dies_the_others_keep_what_they_had_and_share_the_rest() -> None:
    three = instances("a", "b", "c")
    before = {
        name: {one for one in SESSIONS if all(duties.has_turn(one, r) for r in ROUNDS)}
        for name, duties in three.items()
    }
    for name in ("a", "b"):
        three[name].living_are(["a", "b"])
    after = {
        name: {one for one in SESSIONS if all(three[name].has_turn(one, r) for r in ROUNDS)}
        for name in ("a", "b")
    }

    assert before["a"] <= after["a"]
    assert before["b"] <= after["b"]
    assert after["a"] | after["b"] == set(SESSIONS)
    assert not after["a"] & after["b"]


def test_who_is_taken_for_dead_goes_on_for_itself() -> None:
    one = Duties("one")
    one.living_are(["two"])
    two = Duties("two")
    two.living_are(["two"])

    assert all(two.has_turn(session, 1) for session in SESSIONS)
    assert any(one.has_turn(session, 1) for session in SESSIONS)
