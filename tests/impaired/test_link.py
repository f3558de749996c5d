"""The line with real packets, its clean-up, and the servers' programs beside it."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.impaired import namespaces
from tests.impaired.accuracy import PORT
from tests.impaired.house import service
from tests.impaired.link import NEEDS_LINK, ImpairedLink
from tests.impaired.namespaces import PREFIX, Plan
from tests.impaired.packet_log import PacketLog
from tests.impaired.packets import Fate
from tests.impaired.program import Program
from tests.impaired.settings import DOWN, UP, Line, Way, both

pytestmark = NEEDS_LINK
MODULE = "tests.impaired.accuracy"
ROOT = Path(__file__).resolve().parent.parent.parent


def sent(link: ImpairedLink, kbps: float, seconds: float = 2.0) -> PacketLog:
    """Send packets of 1,200 bytes to the far end and back; return what the forwarder saw."""
    with Program(link.server_command(()), MODULE, "--echo", link.plan.server) as answering:
        mark = link.mark()
        words = ["--send", link.plan.server, "--kbps", str(kbps), "--seconds", str(seconds)]
        command = link.client_command([sys.executable, "-m", MODULE, *words])
        subprocess.run(command, check=True, cwd=ROOT)
        time.sleep(0.4)
        answering.kill()
    return link.packets(mark).of(port=PORT)


def test_five_megabits_go_both_ways_and_hardly_late() -> None:
    with ImpairedLink(both(delay_ms=20)) as link:
        packets = sent(link, 5000)

    for way in (UP, DOWN):
        some = packets.of(way)
        assert some.count(Fate.FORWARDED) == len(some) > 900
        assert some.kbps() > 4000
        assert np.median(some.delays_ms()) == pytest.approx(20, abs=0.5)
        assert np.median(some.own_delay_ms()) < 1.0


def test_each_way_has_its_own_settings() -> None:
    line = Line(Way(rate_kbps=1000, delay_ms=5), Way(delay_ms=40))
    with ImpairedLink(line) as link:
        packets = sent(link, 2000)

    up, down = packets.of(UP), packets.of(DOWN)
    assert up.kbps() == pytest.approx(1000, rel=0.1)
    assert up.count(Fate.QUEUE_FULL) > 100
    assert np.median(down.delays_ms()) == pytest.approx(40, abs=1)


def test_settings_change_while_packets_are_on_their_way() -> None:
    with ImpairedLink() as link:
        free = sent(link, 1000, 0.5)
        link.set(Line(Way(loss=1.0), Way()))
        cut = sent(link, 1000, 0.5)

    assert free.lost_share() == 0
    assert cut.of(UP).count(Fate.LOST) == len(cut) > 0


def names() -> str:
    told = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True)
    return told.stdout


def pids(of: Iterable[str]) -> set[str]:
    """Processes in these namespaces."""
    told = [subprocess.run(["ip", "netns", "pids", each], capture_output=True) for each in of]
    return {word for each in told for word in each.stdout.decode().split()}


def test_nothing_is_left_behind() -> None:
    with ImpairedLink() as link:
        mine = link.plan.namespaces
        during = names()
        link.resolve_by(link.plan.gate)
        sleeping = subprocess.Popen(link.client_command(["sleep", "600"]))
        # A program that has not got there yet is not in the namespaces.
        while str(sleeping.pid) not in pids(mine):
            time.sleep(0.02)
    returned = sleeping.wait(10)

    assert all(name in during for name in mine)
    assert not any(name in names() for name in mine)
    assert not any((namespaces.ETC / name).exists() for name in mine)
    assert returned == -signal.SIGKILL


def test_a_run_that_is_killed_leaves_nothing_either() -> None:
    """The forwarder sees its stdin end and takes the namespaces away."""
    code = (
        "import sys, time\n"
        "from tests.impaired.link import ImpairedLink\n"
        "link = ImpairedLink(); link.start()\n"
        "sys.stdout.write('made\\n'); sys.stdout.flush(); time.sleep(600)\n"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        made = running.stdout.readline()
        during = names()
        running.kill()
    mine = f"{PREFIX}-{running.pid}-"
    for _ in range(100):
        if mine not in names():
            break
        time.sleep(0.1)

    assert made == "made\n"
    assert mine in during
    assert mine not in names()


def test_what_a_dead_process_left_is_swept() -> None:
    """Both it and its forwarder were killed, say for want of memory."""
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    left, living = Plan(ended.pid, 0).namespace("gate"), Plan(os.getpid(), 9999).namespace("gate")
    for name in (left, living):
        subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        swept = namespaces.sweep()
        after = names()
    finally:
        namespaces.remove((left, living))

    assert left in swept
    assert left not in after
    assert living in after


def test_a_service_can_have_a_wrong_clock(tmp_path: Path) -> None:
    """For whatever compares this machine's clock with the service's."""
    with ImpairedLink() as link, service(link, tmp_path, clock_offset_s=600) as running:
        with urllib.request.urlopen(f"{running.url}/api/health", timeout=10) as told:
            health = json.loads(told.read())
        now = datetime.now(UTC)

    ahead_s = (datetime.fromisoformat(health["server_now"]) - now).total_seconds()
    assert ahead_s == pytest.approx(600, abs=30)
    assert health["status"] == "ok"
