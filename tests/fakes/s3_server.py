"""A real S3 server process for tests, with one bucket; what it keeps goes with it."""

import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from scripts.s3_server import find

BUCKET = "files"
KEY_ID = "an-s3-key"
SECRET = "an-s3-secret-that-no-log-may-hold"
START_SECONDS = 15


class S3Server:
    """One gofakes3 with its objects in memory; ``start()`` after ``kill()`` keeps the address."""

    def __init__(self) -> None:
        binary = find()
        if binary is None:
            raise RuntimeError("no S3 server: python scripts/s3_server.py builds one once")
        self._binary: Path = binary
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self._port: int = probe.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def settings(self) -> dict[str, str]:
        """What the service's settings are called for this server."""
        return {
            "files_s3_bucket": BUCKET,
            "files_s3_endpoint": self.url,
            "files_s3_key_id": KEY_ID,
            "files_s3_secret": SECRET,
        }

    def start(self) -> None:
        """Start and wait until it answers."""
        self._process = subprocess.Popen(
            [
                *(str(self._binary), "-backend", "memory", "-quiet"),
                *("-host", f"127.0.0.1:{self._port}", "-initialbucket", BUCKET),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        self.kill()
        raise RuntimeError("the S3 server did not start")

    def kill(self) -> None:
        """End it at once. Idempotent."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

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
