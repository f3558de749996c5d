"""What the checks of the machine share: the machine itself, and what others have found out."""

from datetime import datetime, timedelta

from preflight.checks.host.cpu_count import CpuCount
from preflight.checks.media.bench import MediaBench
from preflight.checks.network.bench import NetworkBench
from preflight.measuring import say_age
from preflight.memory.machine_file import EncodeMemory, Machine
from preflight.model import CheckState, Measured
from preflight.parts import PreflightParts
from preflight.system.machine_ports import HeatLook
from preflight.system.surroundings import Surroundings
from preflight.verdicts.catalogue import judge

ENCODE_VALID = timedelta(days=7)


class HostBench:
    """Asks the machine, and remembers how it encodes.

    Args:
        booked_minutes: how long the call may take; None where no session is known.

    Attributes:
        surroundings: versions and power source, once they are read.
    """

    def __init__(
        self,
        parts: PreflightParts,
        network: NetworkBench,
        media: MediaBench,
        memory: Machine,
        booked_minutes: int | None = None,
    ) -> None:
        self.machine = parts.machine
        self.offload = parts.offload
        self.folder = parts.folder
        self.media = media
        self.booked_minutes = booked_minutes
        self.surroundings: Surroundings | None = None
        self.heat_at_begin: HeatLook | None = None
        self.cpu = CpuCount(parts.machine, parts.clock, parts.offload, self._gate_measured)
        self._clock = parts.clock
        self._network = network
        self._memory = memory

    async def begin(self) -> None:
        """Look at the machine's temperature, and count its processor's time anew."""
        self.cpu.begin()
        self.heat_at_begin = await self.offload(self.machine.heat)

    async def before_trial(self) -> None:
        """Count the processor's time, then load what a trial call needs."""
        await self.cpu.counted()
        await self.media.ready()

    async def line_left(self) -> None:
        """Wait until nothing is asked or counted any more: a load of ours comes next."""
        await self._network.advice.line_left()
        await self.cpu.left()

    def health(self) -> Measured | None:
        """Return the figures of the newest look at the service (N02); None before it."""
        look = self._network.last_look
        return None if look is None else look.measured

    def encode_figures(self) -> Measured | None:
        """Return H01's figures of the newest trial call; None without one."""
        told = {} if self.media.look is None else self.media.look.measured
        if not isinstance(told.get("encode_ms"), float | int):
            return None
        fields = ("encode_ms", "cpu_limited_percent", "encoder", "power_efficient")
        return {name: told.get(name) for name in fields}

    async def keep_encode(self, figures: Measured) -> None:
        """Keep the figures for a time when no trial call is possible."""
        known = self.surroundings
        if known is not None:
            await self._memory.keep_encode(
                EncodeMemory(
                    figures=dict(figures),
                    at=self._clock.now(),
                    app=known.app.get("liftbay", ""),
                    power=str(known.host.get("power")),
                )
            )

    def kept_encode(self) -> Measured | None:
        """Return figures of the last seven days, of this version on this power source.

        None where there are none, or where other programs are busy today.
        """
        kept, known = self._memory.encode, self.surroundings
        if kept is None or known is None:
            return None
        # Under H02's warning the encoder's figure of another day tells nothing of today.
        use = self.cpu.use
        figures: Measured = {} if use is None else {"busy_percent": use.busy_percent}
        busy = judge("host.cpu_busy", figures) in (CheckState.WARNED, CheckState.FAILED)
        same = (kept.app, kept.power) == (known.app.get("liftbay"), str(known.host.get("power")))
        if busy or not same or not _is_fresh(kept.at, self._clock.now()):
            return None
        age = self._clock.now() - kept.at
        say_age(age.total_seconds())
        return {**kept.figures, "measured_days_ago": age.days}

    async def close(self) -> None:
        """Stop counting."""
        await self.cpu.close()

    async def _gate_measured(self) -> None:
        if self._network.begun:
            await self._network.advice.line_free()


def _is_fresh(at: datetime, now: datetime) -> bool:
    # A clock that was set back would make it last for ever.
    return timedelta(0) <= now - at <= ENCODE_VALID
