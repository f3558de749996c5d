"""The test's end of `settling_process`: sends orders, hears how each process ended."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from liftbay_backend.settings import Settings
from tests.faults.settlement.settling_process import DONE_WITHIN_S, Order

ROOT = Path(__file__).resolve().parents[3]
_START = (
    "import sys; sys.path[:0] = sys.argv.pop(1).split('|');"
    "from tests.faults.settlement.settling_process import main; main()"
)


@dataclass(frozen=True, slots=True)
class End:
    """How one process ended.

    Attributes:
        status: negative for a signal.
        cpu_s: how much of the processor it had.
        crossed: what it came past.
    """

    status: int
    cpu_s: float
    crossed: tuple[str, ...]


@dataclass(slots=True)
class Settlers:
    """Processes that settle, one after the other."""

    folder: Path
    _process: Process

    async def settle(self, order: Order) -> End:
        """Let one live as long as the order says, or until everything is done."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(order.line().encode())
        async with asyncio.timeout(2 * DONE_WITHIN_S):
            answer = await self._process.stdout.readline()
        assert answer, self.logged()
        status, cpu_s = json.loads(answer)
        return End(status, cpu_s, tuple((self.folder / "crossed").read_text().splitlines()))

    def logged(self) -> str:
        """Return the end of what they logged."""
        log = self.folder / "settling.log"
        return log.read_text()[-4000:] if log.exists() else "nothing was logged"


@asynccontextmanager
async def settlers(settings: Settings) -> AsyncIterator[Settlers]:
    """Have processes with these settings at hand."""
    folder = settings.data_dir
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _START, f"{ROOT}|{ROOT / 'backend'}", str(folder)),
        cwd=folder,
        env={**os.environ, **environment_of(settings)},
        stdin=PIPE,
        stdout=PIPE,
    )
    try:
        yield Settlers(folder, process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


def environment_of(settings: Settings) -> dict[str, str]:
    """Write the settings that were given as the environment of another process."""
    given = {}
    for name in settings.model_fields_set:
        value = getattr(settings, name)
        if value is not None:
            plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
            given[f"LIFTBAY_{name.upper()}"] = str(plain)
    return given
