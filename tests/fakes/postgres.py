"""A throw-away PostgreSQL server from the machine's own programs, for one test run."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

START_SECONDS = 120


def find_postgres() -> Path | None:
    """Return the folder with `initdb` and `postgres`, from PATH or Debian's place, or None."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


class PostgresServer:
    """One server in a temporary folder, reached over loopback.

    Not durable, and quick for it, unless a test wants to restart it.

    Args:
        log_folder: an empty folder for the write-ahead log, which then has files of 1 MiB.
    """

    def __init__(
        self, programs: Path, *, durable: bool = False, log_folder: Path | None = None
    ) -> None:
        self._programs = programs
        self._durable = durable
        self._log_folder = log_folder
        self._folder = Path(tempfile.mkdtemp(prefix="liftbay-pg-"))
        self._user = _unprivileged_user()
        self.give(self._folder)
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Create the cluster and start it."""
        data = self._data
        log: tuple[str, ...] = ()
        if self._log_folder is not None:
            self.give(self._log_folder)
            log = ("--waldir", str(self._log_folder), "--wal-segsize=1")
        self._run(
            [
                *(self._programs / "initdb", "-D", data, "-A", "trust", "-U", "liftbay"),
                *("-E", "UTF8", *log),
            ]
        )
        self._serve()

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def halt(self, how: signal.Signals) -> None:
        """Stop it and keep what it holds.

        Args:
            how: SIGINT breaks every connection off; SIGQUIT is a crash, mended at the next start.
        """
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(START_SECONDS)

    @property
    def is_running(self) -> bool:
        """Whether it has not ended by itself."""
        return self._process is not None and self._process.poll() is None

    def resume(self) -> None:
        """Start it again at the same address."""
        self._serve()

    def _serve(self) -> None:
        # Vacuumed rows leave gaps, and rows would come back in another order than they went in.
        off = (
            *("fsync=off", "synchronous_commit=off", "full_page_writes=off"),
            "autovacuum=off",
        )
        quick = () if self._durable else [word for one in off for word in ("-c", one)]
        self._process = subprocess.Popen(
            [
                str(self._programs / "postgres"),
                *("-D", str(self._data), "-p", str(self._port), "-k", str(self._folder)),
                *("-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"),
                *quick,
            ],
            user=self._user,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(START_SECONDS * 10):
            try:
                self._run(
                    [
                        *(self._programs / "pg_isready", "-h", "127.0.0.1"),
                        *("-p", str(self._port), "-t", "1"),
                    ]
                )
            except subprocess.CalledProcessError:
                try:
                    self._process.wait(0.1)
                except subprocess.TimeoutExpired:
                    continue
                break
            return
        self.stop()
        raise RuntimeError("PostgreSQL did not start")

    def give(self, folder: Path) -> None:
        """Let the server own a folder of the test's, to keep a tablespace in it."""
        if self._user is not None:
            account = pwd.getpwnam(self._user)
            os.chown(folder, account.pw_uid, account.pw_gid)

    def stop(self) -> None:
        """Stop it at once and remove its folder."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """Return the address of one database."""
        return f"postgresql://liftbay@127.0.0.1:{self._port}/{database}"

    def _run(self, command: list[Path | str]) -> None:
        subprocess.run(
            [str(part) for part in command],
            check=True,
            user=self._user,
            cwd=self._folder,
            timeout=START_SECONDS,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root, so tests that do lend it another user."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
