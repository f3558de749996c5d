"""N04, N05 and the trial call through a real media server behind an impaired line.

What is compared with the forwarder's own count needs no quiet machine; what takes long is marked
slow and runs with ``make faults``.
"""

import asyncio
import math
import statistics
from collections.abc import AsyncIterator, Iterator

import pytest

from preflight.checks.media.bench import CAP_KBPS
from preflight.model import CheckState, Measured
from preflight.probe.media_probe import ProcessMediaProbe, TrialLook
from preflight.probe.network_probe import ProcessProbe
from preflight.verdicts.catalogue import judge
from tests.check_cases import clears, raises
from tests.fakes.livekit_server import LiveKitServer
from tests.faults.seed import tell
from tests.impaired.calibrate import limited
from tests.impaired.house import media_server, probe_room, probes_over
from tests.impaired.link import NEEDS_LINK, ImpairedLink
from tests.impaired.packet_log import PacketLog
from tests.impaired.packets import UDP
from tests.impaired.settings import DOWN, UP, Direction, Line, both
from tests.impaired.takes import TAKES

pytestmark = NEEDS_LINK

PASSED, WARNED, FAILED = CheckState.PASSED, CheckState.WARNED, CheckState.FAILED
TRIAL_S = 12.0
"""Long enough for the 400 packets of the loss stream that the catalogue asks for."""
PATIENCE_S = 60.0
SURE = 2.576
"""Standard deviations for 99 per cent."""


@pytest.fixture(scope="module")
def far() -> Iterator[tuple[ImpairedLink, LiveKitServer]]:
    """A media server at the far end of a line."""
    with ImpairedLink(seed=8) as link, media_server(link) as sfu:
        yield link, sfu


@pytest.fixture
def link(far: tuple[ImpairedLink, LiveKitServer]) -> Iterator[ImpairedLink]:
    """The line, free before and after."""
    link, _ = far
    link.set(Line())
    yield link
    link.set(Line())


@pytest.fixture
def sfu(far: tuple[ImpairedLink, LiveKitServer]) -> LiveKitServer:
    return far[1]


@pytest.fixture
async def probe(link: ImpairedLink) -> AsyncIterator[ProcessProbe]:
    """The product's own probe at the client's end."""
    probe = ProcessProbe(probes_over(link))
    probe.begin(with_room=True)
    await probe.ready(for_room=True)
    yield probe
    await probe.end()


async def trial(
    link: ImpairedLink, sfu: LiveKitServer, *, seconds: float = TRIAL_S
) -> tuple[TrialLook, PacketLog]:
    """Make a trial call; return it beside what the forwarder saw of it."""
    probe = ProcessMediaProbe(probes_over(link))
    await probe.ready()
    try:
        room = await probe_room(sfu)
        mark = link.mark()
        trial = probe.trial(room, max_s=seconds, cap_kbps=CAP_KBPS)
        look = await asyncio.wait_for(trial, PATIENCE_S)
        return look, link.packets(mark)
    finally:
        await probe.end()


def figure(measured: Measured, name: str) -> float:
    value = measured[name]
    assert isinstance(value, float | int), (name, measured)
    return float(value)


def lies_within(loss: float, share: float, count: float) -> bool:
    """Say whether a loss in per cent is in the binomial interval of a share (Wilson's)."""
    square = SURE**2 / count
    middle = (share + square / 2) / (1 + square)
    half = SURE / (1 + square) * math.sqrt(share * (1 - share) / count + square / count / 4)
    return 100 * (middle - half) - 1e-9 <= loss <= 100 * (middle + half) + 1e-9


@raises("media.loss")
@raises("media.loss_burst")
async def test_a_lossy_line_is_told(link: ImpairedLink, sfu: LiveKitServer) -> None:
    """On a busy machine ends drop packets that the line let through; the slow one below counts."""
    link.set(both(delay_ms=15, loss=0.1))
    look, packets = await trial(link, sfu)
    up, down = (packets.of(way, protocol=UDP).lost_share() for way in (UP, DOWN))

    assert 0.05 < up < 0.2
    assert 0.05 < down < 0.2
    for name, share in (
        ("stream_loss_percent", 1 - (1 - up) * (1 - down)),
        ("loss_up_percent", up),
        ("loss_down_percent", down),
    ):
        assert 0.5 < figure(look.measured, name) / (100 * share) < 2, name
    assert judge("media.loss", look.measured) is FAILED
    assert judge("media.loss_burst", look.measured) is not PASSED


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        pytest.param(
            0.0,
            {PASSED},
            marks=[pytest.mark.slow, clears("media.loss"), clears("media.loss_burst")],
        ),
        pytest.param(0.03, {PASSED, WARNED}, marks=pytest.mark.slow),
        pytest.param(
            0.10,
            {FAILED},
            marks=[pytest.mark.slow, raises("media.loss"), raises("media.loss_burst")],
        ),
    ],
)
async def test_loss_lies_within_the_interval_of_the_lines_own_count(
    link: ImpairedLink, sfu: LiveKitServer, share: float, expected: set[CheckState]
) -> None:
    """Each of the three lies in its 99 % interval, in one of two calls: of a hundred calls of a
    right program three have one outside.
    """
    link.set(both(delay_ms=15, loss=share))
    for _ in range(2):
        look, packets = await trial(link, sfu)
        measured = look.measured
        told = counted(measured, packets)
        outside = [name for name, (loss, *of) in told.items() if not lies_within(loss, *of)]
        tell(f"{share:.0%}: {told}, outside: {outside}")
        assert judge("media.loss", measured) in expected
        assert (judge("media.loss_burst", measured) is PASSED) is (share == 0)
        if not outside:
            break

    assert not outside


def counted(measured: Measured, packets: PacketLog) -> dict[str, tuple[float, float, float]]:
    """Return of each figure what was told in per cent, the line's own share, and of how many."""
    up, down = (packets.of(way, protocol=UDP).lost_share() for way in (UP, DOWN))
    seconds = figure(measured, "seconds") / 2
    missing, every = packets.picture_missing(seconds)
    return {
        # A packet of the loss stream goes up and down again.
        "stream": (
            figure(measured, "stream_loss_percent"),
            1 - (1 - up) * (1 - down),
            figure(measured, "stream_packets"),
        ),
        # The second half of the call counts: sound has 50 packets a second.
        "up": (figure(measured, "loss_up_percent"), up, seconds * 50),
        "down": (figure(measured, "loss_down_percent"), missing / every, every),
    }


@clears("net.signal")
@clears("net.room")
async def test_a_free_line_lets_a_call_through_by_udp(
    link: ImpairedLink, sfu: LiveKitServer, probe: ProcessProbe
) -> None:
    link.set(both(delay_ms=20))
    room = await probe_room(sfu)

    signal, joined = await asyncio.gather(probe.signal(room), probe.join(room))

    assert judge("net.signal", signal) is PASSED
    assert judge("net.room", joined) is PASSED
    assert joined["protocol"] == "udp"


@pytest.mark.parametrize("closed", [("udp",), ("udp", "icmp")], ids=["no udp", "tcp only"])
async def test_without_udp_a_call_goes_by_tcp(
    link: ImpairedLink, sfu: LiveKitServer, probe: ProcessProbe, closed: tuple[str, ...]
) -> None:
    link.set(both(delay_ms=20, blocked=closed))

    joined = await probe.join(await probe_room(sfu))

    assert judge("net.room", joined).lets_pass, joined
    assert joined["protocol"] == "tcp"


@raises("media.udp_blocked")
async def test_a_trial_call_by_tcp_warns_and_tells_its_figures(
    link: ImpairedLink, sfu: LiveKitServer
) -> None:
    link.set(both(delay_ms=20, blocked=("udp",)))

    look, packets = await trial(link, sfu, seconds=6.0)

    assert (look.measured["udp"], look.measured["protocol"]) == (False, "tcp")
    assert judge("media.udp_blocked", look.measured) is WARNED
    assert look.measured["decoded"] is True
    assert packets.of(protocol=UDP).lost_share() in (0.0, 1.0)


@raises("net.room")
async def test_where_neither_udp_nor_the_medias_tcp_gets_through_there_is_no_call(
    link: ImpairedLink, sfu: LiveKitServer, probe: ProcessProbe
) -> None:
    link.set(both(delay_ms=20, blocked=("udp",), blocked_ports=(sfu.ports.tcp,)))
    room = await probe_room(sfu)

    signal = await probe.signal(room)
    with pytest.raises(TimeoutError):
        # The check's own deadline; nothing was measured by then.
        await asyncio.wait_for(probe.join(room), 10)

    assert judge("net.signal", signal) is PASSED
    assert judge("net.room", {}) is FAILED


@raises("net.signal")
async def test_a_firewall_before_the_call_server_is_told(
    link: ImpairedLink, sfu: LiveKitServer, probe: ProcessProbe
) -> None:
    room = await probe_room(sfu)
    link.set(both(blocked_ports=(sfu.ports.http,)))

    signal = await probe.signal(room)

    assert (signal["joined"], judge("net.signal", signal)) == (False, FAILED)


@pytest.mark.parametrize("way", [UP, DOWN])
async def test_a_line_of_300_kbit_is_not_flooded(
    link: ImpairedLink, sfu: LiveKitServer, way: Direction
) -> None:
    """It lost 60 % of a picture that was far too large, and some calls never showed any."""
    link.set(limited(300.0, way))
    seen = []
    for _ in range(3):
        look, packets = await trial(link, sfu, seconds=8.0)
        over = packets.of(way)
        late = float((over.delays_ms() > 150).mean())
        seen.append((over.lost_share(), late, look.measured["decoded"], look.measured))
        if over.lost_share() < 0.1 and late < 0.4 and look.measured["decoded"]:
            # A machine that is crowded may see no narrow line in one call.
            break

    lost, late, decoded, measured = seen[-1]
    assert (lost < 0.1, late < 0.4, decoded) == (True, True, True), seen
    assert 240 <= figure(measured, "downlink_kbps") <= 315
    assert judge("media.video_stuck", measured).lets_pass
    # The way up is told where it is the narrow one, and not where it only had little to carry.
    assert (measured["uplink_kbps"] is None) is (way == DOWN)


@pytest.mark.slow
async def test_a_line_for_sound_alone_is_not_flooded_either(
    link: ImpairedLink, sfu: LiveKitServer
) -> None:
    """The picture of 300 kbit/s lost 15 to 25 % of everything on 200."""
    link.set(limited(200.0, UP))
    lost = []
    for _ in range(TAKES):
        look, packets = await trial(link, sfu, seconds=8.0)
        lost.append(packets.of(UP).lost_share() if look.measured["decoded"] else 1.0)

    # A machine that is crowded may see no narrow line in one call.
    assert statistics.median(lost) < 0.13, lost


@pytest.mark.parametrize(
    ("rate", "low", "high"),
    [
        pytest.param(1000.0, 550, 1050, marks=[raises("media.uplink_low"), pytest.mark.slow]),
        pytest.param(300.0, 165, 315, marks=pytest.mark.slow),
        pytest.param(2200.0, 1210, 2310, marks=pytest.mark.slow),
    ],
)
async def test_the_upload_is_measured_at_its_rate(
    link: ImpairedLink, sfu: LiveKitServer, rate: float, low: float, high: float
) -> None:
    link.set(limited(rate, UP))
    looks = [(await trial(link, sfu, seconds=16.0))[0].measured for _ in range(3)]

    # One of three may be the machine's, not the line's.
    told = sorted(figure(measured, "uplink_kbps") for measured in looks)
    assert low <= told[1] <= high, told
    verdicts = [judge("media.uplink_low", measured) for measured in looks]
    assert verdicts.count(PASSED) == 0 or rate > 1500, verdicts


@clears("media.uplink_low")
@clears("media.udp_blocked")
@pytest.mark.slow
async def test_an_unlimited_line_is_told_as_more_than_enough(
    link: ImpairedLink, sfu: LiveKitServer
) -> None:
    link.set(both(delay_ms=15))

    look, _ = await trial(link, sfu, seconds=16.0)

    assert figure(look.measured, "uplink_kbps") >= 1600, look.measured
    assert judge("media.uplink_low", look.measured) is PASSED
    assert judge("media.udp_blocked", look.measured) is PASSED


@pytest.mark.slow
async def test_the_jitter_of_a_call_agrees_with_the_formula_over_the_log(
    link: ImpairedLink, sfu: LiveKitServer
) -> None:
    link.set(both(delay_ms=60, jitter_ms=12, may_overtake=True))

    look, packets = await trial(link, sfu)

    up, down = (packets.of(way, protocol=UDP).last_seconds(3) for way in (UP, DOWN))
    ways = [log.transit_jitter_ms() for log in (up, down)]
    # Both ways add to the stream's jitter, as independent deviations do.
    line = math.hypot(*ways)
    assert figure(look.measured, "jitter_ms") == pytest.approx(line, rel=0.3)
    assert statistics.median(ways) > 5


@pytest.mark.slow
@pytest.mark.parametrize("rtt_ms", [50, 250, 350, 800])
async def test_the_round_trip_of_a_call_agrees_with_the_line(
    link: ImpairedLink, sfu: LiveKitServer, rtt_ms: float
) -> None:
    link.set(both(delay_ms=rtt_ms / 2))

    look, packets = await trial(link, sfu)

    line = sum(statistics.median(packets.of(way, protocol=UDP).delays_ms()) for way in (UP, DOWN))
    measured = figure(look.measured, "rtt_ms")
    assert abs(measured - line) <= max(10.0, 0.1 * line), (measured, line)
