"""N04: the call server's signalling, over a WebSocket of our own.

Only the WebSocket is ours (`websockets`); the messages are LiveKit's own protobuf models. The
SDK tells neither the server's version nor its ICE servers, and cannot give up early.
"""

import asyncio
import ssl
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from urllib.parse import urlsplit, urlunsplit

from google.protobuf.message import DecodeError
from livekit.protocol.models import DisconnectReason
from livekit.protocol.rtc import LeaveRequest, SignalRequest, SignalResponse
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException

from preflight.model import MeasuredValue
from preflight.probe.trust import system_trust

BUDGET_S = 7.5
"""A little less than the check's deadline, so that the figures arrive with the verdict."""
PROTOCOL = 16


async def signal(url: str, token: str) -> dict[str, MeasuredValue]:
    """Validate ``token``, join the probe room and leave; times are of the join alone."""
    figures: dict[str, MeasuredValue] = {"joined": False}
    headers = {"Authorization": f"Bearer {token}"}
    try:
        async with asyncio.timeout(BUDGET_S):
            began = time.perf_counter()
            figures["validate_status"] = await asyncio.to_thread(_validate, url, headers)
            figures["validate_ms"] = (time.perf_counter() - began) * 1000
            if figures["validate_status"] != 200:
                figures["stage"] = "validate"
                return figures
            await _join(url, headers, figures)
    except TimeoutError:
        figures.setdefault("stage", "timed_out")
    except (OSError, HTTPException, WebSocketException) as failed:
        figures.setdefault("stage", _stage(failed))
    return figures


def _validate(url: str, headers: dict[str, str]) -> int:
    """Return the status of one plain request. Blocks; the standard library's client, because
    loading another one costs half a second of CPU just when the call server is awaited."""
    target = address(url, "http", "/rtc/validate")
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=system_trust()))
    try:
        with opener.open(urllib.request.Request(target, headers=headers), timeout=BUDGET_S) as got:
            return int(got.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return int(refused.code)


async def _join(url: str, headers: dict[str, str], figures: dict[str, MeasuredValue]) -> None:
    target = address(url, "ws", "/rtc") + f"?protocol={PROTOCOL}&auto_subscribe=0&sdk=python"
    trust: ssl.SSLContext | None = system_trust() if target.startswith("wss:") else None
    began = time.perf_counter()
    async with connect(target, additional_headers=headers, ssl=trust, close_timeout=1) as socket:
        figures["ws_open_ms"] = (time.perf_counter() - began) * 1000
        answer = await _first_join(socket)
        if answer is None:
            figures["stage"] = "join"
            return
        figures |= {
            "joined": True,
            "join_ms": (time.perf_counter() - began) * 1000,
            "server_version": answer.server_info.version or answer.server_version,
            "region": answer.server_info.region or answer.server_region,
            "node": answer.server_info.node_id,
            "ice_servers": len(answer.ice_servers),
        }
        leave = LeaveRequest(reason=DisconnectReason.CLIENT_INITIATED)
        await socket.send(SignalRequest(leave=leave).SerializeToString())


async def _first_join(socket: ClientConnection):  # type: ignore[no-untyped-def]  # generated class
    async for message in socket:
        if not isinstance(message, bytes):
            continue
        response = SignalResponse()
        try:
            response.ParseFromString(message)
        except DecodeError:
            # Somebody else answers in the call server's place.
            continue
        if response.WhichOneof("message") == "join":
            return response.join
    return None


def address(url: str, kind: str, path: str) -> str:
    """Return ``url`` as http(s) or ws(s) with another path, whichever of the two it was."""
    parts = urlsplit(url)
    safe = parts.scheme in ("https", "wss")
    return urlunsplit((kind + "s" * safe, parts.netloc, path, "", ""))


def _stage(failed: Exception) -> str:
    # Never the error's own words: they may hold the token.
    return "refused" if isinstance(failed, InvalidHandshake) else "unreachable"
