"""Who is signed in here, and how requests are signed.

A customer has Supabase tokens, a mechanic the cookies `aad_mech` and `aad_mech_refresh`; never
both at once. Only the refresh half is stored. A sign-in is forgotten only when the service
definitely refuses it: being offline or behind a captive portal loses nothing, and neither does
a page that is closed while its request renews: a refresh token is good for one use.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import msgspec

from client_api.clock import Clock
from client_api.errors import SIGN_IN_CODES, BrokenAnswer, ClientError, ErrorCode, Refused
from client_api.gotrue import GoTrue, Tokens
from client_api.secret import Secret, SecretStore
from client_api.tasks import Tasks
from client_api.transport import Call, Credential, Transport
from client_api.wire import MechanicSignedIn, Role

CUSTOMER_SECRET = "customer-refresh"  # noqa: S105 - the name of a drawer, not what is in it
MECHANIC_SECRET = "mechanic-refresh"  # noqa: S105 - as above
REFRESH_COOKIE = "aad_mech_refresh"
REFRESH_COOKIE_PATH = "/api/mechanic"
RENEW_BEFORE_NS = 30 * 1_000_000_000
CLOSE_PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that holds: as what."""

    role: Role


class SignIn:
    """Signs a person in and out, and signs their requests (`transport.Authority`).

    Always true: at most one renewal runs at a time; whoever comes second uses its result.
    Support signs in like a customer; what an account may do says `ServiceApi.me`.
    """

    def __init__(
        self,
        transport: Transport,
        store: SecretStore,
        clock: Clock,
        *,
        api_key: str | None = None,
    ) -> None:
        self._transport = transport
        self._store = store
        self._clock = clock
        self._gotrue = GoTrue(transport, clock, api_key=api_key)
        self._lock = asyncio.Lock()
        self._tokens: Tokens | None = None
        self._role: Role | None = None
        self._generation = 0
        self._tasks = Tasks()
        self._renewals: set[asyncio.Task[bool | ClientError]] = set()
        self._when_over: list[Callable[[], None]] = []
        transport.sign_with(self)

    @property
    def signed_in(self) -> SignedIn | None:
        """The present sign-in, or None."""
        return None if self._role is None else SignedIn(self._role)

    def when_over(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Tell ``listener`` when the service ends the sign-in; the result ends that.

        A sign-out is no news. Called in a turn of its own, not within anybody's request.
        """
        self._when_over.append(listener)
        return lambda: self._when_over.remove(listener)

    async def close(self) -> None:
        """Let a renewal that runs come to its end, `CLOSE_PATIENCE_S` at most."""
        if self._renewals:
            await asyncio.wait(self._renewals, timeout=CLOSE_PATIENCE_S)
        await self._tasks.close()

    async def sign_up(self, name: str, email: str, password: Secret) -> SignedIn:
        """Make a customer's account and sign in with it.

        Raises:
            Refused: ``AUTH_ACCOUNT_EXISTS``, ``AUTH_WEAK_PASSWORD``, ``AUTH_CONFIRMATION_DUE``.
        """
        async with self._lock:
            return await self._take_tokens(await self._gotrue.sign_up(name, email, password))

    async def sign_in_customer(self, email: str, password: Secret) -> SignedIn:
        """Sign a customer (or support) in.

        Raises:
            Refused: ``AUTH_INVALID_CREDENTIALS``.
        """
        async with self._lock:
            return await self._take_tokens(await self._gotrue.sign_in(email, password))

    async def sign_in_mechanic(self, email: str, password: Secret) -> SignedIn:
        """Sign a mechanic in; the service sets the cookies.

        Raises:
            Refused: ``AUTH_INVALID_CREDENTIALS``.
        """
        async with self._lock:
            body = msgspec.json.encode({"email": email, "password": password.reveal()})
            call = Call("POST", "/api/mechanic/login", body=body, is_signed=False)
            answer = await self._transport.send(call)
            try:
                msgspec.json.decode(answer.body, type=MechanicSignedIn)
            except msgspec.DecodeError as error:
                raise BrokenAnswer(f"{call.path}: {error}") from error
            return await self._take_cookies()

    async def restore(self) -> SignedIn | None:
        """Take up the sign-in of an earlier run. None: there is none, or it is over.

        Raises:
            Unreachable, BrokenAnswer: unknown for now; what is stored is kept. Call it again.
        """
        await self._see_through(self._restore())
        return self.signed_in

    async def sign_out(self) -> None:
        """Forget the sign-in here, and tell the service if it can be reached."""
        async with self._lock:
            tokens, role = self._tokens, self._role
            if role is Role.MECHANIC:
                with suppress(ClientError):
                    await self._transport.send(
                        Call("POST", "/api/mechanic/logout", is_signed=False, timeout_s=3.0)
                    )
            await self._forget()
            if tokens is not None:
                with suppress(ClientError):
                    await self._gotrue.sign_out(tokens.access)

    # --- Authority -------------------------------------------------------------------------------

    async def credential(self) -> Credential:
        """Return what signs the next request, renewed if it is about to run out."""
        tokens = self._tokens
        if tokens is not None and self._is_running_out(tokens):
            # An old token may still do, and the 401 after it is handled: so go on either way.
            with suppress(ClientError):
                await self.renew(Credential(self._generation, tokens.access))
        return self._present()

    async def renew(self, used: Credential) -> bool:
        """Renew after a 401 for ``used``, unless somebody else just did.

        Raises:
            Unreachable, BrokenAnswer: no renewal now, but the sign-in is not lost.
        """
        return await self._see_through(self._renew_used(used))

    async def _see_through(self, work: Coroutine[Any, Any, bool]) -> bool:
        # Beside whoever asks: broken off between the service's answer and the keyring, a renewal
        # would cost the sign-in.
        renewal = self._tasks.spawn(_error_as_answer(work), name="renew the sign-in")
        self._renewals.add(renewal)
        renewal.add_done_callback(self._renewals.discard)
        renewed = await asyncio.shield(renewal)
        if isinstance(renewed, ClientError):
            raise renewed
        return renewed

    async def _renew_used(self, used: Credential) -> bool:
        async with self._lock:
            if used.generation != self._generation:
                return self._role is not None
            if self._role is Role.MECHANIC:
                return await self._renew_cookies()
            if self._tokens is not None:
                return await self._renew_tokens(self._tokens.refresh)
            return False

    async def _restore(self) -> bool:
        async with self._lock:
            if self._role is not None:
                return True
            if refresh := await self._store.load(MECHANIC_SECRET):
                self._transport.load_cookie(REFRESH_COOKIE, refresh, path=REFRESH_COOKIE_PATH)
                return await self._renew_cookies()
            if refresh := await self._store.load(CUSTOMER_SECRET):
                return await self._renew_tokens(refresh)
            return False

    # --- inside (the lock is held) ---------------------------------------------------------------

    def _present(self) -> Credential:
        return Credential(self._generation, self._tokens.access if self._tokens else None)

    def _is_running_out(self, tokens: Tokens) -> bool:
        return self._clock.monotonic_ns() >= tokens.expires_at_ns - RENEW_BEFORE_NS

    async def _take_tokens(self, tokens: Tokens) -> SignedIn:
        self._transport.forget_cookies()
        self._tokens, self._role = tokens, Role.CUSTOMER
        self._generation += 1
        await self._store.forget(MECHANIC_SECRET)
        await self._store.save(CUSTOMER_SECRET, tokens.refresh)
        return SignedIn(Role.CUSTOMER)

    async def _take_cookies(self) -> SignedIn:
        self._tokens, self._role = None, Role.MECHANIC
        self._generation += 1
        await self._store.forget(CUSTOMER_SECRET)
        if refresh := self._transport.cookie(REFRESH_COOKIE):
            await self._store.save(MECHANIC_SECRET, refresh)
        return SignedIn(Role.MECHANIC)

    async def _renew_tokens(self, refresh: Secret) -> bool:
        try:
            await self._take_tokens(await self._gotrue.refresh(refresh))
        except Refused as refused:
            if refused.code is ErrorCode.RATE_LIMITED:
                raise
            await self._end()
            return False
        return True

    async def _renew_cookies(self) -> bool:
        call = Call("POST", "/api/mechanic/refresh", is_signed=False, is_repeatable=True)
        try:
            await self._transport.send(call)
        except Refused as refused:
            if refused.code not in SIGN_IN_CODES:
                raise
            await self._end()
            return False
        self._transport.drop_loaded_cookies()
        await self._take_cookies()
        return True

    async def _end(self) -> None:
        await self._forget()
        for listener in tuple(self._when_over):
            asyncio.get_running_loop().call_soon(listener)

    async def _forget(self) -> None:
        self._tokens, self._role = None, None
        self._generation += 1
        self._transport.forget_cookies()
        await self._store.forget(CUSTOMER_SECRET)
        await self._store.forget(MECHANIC_SECRET)


async def _error_as_answer(work: Coroutine[Any, Any, bool]) -> bool | ClientError:
    # Returned, not raised: whoever asked may be gone by then, and it is nobody's fault.
    try:
        return await work
    except ClientError as error:
        return error
