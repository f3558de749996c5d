"""deploy/haproxy*.cfg in the real balancer: what it reads, whom it asks, what it never lets out."""

import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from desktop.app.demo.media_server import free_ports
from tests.cluster.parts import DEPLOY, LOOPBACK, Process, find_haproxy
from tests.fakes.certificates import PrivateAuthority

SECRET = "a-room-token-that-no-log-may-hold"
WITHIN_SECONDS = 60.0
PROGRAM = find_haproxy()

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="HAProxy is not installed")


class Instance:
    """Something that answers like an instance: ready or not, and how it was asked."""

    def __init__(self) -> None:
        self.is_ready = True
        self.asked: list[tuple[str, str | None, str | None]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/api/ready":
                    self.send_response(200 if outer.is_ready else 503)
                else:
                    headers = self.headers
                    outer.asked.append(
                        (
                            self.path,
                            headers.get("X-Forwarded-For"),
                            headers.get("X-Forwarded-Proto"),
                        )
                    )
                    self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self.address = f"{LOOPBACK}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        """End it and wait."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Stage:
    """A balancer of the shipped files before two instances and one media server."""

    def __init__(self, folder: Path) -> None:
        assert PROGRAM is not None
        self.one, self.two, self.media = Instance(), Instance(), Instance()
        self.authority = PrivateAuthority(folder, names=("media.example",))
        inner, media, public, plain = free_ports(4)
        self.url = f"https://{LOOPBACK}:{public}"
        self.plain_url = f"http://{LOOPBACK}:{plain}"
        self.environment = {
            "SERVICE_BIND": f"{LOOPBACK}:{inner}",
            "MEDIA_BIND": f"{LOOPBACK}:{media}",
            "PUBLIC_BIND": f"{LOOPBACK}:{public}",
            "PLAIN_BIND": f"{LOOPBACK}:{plain}",
            "CERTIFICATES": str(self.authority.chain),
            "MEDIA_HOST_NAME": "media.example",
            "SERVICE_ONE": self.one.address,
            "SERVICE_TWO": self.two.address,
            "MEDIA_ONE": self.media.address,
            "MEDIA_TWO": self.media.address,
        }
        files = (DEPLOY / "haproxy.cfg", DEPLOY / "haproxy-public.cfg")
        self.command = [PROGRAM, *(word for one in files for word in ("-f", str(one)))]
        self.balancer = Process([*self.command, "-db"], folder / "balancer.log", self.environment)

    def client(self) -> httpx.Client:
        """Return a client that trusts the balancer's certificate."""
        trust = ssl.create_default_context(cafile=str(self.authority.authority))
        return httpx.Client(base_url=self.url, verify=trust, timeout=30)

    def wait_for(self, served: set[str]) -> None:
        """Wait until exactly these instances get requests."""
        deadline = time.monotonic() + WITHIN_SECONDS
        with self.client() as http:
            while time.monotonic() < deadline:
                found = set()
                with suppress(httpx.TransportError):
                    found = {http.get("/x").headers.get("x-served-by", "") for _ in range(8)}
                if found == served:
                    return
                time.sleep(0.1)
        raise AssertionError(f"requests go to {found}, not to {served}")


@contextmanager
def _running(folder: Path) -> Iterator[Stage]:
    stage = Stage(folder)
    try:
        stage.balancer.start()
        stage.wait_for({"one", "two"})
        yield stage
    finally:
        stage.balancer.end()
        for one in (stage.one, stage.two, stage.media):
            one.stop()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Run it."""
    with _running(tmp_path) as running:
        yield running


def test_it_takes_both_files_and_warns_of_nothing(stage: Stage) -> None:
    read = subprocess.run(
        [*stage.command, "-c"], env=stage.environment, capture_output=True, text=True, timeout=60
    )

    assert read.returncode == 0, read.stderr
    assert "WARNING" not in read.stdout + read.stderr


def test_an_instance_that_is_not_ready_gets_no_requests_until_it_is(stage: Stage) -> None:
    stage.one.is_ready = False
    stage.wait_for({"two"})
    stage.one.is_ready = True
    stage.wait_for({"one", "two"})

    assert stage.one.asked


def test_the_media_server_has_a_name_of_its_own(stage: Stage) -> None:
    with stage.client() as http:
        http.get(f"/rtc?access_token={SECRET}", headers={"Host": "media.example"})

    assert [path for path, *_ in stage.media.asked if path.startswith("/rtc")] == [
        f"/rtc?access_token={SECRET}"
    ]
    log = stage.balancer.log.read_text()
    assert "GET /rtc" in log
    assert SECRET not in log


def test_nobody_chooses_their_own_address_or_scheme(stage: Stage) -> None:
    lies = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "ftp"}
    with stage.client() as http:
        for _ in range(4):
            http.get("/who", headers=lies)

    asked = [one for each in (stage.one, stage.two) for one in each.asked if one[0] == "/who"]
    assert len(asked) == 4
    assert set(asked) == {("/who", LOOPBACK, "https")}


def test_figures_are_not_for_the_world(stage: Stage) -> None:
    with stage.client() as http:
        assert http.get("/metrics").status_code == 404

    assert not any(path == "/metrics" for path, *_ in stage.one.asked + stage.two.asked)


def test_in_the_clear_there_is_the_portal_check_and_a_way_to_https(stage: Stage) -> None:
    with httpx.Client(base_url=stage.plain_url, timeout=30) as http:
        portal = http.get("/portal-check")
        other = http.post("/auth/v1/signup?x=1", json={})

    assert portal.status_code == 200
    assert other.status_code == 308
    assert other.headers["location"].startswith("https://")
