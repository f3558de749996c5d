"""N05: a real connection of the probe participant with the SDK of the call itself.

Imports LiveKit: belongs to the probe process alone.
"""

import asyncio
import time

from livekit import rtc

from preflight.model import MeasuredValue

PATH_S = 1.0
"""Statistics that hang must not make a connection look like none."""

_CANDIDATES = ("host", "srflx", "prflx", "relay")


class ProbeParticipant:
    """Joins once and stays until `leave`, so that the service can see it in the room."""

    def __init__(self) -> None:
        self._room = rtc.Room()

    async def join(self, url: str, token: str) -> dict[str, MeasuredValue]:
        """Connect; returns when the transport is up, however long that takes.

        A connect cannot be called off: whoever loses patience kills the process.
        """
        began = time.perf_counter()
        try:
            await self._room.connect(
                url, token, rtc.RoomOptions(auto_subscribe=False, single_peer_connection=False)
            )
        except rtc.ConnectError as refused:
            # Its words hold the token.
            return {"connected": False, "stage": _stage(str(refused))}
        figures: dict[str, MeasuredValue] = {
            "connected": True,
            "connect_ms": (time.perf_counter() - began) * 1000,
        }
        return figures | await self._path()

    async def leave(self) -> None:
        """Leave the room; safe without a join."""
        await self._room.disconnect()

    async def _path(self) -> dict[str, MeasuredValue]:
        """Return how the media would go: protocol and kind of the selected local candidate."""
        try:
            async with asyncio.timeout(PATH_S):
                told = await self._room.get_rtc_stats()
        except Exception:  # the figures are a bonus, whatever the SDK says here
            return {}
        stats = [*told.publisher_stats, *told.subscriber_stats]
        selected = {
            item.transport.transport.selected_candidate_pair_id
            for item in stats
            if item.HasField("transport")
        }
        pairs = {
            item.candidate_pair.rtc.id: item.candidate_pair.candidate_pair.local_candidate_id
            for item in stats
            if item.HasField("candidate_pair")
        }
        for item in stats:
            if not item.HasField("local_candidate"):
                continue
            if item.local_candidate.rtc.id in {pairs.get(pair) for pair in selected}:
                candidate = item.local_candidate.candidate
                kind = candidate.candidate_type
                return {
                    "protocol": candidate.protocol,
                    "candidate": _CANDIDATES[kind] if kind < len(_CANDIDATES) else "unknown",
                }
        return {}


def _stage(words: str) -> str:
    for status, stage in (("401", "token"), ("404", "no_room"), ("timed out", "transport")):
        if status in words:
            return stage
    return "connect"
