"""Password hashes: argon2id in threads, at most two at once, and as slow for unknown people."""

import asyncio
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE: Final = 2
MIN_CHARACTERS: Final = 8
MAX_CHARACTERS: Final = 256


class Passwords:
    """Hashes and checks; one hash costs about 0.1 s of CPU, so the event loop does none."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher if hasher is not None else PasswordHasher()
        self._turn = asyncio.Semaphore(AT_ONCE)
        # Checked for accounts that do not exist, so that the answer takes as long.
        self._dummy_hash = self._hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        """Return the hash to store."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password: str, stored: str | None) -> bool:
        """Tell whether the password is right.

        Args:
            stored: the account's hash, or None where there is no such account; the answer is then
                False, and takes as long.
        """
        async with self._turn:
            return await asyncio.to_thread(self._verify, password, stored)

    def _verify(self, password: str, stored: str | None) -> bool:
        try:
            self._hasher.verify(self._dummy_hash if stored is None else stored, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None
