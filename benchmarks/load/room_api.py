"""A media server as far as the service asks one: its room API, over rooms that are made up.

    python -m benchmarks.load.room_api    prints ``ready http://127.0.0.1:PORT``, then serves

A real LiveKit server shows somebody as present when their media connection stands: 400 of those do
not fit beside a service on two cores. So the service's own LiveKit adapter talks to this process,
with the real protocol; what is made up is who is in the rooms (``PUT /rooms/NAME``).
"""

import asyncio
import json
import time
from typing import Final

from livekit import api

_OK: Final = "200 OK"
_PREFIX: Final = "/twirp/livekit.RoomService/"
Answer = tuple[str, bytes]


class Rooms:
    """The rooms and who is in them."""

    def __init__(self) -> None:
        self._people: dict[str, bytes] = {}
        self._counts: dict[str, int] = {}

    def put(self, name: str, people: dict[str, str]) -> None:
        """Let so many people be in a room: metadata by identity."""
        listed = api.ListParticipantsResponse(
            participants=[
                api.ParticipantInfo(
                    identity=identity,
                    metadata=metadata,
                    state=api.ParticipantInfo.State.ACTIVE,
                    joined_at=int(time.time()),
                )
                for identity, metadata in people.items()
            ]
        )
        self._people[name] = listed.SerializeToString()
        self._counts[name] = len(people)

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """Answer one request."""
        if method == "PUT":
            self.put(path.removeprefix("/rooms/"), json.loads(body))
            return _OK, b""
        match path.removeprefix(_PREFIX):
            case "ListParticipants":
                name = api.ListParticipantsRequest.FromString(body).room
                if name in self._people:
                    return _OK, self._people[name]
            case "ListRooms":
                asked = api.ListRoomsRequest.FromString(body).names
                rooms = [self._room(one) for one in (asked or self._people) if one in self._people]
                return _OK, api.ListRoomsResponse(rooms=rooms).SerializeToString()
            case "CreateRoom":
                name = api.CreateRoomRequest.FromString(body).name
                if name not in self._people:
                    self.put(name, {})
                return _OK, self._room(name).SerializeToString()
            case "DeleteRoom":
                self._people.pop(api.DeleteRoomRequest.FromString(body).room, None)
                return _OK, b""
            case _:
                pass
        return "404 Not Found", b'{"code":"not_found","msg":"no such room"}'

    def _room(self, name: str) -> api.Room:
        return api.Room(name=name, num_participants=self._counts[name])


async def main() -> None:
    """Serve until killed."""
    rooms = Rooms()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                method, path, _ = head.split(" ", 2)
                length = head.lower().partition("content-length:")[2].split("\r\n")[0]
                status, body = rooms.answer(
                    method, path, await reader.readexactly(int(length or "0"))
                )
                kind = "protobuf" if status == _OK else "json"
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: application/{kind}\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024)
    print(f"ready http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
