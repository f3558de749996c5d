"""Something else than a call server answers where one was expected."""

from http import HTTPStatus

import pytest
from livekit.protocol.rtc import JoinResponse, SignalResponse
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from preflight.model import MeasuredValue
from preflight.probe.signalling import signal

JOIN = SignalResponse(join=JoinResponse(server_version="1.9.0")).SerializeToString()


def _validated(_connection: ServerConnection, request: Request) -> Response | None:
    if "/validate" in request.path:
        return Response(200, HTTPStatus.OK.phrase, Headers(), b"success")
    return None


async def _asked(*messages: bytes) -> dict[str, MeasuredValue]:
    async def answer(socket: ServerConnection) -> None:
        for each in messages:
            await socket.send(each)

    async with serve(answer, "127.0.0.1", 0, process_request=_validated) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        return await signal(f"ws://127.0.0.1:{port}", "token")


@pytest.mark.parametrize("words", [b"\xff\xfe", b"{}", b"hello"])
async def test_words_of_no_call_server_are_a_join_that_failed(words: bytes) -> None:
    """They were an error of the probe, and nobody learnt at which step it was."""
    found = await _asked(words)

    assert found["joined"] is False
    assert found["stage"] == "join"


async def test_a_join_is_heard_after_words_that_nobody_understands() -> None:
    found = await _asked(b"\xff\xfe", JOIN)

    assert found["joined"] is True
    assert found["server_version"] == "1.9.0"
