"""An impaired line for the length of a block: ``with ImpairedLink() as link: …``.

Programs run in its namespaces by `client_command` and `server_command`; `set` changes the line
while they run; `packets` tells what the forwarder saw and did.
"""

import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import pytest

from tests.impaired import namespaces
from tests.impaired.namespaces import CLIENT, GATE, SERVER, Plan
from tests.impaired.packet_log import PacketLog
from tests.impaired.settings import Done, Flush, Line, Order, Set

NEEDS_LINK = [
    pytest.mark.skipif(
        not namespaces.possible(),
        reason="an impaired line needs Linux, iproute2, /dev/net/tun and root's rights",
    ),
    pytest.mark.timeout(300),
]
"""The marks of a module whose tests use a line."""

FIRST = ("setsid", "sh", "-c", 'echo -15 > /proc/self/autogroup; exec "$0" "$@"')
"""Before other programs' turn: what a busy machine adds is not the line's doing (sched(7))."""
_ROOT = Path(__file__).resolve().parent.parent.parent
_NUMBERS = itertools.count()
_END_S = 10.0


class ImpairedLink:
    """One line with its namespaces and forwarder.

    Args:
        seed: of losses and jitter.
    """

    def __init__(self, line: Line | None = None, *, seed: int = 1) -> None:
        self.plan = Plan(os.getpid(), next(_NUMBERS))
        self._line = line or Line()
        self._seed = seed
        self._folder = tempfile.TemporaryDirectory(prefix="liftbay-link-")
        self._log = Path(self._folder.name) / "packets"
        self._forwarder: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Make everything; nothing is left when it fails.

        Raises:
            RuntimeError: with what `ip` or the forwarder said.
        """
        namespaces.sweep()
        plan = self.plan
        try:
            namespaces.build(plan)
            self._start_forwarder()
            namespaces.wire(plan)
        except subprocess.CalledProcessError as failed:
            self.stop()
            raise RuntimeError(f"{failed.cmd}: {failed.stderr}") from failed
        except BaseException:
            self.stop()
            raise
        self.name_server("127.0.0.1", "localhost")
        self.set(self._line)

    def stop(self) -> None:
        """End what runs in the namespaces, the forwarder, and take all away. Idempotent."""
        forwarder, self._forwarder = self._forwarder, None
        if forwarder is not None:
            with forwarder:
                assert forwarder.stdin is not None
                forwarder.stdin.close()
                try:
                    forwarder.wait(_END_S)
                except subprocess.TimeoutExpired:
                    forwarder.kill()
        # It takes them away itself, unless it never started or was killed.
        namespaces.remove(self.plan.namespaces)
        self._folder.cleanup()

    def set(self, line: Line) -> None:
        """Change the line for every packet that comes from now on."""
        self._order(Set(line))
        self._line = line

    @property
    def line(self) -> Line:
        """How the line is set now."""
        return self._line

    def mark(self) -> int:
        """Return a place in the log, for `packets`."""
        return self._order(Flush()).records

    def packets(self, since: int = 0) -> PacketLog:
        """Return what was finished since a mark."""
        self.mark()
        return PacketLog.load(self._log, since)

    def client_command(self, command: Sequence[str]) -> tuple[str, ...]:
        """Return what runs a command at the client's end, before other programs' turn."""
        return namespaces.within(self.plan.namespace(CLIENT), (*FIRST, *command))

    def gate_command(self, command: Sequence[str]) -> tuple[str, ...]:
        """Return what runs a command in the client's router."""
        return namespaces.within(self.plan.namespace(GATE), command)

    def server_command(self, command: Sequence[str]) -> tuple[str, ...]:
        """Return what runs a command at the servers' end, before other programs' turn."""
        return namespaces.within(self.plan.namespace(SERVER), (*FIRST, *command))

    def name_server(self, *lines: str) -> None:
        """Set the client's /etc/hosts: an address and a name in turn.

        Names that stand there are looked up nowhere else.
        """
        pairs = zip(lines[::2], lines[1::2], strict=True)
        text = "".join(f"{address} {name}\n" for address, name in pairs)
        namespaces.overlay(self.plan.namespace(CLIENT), "hosts", text)

    def resolve_by(self, address: str | None) -> None:
        """Set the client's name server; None for none at all."""
        text = "" if address is None else f"nameserver {address}\noptions timeout:5 attempts:2\n"
        namespaces.overlay(self.plan.namespace(CLIENT), "resolv.conf", text)

    def _start_forwarder(self) -> None:
        plan = self.plan
        words = [str(self._log), str(self._seed), plan.device("n"), plan.device("f")]
        self._forwarder = subprocess.Popen(
            [sys.executable, "-m", "tests.impaired.forwarder", *words, *plan.namespaces],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Ctrl+C in a terminal is for the tests; it ends when they have ended.
            start_new_session=True,
        )
        self._answer()

    def _order(self, order: Order) -> Done:
        assert self._forwarder is not None
        assert self._forwarder.stdin is not None
        self._forwarder.stdin.write(msgspec.json.encode(order) + b"\n")
        self._forwarder.stdin.flush()
        return self._answer()

    def _answer(self) -> Done:
        assert self._forwarder is not None
        assert self._forwarder.stdout is not None
        line = self._forwarder.stdout.readline()
        if not line:
            raise RuntimeError("the forwarder ended; its words are on stderr")
        return msgspec.json.decode(line, type=Done)
