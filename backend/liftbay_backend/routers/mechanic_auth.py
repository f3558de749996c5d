"""/api/mechanic: sign-in by the `aad_mech` cookie, its renewal and its end."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from liftbay_backend.access import MECHANIC_COOKIE, require_client_header
from liftbay_backend.auth.limits import address_of
from liftbay_backend.core import Core, CoreDep
from liftbay_backend.services.accounts import normal_email
from liftbay_backend.services.mechanic_sign_in import (
    MechanicSignIn,
    mechanic_login,
    mechanic_logout,
    mechanic_refresh,
)

REFRESH_COOKIE: Final = "aad_mech_refresh"
REFRESH_PATH: Final = "/api/mechanic"

router = APIRouter(prefix=REFRESH_PATH, tags=["mechanic"])


class LoginBody(BaseModel):
    """E-mail and password of a mechanic."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    email: str = Field(max_length=254)
    password: SecretStr = Field(max_length=1024)


@router.post("/login")
async def login(
    body: LoginBody, request: Request, response: Response, core: CoreDep
) -> dict[str, Any]:
    """Sign a mechanic in. Contract: tests/contract/mechanic_login.json"""
    await core.limits.hit(core.settings.address_limit, "sign-in", address_of(request))
    await core.limits.hit(core.settings.sign_in_limit, "sign-in", normal_email(body.email))
    signed_in = await mechanic_login(core, body.email, body.password.get_secret_value())
    return _answer(core, response, signed_in)


@router.post("/refresh")
async def renew(request: Request, response: Response, core: CoreDep) -> dict[str, Any]:
    """Renew both cookies."""
    require_client_header(request)
    await core.limits.hit(core.settings.address_limit, "refresh", address_of(request))
    signed_in = await mechanic_refresh(core, request.cookies.get(REFRESH_COOKIE))
    return _answer(core, response, signed_in)


@router.post("/logout", status_code=204)
async def logout(request: Request, core: CoreDep) -> Response:
    """End the sign-in and take the cookies back."""
    require_client_header(request)
    await core.limits.hit(core.settings.address_limit, "logout", address_of(request))
    await mechanic_logout(
        core, request.cookies.get(MECHANIC_COOKIE), request.cookies.get(REFRESH_COOKIE)
    )
    response = Response(status_code=204)
    _set(core, response, MECHANIC_COOKIE, "", 0, "/")
    _set(core, response, REFRESH_COOKIE, "", 0, REFRESH_PATH)
    return response


def _answer(core: Core, response: Response, signed_in: MechanicSignIn) -> dict[str, Any]:
    settings = core.settings
    _set(core, response, MECHANIC_COOKIE, signed_in.cookie, settings.mechanic_cookie_seconds, "/")
    _set(
        core,
        response,
        REFRESH_COOKIE,
        signed_in.refresh_cookie,
        settings.mechanic_refresh_seconds,
        REFRESH_PATH,
    )
    return {
        "user_id": signed_in.mechanic.user_id,
        "mechanic_id": signed_in.mechanic.mechanic_id,
        "name": signed_in.mechanic.name,
        "expires_in": settings.mechanic_cookie_seconds,
    }


def _set(
    core: Core, response: Response, name: str, value: str, max_age_seconds: int, path: str
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=max_age_seconds,
        path=path,
        httponly=True,
        secure=core.settings.secure_cookies,
        samesite="strict",
    )
