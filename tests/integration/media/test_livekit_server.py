"""The server fixture itself."""

import socket
from pathlib import Path

import pytest
from livekit import api

from desktop.app.demo.media_server import MediaServerError
from tests.fakes import livekit_server
from tests.fakes.livekit_server import LiveKitServer


def answers(server: LiveKitServer) -> bool:
    host, port = server.url.removeprefix("ws://").split(":")
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, int(port))) == 0


async def test_it_comes_back_on_the_same_port_without_its_rooms() -> None:
    with LiveKitServer() as server:
        url = server.url
        await server.create_room("a room")
        server.kill()
        server.kill()
        gone = answers(server)
        server.start()

        async with api.LiveKitAPI(server.http_url, server.key, server.secret) as rooms:
            found = await rooms.room.list_rooms(api.ListRoomsRequest())
        assert not gone
        assert server.url == url
        assert list(found.rooms) == []
    assert not answers(server)


def test_two_servers_do_not_meet() -> None:
    with LiveKitServer() as one, LiveKitServer() as other:
        assert one.url != other.url
        assert one.pid != other.pid


def test_without_a_binary_it_says_how_to_get_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(livekit_server, "find", lambda: None)

    with pytest.raises(MediaServerError, match="LIVEKIT_SERVER_BIN"):
        LiveKitServer()
