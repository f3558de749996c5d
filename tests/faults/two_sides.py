"""Two client processes in one room of a real media server, and what "whole again" means.

Beside `tests/integration/media`, whose clients and waits it uses, this holds what the long runs
ask again and again: both see, both hear *now*, and as many streams are open as there are tracks.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from livekit import api

from tests.fakes.livekit_server import LiveKitServer
from tests.integration.media.client_process import ClientProcess
from tests.integration.media.test_two_clients import (
    until_pictures_flow,
    until_pitch,
    until_streams,
)

LISTEN_S = 1.2
BLOCKS_IN_A_LISTEN = 40
"""Of the 120 blocks of 10 ms; a machine that is busy loses some, a dead stream plays none."""


class TwoSides:
    """A mechanic and a customer, each with a made camera and a tone of their own."""

    def __init__(self, server: LiveKitServer, room: str, mechanic: ClientProcess) -> None:
        self.server = server
        self.room = room
        self.mechanic = mechanic
        self.customer = ClientProcess("customer", "--qt")

    @property
    def both(self) -> tuple[ClientProcess, ClientProcess]:
        return self.mechanic, self.customer

    def other(self, side: ClientProcess) -> ClientProcess:
        """The one this side sees and hears."""
        return self.customer if side is self.mechanic else self.mechanic

    async def join(self, side: ClientProcess) -> None:
        """Join with a new attempt and a new token; does not look at the answer."""
        token = self.server.token(self.room, side.identity)
        await side.join(self.server.url, token, self.room)

    async def until_whole(self, within_s: float) -> float:
        """Wait until both see and hear each other, one stream for each track; return the seconds.

        Raises:
            AssertionError: it did not come within the time; says what was missing.
        """
        began_s = time.monotonic()
        try:
            for side in self.both:
                await until_pictures_flow(side, began_s + within_s - time.monotonic())
                await self.until_heard(side, began_s + within_s - time.monotonic())
                await until_streams(side, video=1, sound=1)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{await self._state()}") from error
        return time.monotonic() - began_s

    async def _state(self) -> str:
        """Say what each side was told last, what it has open, and what the server has of it."""
        lines = [f"{one} has {tracks}" for one, tracks in (await self._published()).items()]
        for side in self.both:
            report = await side.ask("report")
            lines += [
                f"{side.name}: {report['streams']} {report['people']}",
                *map(str, side.events[-16:]),
            ]
        return "\n".join(lines)

    async def _published(self) -> dict[str, list[str]]:
        server = self.server
        async with api.LiveKitAPI(server.http_url, server.key, server.secret) as rooms:
            found = await rooms.room.list_participants(api.ListParticipantsRequest(room=self.room))
        return {
            one.identity: [
                f"{each.name} {each.mime_type} muted={each.muted}" for each in one.tracks
            ]
            for one in found.participants
        }

    async def until_heard(self, side: ClientProcess, within_s: float) -> None:
        """Wait until this side plays the other's tone now: a pitch alone may be an old one."""
        peer = self.other(side)
        deadline_s = time.monotonic() + within_s
        while (blocks := await _played_now(side, peer.identity)) < BLOCKS_IN_A_LISTEN:
            assert time.monotonic() < deadline_s, f"{side.name}: {blocks} blocks in {LISTEN_S} s"
        await until_pitch(side, peer, max(1.0, deadline_s - time.monotonic()))


async def _played_now(side: ClientProcess, peer: str) -> int:
    counts = []
    for pause_s in (LISTEN_S, 0.0):
        people = (await side.ask("report"))["people"]
        counts.append(people[peer]["played"] if peer in people else 0)
        await asyncio.sleep(pause_s)
    return int(counts[1] - counts[0])


@contextlib.asynccontextmanager
async def two_sides(server: LiveKitServer, room: str) -> AsyncIterator[TwoSides]:
    """Start both processes, in no room yet; end them with the block."""
    sides = TwoSides(server, room, ClientProcess("mechanic", "--qt"))
    await server.create_room(room)
    try:
        for side in sides.both:
            # One after the other: on two busy cores both together would need the whole deadline.
            await side.start()
        yield sides
    finally:
        await asyncio.gather(*(side.close() for side in sides.both))
