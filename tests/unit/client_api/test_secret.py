"""A secret shows itself in one way only."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import msgspec
import pytest

from client_api.secret import Secret
from client_api.wire import RoomTicket, read_secret
from tests.fakes.stores import MemorySecretStore
from tests.fakes.wire_samples import answer


@pytest.mark.parametrize(
    "show",
    [repr, str, lambda secret: f"{secret}", lambda secret: f"{secret:>40}", lambda s: repr([s])],
)
def test_a_secret_is_not_printed(show: Callable[[Secret], str]) -> None:
    assert "hush" not in show(Secret("hush"))


def test_a_secret_is_not_pickled() -> None:
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(Secret("hush"))
    with pytest.raises(TypeError, match="not pickled"):
        copy.copy(Secret("hush"))


def test_a_secret_is_not_encoded_by_accident() -> None:
    with pytest.raises(TypeError):
        msgspec.json.encode(Secret("hush"))


def test_secrets_compare_by_value() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2


def test_a_room_token_is_not_printed() -> None:
    ticket = answer("session_token", RoomTicket)

    assert ticket.token.reveal() == "header.payload.signature"
    assert "header.payload" not in repr(ticket)


def test_only_text_becomes_a_secret() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b"7", type=Secret, dec_hook=read_secret)
    with pytest.raises(TypeError):
        read_secret(complex, "7")


async def test_the_memory_store_keeps_and_forgets() -> None:
    store = MemorySecretStore()

    await store.save("a", Secret("1"))
    await store.save("a", Secret("2"))
    assert await store.load("a") == Secret("2")
    await store.forget("a")
    await store.forget("a")

    assert await store.load("a") is None
