"""The demo's own processes: the service beside its media server, and the two clients.

Every process is started here, remembered, and ended by its own id, also on Ctrl-C and errors.
"""

import contextlib
import json
import logging
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.app.demo.media_server import HERE, MediaServer, Place, free_ports
from desktop.app.demo.running_server import RunningServer

START_DEADLINE_S = 60.0
STOP_DEADLINE_S = 8.0

_log = logging.getLogger(__name__)


class DemoError(Exception):
    """The demo cannot go on; the text says what happened and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """A demo person. The password lives as long as the demo's data folder."""

    name: str
    email: str
    password: str = field(repr=False)


def made_up_account(name: str, email: str) -> Account:
    """Return an account with a random password."""
    return Account(name=name, email=email, password=secrets.token_urlsafe(12))


class ServiceProcess:
    """`liftbay-backend serve` with its own SQLite data folder, on loopback by default."""

    def __init__(
        self,
        folder: Path,
        media: MediaServer | RunningServer,
        port: int,
        environment: dict[str, str],
        place: Place = HERE,
    ) -> None:
        self.url = f"http://{place.address}:{port}"
        self._place = place
        self.data_dir = folder / "service"
        self._port = port
        self._log = folder / "service.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = os.environ | {
            "LIFTBAY_LIVEKIT_URL": media.url,
            "LIFTBAY_LIVEKIT_API_KEY": media.api_key,
            "LIFTBAY_LIVEKIT_API_SECRET": media.api_secret,
            **environment,
        }

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start and wait until `/api/health` answers.

        Raises:
            DemoError: the service is not installed or did not come up; its log is quoted.
        """
        command = [*self._place.entry, *backend_command(), "serve"]
        command += ["--host", self._place.address, "--port", str(self._port)]
        command += ["--data-dir", str(self.data_dir), "--allow-synthetic"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, env=self._environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        deadline = time.monotonic() + START_DEADLINE_S
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/api/health", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        self.stop()
        tail = self._log.read_text(errors="replace")[-1500:]
        raise DemoError(f"the service did not start:\n{tail}")

    def create_mechanic(self, account: Account) -> None:
        """Register a mechanic, as an operator would."""
        self._operator(
            ["create-mechanic", account.email, "--name", account.name, "--password-stdin"],
            account.password + "\n",
        )

    def session(self, session: str) -> dict[str, Any]:
        """Return what the database holds of a session: status, payouts, CRM records, upsells."""
        told: dict[str, Any] = json.loads(self._operator(["session", session], ""))
        return told

    def stop(self) -> None:
        """End it; by force when it does not within 8 s."""
        end_process(self._process)
        self._process = None

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _operator(self, arguments: list[str], given: str) -> str:
        done = subprocess.run(
            [*backend_command(), *arguments, "--data-dir", str(self.data_dir)],
            env=self._environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        if done.returncode != 0:
            raise DemoError(f"`liftbay-backend {arguments[0]}` failed: {done.stderr.strip()}")
        return done.stdout


def backend_command() -> list[str]:
    """Return how to start the service's command.

    Raises:
        DemoError: the service is not installed beside the client.
    """
    beside = Path(sys.executable).with_name("liftbay-backend")
    found = str(beside) if beside.exists() else shutil.which("liftbay-backend")
    if found is None:
        raise DemoError(
            "liftbay-backend is not installed: run `make setup`, or install the service "
            "(`uv tool install ./backend`)"
        )
    return [found]


class ClientProcess:
    """One `liftbay app` with a demo plan; its stdout carries one JSON line per fact."""

    def __init__(self, side: str, plan: dict[str, Any], folder: Path) -> None:
        self.side = side
        self.facts: list[dict[str, Any]] = []
        self.on_fact: Callable[[str, dict[str, Any]], None] = lambda _side, _fact: None
        self._plan = plan
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process else None

    @property
    def status(self) -> int | None:
        """Exit status, None while it runs."""
        return self._process.poll() if self._process else None

    def start(self, environment: dict[str, str] | None = None) -> None:
        """Start it. The plan goes through a file readable by this user only, not through argv:
        it holds the demo password."""
        plan_file = self._folder / f"plan-{self.side}.json"
        plan_file.touch(mode=0o600)
        plan_file.write_text(json.dumps(self._plan))
        command = [sys.executable, "-m", "desktop.app.cli", "app"]
        command += ["--profile", f"demo-{self.side}", "--demo-plan", str(plan_file)]
        with (self._folder / f"client-{self.side}.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                env=os.environ | (environment or {}),
                stdout=subprocess.PIPE,
                stderr=log,
                stdin=subprocess.PIPE,
                text=True,
            )
        self._reader = threading.Thread(target=self._read, name=f"facts-{self.side}", daemon=True)
        self._reader.start()

    def fact(self, name: str) -> dict[str, Any] | None:
        """Return the first fact of that name, None while it has not come."""
        return next((fact for fact in list(self.facts) if fact.get("fact") == name), None)

    def send(self, line: str) -> None:
        """Give the client one command line; one that has ended gets nothing."""
        if self._process is None or self._process.stdin is None:
            return
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except (OSError, ValueError):
            return

    def stop(self) -> None:
        """End it; by force when it does not within 8 s."""
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        end_process(self._process)
        if self._reader is not None:
            self._reader.join(timeout=5)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        for line in self._process.stdout:
            try:
                fact = json.loads(line)
            except ValueError:
                continue
            if not isinstance(fact, dict):
                continue
            self.facts.append(fact)
            # A pipe that nobody empties fills, and blocks the client's window.
            try:
                self.on_fact(self.side, fact)
            except Exception as error:
                _log.error("a fact of the %s's client was not taken", self.side, exc_info=error)
        self._process.stdout.close()


def end_process(process: "subprocess.Popen[Any] | None") -> None:
    """Ask the process to end, then force it."""
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=STOP_DEADLINE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Rig:
    """Media server and service, started together and ended in the right order.

    Args:
        media: the program of a media server of one's own, or one that runs already. That one's
            webhooks go elsewhere; the service sees joins and leaves a little later then, when it
            asks for them.
    """

    def __init__(
        self,
        folder: Path,
        media: Path | RunningServer,
        *,
        service_environment: dict[str, str] | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        port = free_ports(1)[0]
        self.folder = folder
        self.media = media if isinstance(media, RunningServer) else _own_server(folder, media, port)
        self.service = ServiceProcess(folder, self.media, port, service_environment or {})

    def start(self) -> None:
        """Start both; nothing is left running when one fails.

        Raises:
            DemoError, MediaServerError: says which and why.
        """
        try:
            self.media.start()
            self.service.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End both, the second also when the first cannot be ended. Idempotent."""
        try:
            self.service.stop()
        finally:
            self.media.kill()


def _own_server(folder: Path, binary: Path, service_port: int) -> MediaServer:
    return MediaServer(
        binary,
        folder / "livekit",
        api_key="liftbay-demo",
        api_secret=secrets.token_urlsafe(32),
        webhook_url=f"http://127.0.0.1:{service_port}/api/livekit/webhook",
    )
