"""Takes up the sign-in of a profile for a diagnosis of one session, and lets it go again."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from PySide6.QtCore import QLockFile

from client_api.client import LiftbayClient
from client_api.clock import SystemClock
from client_api.errors import ClientError, Refused
from client_api.secret import SecretStore
from client_api.sign_in import SignIn
from client_api.transport import Transport
from client_api.version import installed_version
from client_api.wire import SessionId
from desktop.app.profile import Profile
from preflight.support.command import Account, NoAccount


@asynccontextmanager
async def signed_in(
    profile: Profile, service_url: str, session: SessionId, store: SecretStore
) -> AsyncIterator[Account | None]:
    """Sign requests as the profile's person; None where the service cannot be reached now.

    The profile is held meanwhile: a refresh token is good for one use, and a client that is open
    would lose its sign-in to us.

    Raises:
        NoAccount: nobody is signed in, the client is open, or the session is not theirs.
    """
    lock = QLockFile(str(profile.lock_file))
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):
        raise NoAccount("Liftbay is open with this profile: close it first, or use its own page")
    clock = SystemClock()
    transport = Transport(service_url, clock)
    sign_in = SignIn(transport, store, clock)
    try:
        yield await _account(sign_in, transport, session)
    finally:
        await sign_in.close()
        await transport.close()
        lock.unlock()


async def _account(sign_in: SignIn, transport: Transport, session: SessionId) -> Account | None:
    try:
        restored = await sign_in.restore()
        if restored is None:
            raise NoAccount("nobody is signed in in this profile: sign in with `liftbay app` first")
        api = LiftbayClient(transport, SystemClock(), version=installed_version())
        me = await api.me()
        found = await api.session(session)
    except Refused as refused:
        raise NoAccount(f"this session cannot be checked: {refused.problem.code}") from refused
    except ClientError as error:
        print(
            f"the sign-in cannot be taken up now ({type(error).__name__}): "
            "what needs an account is left out",
            file=sys.stderr,
        )
        return None
    other = () if found.counterpart is None else (found.counterpart.name,)
    return Account(api, found.id, found.my_role.value, (me.name, *other))
