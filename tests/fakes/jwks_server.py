"""A sign-in's JWKS over a real socket, with keys that come and go, and answers that do not."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(slots=True)
class JwksServer:
    """Answers every HTTP request with its keys.

    Attributes:
        asked: how often it was.
        status: of its answers.
        body: instead of the keys, what it sends.
        pause_seconds: before each answer, and then between its bytes.
    """

    url: str = ""
    asked: int = 0
    status: int = 200
    body: bytes | None = None
    pause_seconds: float = 0.0
    _keys: dict[str, PrivateKey] = field(default_factory=dict)

    def add(self, kid: str, key: PrivateKey | None = None) -> None:
        """Publish a key, ES256 if none is given."""
        self._keys[kid] = key if key is not None else ec.generate_private_key(ec.SECP256R1())

    def remove(self, kid: str) -> PrivateKey:
        """Take a key back; tokens can still be signed with what is returned."""
        return self._keys.pop(kid)

    def sign(self, kid: str, claims: dict[str, Any]) -> str:
        """Return a token signed with a published key."""
        return sign(self._keys[kid], kid, claims)

    def _published(self) -> bytes:
        if self.body is not None:
            return self.body
        keys = []
        for kid, key in self._keys.items():
            if isinstance(key, rsa.RSAPrivateKey):
                made, algorithm = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "RS256"
            else:
                made, algorithm = ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "ES256"
            keys.append({**made, "kid": kid, "alg": algorithm, "use": "sig"})
        return json.dumps({"keys": keys}).encode()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            self.asked += 1
            await asyncio.sleep(self.pause_seconds)
            body = self._published()
            head = f"HTTP/1.1 {self.status} X\r\nContent-Length: {len(body)}\r\n"
            writer.write(f"{head}Connection: close\r\n\r\n".encode())
            for part in body if self.pause_seconds else [0]:
                writer.write(bytes([part]) if self.pause_seconds else body)
                await writer.drain()
                await asyncio.sleep(self.pause_seconds)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


def sign(key: PrivateKey, kid: str | None, claims: dict[str, Any]) -> str:
    """Return a token signed with a key, which it names."""
    algorithm = "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid} if kid else {})


@asynccontextmanager
async def jwks_server() -> AsyncIterator[JwksServer]:
    """Serve keys on a free loopback port."""
    told = JwksServer()
    tasks: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await told._answer(reader, writer)
        except asyncio.CancelledError:
            return
        finally:
            tasks.discard(task)

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    told.url = (
        f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/auth/v1/.well-known/jwks.json"
    )
    try:
        yield told
    finally:
        server.close()
        for task in [*tasks]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
