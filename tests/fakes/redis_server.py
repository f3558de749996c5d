"""A throw-away Redis server from the machine's own program, in memory and on loopback."""

import shutil
import signal
import socket
import subprocess
import time
from types import TracebackType
from typing import Final, Self

START_SECONDS: Final = 20
STOP_SECONDS: Final = 20


def find_redis() -> str | None:
    """Return the server's program, or None.

    Debian's redis-server is a link to redis-check-rdb, which is part of redis-tools and knows by
    its name what to be: so no package that starts a server by itself needs to be installed.
    """
    return shutil.which("redis-server") or shutil.which("redis-check-rdb")


class RedisServer:
    """One server; ``start()`` after ``kill()`` keeps the address and nothing else."""

    def __init__(self, password: str | None = None) -> None:
        program = find_redis()
        if program is None:
            raise RuntimeError("no Redis server: python3 scripts/setup.py test installs one")
        self._program: str = program
        self._password = password
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port: int = probe.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, with the password where there is one."""
        secret = "" if self._password is None else f":{self._password}@"
        return f"redis://{secret}127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        """Process id while it runs."""
        assert self._process is not None, "the server does not run"
        return self._process.pid

    def start(self) -> None:
        """Start and wait until it answers."""
        secret = () if self._password is None else ("--requirepass", self._password)
        self._process = subprocess.Popen(
            [
                *("redis-server", "--bind", "127.0.0.1", "--port", str(self.port)),
                *("--save", "", "--appendonly", "no", *secret),
            ],
            executable=self._program,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._answers():
                return
            time.sleep(0.02)
        self.kill()
        raise RuntimeError("the Redis server did not start")

    def freeze(self) -> None:
        """Stop it where it stands (SIGSTOP): it takes connections and answers nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen one go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once. Idempotent."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(STOP_SECONDS)
            self._process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(b"PING\r\n")
                # With a password it says that one is needed, which is an answer as well.
                return line.recv(8)[:1] in (b"+", b"-")
        except OSError:
            return False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
