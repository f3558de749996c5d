"""The probe process: ``python -m preflight.probe.main net``, ``… room``, ``… media``, ``… relay``,
``… advice``.

Reads commands from stdin, answers on stdout, and ends when stdin ends. Nothing else may be
printed there. Several kinds: the SDK's threads would colour the round trips, and advice that hangs
must not take what the gate waits for with it when it is killed.
"""

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Protocol

from preflight.model import MeasuredValue
from preflight.probe.protocol import (
    Advise,
    Answer,
    Command,
    Drill,
    Event,
    Join,
    Offer,
    Question,
    Reach,
    Ready,
    Relay,
    RoundTrip,
    RoundTripsWanted,
    Signal,
    Trial,
    decode_command,
    encode_line,
)

LEAVE_S = 2.0
LIBRARY_REST_S = 0.5
"""1 to 2 of 100 processes that end at once after a room abort in the native library."""


class Work(Protocol):
    """One kind of probe."""

    async def answer(self, command: Command) -> Answer: ...
    async def end(self) -> None: ...


class NetWork:
    """N01 to N03; loads no LiveKit."""

    def __init__(self) -> None:
        from preflight.probe import reach, sampler

        self._reach = reach.reach
        self._sample = sampler.sample

    async def answer(self, command: Command) -> Answer:
        match command:
            case Reach(id=number, url=url):
                return Answer(number, await self._reach(url))
            case RoundTripsWanted(id=number, url=url, samples=samples, budget_s=budget_s):
                found = await self._sample(url, samples=samples, budget_s=budget_s)
                return Answer(number, found.figures(), found.rtts_ms)
            case _:
                return Answer(command.id, error="wrong_kind")

    async def end(self) -> None:
        """Nothing stays open."""


class RoomWork:
    """N04 and N05."""

    def __init__(self) -> None:
        from preflight.probe import room_join, signalling

        self._signal = signalling.signal
        self._participant = room_join.ProbeParticipant
        self._joined: room_join.ProbeParticipant | None = None

    async def answer(self, command: Command) -> Answer:
        match command:
            case Signal(id=number, url=url, token=token):
                return Answer(number, await self._signal(url, token))
            case Join(id=number, url=url, token=token):
                return Answer(number, await self._join(url, token))
            case _:
                return Answer(command.id, error="wrong_kind")

    async def _join(self, url: str, token: str) -> dict[str, MeasuredValue]:
        self._joined = self._participant()
        return await self._joined.join(url, token)

    async def end(self) -> None:
        if self._joined is not None:
            with contextlib.suppress(Exception):  # we end either way
                await asyncio.wait_for(self._joined.leave(), LEAVE_S)
            await asyncio.sleep(LIBRARY_REST_S)


class AdviceWork:
    """N09, N11, N13 and N14; loads neither LiveKit nor httpx."""

    def __init__(self) -> None:
        from preflight.probe import families, interception, large_packets, portal

        self._ask: dict[Question, Callable[[str], Awaitable[dict[str, MeasuredValue]]]] = {
            "portal": portal.portal,
            "interception": interception.interception,
            "families": families.families,
            "large_packets": large_packets.large_packets,
        }

    async def answer(self, command: Command) -> Answer:
        match command:
            case Advise(id=number, question=question, url=url):
                return Answer(number, await self._ask[question](url))
            case _:
                return Answer(command.id, error="wrong_kind")

    async def end(self) -> None:
        """Nothing stays open."""


class MediaWork:
    """P01 to P17, P20, P21 and H01: one trial call with its round trips and drills."""

    def __init__(self) -> None:
        from preflight.probe import trial_call

        self._call = trial_call.TrialCall()

    async def answer(self, command: Command) -> Answer:
        match command:
            case Trial(id=number, url=url, token_a=a, token_b=b, max_s=max_s, cap_kbps=cap):
                found = await self._call.run(url, a, b, max_s=max_s, cap_kbps=cap)
                return Answer(number, found.measured, series=found.series)
            case RoundTrip():
                return Answer(command.id, await self._call.round_trip(command))
            case Drill():
                return Answer(command.id, await self._call.drill(command))
            case _:
                return Answer(command.id, error="wrong_kind")

    async def end(self) -> None:
        with contextlib.suppress(Exception):  # we end either way
            await asyncio.wait_for(self._call.leave(), LEAVE_S)
        await asyncio.sleep(LIBRARY_REST_S)


class RelayWork:
    """P18 or P19; one relay for each process, because a connect cannot be called off."""

    def __init__(self) -> None:
        from preflight.probe import relay_join

        self._participant = relay_join.RelayParticipant()

    async def answer(self, command: Command) -> Answer:
        match command:
            case Offer(id=number, url=url, token=token):
                return Answer(number, (await self._participant.offer(url, token)).figures())
            case Relay(id=number, url=url, token=token, tls=tls):
                return Answer(number, await self._participant.join(url, token, tls=tls))
            case _:
                return Answer(command.id, error="wrong_kind")

    async def end(self) -> None:
        with contextlib.suppress(Exception):  # we end either way
            await asyncio.wait_for(self._participant.leave(), LEAVE_S)
        await asyncio.sleep(LIBRARY_REST_S)


_WORKS: dict[str, Callable[[], Work]] = {
    "net": NetWork,
    "room": RoomWork,
    "media": MediaWork,
    "relay": RelayWork,
    "advice": AdviceWork,
}


async def serve(
    work: Work, lines: "asyncio.Queue[bytes | None]", tell: Callable[[Event], None]
) -> None:
    """Answer each command on its own until the lines end."""

    async def one(command: Command) -> None:
        try:
            answer = await work.answer(command)
        except Exception as failed:
            # The type alone: its words may hold a token.
            answer = Answer(command.id, error=type(failed).__name__)
        tell(answer)

    tell(Ready())
    running: set[asyncio.Task[None]] = set()
    async with asyncio.TaskGroup() as group:
        while (line := await lines.get()) is not None:
            with contextlib.suppress(ValueError):
                task = group.create_task(one(decode_command(line)))
                running.add(task)
                task.add_done_callback(running.discard)
        for task in running:
            task.cancel()
    await work.end()


async def _run(kind: str) -> None:
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=64)

    def read() -> None:
        put: Callable[[bytes | None], Awaitable[None]] = lines.put
        for line in sys.stdin.buffer:
            asyncio.run_coroutine_threadsafe(_await(put(line)), loop).result()
        asyncio.run_coroutine_threadsafe(_await(put(None)), loop).result()

    threading.Thread(target=read, name="commands", daemon=True).start()
    await serve(_WORKS[kind](), lines, _tell)


async def _await(work: Awaitable[None]) -> None:
    await work


def _tell(event: Event) -> None:
    sys.stdout.buffer.write(encode_line(event))
    sys.stdout.buffer.flush()


def main(arguments: list[str]) -> int:
    """Serve one kind of probe until stdin ends; 2 for wrong usage."""
    if len(arguments) != 1 or arguments[0] not in _WORKS:
        sys.stderr.write(f"usage: python -m preflight.probe.main {'|'.join(_WORKS)}\n")
        return 2
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        asyncio.run(_run(arguments[0]))
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1:])
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    # Past the interpreter's own tear-down, in which the native library may abort.
    os._exit(status)
