"""Sends a diagnostic report without an account; what comes back is read over the phone."""

from collections.abc import Mapping
from typing import Any

import msgspec

from client_api.clock import Clock
from client_api.errors import BrokenAnswer
from client_api.transport import Call, Transport
from client_api.wire import SentDiagnostic

TIMEOUT_S = 15.0
_PATH = "/api/diagnostics"


async def send_diagnostic(
    service_url: str, clock: Clock, report: Mapping[str, Any]
) -> SentDiagnostic:
    """Send a report that was redacted for upload, and return its code.

    Raises:
        ClientError: the service refused it or cannot be reached.
    """
    transport = Transport(service_url, clock)
    try:
        answer = await transport.send(
            Call("POST", _PATH, body=msgspec.json.encode(report), timeout_s=TIMEOUT_S)
        )
    finally:
        await transport.close()
    try:
        return msgspec.json.decode(answer.body, type=SentDiagnostic)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        # msgspec's words name the field and the type, never the value.
        raise BrokenAnswer(f"{_PATH}: {error}") from error
