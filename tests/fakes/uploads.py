"""A tus client for tests that says exactly what it is told, and material to send."""

import base64
import hashlib
import random
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

import httpx

from tests.fakes.backend_service import Caller
from tests.fakes.loopback import socket_client

UPLOAD_TYPE = "application/offset+octet-stream"
VERSION = {"Tus-Resumable": "1.0.0"}
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff\xe0"
CHUNK = 64 * 1024


def picture(length: int, seed: int = 1) -> bytes:
    """Return bytes that begin like a PNG and go on at random."""
    return PNG + random.Random(seed).randbytes(length - len(PNG))


def metadata(**values: str) -> str:
    """Return the value of Upload-Metadata."""
    return ",".join(
        f"{key} {base64.b64encode(value.encode('utf-8')).decode()}" for key, value in values.items()
    )


def checksum(data: bytes, algorithm: str = "sha256") -> str:
    """Return the value of Upload-Checksum."""
    digest = hashlib.new(algorithm, data).digest()
    return f"{algorithm} {base64.b64encode(digest).decode()}"


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody who shares files in one session."""

    http: httpx.AsyncClient
    session_path: str

    @property
    def path(self) -> str:
        """Where files are."""
        return f"{self.session_path}/files"

    async def ask_to_send(
        self, length: int | str, headers: dict[str, str] | None = None, **told: str
    ) -> httpx.Response:
        """Ask for an upload; the name is a picture's unless told otherwise."""
        told = {"filename": "belt.png", **told}
        return await self.http.post(
            self.path,
            headers={
                **VERSION,
                "Upload-Length": str(length),
                "Upload-Metadata": metadata(**told),
                **(headers or {}),
            },
        )

    async def begin(self, length: int, **told: str) -> str:
        """Begin an upload and return its path."""
        answer = await self.ask_to_send(length, None, **told)
        assert answer.status_code == 201, answer.text
        return answer.headers["location"]

    async def patch(
        self,
        place: str,
        offset: int,
        data: bytes | AsyncIterator[bytes],
        **headers: str,
    ) -> httpx.Response:
        """Send bytes from an offset on."""
        return await self.http.patch(
            place,
            content=data,
            headers={
                **VERSION,
                "Content-Type": UPLOAD_TYPE,
                "Upload-Offset": str(offset),
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )

    async def offset(self, place: str) -> int:
        """Ask how much has arrived."""
        answer = await self.http.head(place, headers=VERSION)
        assert answer.status_code == 200, answer.headers
        return int(answer.headers["upload-offset"])

    async def send(self, data: bytes, **told: str) -> str:
        """Upload a whole file and return its path."""
        place = await self.begin(len(data), **told)
        answer = await self.patch(place, 0, data)
        assert answer.status_code == 204, answer.text
        assert answer.headers["upload-offset"] == str(len(data))
        return place

    async def listed(self) -> list[dict[str, object]]:
        """Return the files that this side sees."""
        found: list[dict[str, object]] = (await self.http.get(self.path)).json()["files"]
        return found


def sender(caller: Caller, session_path: str, base: str | None = None) -> Sender:
    """Return a sender with a caller's sign-in, on the service's socket where there is one."""
    if base is None:
        return Sender(caller.http, session_path)
    return Sender(socket_client(base, caller), session_path)


async def chunked(data: bytes, size: int = CHUNK) -> AsyncIterator[bytes]:
    """Yield data without saying its length."""
    for at in range(0, len(data), size):
        yield data[at : at + size]


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """Return what a refusal says."""
    return answer.status_code, answer.json()["code"]


def cuts(length: int, count: int, seed: int) -> Iterable[int]:
    """Return rising offsets at random, without the ends."""
    return sorted(random.Random(seed).sample(range(1, length), count))
