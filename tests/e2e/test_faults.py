"""What goes wrong in a running call: each fault is told, and the call comes back by itself.

One call serves most of these tests: each begins with two people talking and leaves them so.
"""

import os
import signal
import time
from collections.abc import Iterator

import psutil
import pytest

from desktop.app.demo.stages import Side, Stage
from tests.conftest import lives
from tests.e2e.consultation import Consultation, is_talking, until, until_pictures_flow

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

BACK_WITHIN_S = 45.0
CLOCK_APART_S = 2.0
"""Two looks at two processes on a loaded machine; the product's own bound is tested apart."""

CLOCK_STOPS_AFTER_S = 10
LEAVE_WITHIN_S = 12.0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Consultation]:
    """One consultation in its call."""
    with Consultation(tmp_path_factory.mktemp("faults")) as consultation:
        consultation.begin()
        yield consultation


@pytest.fixture
def talking(running: Consultation) -> Consultation:
    """Two people talking: both pictures flow and the paid clock runs."""
    for side in Side:
        if running.clients[side].process.status is not None:
            running.start_client(side, "return")
    _until_talking(running)
    return running


def _until_talking(consultation: Consultation, within_s: float = BACK_WITHIN_S) -> None:
    for client in consultation.both():
        client.until("no call as before", is_talking, within_s)
    for client in consultation.both():
        until_pictures_flow(client)


def _assert_same_clock(consultation: Consultation) -> None:
    looks = [(client.call()["remaining_s"], time.monotonic()) for client in consultation.both()]
    (one, at_one), (other, at_other) = looks
    assert one - (at_other - at_one) == pytest.approx(other, abs=CLOCK_APART_S)


@pytest.mark.slow
def test_a_media_server_that_dies_in_mid_call_brings_both_back_by_themselves(
    talking: Consultation,
) -> None:
    """Twice: bounds of the playout delay let pictures trickle after every second restart."""
    for _ in range(2):
        talking.rig.media.kill()
        for client in talking.both():
            told = client.until_words("Your connection dropped.", within_s=BACK_WITHIN_S)
            assert told["page"] == "call"

        talking.rig.media.start()

        _until_talking(talking)
    assert talking.record()["status"] == "live"


def test_a_service_that_dies_in_mid_call_is_not_missed_and_the_clock_is_right_afterwards(
    talking: Consultation,
) -> None:
    before = talking.clients[Side.CUSTOMER].call()["remaining_s"]
    began = time.monotonic()

    talking.rig.service.kill()
    for client in talking.both():
        until_pictures_flow(client, count=40)
    assert all(client.glance()["page"] == "call" for client in talking.both())
    talking.rig.service.start()

    _until_talking(talking)
    _assert_same_clock(talking)
    elapsed = time.monotonic() - began
    after = talking.clients[Side.CUSTOMER].call()["remaining_s"]
    assert before - after == pytest.approx(elapsed, abs=CLOCK_APART_S)


@pytest.mark.slow
def test_a_killed_client_is_told_to_the_other_side_and_comes_back_into_the_call(
    talking: Consultation,
) -> None:
    customer = talking.clients[Side.CUSTOMER]

    talking.clients[Side.MECHANIC].process.kill()

    # The media server waits for a while before it believes that somebody is gone; the countdown
    # does not.
    first = customer.until_words("the clock stops in", within_s=CLOCK_STOPS_AFTER_S + 5)
    assert first["call"]["band"] in ("PeerStalled", "PeerLost")
    assert first["call"]["running"] is True
    told = customer.until_words(
        "Dana’s connection dropped.", "the clock is stopped", within_s=BACK_WITHIN_S
    )
    assert told["call"]["running"] is False
    assert talking.record()["status"] == "live"

    talking.start_client(Side.MECHANIC, "return").until_stage(Stage.LIVE)

    _until_talking(talking)
    _assert_same_clock(talking)


def test_sigterm_in_mid_call_leaves_the_room_and_not_the_session(talking: Consultation) -> None:
    mechanic = talking.clients[Side.MECHANIC].process
    assert mechanic.pid is not None
    family = psutil.Process(mechanic.pid).children(recursive=True)

    os.kill(mechanic.pid, signal.SIGTERM)

    assert talking.clients[Side.MECHANIC].until_ended(LEAVE_WITHIN_S) == 0
    until("the end of its helpers", lambda: not any(map(lives, family)), 5)
    talking.clients[Side.CUSTOMER].until_words("Dana’s connection dropped.", within_s=BACK_WITHIN_S)
    assert talking.record()["status"] == "live"

    talking.start_client(Side.MECHANIC, "return").until_stage(Stage.LIVE)
    _until_talking(talking)


def test_closing_the_window_in_mid_call_asks_and_then_ends_the_session_for_both(
    talking: Consultation,
) -> None:
    customer, mechanic = (talking.clients[side] for side in Side)

    mechanic.close_window()
    asked = mechanic.until_words("End the session and close?")
    assert {"confirm_action", "confirm_back"} <= set(asked["usable"])
    mechanic.click("confirm_back")
    until_pictures_flow(mechanic)
    mechanic.close_window()
    mechanic.click("confirm_action")

    assert mechanic.until_ended(LEAVE_WITHIN_S) == 0
    seen = customer.until("no summary", lambda now: now["page"] == "summary", BACK_WITHIN_S)
    assert "summary_dashboard" in seen["usable"]
    assert talking.record()["status"] == "completed"
    until("one payout", lambda: len(talking.record()["payouts"]) == 1, BACK_WITHIN_S)
    assert talking.faults() == []
