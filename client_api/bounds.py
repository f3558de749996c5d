"""How much of an answer is taken: a broken service must not fill a client's memory."""

import re
from collections.abc import AsyncIterator
from typing import Final

from client_api.errors import BrokenAnswer
from client_api.http_library import httpx

MAX_ANSWER_BYTES: Final = 20 * 1024 * 1024
MAX_EVENT_BYTES: Final = 1024 * 1024
"""Of one event in a stream: the reader keeps lines until the event is whole."""
_EVENT_END: Final = re.compile(rb"\n\n|\r\n\r\n|\r\r")
_LONGEST_END: Final = 4


async def read_bounded(response: httpx.Response, path: str) -> bytes:
    """Return the whole body.

    Raises:
        BrokenAnswer: it is longer than `MAX_ANSWER_BYTES`.
    """
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise BrokenAnswer(f"{path}: longer than {MAX_ANSWER_BYTES} bytes")
    return bytes(body)


class BoundedEvents(httpx.AsyncByteStream):
    """A stream in which no event is longer than `MAX_EVENT_BYTES`; raises `BrokenAnswer`."""

    def __init__(self, stream: httpx.AsyncByteStream, path: str) -> None:
        self._stream = stream
        self._path = path

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pending = 0
        before = b""
        async for chunk in self._stream:
            # An empty line ends an event; it may begin in the chunk before.
            joined = before + chunk
            ends = [match.end() for match in _EVENT_END.finditer(joined)]
            pending = len(joined) - ends[-1] if ends else pending + len(chunk)
            if pending > MAX_EVENT_BYTES:
                raise BrokenAnswer(f"{self._path}: an event longer than {MAX_EVENT_BYTES} bytes")
            before = joined[1 - _LONGEST_END :]
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
