"""A media server that the environment names."""

import socket

import pytest

from desktop.app.demo.media_server import MediaServerError
from desktop.app.demo.running_server import RunningServer, running_server

SECRET = "a secret that nobody may ever read"
NAMED = {
    "LIVEKIT_URL": "ws://127.0.0.1:7880",
    "LIVEKIT_API_KEY": "key",
    "LIVEKIT_API_SECRET": SECRET,
}


def test_without_an_address_the_demo_brings_its_own() -> None:
    assert running_server({}) is None
    assert running_server(NAMED | {"LIVEKIT_URL": " "}) is None


def test_the_server_that_is_named_is_used() -> None:
    found = running_server(NAMED)

    assert found == RunningServer("ws://127.0.0.1:7880", "key", SECRET)
    assert SECRET not in repr(found)


@pytest.mark.parametrize("name", ["LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"])
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(MediaServerError, match=name):
        running_server(NAMED | {name: ""})


def test_a_secret_that_the_service_would_refuse_is_refused_before() -> None:
    with pytest.raises(MediaServerError, match="32 characters") as refused:
        running_server(NAMED | {"LIVEKIT_API_SECRET": "hunter-2-and-more"})

    assert "hunter" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:7880", "127.0.0.1:7880", "ws://", "ws://h:99999", "ws://[oops"]
)
def test_an_address_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(MediaServerError, match="ws://"):
        running_server(NAMED | {"LIVEKIT_URL": url})


def test_a_server_that_answers_is_taken_and_left_running() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)
        address = listening.getsockname()
        server = RunningServer(f"ws://127.0.0.1:{address[1]}", "key", SECRET)

        server.start()

        asked, _ = listening.accept()
        with asked:
            asked.settimeout(5)
            assert asked.recv(1) == b"", "it was asked and let go, not held or spoken to"

        server.kill()

        with socket.create_connection(address, timeout=5) as later:
            taken, peer = listening.accept()
            taken.close()
            assert peer == later.getsockname()


def test_a_server_that_does_not_answer_is_told_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        server = RunningServer(f"ws://127.0.0.1:{taken.getsockname()[1]}", "key", SECRET)

        with pytest.raises(MediaServerError, match="unset LIVEKIT_URL"):
            server.start()
