"""Access tokens: issued by us with ES256, or checked against an outside Supabase.

Every key is pinned to its algorithm, and audience and issuer are always compared. Expiry follows
the Clock port; tokens of an outside issuer, whose clock is another one, are given some tolerance.
A token never appears in a message of this module.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import jwt

from liftbay_backend.auth.keys import SigningKey
from liftbay_backend.auth.outside_keys import OutsideKeys
from liftbay_backend.clock import Clock
from liftbay_backend.domain.ids import MechanicId, UserId
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.settings import Settings

MECHANIC_AUDIENCE: Final = "liftbay-mechanic"
OWN_TOLERANCE_SECONDS: Final = 5
"""Instances share the database's time but for some milliseconds; only a start is tolerated."""
TOKENS_KEPT: Final = 4096
"""Of this many tokens the signature is remembered; a token has about a kilobyte."""
_LAST_MOMENT: Final = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


@dataclass(frozen=True, slots=True)
class UserClaims:
    """What a valid access token says."""

    user_id: UserId
    sign_in_id: str | None
    email: str | None
    name: str | None
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class MechanicClaims:
    """What a valid `aad_mech` cookie says."""

    mechanic_id: MechanicId
    sign_in_id: str
    expires_at: datetime


class Tokens:
    """Issues and checks."""

    def __init__(self, settings: Settings, key: SigningKey, clock: Clock) -> None:
        self._settings = settings
        self._key = key
        self._public = key.public
        self._clock = clock
        self._read: OrderedDict[str, _Read] = OrderedDict()
        self._outside = (
            None if settings.auth_jwks_url is None else OutsideKeys(settings.auth_jwks_url, clock)
        )

    def jwks(self) -> dict[str, Any]:
        """Return the public keys as `/.well-known/jwks.json` serves them."""
        return {"keys": [self._key.jwk()]}

    def issue_user(
        self, user_id: UserId, *, sign_in_id: str, email: str, name: str
    ) -> tuple[str, datetime]:
        """Return a new access token and its end."""
        return self._issue(
            {
                "sub": user_id,
                "aud": self._settings.auth_audience,
                "role": "authenticated",
                "session_id": sign_in_id,
                "email": email,
                "user_metadata": {"name": name},
            },
            self._settings.access_token_seconds,
        )

    def issue_mechanic(self, mechanic_id: MechanicId, *, sign_in_id: str) -> tuple[str, datetime]:
        """Return a new value for the `aad_mech` cookie and its end."""
        return self._issue(
            {"sub": mechanic_id, "aud": MECHANIC_AUDIENCE, "session_id": sign_in_id},
            self._settings.mechanic_cookie_seconds,
        )

    async def verify_user(self, token: str) -> UserClaims:
        """Check an access token.

        Raises:
            Problem: AUTH_EXPIRED for an old one, AUTH_REQUIRED for anything else that is wrong.
        """
        key, algorithm = await self._user_key(token)
        late_seconds = 0 if self._settings.embedded_auth else self._settings.auth_tolerance_seconds
        claims = self._decode(
            token,
            key,
            algorithm,
            self._settings.auth_audience,
            self._settings.issuer,
            late_seconds=late_seconds,
        )
        metadata = claims.get("user_metadata")
        return UserClaims(
            UserId(claims["sub"]),
            _text(claims.get("session_id")),
            _text(claims.get("email")),
            _text(metadata.get("name")) if isinstance(metadata, dict) else None,
            _moment(claims["iat"]),
            _moment(claims["exp"]) + timedelta(seconds=late_seconds),
        )

    def verify_mechanic(self, token: str) -> MechanicClaims:
        """Check an `aad_mech` cookie.

        Raises:
            Problem: AUTH_EXPIRED for an old one, AUTH_REQUIRED for anything else that is wrong.
        """
        claims = self._decode(token, self._public, "ES256", MECHANIC_AUDIENCE, self._own_issuer)
        sign_in_id = _text(claims.get("session_id"))
        if sign_in_id is None:
            raise Problem(ErrorCode.AUTH_REQUIRED)
        return MechanicClaims(MechanicId(claims["sub"]), sign_in_id, _moment(claims["exp"]))

    @property
    def _own_issuer(self) -> str:
        return self._settings.issuer if self._settings.embedded_auth else "liftbay"

    def _issue(self, claims: dict[str, Any], seconds: int) -> tuple[str, datetime]:
        now = self._clock.now()
        ends_at = (now + timedelta(seconds=seconds)).replace(microsecond=0)
        payload = {
            **claims,
            "iss": self._own_issuer,
            "iat": int(now.timestamp()),
            "exp": int(ends_at.timestamp()),
        }
        token = jwt.encode(
            payload, self._key.private, algorithm="ES256", headers={"kid": self._key.kid}
        )
        return token, ends_at

    async def _user_key(self, token: str) -> tuple[Any, str]:
        secret = self._settings.auth_jwt_secret
        if self._outside is not None:
            key = await self._outside.key_of(token)
            return key.key, str(key.algorithm_name)
        if secret is not None:
            return secret.get_secret_value(), "HS256"
        return self._public, "ES256"

    def _decode(
        self,
        token: str,
        key: Any,
        algorithm: str,
        audience: str,
        issuer: str,
        *,
        late_seconds: int = 0,
    ) -> dict[str, Any]:
        claims = self._claims(token, key, algorithm, audience, issuer)
        if not isinstance(claims.get("sub"), str):
            raise Problem(ErrorCode.AUTH_REQUIRED)
        now = self._clock.now().timestamp()
        early_seconds = late_seconds or OWN_TOLERANCE_SECONDS
        begins = [_seconds(claims[name]) for name in ("iat", "nbf") if name in claims]
        if any(one > now + early_seconds for one in begins):
            raise Problem(ErrorCode.AUTH_REQUIRED)
        if _seconds(claims["exp"]) + late_seconds <= now:
            raise Problem(ErrorCode.AUTH_EXPIRED)
        return claims

    def _claims(
        self, token: str, key: Any, algorithm: str, audience: str, issuer: str
    ) -> dict[str, Any]:
        """Return what a token says, if it is signed with this very key.

        A client sends the same token for an hour, and the signature is most of the work: what was
        found right once with this key is right again. A key that is gone is never asked with.
        """
        known = self._read.get(token)
        if known is not None and known.key is key and known.audience == audience:
            self._read.move_to_end(token)
            return known.claims
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=audience,
                issuer=issuer,
                # Time is the Clock port's matter, and asked for each time.
                options={
                    "require": ["exp", "iat", "sub", "aud", "iss"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.PyJWTError:
            raise Problem(ErrorCode.AUTH_REQUIRED) from None
        self._read[token] = _Read(key, audience, claims)
        if len(self._read) > TOKENS_KEPT:
            self._read.popitem(last=False)
        return claims


@dataclass(frozen=True, slots=True)
class _Read:
    """A token that was found right: with which key, for whom, and what it says."""

    key: Any = field(repr=False)
    audience: str
    claims: dict[str, Any] = field(repr=False)


def _seconds(value: object) -> float:
    """Read a moment of a token.

    Raises:
        Problem: AUTH_REQUIRED for what is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Problem(ErrorCode.AUTH_REQUIRED)
    if not 0 <= value <= _LAST_MOMENT:
        raise Problem(ErrorCode.AUTH_REQUIRED)
    return float(value)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
