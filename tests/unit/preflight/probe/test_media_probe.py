"""The processes of a trial call: none is forgotten, however it is ended."""

import asyncio
from typing import cast

from client_api.secret import Secret
from client_api.tasks import spawn
from client_api.wire import ProbeRoom
from preflight.probe.media_probe import ProcessMediaProbe
from preflight.probe.process import ProbeProcess
from preflight.probe.protocol import Answer, Command
from tests.fakes.clock import settle

ROOM = ProbeRoom("ws://probe.test", "probe", {who: Secret(who) for who in ("a", "b", "relay")})


class SlowProcess:
    """Takes leave until ``gone`` is set, and answers whatever it is asked."""

    def __init__(self, role: str) -> None:
        self.role = role
        self.gone = asyncio.Event()
        self.stopped = self.killed = False
        self.alive = True

    def start(self) -> None: ...

    async def ready(self) -> None: ...

    async def ask(self, command: Command) -> Answer:
        return Answer(command.id, {"joined": True, "told": True})

    def kill(self) -> None:
        self.killed = True
        self.gone.set()

    async def stop(self) -> None:
        await self.gone.wait()
        self.stopped = True


async def test_an_end_that_is_cut_off_is_ended_by_the_next_one() -> None:
    """Who joined in that moment left a process in the probe room, for as long as the call took."""
    made: list[SlowProcess] = []

    def make(role: str) -> ProbeProcess:
        made.append(SlowProcess(role))
        return cast("ProbeProcess", made[-1])

    probe = ProcessMediaProbe(make)
    await probe.trial(ROOM, max_s=1, cap_kbps=1000)
    await probe.offer(ROOM)
    ending = spawn(probe.end(), name="end")
    await settle()
    ending.cancel()
    await asyncio.wait([ending])
    assert not any(each.stopped for each in made)

    await asyncio.wait_for(probe.end(at_once=True), 30)

    assert {each.role for each in made} == {"media", "relay"}
    assert all(each.killed and each.stopped for each in made)
