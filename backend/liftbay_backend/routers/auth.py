"""/auth/v1: the few Supabase Auth paths that the client's library calls; embedded default only.

Errors are in Supabase's shape, not problem+json: the library reads `code` when the answer names
the API version.
"""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from liftbay_backend.auth import refresh
from liftbay_backend.auth.limits import address_of
from liftbay_backend.auth.passwords import MIN_CHARACTERS
from liftbay_backend.auth.tokens import UserClaims
from liftbay_backend.core import Core, CoreDep
from liftbay_backend.db.models import RefreshTokenRow, UserRow
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.repositories.accounts import signed_in_user
from liftbay_backend.services.accounts import (
    AccountFault,
    AccountRefused,
    create_account,
    normal_email,
)
from liftbay_backend.services.sign_in import (
    AuthFault,
    AuthRefused,
    begin_sign_in,
    refresh_sign_in,
    sign_in_with_password,
    user_wire,
)

API_VERSION: Final = "2024-01-01"


async def _embedded_only(core: CoreDep) -> None:
    if not core.settings.embedded_auth:
        raise AuthRefused(AuthFault.NOT_SERVED)


router = APIRouter(prefix="/auth/v1", tags=["auth"], dependencies=[Depends(_embedded_only)])


class _Body(BaseModel):
    # The library sends more than we read, captcha fields for example.
    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)


class UserData(_Body):
    """`user_metadata` that a sign-up may bring."""

    name: str | None = Field(default=None, max_length=120)


class SignUpBody(_Body):
    """POST /signup."""

    # The account's own rules refuse the rest in Supabase's shape; here they are only described.
    email: str = Field(max_length=254, json_schema_extra={"format": "email"})
    password: SecretStr = Field(max_length=1024, json_schema_extra={"minLength": MIN_CHARACTERS})
    data: UserData | None = None


class PasswordBody(_Body):
    """POST /token?grant_type=password."""

    email: str = Field(max_length=254)
    password: SecretStr = Field(max_length=1024)


class RefreshBody(_Body):
    """POST /token?grant_type=refresh_token."""

    refresh_token: SecretStr = Field(max_length=256)


def install_auth_handler(app: FastAPI) -> None:
    """Answer `AuthRefused` in Supabase's shape."""

    async def on_refused(_request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, AuthRefused)
        fault = error.fault
        return JSONResponse(
            {"code": fault.code, "message": fault.message, **error.extra},
            status_code=fault.status,
            headers={"X-Supabase-Api-Version": API_VERSION},
        )

    app.add_exception_handler(AuthRefused, on_refused)


@router.post("/signup")
async def signup(body: SignUpBody, request: Request, core: CoreDep) -> dict[str, Any]:
    """Make a customer's account and sign it in."""
    await _limit(core, core.settings.sign_up_limit, "sign-up", address_of(request))
    try:
        account = await create_account(
            core.works,
            core.passwords,
            email=body.email,
            password=body.password.get_secret_value(),
            name=body.data.name if body.data is not None else None,
        )
    except AccountRefused as refused:
        raise _as_auth(refused.fault) from None
    return (await begin_sign_in(core, account.user)).wire()


@router.post("/token")
async def token(
    request: Request,
    core: CoreDep,
    grant_type: Annotated[Literal["password", "refresh_token"], Query()],
) -> dict[str, Any]:
    """Sign in with a password, or renew a sign-in."""
    text = await request.body()
    try:
        if grant_type == "refresh_token":
            renewal = RefreshBody.model_validate_json(text)
            await _limit(core, core.settings.address_limit, "refresh", address_of(request))
            return (await refresh_sign_in(core, renewal.refresh_token.get_secret_value())).wire()
        body = PasswordBody.model_validate_json(text)
    except ValidationError:
        raise AuthRefused(AuthFault.VALIDATION_FAILED) from None
    await _limit(core, core.settings.address_limit, "sign-in", address_of(request))
    await _limit(core, core.settings.sign_in_limit, "sign-in", normal_email(body.email))
    signed_in = await sign_in_with_password(core, body.email, body.password.get_secret_value())
    return signed_in.wire()


@router.get("/user")
async def user(request: Request, core: CoreDep) -> dict[str, Any]:
    """Say whose access token this is."""
    _, row = await _bearer(core, request)
    return user_wire(row)


@router.post("/logout", status_code=204)
async def logout(
    request: Request,
    core: CoreDep,
    scope: Annotated[Literal["global", "local", "others"], Query()] = "global",
) -> Response:
    """End this sign-in, all of the account's, or all but this."""
    claims, row = await _bearer(core, request)
    async with core.works.begin() as work:
        match scope:
            case "global":
                await refresh.revoke_all_of_user(work, row.id)
            case "others":
                await refresh.revoke_all_of_user(work, row.id, but=claims.sign_in_id)
            case "local":
                await refresh.revoke_sign_in(work, RefreshTokenRow, claims.sign_in_id or "")
    return Response(status_code=204)


@router.post("/otp")
@router.post("/verify")
async def one_time_password() -> dict[str, Any]:
    """Refuse: the embedded service sends no e-mail."""
    raise AuthRefused(AuthFault.OTP_DISABLED)


@router.get("/.well-known/jwks.json")
async def jwks(core: CoreDep) -> dict[str, Any]:
    """Publish the public half of the signing key."""
    return core.tokens.jwks()


async def _bearer(core: Core, request: Request) -> tuple[UserClaims, UserRow]:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not value.strip():
        raise AuthRefused(AuthFault.NO_AUTHORIZATION)
    try:
        claims = await core.tokens.verify_user(value.strip())
    except Problem as problem:
        expired = problem.error is ErrorCode.AUTH_EXPIRED
        raise AuthRefused(AuthFault.SESSION_EXPIRED if expired else AuthFault.BAD_JWT) from None
    async with core.database.reading() as db:
        row = await signed_in_user(db, claims.user_id, claims.sign_in_id)
    if row is None:
        raise AuthRefused(AuthFault.SESSION_NOT_FOUND)
    return claims, row


async def _limit(core: Core, limit: str, *key: str) -> None:
    try:
        await core.limits.hit(limit, *key)
    except Problem:
        raise AuthRefused(AuthFault.RATE_LIMITED) from None


def _as_auth(fault: AccountFault) -> AuthRefused:
    match fault:
        case AccountFault.EMAIL_TAKEN:
            return AuthRefused(AuthFault.USER_ALREADY_EXISTS)
        case AccountFault.TOO_SHORT | AccountFault.TOO_LONG:
            return AuthRefused(AuthFault.WEAK_PASSWORD, weak_password={"reasons": ["length"]})
        case AccountFault.EMAIL_INVALID:
            return AuthRefused(AuthFault.EMAIL_INVALID)
        case AccountFault.NAME_INVALID:
            return AuthRefused(AuthFault.VALIDATION_FAILED)
        case AccountFault.OUTSIDE_ID_INVALID | AccountFault.OUTSIDE_ID_TAKEN:
            # A sign-up names none.
            return AuthRefused(AuthFault.VALIDATION_FAILED)
