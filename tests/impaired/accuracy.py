"""Measures the forwarder itself: how late it is and what it carries. Prints Markdown.

    python -m tests.impaired.accuracy [--seconds 5]

Packets of 1,200 bytes go both ways at once; late is what a packet took beyond what the settings
wanted, by the forwarder's own clock.
"""

import argparse
import socket
import subprocess
import sys
import time
from collections.abc import Sequence

import numpy as np

from tests.impaired.link import ImpairedLink
from tests.impaired.program import Program
from tests.impaired.settings import DIRECTIONS, Line, Way, both

BYTES = 1200
HEADERS = 28
PORT = 5000
LINES: Sequence[tuple[str, Line, float]] = (
    ("free, 1 Mbit/s", Line(), 1000),
    ("free, 5 Mbit/s", Line(), 5000),
    ("free, 10 Mbit/s", Line(), 10_000),
    ("25 ms, 5 Mbit/s", both(delay_ms=25), 5000),
    ("25 ms, jitter 10 ms, 5 Mbit/s", both(delay_ms=25, jitter_ms=10), 5000),
    ("limited to 2 Mbit/s, 4 sent", both(rate_kbps=2000), 4000),
    ("3 % loss, 5 Mbit/s", Line(Way(loss=0.03), Way(loss=0.03)), 5000),
)


def send(target: str, kbps: float, seconds: float) -> None:
    """Send packets at a rate to an address that sends each one back."""
    count = round(kbps * 125 * seconds / (BYTES + HEADERS))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        began = time.perf_counter()
        for number in range(count):
            sender.sendto(bytes(BYTES), (target, PORT))
            due = began + (number + 1) * seconds / count
            time.sleep(max(0.0, due - time.perf_counter()))


def echo(address: str) -> None:
    """Send every packet back."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as answering:
        answering.bind((address, PORT))
        sys.stdout.write("{}\n")
        sys.stdout.flush()
        while True:
            data, whose = answering.recvfrom(2048)
            answering.sendto(data, whose)


def measure(seconds: float) -> str:
    """Return the table."""
    rows = [
        "| line | way | packets | carried kbit/s | lost | late p50 / p99 / max, ms |",
        "|---|---|---|---|---|---|",
    ]
    module = "tests.impaired.accuracy"
    with ImpairedLink() as link:
        server = link.plan.server
        answering = Program(link.server_command(()), module, "--echo", server)
        with answering:
            for name, line, kbps in LINES:
                link.set(line)
                mark = link.mark()
                words = [sys.executable, "-m", module, "--send", server, "--kbps", str(kbps)]
                subprocess.run(link.client_command([*words, "--seconds", str(seconds)]), check=True)
                time.sleep(0.5)
                packets = link.packets(mark)
                for way in DIRECTIONS:
                    some = packets.of(way, port=PORT)
                    p50, p99, most = np.percentile(some.own_delay_ms(), [50, 99, 100])
                    rows.append(
                        f"| {name} | {way} | {len(some)} | {some.kbps():,.0f} "
                        f"| {100 * some.lost_share():.1f} % | {p50:.2f} / {p99:.2f} / {most:.2f} |"
                    )
            answering.kill()
    return "\n".join(rows)


def main(arguments: Sequence[str]) -> int:
    """Print the table, or be one of the two ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.impaired.accuracy")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--send")
    parser.add_argument("--kbps", type=float, default=1000.0)
    parser.add_argument("--echo")
    told = parser.parse_args(arguments)
    if told.echo is not None:
        echo(told.echo)
    elif told.send is not None:
        send(told.send, told.kbps, told.seconds)
    else:
        sys.stdout.write(measure(told.seconds) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
