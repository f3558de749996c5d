"""Supabase Auth through its own library, with our errors and without its habits.

The library is imported at the first use (0.65 s). It keeps no session, sets no timer and stores
nothing: `SignIn` does that, because the library forgets a good sign-in behind a captive portal.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from client_api.clock import Clock
from client_api.errors import BrokenAnswer, ErrorCode, Refused, Unreachable, UnreachableReason
from client_api.secret import Secret
from client_api.transport import Transport
from client_api.wire import Problem

_TIMEOUT_S = 15.0
_NS_PER_S = 1_000_000_000

_CODES = {
    "invalid_credentials": ErrorCode.AUTH_INVALID_CREDENTIALS,
    "user_already_exists": ErrorCode.AUTH_ACCOUNT_EXISTS,
    "email_exists": ErrorCode.AUTH_ACCOUNT_EXISTS,
    "weak_password": ErrorCode.AUTH_WEAK_PASSWORD,
    "email_not_confirmed": ErrorCode.AUTH_CONFIRMATION_DUE,
    "email_address_invalid": ErrorCode.REQUEST_INVALID,
    "validation_failed": ErrorCode.REQUEST_INVALID,
    "over_request_rate_limit": ErrorCode.RATE_LIMITED,
    "refresh_token_not_found": ErrorCode.AUTH_EXPIRED,
    "refresh_token_already_used": ErrorCode.AUTH_EXPIRED,
    "session_not_found": ErrorCode.AUTH_EXPIRED,
    "session_expired": ErrorCode.AUTH_EXPIRED,
    "bad_jwt": ErrorCode.AUTH_EXPIRED,
    "user_not_found": ErrorCode.AUTH_EXPIRED,
    "user_banned": ErrorCode.AUTH_REQUIRED,
    "no_authorization": ErrorCode.AUTH_REQUIRED,
}


@dataclass(frozen=True, slots=True)
class Tokens:
    """A customer's sign-in. ``expires_at_ns`` is on our monotonic clock."""

    access: Secret
    refresh: Secret
    expires_at_ns: int


class GoTrue:
    """The few calls of Supabase Auth this program makes."""

    def __init__(self, transport: Transport, clock: Clock, *, api_key: str | None = None) -> None:
        self._transport = transport
        self._clock = clock
        self._api_key = api_key
        self._client: Any = None

    async def sign_up(self, name: str, email: str, password: Secret) -> Tokens:
        """Make an account and sign in.

        Raises:
            Refused: ``AUTH_ACCOUNT_EXISTS``, ``AUTH_WEAK_PASSWORD``, or
                ``AUTH_CONFIRMATION_DUE`` when a mail must be answered first.
        """
        async with self._mapped() as client:
            answer = await client.sign_up(
                {
                    "email": email,
                    "password": password.reveal(),
                    "options": {"data": {"name": name}},
                }
            )
        return self._tokens(answer.session)

    async def sign_in(self, email: str, password: Secret) -> Tokens:
        """Sign in.

        Raises:
            Refused: ``AUTH_INVALID_CREDENTIALS``.
        """
        async with self._mapped() as client:
            answer = await client.sign_in_with_password(
                {"email": email, "password": password.reveal()}
            )
        return self._tokens(answer.session)

    async def refresh(self, refresh: Secret) -> Tokens:
        """Trade the refresh token for new tokens.

        Raises:
            Refused: the sign-in is over for good; forget it.
            Unreachable, BrokenAnswer: nothing is known; keep it.
        """
        async with self._mapped() as client:
            answer = await client.refresh_session(refresh.reveal())
        return self._tokens(answer.session)

    async def sign_out(self, access: Secret) -> None:
        """End this sign-in on the service."""
        async with self._mapped() as client:
            await client.admin.sign_out(access.reveal(), "local")

    def _tokens(self, session: Any) -> Tokens:
        if session is None:
            raise Refused(_problem(ErrorCode.AUTH_CONFIRMATION_DUE, 422, "no session yet"))
        return Tokens(
            Secret(session.access_token),
            Secret(session.refresh_token),
            self._clock.monotonic_ns() + int(session.expires_in) * _NS_PER_S,
        )

    @asynccontextmanager
    async def _mapped(self) -> AsyncGenerator[Any, None]:
        client = await self._library()
        import pydantic
        from supabase_auth import errors

        try:
            async with asyncio.timeout(_TIMEOUT_S):
                yield client
        except TimeoutError as error:
            raise Unreachable(UnreachableReason.TIMED_OUT, "sign-in") from error
        except errors.AuthRetryableError as error:
            reason = UnreachableReason.GATEWAY if error.status else UnreachableReason.NO_CONNECTION
            raise Unreachable(reason, f"sign-in: {error.status}") from error
        except errors.AuthWeakPasswordError as error:
            raise Refused(
                _problem(ErrorCode.AUTH_WEAK_PASSWORD, error.status, ", ".join(error.reasons))
            ) from error
        except errors.AuthApiError as error:
            if not 400 <= error.status < 500:
                raise BrokenAnswer(f"sign-in: {error.status} {error.code}") from error
            code = _CODES.get(str(error.code), ErrorCode.UNKNOWN)
            raise Refused(_problem(code, error.status, str(error.code))) from error
        # Both carry pieces of the answer in their text, so none of it is repeated. `from None`
        # for the same reason: a traceback prints the cause.
        except (errors.AuthError, pydantic.ValidationError, ValueError) as error:
            raise BrokenAnswer(f"sign-in: {type(error).__name__}") from None

    async def _library(self) -> Any:
        if self._client is None:
            # In a thread: 0.65 s of import would stop the pictures.
            module = await asyncio.to_thread(_import_library)
            headers = {"X-Client-Info": "liftbay-desktop"}
            if self._api_key is not None:
                headers["apikey"] = self._api_key
            self._client = module.AsyncGoTrueClient(
                url=f"{self._transport.base_url}/auth/v1",
                headers=headers,
                auto_refresh_token=False,
                persist_session=False,
                http_client=self._transport.http,
            )
        return self._client


def _import_library() -> Any:
    import supabase_auth

    return supabase_auth


def _problem(code: ErrorCode, status: int, detail: str) -> Problem:
    return Problem(code=code, title="The sign-in was refused", status=status, detail=detail)
