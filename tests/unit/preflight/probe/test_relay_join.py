"""What a call server offers, read from its own answers."""

import asyncio
from collections.abc import Sequence

import pytest
from livekit import rtc
from livekit.protocol.models import ServerInfo
from livekit.protocol.rtc import ICEServer, JoinResponse, SignalResponse, TrickleRequest
from websockets.asyncio.server import ServerConnection, serve

from preflight.checks.media.relay_blocked import relay_figures
from preflight.model import CheckState
from preflight.probe import relay_join
from preflight.probe.relay_join import RelayParticipant, offer
from preflight.verdicts.catalogue import judge
from tests.check_cases import just_misses, raises

UDP = "turn:turn.test:3478?transport=udp"
TLS = "turns:turn.test:443?transport=tcp"


def joined(*urls: str) -> SignalResponse:
    servers = [ICEServer(urls=[url], username="someone", credential="secret-word") for url in urls]
    return SignalResponse(join=JoinResponse(ice_servers=servers, server_info=ServerInfo()))


def candidate(kind: str) -> SignalResponse:
    line = f'{{"candidate":"candidate:1 1 {kind} 2130706431 127.0.0.1 4000 typ host"}}'
    return SignalResponse(trickle=TrickleRequest(candidateInit=line))


async def ask(answers: Sequence[SignalResponse]) -> relay_join.Offered:
    async def answer(socket: ServerConnection) -> None:
        for each in answers:
            await socket.send(each.SerializeToString())
        await socket.wait_closed()

    async with serve(answer, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        return await offer(f"ws://127.0.0.1:{port}", "secret-token")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_join, "CANDIDATES_S", 0.2)


@pytest.mark.parametrize(
    ("urls", "turn", "tls"),
    [
        ((), False, False),
        ((UDP,), True, False),
        ((UDP, TLS), True, True),
        (("stun:stun.test:3478",), False, False),
        # Another port is not what firewalls let out, and TCP without TLS is not UDP.
        (("turns:turn.test:5349?transport=tcp",), False, False),
        (("turn:turn.test:3478?transport=tcp",), False, False),
    ],
)
async def test_relays_are_told_apart(urls: tuple[str, ...], turn: bool, tls: bool) -> None:
    found = (await ask([joined(*urls), candidate("udp")])).figures()

    assert found == {
        "told": True,
        "turn_offered": turn,
        "turn_tls_offered": tls,
        "tcp_offered": False,
        "udp_offered": True,
    }


async def test_a_candidate_over_tcp_is_seen() -> None:
    found = await ask([joined(UDP), candidate("udp"), candidate("tcp")])

    assert found.tcp
    assert list(found.turn[0].urls) == [UDP]
    assert found.turn[0].password == "secret-word"


@pytest.mark.parametrize("kinds", [("tcp", "udp"), ("udp", "tcp"), ("tcp",), ("udp",), ()])
async def test_what_is_offered_is_seen_in_whatever_order_it_is_named(
    kinds: tuple[str, ...],
) -> None:
    found = await ask([joined(), *(candidate(kind) for kind in kinds)])

    assert (found.tcp, found.udp) == ("tcp" in kinds, "udp" in kinds)
    assert found.figures()["udp_offered"] == ("udp" in kinds if kinds else None)


async def test_a_server_that_does_not_answer_told_nothing() -> None:
    assert (await ask([])).figures()["told"] is False
    assert (await offer("ws://127.0.0.1:9", "secret-token")).told is False


async def test_passwords_show_nowhere() -> None:
    found = await ask([joined(UDP, TLS)])

    assert "secret" not in repr(found)
    assert "secret" not in str(found.figures())


async def test_without_a_relay_nothing_is_joined() -> None:
    async def answer(socket: ServerConnection) -> None:
        await socket.send(joined(UDP).SerializeToString())
        await socket.wait_closed()

    async with serve(answer, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        participant = RelayParticipant()
        async with asyncio.timeout(10):
            found = await participant.join(f"ws://127.0.0.1:{port}", "secret-token", tls=True)

    assert found == {"offered": False}


@raises("media.relay_blocked")
async def test_a_relay_that_is_blocked_is_told_long_before_the_library_gives_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A connect through a blocked relay takes 60 s, and must not be cancelled."""
    cancelled: list[str] = []

    class Room:
        async def connect(self, url: str, token: str, options: object) -> None:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                cancelled.append(url)
                raise

        async def disconnect(self) -> None:
            return None

    monkeypatch.setattr(rtc, "Room", Room)
    monkeypatch.setattr(relay_join, "WAIT_S", 0.1)
    participant = RelayParticipant()
    participant._offered = relay_join.Offered(True, turn=[rtc.IceServer(urls=[UDP])])

    found = await participant.join("ws://127.0.0.1:9", "secret-token", tls=False)
    connecting = participant._connecting

    assert connecting is not None
    assert not connecting.done()
    assert not cancelled
    assert judge("media.relay_blocked", relay_figures(found)) is CheckState.FAILED
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("count", [49, 50])
async def test_fifty_packets_by_the_relay_are_a_way(
    monkeypatch: pytest.MonkeyPatch, count: int, tls: bool
) -> None:
    class Room:
        async def connect(self, url: str, token: str, options: object) -> None:
            return None

        async def disconnect(self) -> None:
            return None

        async def get_rtc_stats(self) -> None:
            return None

    path = {"candidate": "relay", "relay_protocol": "tls" if tls else "udp"}
    monkeypatch.setattr(rtc, "Room", Room)
    monkeypatch.setattr(relay_join, "WAIT_S", 0.3)
    monkeypatch.setattr(relay_join, "media_packets", lambda _: count)
    monkeypatch.setattr(relay_join, "path_of", lambda _: path)
    participant = RelayParticipant()
    server = [rtc.IceServer(urls=[TLS if tls else UDP])]
    participant._offered = relay_join.Offered(True, turn=server, turn_tls=server)

    found = relay_figures(await participant.join("ws://127.0.0.1:9", "secret-token", tls=tls))

    enough = count >= 50
    assert (found["relay"], found["packets"]) == (enough, count)
    assert (judge("media.relay_blocked", found) is CheckState.PASSED) is enough
    told = judge("media.turn_tls_blocked", {**found, "fragile": False})
    assert told is (CheckState.PASSED if enough else CheckState.WARNED)


@pytest.mark.parametrize(
    ("code", "bad"),
    [
        pytest.param(
            "media.relay_blocked", CheckState.FAILED, marks=just_misses("media.relay_blocked")
        ),
        pytest.param(
            "media.turn_tls_blocked", CheckState.WARNED, marks=just_misses("media.turn_tls_blocked")
        ),
    ],
)
def test_a_report_that_says_a_way_without_its_packets_is_not_believed(
    code: str, bad: CheckState
) -> None:
    figures = {"relay": True, "fragile": False}

    assert judge(code, {**figures, "packets": 50}) is CheckState.PASSED
    assert judge(code, {**figures, "packets": 49}) is bad
