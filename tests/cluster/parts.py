"""Every process of the cluster, on loopback and free ports, from the files in deploy/."""

import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import httpx
import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from desktop.app.demo.media_server import free_ports
from tests.fakes.certificates import PrivateAuthority
from tests.fakes.livekit_server import find_binary
from tests.fakes.postgres import PostgresServer, find_postgres
from tests.fakes.redis_server import RedisServer
from tests.fakes.s3_server import S3Server
from tests.fakes.service_process import BACKEND, ServiceProcess

ROOT: Final = Path(__file__).resolve().parents[2]
DEPLOY: Final = ROOT / "deploy"
KEY: Final = "liftbay"
SECRET: Final = "a-media-secret-of-the-cluster-and-of-nobody-else"
PASSWORD: Final = "correct horse battery"
REDIS_PASSWORD: Final = "a-redis-password-of-the-cluster"
MECHANIC: Final = "dana@example.test"
START_SECONDS: Final = 60.0
LOOPBACK: Final = "127.0.0.1"


def find_haproxy() -> str | None:
    """Return the balancer's program; Debian keeps it off an ordinary PATH."""
    return shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


class Process:
    """One program that is killed in the end; its output is in a file."""

    def __init__(self, command: list[str], log: Path, env: dict[str, str] | None = None) -> None:
        self._command = command
        self._env = env
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id while it runs."""
        assert self._process is not None, "it does not run"
        return self._process.pid

    def start(self) -> None:
        """Start it; ready is for the caller to find out."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, env=self._env, stdin=subprocess.DEVNULL
            )

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it and wait. Idempotent."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(START_SECONDS)
            self._process = None


class MediaNode(Process):
    """One LiveKit server of deploy/livekit.yaml, with Redis and ports of its own."""

    def __init__(self, folder: Path, name: str, redis: RedisServer, webhook: str) -> None:
        self.port, tcp, udp, turn = free_ports(4)
        config = yaml.safe_load((DEPLOY / "livekit.yaml").read_text())
        config |= {
            "port": self.port,
            "bind_addresses": [LOOPBACK],
            "keys": {KEY: SECRET},
            "redis": {
                "address": f"{LOOPBACK}:{redis.port}",
                "password": REDIS_PASSWORD,
            },
        }
        config["rtc"] |= {
            "tcp_port": tcp,
            "udp_port": udp,
            "node_ip": LOOPBACK,
            "enable_loopback_candidate": True,
            "interfaces": {"includes": ["lo"]},
        }
        # Without it clients are told of public STUN hosts, which no test may ask.
        relays = 30_000 + self.port % 400 * 50
        config["turn"] = {
            "enabled": True,
            "bind_addresses": [LOOPBACK],
            "udp_port": turn,
            "relay_range_start": relays,
            "relay_range_end": relays + 49,
            "allow_restricted_peer_cidrs": ["127.0.0.0/8"],
        }
        config["webhook"]["urls"] = [webhook]
        # What it calls itself is said at its start, and only then.
        config["logging"]["level"] = "info"
        path = folder / f"media-{name}.yaml"
        path.write_text(yaml.safe_dump(config))
        super().__init__([str(find_binary()), "--config", str(path)], folder / f"media-{name}.log")
        self.name = name

    @property
    def address(self) -> str:
        """Where the balancer finds it."""
        return f"{LOOPBACK}:{self.port}"


class Cluster:
    """All parts. Use as a context: whatever happens, no process is left."""

    def __init__(self, folder: Path) -> None:
        programs, haproxy = find_postgres(), find_haproxy()
        if programs is None or haproxy is None:
            raise RuntimeError("PostgreSQL or HAProxy is missing: python3 scripts/setup.py test")
        self._folder = folder
        self._ends = ExitStack()
        self.database = PostgresServer(programs)
        self.redis = RedisServer(REDIS_PASSWORD)
        self.store = S3Server()
        self.authority = PrivateAuthority(folder)
        plain, public, inner, media, *instances = free_ports(6)
        self.url = f"https://{LOOPBACK}:{public}"
        self.media_url = f"ws://{LOOPBACK}:{media}"
        webhook = f"http://{LOOPBACK}:{inner}/api/livekit/webhook"
        self.media = {name: MediaNode(folder, name, self.redis, webhook) for name in ("one", "two")}
        self.instances = {
            name: ServiceProcess(
                folder / f"service-{name}", self._settings(f"instance-{name}"), port=port
            )
            for name, port in zip(("one", "two"), instances, strict=True)
        }
        files = [DEPLOY / "haproxy.cfg", DEPLOY / "haproxy-public.cfg"]
        self.balancer = Process(
            [haproxy, "-db", *(word for one in files for word in ("-f", str(one)))],
            folder / "balancer.log",
            {
                "SERVICE_BIND": f"{LOOPBACK}:{inner}",
                "MEDIA_BIND": f"{LOOPBACK}:{media}",
                "PUBLIC_BIND": f"{LOOPBACK}:{public}",
                "PLAIN_BIND": f"{LOOPBACK}:{plain}",
                "CERTIFICATES": str(self.authority.chain),
                "MEDIA_HOST_NAME": "media.example",
                "SERVICE_ONE": f"{LOOPBACK}:{instances[0]}",
                "SERVICE_TWO": f"{LOOPBACK}:{instances[1]}",
                "MEDIA_ONE": self.media["one"].address,
                "MEDIA_TWO": self.media["two"].address,
            },
        )
        self.mechanic_id = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ends.close()

    def start_stores(self) -> None:
        """Start PostgreSQL, Redis and the S3 store; migrate, and make the mechanic's account."""
        self._ends.callback(self.database.stop)
        self.database.start()
        self._ends.callback(self.redis.kill)
        self.redis.start()
        self._ends.callback(self.store.kill)
        self.store.start()
        self._command("migrate")
        self._command(
            *("create-mechanic", MECHANIC, "--name", "Dana Roy", "--password-stdin"),
            told=f"{PASSWORD}\n",
        )

    def start_media(self) -> None:
        """Start both media nodes."""
        for node in self.media.values():
            self._ends.callback(node.end)
            node.start()
        for node in self.media.values():
            self.wait_until_answers(f"http://{node.address}/")

    def start_services(self) -> None:
        """Start both instances."""
        for instance in self.instances.values():
            self._ends.callback(self._kill, instance)
        with ThreadPoolExecutor() as pool:
            list(pool.map(ServiceProcess.start, self.instances.values()))

    def start_balancer(self) -> None:
        """Start the balancer and wait until requests come through it."""
        self._ends.callback(self.balancer.end)
        self.balancer.start()
        self.wait_until_answers(f"{self.url}/api/ready")

    def wait_until_answers(self, url: str) -> None:
        """Wait until an address answers with success.

        Raises:
            RuntimeError: it did not within a minute.
        """
        deadline = time.monotonic() + START_SECONDS
        with self.plain_client() as http:
            while time.monotonic() < deadline:
                try:
                    if http.get(url).is_success:
                        return
                except httpx.TransportError:
                    pass
                time.sleep(0.05)
        raise RuntimeError(f"{url} did not answer")

    def plain_client(self) -> httpx.Client:
        """Return a client that trusts the cluster's certificate."""
        return httpx.Client(verify=self.tls(), timeout=30)

    def tls(self) -> ssl.SSLContext:
        """Return the trust in the cluster's own authority."""
        return ssl.create_default_context(cafile=str(self.authority.authority))

    def _kill(self, instance: ServiceProcess) -> None:
        if instance.is_running:
            instance.kill()

    def _settings(self, name: str) -> dict[str, str]:
        """What compose.yaml sets; a session is billable after seconds here."""
        if not hasattr(self, "_key"):
            self._key = _new_signing_key()
        return {
            "database_url": self.database.url("postgres"),
            "redis_url": self.redis.url.removesuffix("/0") + "/1",
            "public_url": self.url,
            "trusted_proxies": LOOPBACK,
            "drain_seconds": "5",
            "signing_key_pem": self._key,
            "livekit_url": self.media_url,
            "livekit_api_key": KEY,
            "livekit_api_secret": SECRET,
            **self.store.settings,
            "billable_minimum_seconds": "5",
            "instance_id": name,
        }

    def _command(self, *words: str, told: str = "") -> None:
        """Run `liftbay-backend` with the cluster's settings.

        Raises:
            CalledProcessError: it failed; what it said is on standard error.
        """
        settings = self._settings("command")
        env = {
            **{name: value for name, value in os.environ.items() if "LIVEKIT" not in name},
            **{f"LIFTBAY_{name.upper()}": value for name, value in settings.items()},
            "PYTHONPATH": str(BACKEND),
        }
        start = "from liftbay_backend.cli import main; main()"
        subprocess.run(
            [sys.executable, "-c", start, *words, "--data-dir", str(self._folder / "command")],
            check=True,
            env=env,
            input=told,
            text=True,
            stdout=subprocess.DEVNULL,
            timeout=START_SECONDS * 2,
        )


def _new_signing_key() -> str:
    private = ec.generate_private_key(ec.SECP256R1())
    return private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
