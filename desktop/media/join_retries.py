"""Takes from the SDK the habit of repeating a failed connect by itself."""

from livekit.rtc._ffi_client import FfiClient
from livekit.rtc._proto.ffi_pb2 import FfiRequest, FfiResponse

_send = FfiClient.request


def forbid_join_retries() -> None:
    """Let every `rtc.Room.connect` be tried once; the call repeats it. Safe to call again.

    WORKAROUND: a connect whose media path does not come up (15 s) is repeated by the SDK in the
    same libwebrtc runtime. That runtime's sound pump has ended with the first try's connections
    and never starts again: the second try succeeds, sends, shows pictures, and nobody is heard,
    in that room or in a later one of this process (6 of 6, docs/livekit.md). The request has a
    field for it that the Python options do not fill.
    """
    FfiClient.request = _send_once  # type: ignore[method-assign, assignment]  # see above


def _send_once(client: FfiClient, request: FfiRequest) -> FfiResponse:
    if request.HasField("connect"):
        request.connect.options.join_retries = 0
    return _send(client, request)
