"""The SDK is asked to try each connect once."""

import pytest
from livekit import rtc
from livekit.rtc._ffi_client import FfiClient
from livekit.rtc._proto.ffi_pb2 import FfiRequest, FfiResponse

from desktop.media import join_retries
from desktop.media.publish_options import room_options


class NotSent(Exception):
    """Raised in place of what the native side would do."""


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[FfiRequest]:
    requests: list[FfiRequest] = []

    def send(client: FfiClient, request: FfiRequest) -> FfiResponse:
        requests.append(request)
        raise NotSent

    monkeypatch.setattr(join_retries, "_send", send)
    monkeypatch.setattr(FfiClient, "request", FfiClient.request)
    join_retries.forbid_join_retries()
    return requests


async def test_a_room_is_connected_to_in_one_try(sent: list[FfiRequest]) -> None:
    with pytest.raises(NotSent):
        await rtc.Room().connect("ws://127.0.0.1:9", "token", room_options())

    (request,) = sent
    assert request.connect.url == "ws://127.0.0.1:9"
    assert request.connect.options.HasField("join_retries")
    assert request.connect.options.join_retries == 0


def test_other_requests_are_sent_as_they_are(sent: list[FfiRequest]) -> None:
    request = FfiRequest()
    request.dispose.SetInParent()

    with pytest.raises(NotSent):
        FfiClient.instance.request(request)

    assert not sent[0].HasField("connect")
