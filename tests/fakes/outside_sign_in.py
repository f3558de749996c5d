"""An outside Supabase, as far as the service sees it: its settings and the tokens it issues."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Final

import jwt

from tests.fakes.service_clock import NOON

SECRET: Final = "a-shared-secret-of-more-than-32-characters"
ISSUER: Final = "https://auth.example.test/v1"
OUTSIDE: Final[dict[str, Any]] = {"auth_jwt_secret": SECRET, "auth_issuer": ISSUER}
"""What the service's settings say of it."""


def outside_token(
    email: str = "Sam@example.test",
    *,
    sub: str | None = None,
    name: str | None = None,
    issued_at: datetime = NOON,
) -> str:
    """Return an access token of an hour; without a `sub`, somebody's who was never seen."""
    claims = {
        "sub": str(uuid.uuid4()) if sub is None else sub,
        "aud": "authenticated",
        "iss": ISSUER,
        "email": email,
        "iat": int(issued_at.timestamp()),
        "exp": int((issued_at + timedelta(hours=1)).timestamp()),
        **({} if name is None else {"user_metadata": {"name": name}}),
    }
    return jwt.encode(claims, SECRET, algorithm="HS256")
