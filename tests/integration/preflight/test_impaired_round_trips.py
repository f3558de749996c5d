"""N01 to N03, N06, N07, N09, N13 and N14 with the real service behind an impaired line."""

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from preflight.analysis.round_trips import settled_jitter_ms
from preflight.checks.host.clock_skew import skew_figures
from preflight.model import CheckState, Measured
from preflight.probe.network_probe import HealthLook, ProcessProbe
from preflight.verdicts.catalogue import judge
from tests.check_cases import clears, raises
from tests.fakes.certificates import PrivateAuthority
from tests.impaired import namespaces
from tests.impaired.house import probes_over, service
from tests.impaired.link import NEEDS_LINK, ImpairedLink
from tests.impaired.packet_log import PacketLog
from tests.impaired.program import Program
from tests.impaired.resolver import Mode
from tests.impaired.settings import Line, Way, both
from tests.impaired.takes import most_agree

pytestmark = NEEDS_LINK

PASSED, WARNED, FAILED = CheckState.PASSED, CheckState.WARNED, CheckState.FAILED
NAME = "liftbay.test"
BUDGET_S = 7.0
EVEN_MS = 8.0
"""What a busy machine adds to the jitter of a line that has none."""


@dataclass(frozen=True)
class Far:
    """A service at the far end of a line."""

    link: ImpairedLink
    url: str

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    @property
    def named(self) -> str:
        """The service's address by a name that the client must look up."""
        return f"http://{NAME}:{self.port}"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Far]:
    with (
        ImpairedLink(seed=4) as link,
        service(link, tmp_path_factory.mktemp("house")) as running,
    ):
        yield Far(link, running.url)


@pytest.fixture
def far(house: Far) -> Iterator[Far]:
    """The house with a free line and no names, before and after."""
    link = house.link
    link.name_server("127.0.0.1", "localhost")
    link.resolve_by(None)
    yield house
    link.set(Line())


@pytest.fixture
async def probe(far: Far) -> AsyncIterator[ProcessProbe]:
    """The product's own probe at the client's end."""
    probe = ProcessProbe(probes_over(far.link))
    await probe.ready(for_room=False)
    yield probe
    await probe.end()


async def look_at(far: Far, probe: ProcessProbe) -> tuple[HealthLook, PacketLog]:
    """Take the gate's samples; return them beside what the forwarder saw of them."""
    mark = far.link.mark()
    look = await probe.look_at_health(far.url, samples=11, budget_s=BUDGET_S)
    return look, far.link.packets(mark)


def figure(measured: Measured, name: str) -> float:
    value = measured[name]
    assert isinstance(value, float | int)
    return float(value)


@pytest.mark.parametrize(
    ("rtt_ms", "expected"),
    [
        pytest.param(50, PASSED, marks=clears("net.rtt_high")),
        pytest.param(250, WARNED, marks=pytest.mark.slow),
        pytest.param(350, FAILED, marks=raises("net.rtt_high")),
        pytest.param(800, FAILED, marks=pytest.mark.slow),
    ],
)
async def test_the_round_trip_agrees_with_the_lines_own_count(
    far: Far, probe: ProcessProbe, rtt_ms: float, expected: CheckState
) -> None:
    far.link.set(both(delay_ms=rtt_ms / 2))
    told: list[tuple[float, float]] = []
    verdicts: list[CheckState | None] = []
    while most_agree(told, lambda seen: max(10.0, 0.1 * seen)) is None:
        look, packets = await look_at(far, probe)
        exchanges = packets.exchanges(far.port)
        # From the request's coming to the answer's leaving, the service's time included.
        seen = statistics.median(each.total_ms for each in exchanges)
        told.append((figure(look.measured, "rtt_median_ms"), seen))
        verdicts.append(judge("net.rtt_high", look.measured))

    line = statistics.median(each.line_ms for each in exchanges)
    assert line == pytest.approx(rtt_ms, rel=0.02, abs=2.0)
    assert most_agree(told, lambda seen: max(10.0, 0.1 * seen)), told
    assert statistics.mode(verdicts) is expected, verdicts


@pytest.mark.parametrize(
    ("jitter", "expected"),
    [
        pytest.param(0.0, {PASSED}, marks=[pytest.mark.slow, clears("net.jitter_high")]),
        pytest.param(12.0, {PASSED, WARNED}, marks=pytest.mark.slow),
        pytest.param(45.0, {WARNED, FAILED}, marks=raises("net.jitter_high")),
    ],
)
async def test_jitter_agrees_with_the_same_formula_over_the_lines_log(
    far: Far, probe: ProcessProbe, jitter: float, expected: set[CheckState]
) -> None:
    far.link.set(both(delay_ms=100, jitter_ms=jitter))
    told: list[tuple[float, float]] = []
    verdicts: list[CheckState | None] = []

    def allowed(line: float) -> float:
        return 0.3 * line if jitter else EVEN_MS

    while most_agree(told, allowed) is None:
        look, packets = await look_at(far, probe)
        # The first look opens the connection and counts in nothing.
        line = settled_jitter_ms([each.line_ms for each in packets.exchanges(far.port)[1:]])
        told.append((figure(look.measured, "jitter_ms"), line))
        verdicts.append(judge("net.jitter_high", look.measured))

    assert most_agree(told, allowed), told
    assert statistics.mode(verdicts) in expected, verdicts


@pytest.mark.parametrize(
    ("offset_s", "expected"),
    [
        pytest.param(600.0, FAILED, marks=raises("host.clock_skew")),
        pytest.param(-600.0, FAILED, marks=pytest.mark.slow),
        pytest.param(0.0, PASSED, marks=[pytest.mark.slow, clears("host.clock_skew")]),
    ],
)
async def test_a_clock_that_is_ten_minutes_off_is_told_over_a_slow_line(
    tmp_path: Path, offset_s: float, expected: CheckState
) -> None:
    """The service's clock stands for everybody's; the way there and back is taken out."""
    with (
        ImpairedLink(seed=5) as link,
        service(link, tmp_path / "service", clock_offset_s=offset_s) as running,
    ):
        link.set(both(delay_ms=125))
        probe = ProcessProbe(probes_over(link))
        await probe.ready(for_room=False)
        look = await probe.look_at_health(running.url, samples=11, budget_s=BUDGET_S)
        await probe.end()

    found = skew_figures(look.measured)
    assert found is not None
    assert figure(found, "off_s") == pytest.approx(abs(offset_s), abs=1.0)
    assert judge("host.clock_skew", found) is expected


@clears("net.health")
@clears("net.unreachable")
async def test_a_lossy_line_is_still_a_way_to_a_service_that_is_well(
    far: Far, probe: ProcessProbe
) -> None:
    """TCP sends again what was lost: it costs time alone."""
    far.link.set(both(delay_ms=10, loss=0.03))

    reached = await probe.reach(far.url)
    look, packets = await look_at(far, probe)

    assert judge("net.unreachable", reached).lets_pass
    assert judge("net.health", look.measured).lets_pass
    assert packets.lost_share() < 0.2


@raises("net.health")
async def test_a_line_that_breaks_while_samples_are_taken_fails_the_health(
    far: Far, probe: ProcessProbe
) -> None:
    far.link.set(both(delay_ms=20))
    mark = far.link.mark()
    looking = asyncio.ensure_future(probe.look_at_health(far.url, samples=11, budget_s=10))
    while len(far.link.packets(mark).exchanges(far.port)) < 2:
        await asyncio.sleep(0.05)
    far.link.set(both(blocked=("tcp",)))

    look = await looking

    assert figure(look.measured, "lost") >= 3
    assert judge("net.health", look.measured) is FAILED


@pytest.mark.parametrize(
    ("mode", "stage"),
    [
        pytest.param(Mode(does="refuse"), "dns", marks=raises("net.unreachable")),
        pytest.param(Mode(does="deny"), "dns", marks=pytest.mark.slow),
        (Mode(does="silent"), "dns"),
    ],
    ids=lambda value: value.does if isinstance(value, Mode) else value,
)
async def test_names_that_cannot_be_looked_up_are_told_as_that(
    far: Far, probe: ProcessProbe, mode: Mode, stage: str
) -> None:
    gate = far.link.plan.gate
    far.link.resolve_by(gate)
    with Program(far.link.gate_command(()), "tests.impaired.resolver", gate) as resolver:
        resolver.tell(mode)
        found = await probe.reach(far.named)

    assert (found["stage"], found["dns_ok"]) == (stage, False)
    assert judge("net.unreachable", found) is FAILED


async def test_a_name_server_that_takes_long_is_a_warning(far: Far, probe: ProcessProbe) -> None:
    gate = far.link.plan.gate
    far.link.resolve_by(gate)
    with Program(far.link.gate_command(()), "tests.impaired.resolver", gate) as resolver:
        resolver.tell(Mode(ipv4=far.link.plan.server, delay_s=0.4))
        found = await probe.reach(far.named)

    assert found["dns_ok"] is True
    assert figure(found, "dns_ms") >= 500  # one look-up for each family
    assert judge("net.unreachable", found) is WARNED


@pytest.mark.parametrize("closed", [Way(blocked=("tcp",)), Way(blocked_families=("ipv4",))])
async def test_a_line_that_lets_no_connection_through_fails_at_tcp(
    far: Far, probe: ProcessProbe, closed: Way
) -> None:
    far.link.set(Line(closed, Way()))

    found = await probe.reach(far.url)

    assert found["stage"] == "tcp"
    assert judge("net.unreachable", found) is FAILED


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(both(delay_ms=20), PASSED, marks=clears("net.mtu")),
        pytest.param(Line(Way(largest_bytes=1300), Way()), FAILED, marks=raises("net.mtu")),
    ],
    ids=["whole", "hole"],
)
async def test_a_black_hole_for_large_packets_is_found(
    far: Far, probe: ProcessProbe, line: Line, expected: CheckState
) -> None:
    far.link.set(line)
    await probe.advice_ready()

    found = await probe.advise("large_packets", far.url)

    assert judge("net.mtu", found) is expected, found


@raises("net.captive_portal")
async def test_a_wifi_that_wants_a_login_answers_for_every_name(
    far: Far, probe: ProcessProbe
) -> None:
    """As portals do it: their name server leads everybody to them."""
    gate = far.link.plan.gate
    far.link.resolve_by(gate)
    place = far.link.gate_command(())
    with (
        Program(place, "tests.impaired.resolver", gate) as resolver,
        Program(place, "tests.impaired.web", "portal", gate, str(far.port)),
    ):
        resolver.tell(Mode(ipv4=gate))
        await probe.advice_ready()
        found = await probe.advise("portal", far.named)
        look = await probe.look_at_health(far.named, samples=11, budget_s=BUDGET_S)

    assert found["answer"] == "redirect"
    assert judge("net.captive_portal", found) is FAILED
    assert judge("net.health", look.measured) is FAILED


@clears("net.captive_portal")
async def test_the_services_own_page_is_no_login(far: Far, probe: ProcessProbe) -> None:
    far.link.set(both(delay_ms=40))
    await probe.advice_ready()

    found = await probe.advise("portal", far.url)

    assert judge("net.captive_portal", found) is PASSED


@pytest.mark.parametrize(
    ("line", "names", "expected", "only_six"),
    [
        pytest.param(Line(), "both", PASSED, False, marks=clears("net.ipv6")),
        pytest.param(
            both(blocked_families=("ipv6",)), "both", WARNED, False, marks=raises("net.ipv6")
        ),
        pytest.param(
            both(blocked_families=("ipv4",)), "both", WARNED, True, marks=pytest.mark.slow
        ),
        pytest.param(Line(), "six", PASSED, True, marks=pytest.mark.slow),
    ],
    ids=["both", "six broken", "four broken", "six only"],
)
async def test_a_family_that_is_broken_is_told(
    far: Far,
    probe: ProcessProbe,
    line: Line,
    names: str,
    expected: CheckState,
    only_six: bool,
) -> None:
    plan, port = far.link.plan, str(free_port())
    addresses = [plan.server6] if names == "six" else [plan.server, plan.server6]
    far.link.name_server(*(word for address in addresses for word in (address, NAME)))
    far.link.set(line)
    place = far.link.server_command(())
    with (
        Program(place, "tests.impaired.web", "healthy", plan.server, port),
        Program(place, "tests.impaired.web", "healthy", plan.server6, port),
    ):
        await probe.advice_ready()
        found = await probe.advise("families", f"http://{NAME}:{port}")
        reached = await probe.reach(f"http://{NAME}:{port}")

    assert judge("net.ipv6", found) is expected, found
    assert found["ipv6_only"] is only_six
    assert judge("net.unreachable", reached).lets_pass


@pytest.mark.parametrize(
    ("known", "valid_days", "stage"),
    [
        pytest.param(False, (-1, 2), "tls", marks=raises("net.unreachable")),
        pytest.param(True, (-9, -1), "tls_clock", marks=raises("net.unreachable")),
        pytest.param(True, (1, 9), "tls_clock", marks=pytest.mark.slow),
        pytest.param(True, (-1, 2), None, marks=clears("net.unreachable")),
    ],
    ids=["unknown issuer", "clock ahead", "clock behind", "well"],
)
async def test_a_certificate_says_whether_its_issuer_or_the_clock_is_wrong(
    far: Far,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    known: bool,
    valid_days: tuple[int, int],
    stage: str | None,
) -> None:
    """A machine whose clock is wrong finds a good certificate out of date."""
    authority = PrivateAuthority(tmp_path, names=(NAME,), valid_days=valid_days)
    if known:
        # OpenSSL's own variable for the system's store.
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.authority))
    plan, port = far.link.plan, str(free_port())
    far.link.name_server(plan.server, NAME)
    words = ("tests.impaired.web", "healthy", plan.server, port, "--tls", str(authority.chain))
    probe = ProcessProbe(probes_over(far.link))
    with Program(far.link.server_command(()), *words):
        found = await probe.reach(f"https://{NAME}:{port}")
        await probe.end()

    assert found.get("stage") == stage, found
    assert judge("net.unreachable", found).lets_pass is (stage is None)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@raises("net.changed")
def test_a_network_that_changes_in_mid_run_is_measured_anew(far: Far, tmp_path: Path) -> None:
    """The whole ``liftbay diagnose`` at the client's end, whose address changes meanwhile."""
    far.link.set(both(delay_ms=60))
    report = tmp_path / "report.json"
    told = diagnosed(far, report, change_at="N01")

    by_code = {check["code"]: check for check in json.loads(report.read_text())["checks"]}
    assert told.count("gate passes") == 1, told
    for code in ("net.unreachable", "net.health", "net.rtt_high"):
        assert by_code[code]["attempts"] == 2, by_code[code]
        assert by_code[code]["state"] == "passed"
    assert by_code["net.rtt_high"]["measured"]["rtt_median_ms"] == pytest.approx(120, rel=0.3)
    assert by_code["net.vpn"]["state"] == "passed"


@pytest.mark.slow
@clears("net.changed")
def test_a_network_that_stays_is_measured_once(far: Far, tmp_path: Path) -> None:
    far.link.set(both(delay_ms=60))
    report = tmp_path / "report.json"
    diagnosed(far, report, change_at=None)

    by_code = {check["code"]: check for check in json.loads(report.read_text())["checks"]}
    assert by_code["net.changed"]["state"] == "passed"
    assert by_code["net.unreachable"]["attempts"] == 1


def diagnosed(far: Far, report: Path, *, change_at: str | None) -> str:
    """Run the command over the line; the client moves once the named check has its verdict."""
    environment: dict[str, Any] = os.environ | {
        "XDG_DATA_HOME": str(report.parent),
        "QT_QPA_PLATFORM": "offscreen",
    }
    words = ("diagnose", "--only", "net", "--service", far.url, "--output", str(report))
    command = far.link.client_command([sys.executable, "-u", "-m", "desktop.app.cli", *words])
    said: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout is not None
        for line in running.stdout:
            said.append(line)
            if change_at is not None and line.startswith(change_at):
                namespaces.change_client_address(far.link.plan, 7)
                change_at = None
    return "".join(said)
