"""A probe "process" in this one: what goes between the two is written and read as lines all the
same, and the probe's own work answers."""

from collections.abc import Callable
from typing import Any, cast

from preflight.probe.main import AdviceWork, NetWork, RelayWork, RoomWork, Work
from preflight.probe.media_probe import ProcessMediaProbe
from preflight.probe.network_probe import ProcessProbe
from preflight.probe.process import ProbeDied, ProbeProcess
from preflight.probe.protocol import Answer, Command, decode_command, decode_event, encode_line

_WORKS: dict[str, Callable[[], Work]] = {
    "net": NetWork,
    "room": RoomWork,
    "advice": AdviceWork,
    "relay": RelayWork,
}


class ProcessHere:
    """Stands for `ProbeProcess`."""

    returned: int | None = None

    def __init__(self, work: Callable[[], Work]) -> None:
        self._make = work
        self._work: Work | None = None

    @property
    def alive(self) -> bool:
        return self._work is not None

    def start(self) -> None:
        self._work = self._make()

    async def ready(self) -> None:
        """Nothing has to load."""

    async def ask(self, command: Command) -> Answer:
        if self._work is None:
            raise ProbeDied
        asked = decode_command(encode_line(command))
        try:
            answer = await self._work.answer(asked)
        except Exception as failed:
            # As `preflight.probe.main.serve` does.
            answer = Answer(command.id, error=type(failed).__name__)
        told = decode_event(encode_line(answer))
        assert isinstance(told, Answer)
        return told

    def kill(self) -> None:
        self._work = None

    async def stop(self) -> None:
        self._work = None


def network_probe_here() -> ProcessProbe:
    """Make the network's probe."""
    return ProcessProbe(lambda kind: cast(Any, ProcessHere(_WORKS[kind])))


def media_probe_here(media: Callable[[], Work]) -> ProcessMediaProbe:
    """Make the media path's probe.

    Args:
        media: what stands for its trial calls.
    """

    def make(kind: str) -> ProbeProcess:
        return cast(ProbeProcess, ProcessHere(media if kind == "media" else _WORKS[kind]))

    return ProcessMediaProbe(make)
