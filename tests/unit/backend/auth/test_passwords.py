"""Hashing never blocks the loop, never floods the machine, and tells nobody who exists."""

import asyncio
import threading
import time
from typing import Literal

from argon2 import PasswordHasher

from liftbay_backend.auth.passwords import AT_ONCE, Passwords


def quick() -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class CountingHasher(PasswordHasher):
    """Counts how many checks run at the same time, and which hashes were checked."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self._lock = threading.Lock()
        self._running = 0
        self.most_at_once = 0
        self.threads: set[int] = set()
        self.checked: list[str | bytes] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002  # argon2's
        with self._lock:
            self._running += 1
            self.most_at_once = max(self.most_at_once, self._running)
            self.threads.add(threading.get_ident())
            self.checked.append(hash)
        time.sleep(0.02)
        try:
            return super().verify(hash, password)
        finally:
            with self._lock:
                self._running -= 1


async def test_the_right_password_passes_and_any_other_does_not() -> None:
    passwords = Passwords(quick())
    stored = await passwords.hash("correct horse battery")

    assert await passwords.verify("correct horse battery", stored)
    assert not await passwords.verify("Correct horse battery", stored)
    assert not await passwords.verify("correct horse battery", "not a hash")


async def test_at_most_two_run_at_once_and_none_on_the_event_loop() -> None:
    hasher = CountingHasher()
    passwords = Passwords(hasher)
    stored = await passwords.hash("x" * 12)

    await asyncio.gather(*(passwords.verify("x" * 12, stored) for _ in range(8)))

    assert hasher.most_at_once == AT_ONCE == 2
    assert threading.get_ident() not in hasher.threads


async def test_an_unknown_account_costs_a_full_check_and_is_never_let_in() -> None:
    hasher = CountingHasher()
    passwords = Passwords(hasher)

    assert not await passwords.verify("nobody has this password", None)

    assert len(hasher.checked) == 1
