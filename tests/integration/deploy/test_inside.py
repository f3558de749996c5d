"""What deploy/compose.yaml starts, started by its own words in one network of its own.

A container engine is not needed: the balancer, a media server and Redis run as the file says, with
its commands, settings and names, in a namespace where those names are known. So a service that is
told a name and a scheme reaches who is meant, or this fails. The service itself is played.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.parts import DEPLOY, Process, find_haproxy
from tests.fakes.certificates import PrivateAuthority
from tests.fakes.compose_file import example, filled_in, listeners, read
from tests.fakes.livekit_server import find_binary
from tests.fakes.redis_server import find_redis
from tests.fakes.small_disk import missing_for_small_disk

WITHIN_SECONDS = 60.0
BALANCERS_USER = "99"
"""Of the image haproxy:…-alpine; nobody's on this machine."""
MOUNTED = Path("/mnt")
BOUND = {"tcp": "0A", "udp": "07"}
"""How /proc/net writes that a socket listens."""
HAPROXY, REDIS = find_haproxy(), find_redis()
SERVICE = Path(__file__).with_name("inside_service.py")

pytestmark = [
    pytest.mark.skipif(missing_for_small_disk() is not None, reason="namespaces are root's"),
    pytest.mark.skipif(None in (HAPROXY, REDIS), reason="HAProxy or Redis is not installed"),
]


class Network:
    """The network `inner`, with the containers that were started in it."""

    def __init__(self, folder: Path) -> None:
        self.given = example()
        self.services: dict[str, Any] = filled_in(read()["services"], self.given)
        self.folder = folder
        balancer = self.services["balancer"]
        names = [*self.services, *balancer["networks"]["inner"]["aliases"]]
        hosts = folder / "hosts"
        hosts.write_text(f"127.0.0.1 localhost {' '.join(names)}\n")
        sysctls = [
            f"echo {value} > /proc/sys/{name.replace('.', '/')}"
            for name, value in {
                # Docker's own default is kind, and not every engine's.
                "net.ipv4.ip_unprivileged_port_start": 1024,
                **balancer.get("sysctls", {}),
            }.items()
        ]
        self.mounted = folder / "mounted"
        self.mounted.mkdir()
        self.mounted.chmod(0o755)
        # Above our own folders nobody else may look into them, as into pytest's.
        mounts = [f"mount --bind {hosts} /etc/hosts", f"mount --bind {self.mounted} {MOUNTED}"]
        # Media is not offered on loopback.
        devices = ["lo up", "eth0 up", "eth1 up"]
        links = ["ip link add eth0 type veth peer name eth1"]
        links += [
            "ip addr add 172.30.83.130/24 dev eth0",
            *(f"ip link set {one}" for one in devices),
        ]
        begin = [*mounts, *links, *sysctls]
        self._holder = Process(
            ["unshare", "--net", "--mount", "sh", "-c", f"{' && '.join(begin)} && exec sleep 600"],
            folder / "network.log",
        )
        self.containers: dict[str, Process] = {}

    def start(self) -> None:
        """Make the network; wait until names are known in it."""
        self._holder.start()
        deadline = time.monotonic() + WITHIN_SECONDS
        while self.run(["getent", "hosts", "balancer"]).returncode:
            assert time.monotonic() < deadline, self._holder.log.read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        """End everything in it, and it."""
        for one in (*self.containers.values(), self._holder):
            one.end()

    def within(self, command: Sequence[str]) -> list[str]:
        """Return a command that becomes another one inside."""
        return ["nsenter", f"--target={self._holder.pid}", "--net", "--mount", "--", *command]

    def run(
        self, command: Sequence[str], env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run something inside to its end."""
        return subprocess.run(
            self.within(command), env=env, capture_output=True, text=True, timeout=WITHIN_SECONDS
        )

    def container(self, name: str, command: Sequence[str], **environment: str) -> None:
        """Start what a container runs, with the settings that the file gives it."""
        log = self.folder / f"{name}.log"
        process = Process(self.within(command), log, self.settings(name) | environment)
        self.containers[name] = process
        process.start()

    def settings(self, name: str) -> dict[str, str]:
        """Return a container's environment."""
        told = {key: str(value) for key, value in self.services[name]["environment"].items()}
        return {"PATH": f"{self.folder}:{os.environ['PATH']}", **told}

    def wait_until_healthy(self, name: str) -> None:
        """Ask as the file says until the answer is good."""
        kind, *words = self.services[name]["healthcheck"]["test"]
        command = ["sh", "-c", *words] if kind == "CMD-SHELL" else words
        deadline = time.monotonic() + WITHIN_SECONDS
        while (said := self.run(command, self.settings(name))).returncode:
            log = self.containers[name].log.read_text()
            assert time.monotonic() < deadline, f"{name}: {said.stdout}{said.stderr}{log}"
            time.sleep(0.1)

    def bound(self, name: str, protocol: str = "tcp") -> set[int]:
        """Return the ports that others reach a container's process at."""
        process = Path(f"/proc/{self.containers[name].pid}")
        try:
            sockets = {
                str(one.readlink()).removeprefix("socket:[").removesuffix("]")
                for one in (process / "fd").iterdir()
            }
            tables = [(process / "net" / f"{protocol}{six}").read_text() for six in ("", "6")]
        except FileNotFoundError:
            # It has ended, or has just closed one.
            return set()
        rows = [row.split() for table in tables for row in table.splitlines()[1:]]
        return {
            int(row[1].rpartition(":")[2], 16)
            for row in rows
            if row[3] == BOUND[protocol] and row[9] in sockets and not _is_loopback(row[1])
        }


def _is_loopback(address: str) -> bool:
    return address.startswith(("0100007F:", "00000000000000000000000001000000:"))


@pytest.fixture
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    folder = tmp_path_factory.mktemp("network")
    made = Network(folder)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def start_redis(network: Network) -> None:
    """Start Redis by the file's own shell line."""
    assert REDIS is not None
    # Debian's program knows by its name what to be.
    (network.folder / "redis-server").symlink_to(REDIS)
    shell, option, line = network.services["redis"]["entrypoint"]
    assert line.count("/tmp/redis.conf") == 2
    line = line.replace("$$", "$").replace("/tmp/redis.conf", str(network.folder / "redis.conf"))
    network.container("redis", [shell, option, line])


def start_media(network: Network, name: str) -> None:
    """Start a media server with the file's words, where the configuration lies for us."""
    command = network.services[name]["command"]
    assert command[:2] == ["--config", "/etc/livekit.yaml"]
    words = ["--config", str(DEPLOY / "livekit.yaml"), *command[2:]]
    network.container(name, [str(find_binary()), *words])


def start_balancer(network: Network) -> Path:
    """Start the balancer as the user its image has; returns who has signed its certificate."""
    assert HAPROXY is not None
    authority = PrivateAuthority(
        network.folder, names=(network.given["HOST_NAME"], network.given["MEDIA_HOST_NAME"])
    )
    certificates = network.mounted / "certificates"
    certificates.mkdir()
    certificates.chmod(0o755)
    shutil.copyfile(authority.chain, certificates / "both.pem")
    words = []
    for name in ("haproxy.cfg", "haproxy-public.cfg"):
        shutil.copyfile(DEPLOY / name, network.mounted / name)
        words += ["-f", str(MOUNTED / name)]
    user = ["setpriv", f"--reuid={BALANCERS_USER}", f"--regid={BALANCERS_USER}", "--clear-groups"]
    network.container(
        "balancer",
        [*user, HAPROXY, "-db", *words],
        CERTIFICATES=str(MOUNTED / "certificates"),
        # The media servers have theirs in containers of their own.
        MEDIA_BIND=":17880",
    )
    return authority.authority


def test_a_service_opens_a_room_and_is_told_so(network: Network) -> None:
    """By the address that clients use too, through the balancer, there and back."""
    start_redis(network)
    network.wait_until_healthy("redis")
    start_media(network, "media-one")
    network.wait_until_healthy("media-one")
    authority = start_balancer(network)
    service = subprocess.Popen(
        network.within([sys.executable, str(SERVICE)]),
        env=network.settings("service-one") | {"SSL_CERT_FILE": str(authority)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        told, wrong = service.communicate(timeout=WITHIN_SECONDS * 2)
    finally:
        service.kill()

    assert service.returncode == 0, wrong + network.containers["balancer"].log.read_text()
    assert json.loads(told) == {"event": "room_started", "room": "session-of-the-test"}


def test_each_container_binds_what_it_is_asked_at(network: Network) -> None:
    start_redis(network)
    start_balancer(network)
    network.wait_until_healthy("redis")
    wanted = {
        name: {one.port for one in listeners(network.services) if one.container == name}
        for name in ("redis", "balancer")
    }
    wanted["balancer"] = wanted["balancer"] - {7880} | {17880}

    deadline = time.monotonic() + WITHIN_SECONDS
    while network.bound("balancer") != wanted["balancer"] and time.monotonic() < deadline:
        time.sleep(0.1)

    assert {name: network.bound(name) for name in wanted} == wanted, network.containers[
        "balancer"
    ].log.read_text()
    assert wanted["balancer"] >= {80, 443, 8080}


@pytest.mark.parametrize("name", ["media-one", "media-two"])
def test_a_media_server_binds_what_is_published(network: Network, name: str) -> None:
    start_redis(network)
    network.wait_until_healthy("redis")
    start_media(network, name)
    network.wait_until_healthy(name)

    published = {one.partition(":")[0] for one in network.services[name]["ports"]}

    bound = network.bound(name) | network.bound(name, "udp")
    assert {str(port) for port in bound} >= published | {"7880"}


def test_redis_wants_its_password_and_hears_the_signal_to_stop(network: Network) -> None:
    start_redis(network)
    network.wait_until_healthy("redis")
    redis = network.containers["redis"]

    without = network.run(["redis-cli", "-h", "redis", "ping"], {"PATH": os.environ["PATH"]})
    redis.end(signal.SIGTERM)

    assert "NOAUTH" in without.stdout
    assert (network.folder / "redis.conf").stat().st_mode & 0o077 == 0
