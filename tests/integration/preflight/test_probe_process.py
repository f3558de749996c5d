"""The probe as a real process, against real sockets and a real LiveKit server."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psutil
import pytest

from client_api.secret import Secret
from client_api.wire import ProbeRoom
from preflight.model import CheckState
from preflight.probe.main import main
from preflight.probe.network_probe import ProbeFailed, ProcessProbe
from preflight.probe.portal import KNOWN_BODY, PATH
from preflight.probe.process import ProbeDied, ProbeProcess, next_number, probe_command
from preflight.probe.protocol import Reach, RoundTripsWanted
from preflight.verdicts.catalogue import judge
from tests.fakes.http_service import Received, Reply, http_service
from tests.fakes.livekit_server import LiveKitServer


class _Healthy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._send(KNOWN_BODY if self.path == PATH else json.dumps({"status": "ok"}).encode())

    def do_POST(self) -> None:
        self._send(self.rfile.read(int(self.headers["Content-Length"])))

    def _send(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Stay quiet."""


@pytest.fixture
def service() -> Iterator[str]:
    """The address of a service that is well."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Healthy)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def sfu() -> Iterator[LiveKitServer]:
    """A running LiveKit server."""
    with LiveKitServer() as running:
        yield running


async def _room(sfu: LiveKitServer, name: str) -> ProbeRoom:
    await sfu.create_room(name)
    tokens = {who: Secret(sfu.token(name, f"probe-{who}")) for who in ("a", "b", "join", "relay")}
    return ProbeRoom(url=sfu.url, room=name, tokens=tokens)


async def test_a_service_on_this_machine_passes_the_three_network_checks(service: str) -> None:
    probe = ProcessProbe()
    probe.begin(with_room=False)

    reach = await probe.reach(service)
    look = await probe.look_at_health(service, samples=11, budget_s=7)
    await probe.end()

    assert judge("net.unreachable", reach).lets_pass
    assert judge("net.health", look.measured).lets_pass
    assert judge("net.rtt_high", look.measured) is CheckState.PASSED
    assert len(look.rtts_ms) == 11


@pytest.mark.parametrize(
    ("url", "stage"),
    [("http://no-such-name.invalid/", "dns"), ("http://127.0.0.1:1/", "tcp")],
)
async def test_the_stage_that_failed_is_named(url: str, stage: str) -> None:
    probe = ProcessProbe()

    found = await probe.reach(url)
    await probe.end()

    assert found["stage"] == stage
    assert judge("net.unreachable", found) is CheckState.FAILED


async def test_a_port_without_tls_fails_at_tls(service: str) -> None:
    probe = ProcessProbe()

    found = await probe.reach(service.replace("http:", "https:"))
    await probe.end()

    assert (found["tcp_ok"], found["tls_ok"], found["stage"]) == (True, False, "tls")


async def test_a_service_that_is_gone_loses_its_samples() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        gone = f"http://127.0.0.1:{taken.getsockname()[1]}"
    probe = ProcessProbe()

    look = await probe.look_at_health(gone, samples=11, budget_s=3)
    await probe.end()

    assert judge("net.health", look.measured) is CheckState.FAILED
    assert look.rtts_ms == ()


async def test_a_real_server_lets_the_probe_in_twice(sfu: LiveKitServer) -> None:
    room = await _room(sfu, "probe-in")
    probe = ProcessProbe()
    probe.begin(with_room=True)

    signal, joined = await asyncio.gather(probe.signal(room), probe.join(room))
    again = await probe.join(room)
    await probe.end()

    assert judge("net.signal", signal) is CheckState.PASSED
    assert signal["server_version"]
    assert judge("net.room", joined).lets_pass
    assert joined["protocol"] in ("udp", "tcp")
    assert judge("net.room", again).lets_pass


async def test_a_refused_token_is_named_without_being_told(sfu: LiveKitServer) -> None:
    bad = Secret("eyJhbGciOiJub25lIn0.e30.made-up")
    room = ProbeRoom(url=sfu.url, room="probe-x", tokens={"a": bad, "join": bad})
    probe = ProcessProbe()

    signal, joined = await asyncio.gather(probe.signal(room), probe.join(room))
    await probe.end()

    assert (signal["joined"], signal["stage"]) == (False, "validate")
    assert (joined["connected"], joined["stage"]) == (False, "token")
    assert "made-up" not in f"{signal}{joined}"


async def test_whoever_stops_waiting_for_the_room_ends_its_process() -> None:
    """A port that accepts and never answers holds the SDK for many seconds."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"ws://127.0.0.1:{deaf.getsockname()[1]}"
        room = ProbeRoom(url=url, room="probe", tokens={"join": Secret("t")})
        made: list[ProbeProcess] = []

        def make(kind: str) -> ProbeProcess:
            made.append(ProbeProcess(probe_command(kind)))
            return made[-1]

        probe = ProcessProbe(make)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(probe.join(room), 3)
        await probe.end()

    assert [process.alive for process in made] == [False]


async def test_the_process_for_advice_answers_each_of_its_questions() -> None:
    def as_the_service(request: Received) -> Reply:
        return Reply(200, KNOWN_BODY if request.path == PATH else request.body)

    probe = ProcessProbe()
    async with http_service() as service:
        service.otherwise = as_the_service
        await probe.advice_ready()
        portal, families, large, trust = await asyncio.gather(
            probe.advise("portal", service.url),
            probe.advise("families", service.url),
            probe.advise("large_packets", service.url),
            probe.advise("interception", service.url),
        )
        await probe.end()

    assert judge("net.captive_portal", portal) is CheckState.PASSED
    assert judge("net.ipv6", families) is CheckState.PASSED
    assert judge("net.mtu", large) is CheckState.PASSED
    assert trust == {"fault": "not_offered"}


async def test_advice_that_is_given_up_takes_nothing_from_the_gate(service: str) -> None:
    made: dict[str, ProbeProcess] = {}

    def make(kind: str) -> ProbeProcess:
        made[kind] = ProbeProcess(probe_command(kind))
        return made[kind]

    probe = ProcessProbe(make)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        deaf = f"http://127.0.0.1:{mute.getsockname()[1]}"
        looking = asyncio.ensure_future(probe.look_at_health(service, samples=11, budget_s=7))
        await probe.advice_ready()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(probe.advise("large_packets", deaf), 0.3)
        look = await looking
        await _ends(made["advice"])
        alive = made["net"].alive
        await probe.end()

    assert len(look.rtts_ms) == 11
    assert alive


async def _ends(process: ProbeProcess) -> None:
    """Wait until a killed process is gone."""
    async with asyncio.timeout(5):
        while process.alive:
            await asyncio.sleep(0.01)


async def test_a_killed_probe_is_an_error_and_the_next_one_works(service: str) -> None:
    made: list[ProbeProcess] = []

    def make(kind: str) -> ProbeProcess:
        made.append(ProbeProcess(probe_command(kind)))
        return made[-1]

    probe = ProcessProbe(make)
    await probe.reach(service)
    waiting = asyncio.ensure_future(probe.look_at_health(service, samples=11, budget_s=7))
    await asyncio.sleep(0.2)
    made[0].kill()

    with pytest.raises(ProbeFailed):
        await waiting
    found = await probe.reach(service)
    await probe.end()

    assert found["tcp_ok"] is True
    assert len(made) == 2


async def test_a_process_that_cannot_start_has_died() -> None:
    process = ProbeProcess(("/no/such/program",))
    process.start()

    with pytest.raises(ProbeDied):
        await process.ask(Reach(next_number(), "http://service.test"))

    assert not process.alive


async def test_a_probe_of_the_wrong_kind_says_so() -> None:
    process = ProbeProcess(probe_command("room"))
    process.start()

    answer = await process.ask(RoundTripsWanted(next_number(), "http://service.test", 11, 7))
    await process.stop()

    assert answer.error == "wrong_kind"


async def test_an_ended_probe_leaves_no_process(service: str) -> None:
    before = {child.pid for child in psutil.Process().children()}
    probe = ProcessProbe()
    await probe.reach(service)

    await probe.end()

    assert {child.pid for child in psutil.Process().children()} <= before


def test_wrong_usage_of_the_hidden_command_is_two() -> None:
    assert main([]) == 2
    assert main(["other"]) == 2
