"""The SDK's words, as a real server and SDK wrote them, and what the call makes of them."""

import pytest

from desktop.call.events import DisconnectReason, JoinFault
from desktop.media.room_faults import disconnect_reason, join_fault
from desktop.media.sdk_log import redact

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJ2aWRlbyI6NDA0fQ.404-401_x"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "engine: signal failure: client error: 404 Not Found - requested room does not exist",
            JoinFault.ROOM_MISSING,
        ),
        (
            f"engine: signal failure: client error: 401 Unauthorized - invalid token: {TOKEN}, "
            "error: token signature is invalid: signature is invalid",
            JoinFault.TOKEN_REFUSED,
        ),
        ("engine: signal failure: ws failure: IO error: Connection refused", JoinFault.UNREACHABLE),
        ("engine: connection error: wait_pc_connection timed out", JoinFault.TIMED_OUT),
        ("engine: signal failure: failed to lookup address: dns error", JoinFault.UNREACHABLE),
        (
            "engine: signal failure: client error: 500 Internal Server Error",
            JoinFault.OTHER,
        ),
        ("", JoinFault.OTHER),
    ],
)
def test_a_failed_connect_is_sorted_by_its_words(text: str, fault: JoinFault) -> None:
    assert join_fault(text) is fault


def test_every_reason_the_call_knows_can_come_from_the_sdk() -> None:
    heard = {disconnect_reason(number) for number in range(32)}

    assert heard == set(DisconnectReason)


def test_a_number_nobody_heard_of_is_unknown() -> None:
    assert disconnect_reason(999) is DisconnectReason.UNKNOWN


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"invalid token: {TOKEN}, error", "invalid token: <token>, error"),
        ("ws://h/rtc?access_token=abc&sdk=rust", "ws://h/rtc?access_token=<token>&sdk=rust"),
        ("candidate 192.168.1.17 port 5", "candidate <address> port 5"),
        ("peer fe80:0:1:2:3:4:5:6 gone", "peer <address> gone"),
        ("customer-5f0c6a52-8a0e joined", "<customer> joined"),
    ],
)
def test_what_must_not_be_read_is_taken_out(text: str, shown: str) -> None:
    assert redact(text) == shown
