"""The service as a process of its own, which can be killed and started again on its data."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import httpx
import psutil

from tests.fakes.backend_service import INTAKE, PASSWORD
from tests.fakes.ledger_audit import faults_on_disk
from tests.planted import check_log

BACKEND = Path(__file__).resolve().parents[2] / "backend"
STOP_SECONDS = 60
# Nobody listens there: the service starts without its media server, and says so in /api/health.
MEDIA_SERVER = {
    "LIVEKIT_URL": "ws://127.0.0.1:9",
    "LIVEKIT_API_KEY": "devkey",
    "LIVEKIT_API_SECRET": "replace-this-secret-of-32-or-more-characters",
}
_START = "from liftbay_backend.cli import main; main()"


class ServiceProcess:
    """`liftbay-backend serve` over one data folder; its logs are in ``log`` beside it.

    Args:
        settings: by their names in `Settings`.
        largest_file_bytes: no file of the process may grow beyond, as on a disk that is full.
        port: where it listens; 0 is another free one with every start.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, str] | None = None,
        *,
        largest_file_bytes: int | None = None,
        port: int = 0,
    ) -> None:
        self._folder = folder
        self._port = port
        self._largest = largest_file_bytes
        self._env = {
            **{name: value for name, value in os.environ.items() if not _is_setting(name)},
            **MEDIA_SERVER,
            **{f"LIFTBAY_{name.upper()}": value for name, value in (settings or {}).items()},
            "PYTHONPATH": str(BACKEND),
        }
        self._process: subprocess.Popen[str] | None = None
        self.log = folder.with_name(f"{folder.name}.log")
        self.url = ""

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-c", _START, "serve"),
                    *("--port", str(self._port), "--data-dir", str(self._folder)),
                ],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self._env,
                preexec_fn=None if self._largest is None else self._bound,
            )
        assert self._process.stdout is not None
        found = re.fullmatch(r"ready (http://\S+)\n", self._process.stdout.readline())
        assert found is not None, self.log.read_text()
        self.url = found[1]

    def kill(self) -> None:
        """End it with SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._done()

    def ask_to_stop(self) -> None:
        """Send SIGTERM and do not wait."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)

    def stop(self) -> int:
        """Ask it to end and return its exit status. Idempotent."""
        if self._process is None:
            return 0
        self.ask_to_stop()
        return self._done()

    @property
    def is_running(self) -> bool:
        """Whether the process has not ended by itself."""
        return self._process is not None and self._process.poll() is None

    def freeze(self) -> None:
        """Stop it where it stands (SIGSTOP)."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen one go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def resident_bytes(self) -> int:
        """Return how much memory it holds."""
        assert self._process is not None
        return int(psutil.Process(self._process.pid).memory_info().rss)

    def logged(self) -> list[dict[str, object]]:
        """Return its log lines."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self.kill()

    def wait(self) -> int:
        """Wait until it has ended by itself and return its exit status."""
        return self._done()

    def _done(self) -> int:
        assert self._process is not None
        status = self._process.wait(STOP_SECONDS)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process = None
        check_log(self.log)
        faults = faults_on_disk(self._folder)
        assert faults == [], f"the books are not in order: {faults}"
        return status

    def _bound(self) -> None:
        assert self._largest is not None
        resource.setrlimit(resource.RLIMIT_FSIZE, (self._largest, self._largest))


async def new_customer_with_session(url: str) -> tuple[dict[str, str], str]:
    """Sign somebody up and submit an intake; return their headers and the session's path."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as http:
        signed_up = await http.post(
            "/auth/v1/signup", json={"email": "sam@example.test", "password": PASSWORD}
        )
        headers = {"Authorization": f"Bearer {signed_up.json()['access_token']}"}
        begun = await http.post("/api/intake/start", json=INTAKE, headers=headers)
        assert begun.status_code == 201, begun.text
        return headers, f"/api/sessions/{begun.json()['session']['id']}"


def _is_setting(name: str) -> bool:
    return name.startswith(("LIFTBAY_", "LIVEKIT_")) or name == "DATABASE_URL"
