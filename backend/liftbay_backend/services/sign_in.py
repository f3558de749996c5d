"""Customers' and support's sign-in, as Supabase Auth does it."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any

import structlog

from liftbay_backend.auth import refresh
from liftbay_backend.clock import wire_time
from liftbay_backend.core import Core
from liftbay_backend.db.models import RefreshTokenRow, UserRow
from liftbay_backend.domain.ids import UserId, new_uuid
from liftbay_backend.repositories.accounts import may_sign_in, user_by_email
from liftbay_backend.services.accounts import normal_email
from liftbay_backend.work import Work

_security = structlog.get_logger("liftbay.security")


class AuthFault(Enum):
    """Supabase's own codes, with their status and message."""

    INVALID_CREDENTIALS = ("invalid_credentials", 400, "Invalid login credentials")
    REFRESH_TOKEN_NOT_FOUND = ("refresh_token_not_found", 400, "Invalid Refresh Token")
    USER_ALREADY_EXISTS = ("user_already_exists", 422, "User already registered")
    WEAK_PASSWORD = ("weak_password", 422, "Password should be at least 8 characters.")
    EMAIL_INVALID = ("email_address_invalid", 400, "Unable to validate email address")
    VALIDATION_FAILED = ("validation_failed", 422, "The body does not keep to the contract")
    OTP_DISABLED = ("otp_disabled", 422, "Sign-in by e-mail is switched off here")
    NO_AUTHORIZATION = ("no_authorization", 401, "This endpoint requires a Bearer token")
    BAD_JWT = ("bad_jwt", 403, "invalid JWT")
    SESSION_NOT_FOUND = ("session_not_found", 403, "This sign-in was ended")
    SESSION_EXPIRED = ("session_expired", 401, "The sign-in has expired")
    RATE_LIMITED = ("over_request_rate_limit", 429, "Too many requests")
    NOT_SERVED = ("not_found", 404, "Sign-in is served elsewhere")

    def __init__(self, code: str, status: int, message: str) -> None:
        self.code = code
        self.status = status
        self.message = message


class AuthRefused(Exception):
    """A refusal in Supabase's own shape."""

    def __init__(self, fault: AuthFault, **extra: Any) -> None:
        super().__init__(fault.code)
        self.fault = fault
        self.extra = extra


@dataclass(frozen=True, slots=True)
class UserSignIn:
    """A sign-in as it goes over the wire; the tokens never print."""

    user: UserRow = field(repr=False)
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at_s: int
    expires_in_s: int

    def wire(self) -> dict[str, Any]:
        """Return Supabase's `session`."""
        return {
            "access_token": self.access_token,
            "token_type": "bearer",
            "expires_in": self.expires_in_s,
            "expires_at": self.expires_at_s,
            "refresh_token": self.refresh_token,
            "user": user_wire(self.user),
        }


async def sign_in_with_password(core: Core, email: str, password: str) -> UserSignIn:
    """Check the password and begin a sign-in.

    Raises:
        AuthRefused: INVALID_CREDENTIALS, the same for a wrong password and an unknown account.
    """
    user = await checked_user(core, email, password)
    if user is None:
        raise AuthRefused(AuthFault.INVALID_CREDENTIALS)
    return await begin_sign_in(core, user)


async def checked_user(core: Core, email: str, password: str) -> UserRow | None:
    """Return the account whose password this is; takes as long when there is none."""
    user = None
    if "\x00" not in email:
        async with core.database.reading() as db:
            user = await user_by_email(db, normal_email(email))
    stored = None if user is None else user.password_hash
    return user if await core.passwords.verify(password, stored) else None


async def begin_sign_in(core: Core, user: UserRow) -> UserSignIn:
    """Begin a sign-in for an account whose owner has proved it.

    Raises:
        AuthRefused: INVALID_CREDENTIALS, if the operator has disabled it or changed its password.
    """
    async with core.works.begin() as work:
        if await may_sign_in(work.db, user):
            return _issue(core, work, user, new_uuid())
    _security.info("sign_in.refused", user_id=user.id)
    raise AuthRefused(AuthFault.INVALID_CREDENTIALS)


async def refresh_sign_in(core: Core, token: str) -> UserSignIn:
    """Renew a sign-in with its refresh token.

    Raises:
        AuthRefused: REFRESH_TOKEN_NOT_FOUND, whatever is wrong with it.
    """
    async with core.works.begin() as work:
        used = await refresh.use_token(
            work, RefreshTokenRow, token, core.settings.refresh_reuse_seconds
        )
        if isinstance(used, refresh.Renewed):
            user = await work.db.get(UserRow, used.row.user_id)
            if user is not None:
                return _issue(core, work, user, used.row.sign_in_id)
    raise AuthRefused(AuthFault.REFRESH_TOKEN_NOT_FOUND)


def user_wire(user: UserRow) -> dict[str, Any]:
    """Return Supabase's `user`."""
    return {
        "id": user.id,
        "aud": "authenticated",
        "role": "authenticated",
        "email": user.email,
        "app_metadata": {"provider": "email", "providers": ["email"]},
        "user_metadata": {"name": user.name},
        "created_at": wire_time(user.created_at),
    }


def _issue(core: Core, work: Work, user: UserRow, sign_in_id: str) -> UserSignIn:
    access_token, ends_at = core.tokens.issue_user(
        UserId(user.id), sign_in_id=sign_in_id, email=user.email, name=user.name
    )
    token = refresh.new_token()
    refresh.store_user_token(
        work,
        token,
        user_id=user.id,
        sign_in_id=sign_in_id,
        expires_at=work.now + timedelta(seconds=core.settings.refresh_token_seconds),
    )
    return UserSignIn(
        user,
        access_token,
        token,
        int(ends_at.timestamp()),
        core.settings.access_token_seconds,
    )
