"""Asks the media path's checks of a made call: bench, course and protocol are the real ones."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, cast
from unittest.mock import patch

from preflight.checks.media.bench import Line, MediaBench
from preflight.checks.media.course import OwnDevices
from preflight.checks.media.group import media_group
from preflight.model import Measured, MeasuredValue
from preflight.probe import drills, media_probe, own_devices, relay_join
from preflight.probe.protocol import Answer, Command, Drill, Offer, Relay, RoundTrip, Trial
from tests.accuracy.kinds import Found, asked
from tests.accuracy.made_time import MadeTimeLoop, in_made_time
from tests.accuracy.probe_here import media_probe_here
from tests.fakes.media_probe import GOOD_TRIAL
from tests.unit.preflight.media_world import ROOM, OpenDevice

Figures = dict[str, MeasuredValue]
GetFigures = Callable[[MadeTimeLoop], Awaitable[Figures]]


async def _good(_loop: MadeTimeLoop) -> Figures:
    return dict(GOOD_TRIAL)


@dataclass
class MadeCall:
    """Stands for the probe's own work: answers with what the case measures.

    Attributes:
        trial: the ramp's figures.
        drill: runs a drill.
        trip: sends the person's own sound or pictures.
        relay: joins by a relay; an offer is answered by it as well.
    """

    trial: GetFigures = _good
    drill: Callable[[MadeTimeLoop, Drill], Awaitable[Figures]] | None = None
    trip: Callable[[MadeTimeLoop, RoundTrip], Awaitable[Figures]] | None = None
    offered: Figures | None = None
    loop: MadeTimeLoop | None = None

    async def answer(self, command: Command) -> Answer:
        assert self.loop is not None
        match command:
            case Trial(id=number):
                return Answer(number, await self.trial(self.loop))
            case Drill(id=number) if self.drill is not None:
                return Answer(number, await self.drill(self.loop, command))
            case RoundTrip(id=number) if self.trip is not None:
                return Answer(number, await self.trip(self.loop, command))
            case Offer() | Relay():
                raise AssertionError("the relay has a process of its own")
            case _:
                return Answer(command.id, error="wrong_kind")

    async def end(self) -> None:
        """Nothing stays open."""


class _NoFeed:
    """Stands for `DeviceFeed`: what a device delivers goes nowhere."""

    port, key = 0, ""

    def take_block(self, _block: object) -> None:
        """Nobody reads it."""

    def take_picture(self, _frame: object) -> None:
        """Nobody reads it."""

    def close(self) -> None:
        """Nothing is open."""


def media_figures(code: str, call: MadeCall) -> Found:
    """Return what a check of the media path says of a made call."""

    async def work(loop: MadeTimeLoop) -> Found:
        call.loop = loop
        probe = media_probe_here(lambda: call)
        if call.offered is not None:
            cast(Any, probe).offer = _told(call.offered)
        bench = MediaBench(
            probe,
            loop,
            _room,
            Line(lambda: "eth0"),
            OwnDevices(cast(Any, OpenDevice), cast(Any, OpenDevice)),
        )
        check = next(each for each in media_group(bench).checks if each.code == code)
        try:
            return await asked(check)
        finally:
            await bench.close()

    with patch.object(media_probe, "DeviceFeed", _NoFeed):
        return in_made_time(work, drills, own_devices, relay_join)


async def _room() -> Any:
    return ROOM


def _told(offered: Figures) -> Callable[[object], Awaitable[Measured]]:
    async def offer(_room: object) -> Measured:
        return offered

    return offer
