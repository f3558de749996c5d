"""Stripe's own mock server: stateless, and strict about the shapes of requests.

Only the standard library, so that the set-up can call it before anything is installed:
``python -m tests.fakes.stripe_mock`` builds it once into the user's cache (30 s, 33 MB).
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from desktop.app.demo.media_server import build_go_program, cache_dir, free_ports

VERSION = "0.203.0"
MODULE = f"github.com/stripe/stripe-mock@v{VERSION}"
BINARY = (
    cache_dir()
    / f"stripe-mock-{VERSION}"
    / ("stripe-mock.exe" if os.name == "nt" else "stripe-mock")
)
START_DEADLINE_S = 20.0


@contextmanager
def stripe_mock() -> Iterator[str]:
    """Run one on a free loopback port and yield its address.

    Raises:
        FileNotFoundError: nobody has built it yet.
    """
    if not BINARY.exists():
        raise FileNotFoundError(
            "no stripe-mock: python -m tests.fakes.stripe_mock builds it once, as make test does"
        )
    [port] = free_ports(1)
    process = subprocess.Popen(
        [str(BINARY), "-http-addr", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(url: str) -> None:
    end = time.monotonic() + START_DEADLINE_S
    while True:
        try:
            urlopen(f"{url}/v1/charges", timeout=1).close()
            return
        except HTTPError:
            # It answers, and wants a key.
            return
        except (URLError, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def main() -> None:
    """Build it where it is missing."""
    if not BINARY.exists():
        build_go_program(MODULE, f"stripe-mock {VERSION}", "half a minute", BINARY, _say)
    sys.stdout.write(f"{BINARY}\n")


def _say(line: str) -> None:
    sys.stderr.write(f"    {line}\n")


if __name__ == "__main__":
    main()
