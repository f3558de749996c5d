"""A sign-in with its store and a service that speaks as Supabase Auth and the mechanic's door."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from client_api.secret import Secret
from client_api.sign_in import SignIn
from client_api.transport import Call, Transport
from tests.fakes.clock import FakeClock
from tests.fakes.contract import fixture
from tests.fakes.http_service import HttpService, Received, Reply, ok
from tests.fakes.stores import MemorySecretStore

PASSWORD = Secret("correct horse")
AUTH_VERSION = ("X-Supabase-Api-Version", "2024-01-01")
PORTAL = Reply(200, b"<html>Sign in to the Wi-Fi</html>", (), "text/html")


def tokens(number: int, expires_in: int = 3600) -> Reply:
    user = {
        "id": str(uuid4()),
        "aud": "authenticated",
        "role": "authenticated",
        "email": "sam@example.test",
        "app_metadata": {},
        "user_metadata": {},
        "created_at": "2026-11-22T12:00:00Z",
    }
    return ok(
        {
            "access_token": f"access-{number}",
            "refresh_token": f"refresh-{number}",
            "token_type": "bearer",
            "expires_in": expires_in,
            "user": user,
        }
    )


def refused(code: str, status: int = 400, **more: Any) -> Reply:
    body = json.dumps({"code": code, "message": "no", **more}).encode()
    return Reply(status, body, (AUTH_VERSION,))


def cookies(number: int) -> tuple[tuple[str, str], ...]:
    return (
        ("Set-Cookie", f"aad_mech=m-{number}; Path=/; HttpOnly; SameSite=Strict"),
        ("Set-Cookie", f"aad_mech_refresh=r-{number}; Path=/api/mechanic; HttpOnly"),
    )


def mechanic(number: int) -> Reply:
    return ok(fixture("mechanic_login")["response"], *cookies(number))


class World:
    """A client, its store and its service."""

    def __init__(self, service: HttpService, store: MemorySecretStore | None = None) -> None:
        self.service = service
        self.clock = FakeClock()
        self.store = store or MemorySecretStore()
        self.transport = Transport(service.url, self.clock)
        self.sign_in = SignIn(self.transport, self.store, self.clock, api_key="public")

    async def ask(self) -> Received:
        """Make any signed request and return it as the service saw it."""
        await self.transport.send(Call("POST", "/api/thing"))
        return self.service.received[-1]
