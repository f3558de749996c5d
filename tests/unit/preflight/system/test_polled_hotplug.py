"""A change of the device nodes or of the sound server's names is hinted at within a second."""

from collections.abc import Callable
from pathlib import Path

import pytest

from preflight.system.ask_program import Told
from preflight.system.polled_hotplug import EVERY_S, PolledHotplug
from tests.fakes.clock import FakeClock, settle
from tests.fakes.offload import at_once

ROW = "{number}\t{name}\tmodule-remap-source.c\ts16le 1ch 48000Hz\t{state}"


class Machine:
    """Device nodes and a sound server; counts the hints."""

    def __init__(self, dev: Path, system: str = "linux") -> None:
        self.clock = FakeClock()
        self.dev = dev
        (dev / "snd").mkdir()
        self.sources: list[str] | None = ["laptop", "headset"]
        self.state = "IDLE"
        self.hints = 0
        self.asked = 0
        self.hotplug = PolledHotplug(self.clock, at_once, system=system, dev=dev, asks=self._answer)

    async def begin(self) -> Callable[[], None]:
        unsubscribe = self.hotplug.subscribe(self._count)
        await settle()
        return unsubscribe

    async def pass_one_look(self) -> int:
        """Let the next look happen; return the hints so far."""
        await self.clock.advance(EVERY_S)
        return self.hints

    def _count(self) -> None:
        self.hints += 1

    def _answer(self, command: tuple[str, ...]) -> Told | None:
        self.asked += 1
        if self.sources is None:
            return None
        names = self.sources if command[-1] == "sources" else []
        rows = [ROW.format(number=at, name=name, state=self.state) for at, name in enumerate(names)]
        return Told(0, "\n".join(rows))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


async def test_nothing_is_hinted_at_while_nothing_changes(machine: Machine) -> None:
    unsubscribe = await machine.begin()

    # A stream that begins to run is no device that comes.
    machine.state = "RUNNING"
    for _ in range(3):
        await machine.pass_one_look()
    unsubscribe()

    assert machine.hints == 0
    assert machine.asked >= 6


async def test_a_microphone_that_goes_and_comes_is_hinted_at_by_the_next_look(
    machine: Machine,
) -> None:
    unsubscribe = await machine.begin()

    machine.sources = ["laptop"]
    gone = await machine.pass_one_look()
    machine.sources = ["laptop", "headset"]
    back = await machine.pass_one_look()
    unsubscribe()

    assert (gone, back) == (1, 2)


@pytest.mark.parametrize("node", ["video0", "snd/pcmC0D0c"])
async def test_so_is_a_device_node(machine: Machine, node: str) -> None:
    unsubscribe = await machine.begin()

    (machine.dev / node).touch()
    came = await machine.pass_one_look()
    (machine.dev / "random").touch()
    other = await machine.pass_one_look()
    unsubscribe()

    assert (came, other) == (1, 1)


async def test_a_server_that_does_not_answer_for_once_is_no_change(machine: Machine) -> None:
    unsubscribe = await machine.begin()
    before, machine.sources = machine.sources, None
    await machine.pass_one_look()

    machine.sources = before
    same = await machine.pass_one_look()
    machine.sources = ["laptop"]
    changed = await machine.pass_one_look()
    unsubscribe()

    assert (same, changed) == (0, 1)


async def test_nobody_looks_after_the_end(machine: Machine) -> None:
    unsubscribe = await machine.begin()
    unsubscribe()
    await settle()
    asked = machine.asked

    machine.sources = []
    await machine.pass_one_look()

    assert (machine.asked, machine.hints) == (asked, 0)


async def test_a_system_that_tells_nothing_cheaply_is_not_asked(tmp_path: Path) -> None:
    machine = Machine(tmp_path, system="win32")

    unsubscribe = await machine.begin()
    await machine.pass_one_look()
    unsubscribe()

    assert machine.asked == 0
