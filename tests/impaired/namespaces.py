"""Network namespaces of one line: made, wired, and taken away, also those of a run that crashed.

    client --veth-- gate --TUN: the forwarder :TUN-- server --veth-- this machine

The client sees an ordinary cable and a router; the servers' addresses are reached from this
machine beside the line, so that a test prepares and asks without being slowed. Every name holds
the process id of whoever made it, so that what a crash left is known as such.
"""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

PREFIX = "liftbay"
ETC = Path("/etc/netns")
"""``ip netns exec`` lays these files over /etc: resolv.conf and hosts of a namespace."""
CLIENT, GATE, SERVER = PARTS = ("client", "gate", "server")
_NAME = re.compile(rf"{PREFIX}-(\d+)-\d+-({'|'.join(PARTS)})$")
_NETWORKS = 1 << 13
_CAP_NET_ADMIN, _CAP_SYS_ADMIN = 12, 21
_COMMAND_S = 30


def possible() -> bool:
    """Say whether namespaces and devices can be made: Linux, iproute2, root's rights, TUN."""
    return (
        shutil.which("ip") is not None
        and Path("/dev/net/tun").exists()
        and all(_effective() >> bit & 1 for bit in (_CAP_NET_ADMIN, _CAP_SYS_ADMIN))
    )


def _effective() -> int:
    """Return the capabilities that this process has (proc(5))."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            return int(line.split()[1], 16)
    return 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Names and addresses of one line.

    Attributes:
        process, number: whose line it is, and which of that process.
    """

    process: int
    number: int

    @property
    def _key(self) -> int:
        return (self.process * 8 + self.number) % _NETWORKS

    @property
    def net(self) -> str:
        """First three bytes of every IPv4 address: out of 10.96.0.0/11, another for each line."""
        return f"10.{96 + (self._key >> 8)}.{self._key & 255}"

    @property
    def net6(self) -> str:
        """First half of every IPv6 address (RFC 4193)."""
        return f"fd6c:6966:{self._key:x}"

    def namespace(self, part: str) -> str:
        """Return the name of ``client``, ``gate`` or ``server``."""
        return f"{PREFIX}-{self.process}-{self.number}-{part}"

    @property
    def namespaces(self) -> tuple[str, ...]:
        return tuple(self.namespace(part) for part in PARTS)

    def device(self, end: str) -> str:
        """Return the name a device has while it is made (15 letters at most)."""
        return f"lb{self.process}x{self.number}{end}"

    @property
    def client(self) -> str:
        return f"{self.net}.2"

    @property
    def gate(self) -> str:
        return f"{self.net}.1"

    @property
    def server(self) -> str:
        return f"{self.net}.18"

    @property
    def server6(self) -> str:
        return f"{self.net6}:2::2"


def build(plan: Plan) -> None:
    """Make the namespaces; `wire` follows once the forwarder has made its devices.

    Raises:
        subprocess.CalledProcessError: not allowed, or a name or network is taken.
    """
    side = plan.device("m")
    client, gate, server = plan.namespaces
    _ip("netns", "add", client)
    _ip("netns", "add", gate)
    _ip("netns", "add", server)
    _batch(
        f"link add eth0 netns {client} type veth peer name lan0 netns {gate}",
        f"link add {side} type veth peer name side0 netns {server}",
        f"addr add {plan.net}.33/28 dev {side}",
        f"link set {side} up",
        f"route add {plan.server}/32 via {plan.net}.34",
    )
    _inside(
        client,
        "link set lo up",
        f"addr add {plan.client}/28 dev eth0",
        f"addr add {plan.net6}:1::2/64 dev eth0 nodad",
        "link set eth0 up",
        f"route add default via {plan.gate}",
        f"route add ::/0 via {plan.net6}:1::1",
    )
    _inside(
        gate,
        "link set lo up",
        f"addr add {plan.gate}/28 dev lan0",
        f"addr add {plan.net6}:1::1/64 dev lan0 nodad",
        "link set lan0 up",
    )
    _inside(
        server,
        "link set lo up",
        f"addr add {plan.net}.34/28 dev side0",
        "link set side0 up",
    )
    _write(gate, "ipv4/ip_forward", "ipv6/conf/all/forwarding")


def wire(plan: Plan) -> None:
    """Put the forwarder's two devices where they belong."""
    _, gate, server = plan.namespaces
    near, far = plan.device("n"), plan.device("f")
    _batch(f"link set {near} netns {gate}", f"link set {far} netns {server}")
    _inside(
        gate,
        f"link set {near} name wan0",
        "link set wan0 txqueuelen 5000",
        f"addr add {plan.net}.17/28 dev wan0",
        f"addr add {plan.net6}:2::1/64 dev wan0 nodad",
        "link set wan0 up",
    )
    _inside(
        server,
        f"link set {far} name wan0",
        "link set wan0 txqueuelen 5000",
        f"addr add {plan.server}/28 dev wan0",
        f"addr add {plan.server6}/64 dev wan0 nodad",
        "link set wan0 up",
        f"route add default via {plan.net}.17",
        f"route add ::/0 via {plan.net6}:2::1",
    )


def change_client_address(plan: Plan, host: int) -> None:
    """Move the client to another address of its network (3..14), as another Wi-Fi would."""
    _inside(
        plan.namespace(CLIENT),
        "addr flush dev eth0 scope global",
        f"addr add {plan.net}.{host}/28 dev eth0",
        f"addr add {plan.net6}:1::{host:x}/64 dev eth0 nodad",
        f"route replace default via {plan.gate}",
        f"route replace ::/0 via {plan.net6}:1::1",
    )


def within(namespace: str, command: Sequence[str]) -> tuple[str, ...]:
    """Return a command that runs another one in a namespace; it becomes that process."""
    return ("ip", "netns", "exec", namespace, *command)


def overlay(namespace: str, name: str, text: str) -> None:
    """Give the namespace a file of /etc of its own; running programs see a change, too."""
    folder = ETC / namespace
    folder.mkdir(parents=True, exist_ok=True)
    # In place: who runs already has this very file before its eyes.
    (folder / name).write_text(text)


def remove(names: Iterable[str]) -> None:
    """End what still runs in the namespaces and take them away with their files. Idempotent."""
    for name in names:
        told = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True)
        for word in told.stdout.split():
            _end(int(word))
        subprocess.run(["ip", "netns", "del", name], capture_output=True)
        shutil.rmtree(ETC / name, ignore_errors=True)
    if ETC.exists() and not any(ETC.iterdir()):
        ETC.rmdir()


def sweep() -> list[str]:
    """Remove the namespaces of processes that live no more; return their names."""
    told = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True)
    names = [line.split()[0] for line in told.stdout.splitlines() if line.strip()]
    found = {name: match for name in names if (match := _NAME.match(name))}
    stale = [name for name, match in found.items() if not psutil.pid_exists(int(match[1]))]
    remove(stale)
    return stale


def _end(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        # It ended by itself meanwhile.
        return


def _write(namespace: str, *switches: str) -> None:
    words = " ".join(f"/proc/sys/net/{switch}" for switch in switches)
    _run([*within(namespace, ["sh", "-c", f"for f in {words}; do echo 1 > $f; done"])])


def _inside(namespace: str, *lines: str) -> None:
    _run(["ip", "-n", namespace, "-batch", "-"], "\n".join(lines) + "\n")


def _batch(*lines: str) -> None:
    _run(["ip", "-batch", "-"], "\n".join(lines) + "\n")


def _ip(*words: str) -> None:
    _run(["ip", *words])


def _run(command: Sequence[str], given: str | None = None) -> None:
    subprocess.run(
        command, input=given, check=True, capture_output=True, text=True, timeout=_COMMAND_S
    )
