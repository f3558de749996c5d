"""The steps of a trial call beyond its ramp: who asked for them, whose turn it is, what they gave.

A check asks for its step before its deadline counts (`Steps.turn`), and takes what it brought
(`Steps.outcome`). Steps that nobody asks for are not made.
"""

import asyncio
from enum import Enum

from preflight.model import Measured


class Step(Enum):
    """In the order they are made; the last three beside the drills."""

    MICROPHONE = "microphone"
    CAMERA = "camera"
    QUALITY = "quality"
    RECONNECT = "reconnect"
    TCP = "tcp"
    TCP_RATE = "tcp_rate"
    OFFER = "offer"
    RELAY = "relay"
    TURN_TLS = "turn_tls"


class Steps:
    """The steps of one trial call."""

    def __init__(self) -> None:
        self._wanted: set[Step] = set()
        self._begun = {step: asyncio.Event() for step in Step}
        self._known = {step: asyncio.Event() for step in Step}
        self._found: dict[Step, Measured | Exception] = {}

    def wanted(self, *steps: Step) -> bool:
        """Whether a check has asked for one of these."""
        return not self._wanted.isdisjoint(steps)

    def want(self, step: Step) -> None:
        """Have a step made."""
        self._wanted.add(step)

    async def turn(self, step: Step) -> None:
        """Wait until a step begins, or will not be made."""
        await self._begun[step].wait()

    def begin(self, step: Step) -> None:
        """Say that it is a step's turn."""
        self._begun[step].set()

    def end(self, step: Step, found: Measured | Exception) -> None:
        """Keep what a step brought, or why it did not; the first word counts."""
        self._found.setdefault(step, found)
        self._begun[step].set()
        self._known[step].set()

    def end_all(self, why: Exception) -> None:
        """Say of every step that has not ended why it has no figures."""
        for step in Step:
            self.end(step, why)

    @property
    def figures(self) -> dict[Step, Measured]:
        """What the steps brought so far; those without figures are left out."""
        return {
            step: found for step, found in self._found.items() if not isinstance(found, Exception)
        }

    async def outcome(self, step: Step) -> Measured:
        """Wait for a step and return its figures.

        Raises:
            CannotTell: it could not be made.
            NotMeasured: it was not made, which is no fault.
            Exception: whatever it threw; a fault of ours.
        """
        await self._known[step].wait()
        found = self._found[step]
        if isinstance(found, Exception):
            raise found
        return found
