"""The mechanic's sign-in by cookie: two hours, renewed by a second cookie of 30 days."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from liftbay_backend.auth import refresh
from liftbay_backend.core import Core
from liftbay_backend.db.models import MechanicRow, MechanicTokenRow
from liftbay_backend.domain.ids import MechanicId, new_uuid
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.accounts import may_sign_in, mechanic_of_user
from liftbay_backend.services.sign_in import checked_user
from liftbay_backend.work import Work

_security = structlog.get_logger("liftbay.security")


@dataclass(frozen=True, slots=True)
class MechanicSignIn:
    """What goes into the two cookies; neither value prints."""

    mechanic: MechanicRow = field(repr=False)
    cookie: str = field(repr=False)
    refresh_cookie: str = field(repr=False)


async def mechanic_login(core: Core, email: str, password: str) -> MechanicSignIn:
    """Check the password of an account that is a mechanic's.

    Raises:
        Problem: AUTH_INVALID_CREDENTIALS, the same for every reason.
    """
    user = await checked_user(core, email, password)
    if user is not None:
        async with core.works.begin() as work:
            mechanic = await mechanic_of_user(work.db, user.id)
            if mechanic is not None and await may_sign_in(work.db, user):
                return _issue(core, work, mechanic, new_uuid())
        _security.info("sign_in.refused", user_id=user.id)
    raise Problem(ErrorCode.AUTH_INVALID_CREDENTIALS)


async def mechanic_refresh(core: Core, token: str | None) -> MechanicSignIn:
    """Renew a sign-in with its refresh cookie.

    Raises:
        Problem: AUTH_REQUIRED, AUTH_EXPIRED.
    """
    if not token:
        raise Problem(ErrorCode.AUTH_REQUIRED)
    async with core.works.begin() as work:
        used = await refresh.use_token(
            work, MechanicTokenRow, token, core.settings.refresh_reuse_seconds
        )
        if isinstance(used, refresh.Renewed):
            mechanic = await work.db.get(MechanicRow, used.row.mechanic_id)
            if mechanic is not None:
                return _issue(core, work, mechanic, used.row.sign_in_id)
    expired = used is refresh.Refusal.EXPIRED
    raise Problem(ErrorCode.AUTH_EXPIRED if expired else ErrorCode.AUTH_REQUIRED)


async def mechanic_logout(core: Core, cookie: str | None, refresh_cookie: str | None) -> None:
    """End the sign-in that either cookie belongs to; without one there is nothing to end."""
    if not cookie and not refresh_cookie:
        return
    sign_in_ids = set()
    if cookie:
        # An old or broken cookie proves nothing; the other one may.
        with suppress(Problem):
            sign_in_ids.add(core.tokens.verify_mechanic(cookie).sign_in_id)
    async with core.works.begin() as work:
        if refresh_cookie:
            row = await work.db.get(MechanicTokenRow, refresh.token_hash(refresh_cookie))
            if row is not None:
                sign_in_ids.add(row.sign_in_id)
        for sign_in_id in sign_in_ids:
            await refresh.revoke_sign_in(work, MechanicTokenRow, sign_in_id)


def _issue(core: Core, work: Work, mechanic: MechanicRow, sign_in_id: str) -> MechanicSignIn:
    cookie, _ = core.tokens.issue_mechanic(MechanicId(mechanic.mechanic_id), sign_in_id=sign_in_id)
    token = refresh.new_token()
    refresh.store_mechanic_token(
        work,
        token,
        mechanic_id=mechanic.mechanic_id,
        sign_in_id=sign_in_id,
        expires_at=work.now + timedelta(seconds=core.settings.mechanic_refresh_seconds),
    )
    return MechanicSignIn(mechanic, cookie, token)
