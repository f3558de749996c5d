"""P18 and P19: a connection by way of a relay alone, and what ways the call server offers.

Imports LiveKit: belongs to the probe process alone. The list of servers comes from the call
server's own answer to a join; it holds passwords and never leaves this process.
"""

import asyncio
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from livekit import rtc
from livekit.protocol.rtc import SignalResponse
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from client_api.tasks import spawn
from preflight.model import MeasuredValue
from preflight.probe.path_stats import media_packets, path_of
from preflight.probe.signalling import PROTOCOL, address
from preflight.probe.trust import system_trust
from preflight.verdicts.advice.media import ENOUGH_PACKETS

OFFER_S = 4.0
CANDIDATES_S = 0.7
"""The server sends its candidates within milliseconds after its answer to the join."""
WAIT_S = 8.0
"""From the start of the join. A relay that is blocked fails after 60 s, and its connect can
not be called off: who asked ends the process (docs/livekit.md, sections 1 and 6)."""
_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class Offered:
    """What ways a call server offers.

    Attributes:
        told: whether it answered at all.
        turn, turn_tls: its relays over UDP, and over TLS, with their passwords.
        tcp, udp: whether media may come over it without a relay.
    """

    told: bool
    turn: Sequence[rtc.IceServer] = ()
    turn_tls: Sequence[rtc.IceServer] = ()
    tcp: bool = False
    udp: bool = False

    def __repr__(self) -> str:
        return f"Offered(told={self.told}, turn={len(self.turn)}, tls={len(self.turn_tls)})"

    def figures(self) -> dict[str, MeasuredValue]:
        """Return what may be shown of it."""
        return {
            "told": self.told,
            "turn_offered": bool(self.turn),
            "turn_tls_offered": bool(self.turn_tls),
            "tcp_offered": self.tcp,
            # Where no candidate came in time nothing is known of it.
            "udp_offered": self.udp if self.udp or self.tcp else None,
        }


async def offer(url: str, token: str) -> Offered:
    """Join over a WebSocket of our own, and note relays and candidates of the answer."""
    target = address(url, "ws", "/rtc") + f"?protocol={PROTOCOL}&auto_subscribe=0&sdk=python"
    trust: ssl.SSLContext | None = system_trust() if target.startswith("wss:") else None
    headers = {"Authorization": f"Bearer {token}"}
    try:
        async with asyncio.timeout(OFFER_S):
            async with connect(
                target, additional_headers=headers, ssl=trust, close_timeout=1
            ) as socket:
                return await _read(socket)
    except (TimeoutError, OSError, WebSocketException):
        # Never the error's own words: they may hold the token.
        return Offered(told=False)


async def _read(socket: ClientConnection) -> Offered:
    found = Offered(told=False)
    try:
        async with asyncio.timeout(CANDIDATES_S) as patience:
            async for message in socket:
                if not isinstance(message, bytes):
                    continue
                response = SignalResponse()
                response.ParseFromString(message)
                kind = response.WhichOneof("message")
                if kind == "join":
                    servers = response.join.ice_servers
                    found = Offered(True, _relays(servers, "turn:"), _relays(servers, "turns:"))
                    patience.reschedule(asyncio.get_running_loop().time() + CANDIDATES_S)
                elif kind == "trickle":
                    named = response.trickle.candidateInit.lower()
                    tcp, udp = found.tcp or " tcp " in named, found.udp or " udp " in named
                    found = replace(found, tcp=tcp, udp=udp)
                    if tcp and udp:
                        return found
    except TimeoutError:
        return found
    return found


def _relays(servers: Sequence[object], scheme: str) -> list[rtc.IceServer]:
    """Keep the addresses of one scheme; TLS counts on port 443 alone, which firewalls let out."""
    kept = []
    for server in servers:
        urls = [url for url in getattr(server, "urls", ()) if url.startswith(scheme)]
        if scheme == "turns:":
            urls = [url for url in urls if ":443" in url]
        else:
            urls = [url for url in urls if "transport=tcp" not in url]
        if urls:
            kept.append(
                rtc.IceServer(
                    urls=urls,
                    username=getattr(server, "username", ""),
                    password=getattr(server, "credential", ""),
                )
            )
    return kept


async def _connected(room: rtc.Room, url: str, token: str, options: rtc.RoomOptions) -> bool:
    try:
        await room.connect(url, token, options)
    except rtc.ConnectError:
        # Its words hold the token.
        return False
    return True


class RelayParticipant:
    """Joins once by a relay alone, counts what comes of A's media, and leaves."""

    def __init__(self) -> None:
        self._room = rtc.Room()
        self._connecting: asyncio.Task[bool] | None = None
        self._offered: Offered | None = None

    async def offer(self, url: str, token: str) -> Offered:
        """Return what the call server offers, asked once."""
        if self._offered is None:
            self._offered = await offer(url, token)
        return self._offered

    async def join(self, url: str, token: str, *, tls: bool) -> dict[str, MeasuredValue]:
        """Return within 9 s whether packets came, and by what path.

        Without a connection the process must be killed: the connect goes on natively.
        """
        offered = await self.offer(url, token)
        servers = offered.turn_tls if tls else offered.turn
        if not servers:
            return {"offered": False if offered.told else None}
        began = time.monotonic()
        options = rtc.RoomOptions(
            single_peer_connection=False,
            rtc_config=rtc.RtcConfiguration(
                ice_transport_type=rtc.IceTransportType.TRANSPORT_RELAY, ice_servers=list(servers)
            ),
        )
        self._connecting = connecting = spawn(
            _connected(self._room, url, token, options), name="join by a relay"
        )
        await asyncio.wait({connecting}, timeout=WAIT_S)
        if not connecting.done() or not connecting.result():
            return {"offered": True, "connected": False, "relay": False, "packets": 0}
        connect_ms = (time.monotonic() - began) * 1000
        path, packets = await self._packets(began)
        await self.leave()
        wanted = "tls" if tls else "udp"
        through = path.get("candidate") == "relay" and path.get("relay_protocol") == wanted
        return {
            "offered": True,
            "connected": True,
            "relay": through and packets >= ENOUGH_PACKETS,
            "relay_candidate": path.get("candidate"),
            "relay_protocol": path.get("relay_protocol"),
            "relay_connect_ms": connect_ms,
            "packets": packets,
        }

    async def leave(self) -> None:
        """Leave the room; safe without a join."""
        await self._room.disconnect()

    async def _packets(self, began: float) -> tuple[dict[str, MeasuredValue], int]:
        """Wait until enough came back: an address that looks right proves nothing."""
        while True:
            stats = await self._room.get_rtc_stats()
            packets = media_packets(stats)
            if packets >= ENOUGH_PACKETS or time.monotonic() - began > WAIT_S:
                return path_of(stats), packets
            await asyncio.sleep(_POLL_S)
