"""Names and identities of rooms: fixed words that both sides of the product rely on."""

from datetime import UTC, datetime, timedelta

import pytest

from liftbay_backend.domain.ids import AttemptId, MechanicId, RunId, SessionId, UserId
from liftbay_backend.domain.roles import Side
from liftbay_backend.rooms.ports import (
    RoomParticipant,
    RoomToken,
    attempt_in,
    customer_identity,
    mechanic_identity,
    newest_by_identity,
    participant_metadata,
    probe_room,
    run_of_room,
    session_of_room,
    session_room,
)

T0 = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_a_sessions_room_tells_its_session() -> None:
    room = session_room(SessionId("s1"))

    assert room == "session-s1"
    assert session_of_room(room) == "s1"
    assert run_of_room(room) is None


def test_a_probe_room_is_no_sessions_room() -> None:
    room = probe_room(RunId("r1"))

    assert run_of_room(room) == "r1"
    assert session_of_room(room) is None


def test_identities_name_the_side() -> None:
    assert customer_identity(UserId("u1")) == "customer-u1"
    assert mechanic_identity(MechanicId("m1")) == "mechanic-m1"


def test_the_attempt_travels_in_the_metadata() -> None:
    text = participant_metadata(Side.MECHANIC, AttemptId("a1"))

    assert attempt_in(text) == "a1"
    assert '"role":"mechanic"' in text


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"attempt": 5}', "{}"])
def test_metadata_without_an_attempt_has_none(text: str) -> None:
    assert attempt_in(text) is None


def test_of_two_connections_of_one_identity_the_newer_counts() -> None:
    old = RoomParticipant("customer-u1", T0, AttemptId("old"))
    new = RoomParticipant("customer-u1", T0 + timedelta(seconds=1), AttemptId("new"))

    assert newest_by_identity([new, old]) == {"customer-u1": new}


def test_a_token_never_shows_in_a_repr() -> None:
    assert "secret" not in repr(RoomToken("secret"))
