"""The same call with the window's own loop and the product's own picture widget."""

import asyncio
from typing import Any

import pytest

from tests.fakes.livekit_server import LiveKitServer
from tests.integration.media.client_process import ClientProcess
from tests.integration.media.conftest import StartClient
from tests.integration.media.test_two_clients import join, until_pictures_flow

pytestmark = pytest.mark.timeout(120)

FIGURES_WITHIN_S = 45.0


async def report_over(client: ClientProcess, *, seconds: float) -> dict[str, Any]:
    """Return a report whose figures cover so long: their window opens 8 s after the first
    full-size picture, whenever that comes."""
    async with asyncio.timeout(FIGURES_WITHIN_S):
        while True:
            report = await client.ask("report")
            if report["figures"]["window_s"] >= seconds:
                return dict(report)
            await asyncio.sleep(0.5)


async def test_pictures_reach_the_screen_under_qasync_and_tell_their_age(
    server: LiveKitServer, room: str, start_client: StartClient
) -> None:
    mechanic, customer = await asyncio.gather(
        start_client("mechanic", "--qt", "--time-code"),
        start_client("customer", "--qt", "--time-code"),
    )
    await join(mechanic, server, room)
    await join(customer, server, room)
    await until_pictures_flow(mechanic)

    before = await report_over(mechanic, seconds=3)
    await mechanic.ask("stall", ms=500, count=5)
    after = await mechanic.ask("report")

    figures = before["figures"]
    assert figures["remote_size"] == [1280, 720]
    assert figures["remote_fps"] > 5
    assert figures["connect_ms"] > 0
    assert 0 < figures["connect_to_first_frame_ms"] < 5000
    assert 0 < figures["glass_to_glass_ms"]["p50"] < 1000
    assert figures["rss_mb"] < 400
    # The window stood still for 2.5 s: seen by the meter, and the sound went on.
    assert after["figures"]["ui_stall_ms"]["max"] > 400
    heard = [each["people"][customer.identity]["played"] for each in (before, after)]
    assert heard[1] - heard[0] > 200


async def test_a_shared_screen_is_seen_until_it_is_taken_back(
    server: LiveKitServer, room: str, start_client: StartClient
) -> None:
    mechanic, customer = await asyncio.gather(
        start_client("mechanic"), start_client("customer", "--qt")
    )
    await join(mechanic, server, room)
    await join(customer, server, room)
    await until_pictures_flow(mechanic)

    await customer.ask("share", on=True)
    await customer.wait_event("OwnMediaChanged", kind="screen", is_on=True)
    await mechanic.wait_event("PeerMediaChanged", kind="screen", is_on=True)
    await asyncio.sleep(2)
    sharing = await mechanic.ask("report")
    await customer.ask("share", on=False)
    await mechanic.wait_event("PeerMediaChanged", kind="screen", is_on=False)
    await asyncio.sleep(0.5)
    after = await mechanic.ask("report")

    assert sharing["screen"] >= 1
    assert sharing["streams"] == {"video": 2, "sound": 1}
    assert after["streams"] == {"video": 1, "sound": 1}
    assert customer.seen("OwnMediaChanged", kind="screen")[-1]["is_on"] is False
    assert not customer.seen("OwnMediaFailed")


async def test_a_machine_without_a_window_system_cannot_share(
    server: LiveKitServer, room: str, start_client: StartClient
) -> None:
    customer = await start_client("customer")
    await join(customer, server, room)

    await customer.ask("share", on=True)

    failed = await customer.wait_event("OwnMediaFailed", kind="screen")
    assert failed["detail"] == "there is no screen"
