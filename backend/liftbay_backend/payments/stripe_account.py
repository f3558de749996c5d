"""Our account at Stripe: one client of the library, its deadlines, and what its errors mean.

The library is imported with this module alone, so a service without Stripe never pays for it
(0.6 s). It is given no retries of its own: what did not arrive is tried again by rows
(`services.retries`), with the same idempotency key.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Final

import httpx
import stripe

from liftbay_backend.settings import Settings

PROVIDER: Final = "stripe"
PAYMENT_KEY: Final = "liftbay_payment"
REFUND_KEY: Final = "liftbay_refund"
ATTEMPT_KEY: Final = "liftbay_attempt"
"""Names in the metadata of Stripe's objects; the values are ids of ours, never personal data."""
CALL_SECONDS: Final = 8.0
_NO_ACCOUNT: Final = frozenset(
    {"account_invalid", "resource_missing", "insufficient_capabilities_for_transfer"}
)


# Tells Stripe how long earlier calls took; nobody here asked for that.
stripe.enable_telemetry = False


class Meaning(Enum):
    """What an error says about the money."""

    REFUSED = auto()
    NO_ACCOUNT = auto()
    UNCLEAR = auto()


class HttpxCalls(stripe.HTTPClient):
    """How the library's calls travel: httpx, as all of the service's do, each with a deadline.

    WORKAROUND(stripe 16.1): its own `HTTPXClient` hands bodies over as ``data=``, which httpx warns
    about, and where warnings are errors it calls that a network fault.
    """

    name = "httpx"

    def __init__(self, timeout_s: float) -> None:
        super().__init__()
        self._http = httpx.AsyncClient(timeout=timeout_s, follow_redirects=False)

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """Send one call and return body, status and headers.

        Raises:
            APIConnectionError: no answer came; whether it happened is open.
        """
        try:
            answer = await self._http.request(
                method, url, headers=dict(headers), content=post_data or None
            )
        except httpx.HTTPError as error:
            raise _unreachable(error) from error
        return answer.content, answer.status_code, answer.headers

    async def close_async(self) -> None:
        """Let the connections go."""
        await self._http.aclose()


def _unreachable(error: httpx.HTTPError) -> stripe.APIConnectionError:
    return stripe.APIConnectionError(type(error).__name__)  # type: ignore[no-untyped-call]  # theirs


@dataclass(frozen=True, slots=True)
class StripeAccount:
    """The connected client; close it at the end."""

    client: stripe.StripeClient = field(repr=False)
    webhook_secret: str = field(repr=False)
    return_url: str
    _calls: "HttpxCalls" = field(repr=False)

    @classmethod
    def from_settings(cls, settings: Settings) -> "StripeAccount":
        """Open the account that the settings name; nothing is sent yet."""
        assert settings.stripe_api_key is not None
        assert settings.stripe_webhook_secret is not None
        assert settings.checkout_return_url is not None
        # At INFO it writes each address with its ids, at DEBUG the bodies.
        logging.getLogger("stripe").setLevel(logging.WARNING)
        calls = HttpxCalls(CALL_SECONDS)
        client = stripe.StripeClient(
            settings.stripe_api_key.get_secret_value(),
            base_addresses={"api": settings.stripe_api_url},
            http_client=calls,
            max_network_retries=0,
        )
        return cls(
            client,
            settings.stripe_webhook_secret.get_secret_value(),
            settings.checkout_return_url,
            calls,
        )

    async def close(self) -> None:
        """Let the connections go."""
        await self._calls.close_async()


def our_names(metadata: stripe.StripeObject | None) -> dict[str, str]:
    """Return an object's metadata as a plain mapping; empty where it has none."""
    found: dict[str, Any] = {} if metadata is None else metadata.to_dict()
    return {name: str(value) for name, value in found.items()}


def meaning(error: stripe.StripeError) -> Meaning:
    """Tell a definite refusal from an answer that leaves open what happened.

    A wrong key (401), too many calls (429) and a key that is in use (409, or 400 with a type of
    its own) are no refusals: nobody looked at the money.
    """
    code = error.code or (error.error.code if error.error is not None else None)
    match error:
        case stripe.PermissionError() if code in _NO_ACCOUNT:
            return Meaning.NO_ACCOUNT
        case stripe.InvalidRequestError() if code in _NO_ACCOUNT:
            return Meaning.NO_ACCOUNT
        case stripe.InvalidRequestError() | stripe.CardError():
            return Meaning.REFUSED
        case _:
            return Meaning.UNCLEAR
