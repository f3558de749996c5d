"""The CRM as a webhook, signed as Standard Webhooks says (https://www.standardwebhooks.com).

    webhook-id         the record's id: keep it, and ignore what comes a second time with it
    webhook-timestamp  seconds since 1970 of this attempt
    webhook-signature  v1,<base64 of HMAC-SHA256 over "id.timestamp.body">

Any answer from 200 to 299 confirms. 410 says that the receiver is gone for good; everything else,
a redirect included, is tried again.
"""

import asyncio
import base64
import binascii
from typing import Final, Self

import httpx
from standardwebhooks import Webhook

from liftbay_backend.crm.port import CrmMessage, NotDelivered
from liftbay_backend.settings import VERSION, Settings

SECRET_PREFIX: Final = "whsec_"  # noqa: S105  # no secret: how each begins
SECRET_BYTES: Final = range(24, 65)
_GONE: Final = 410


class CrmWebhook:
    """Keeps the promises of `CrmReceiver` over HTTP. One per process."""

    def __init__(self, url: str, secret: str, deadline_seconds: float) -> None:
        self._url = url
        self._signer = Webhook(secret)
        self._deadline_seconds = deadline_seconds
        # A redirect would carry the record to somebody who was never named.
        self._http = httpx.AsyncClient(timeout=deadline_seconds, follow_redirects=False)

    @classmethod
    def from_settings(cls, settings: Settings) -> Self | None:
        """Return the receiver that the settings name; None without one."""
        url, secret = settings.crm_webhook_url, settings.crm_webhook_secret
        if url is None or secret is None:
            return None
        return cls(url.get_secret_value(), secret.get_secret_value(), settings.crm_deadline_seconds)

    async def send(self, message: CrmMessage) -> None:
        """See the port."""
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"liftbay-backend/{VERSION}",
            "webhook-id": message.id,
            "webhook-timestamp": str(int(message.at.timestamp())),
            "webhook-signature": self._signer.sign(message.id, message.at, message.body),
        }
        try:
            async with asyncio.timeout(self._deadline_seconds):
                # The answer's body is of no interest, and may be endless.
                async with self._http.stream(
                    "POST", self._url, content=message.body.encode(), headers=headers
                ) as answer:
                    status = answer.status_code
        except TimeoutError:
            raise NotDelivered("no answer in time") from None
        except httpx.HTTPError as error:
            # Its text may hold the address, and the address a password.
            raise NotDelivered(type(error).__name__) from None
        if not 200 <= status < 300:
            raise NotDelivered(f"HTTP {status}", is_final=status == _GONE)

    async def close(self) -> None:
        """See the port."""
        await self._http.aclose()


def is_webhook_secret(text: str) -> bool:
    """Tell whether a secret has the form of Standard Webhooks: ``whsec_`` and 24 to 64 bytes."""
    if not text.startswith(SECRET_PREFIX):
        return False
    try:
        key = base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        return False
    return len(key) in SECRET_BYTES
