"""The machine's keyring behind client_api's `SecretStore`, with a tested fallback.

The library may wait for an unlock dialog, so each call runs in a thread with a deadline. Where
there is no keyring the sign-in lives in memory until the program ends, and the person is told;
there is no plain-text fallback.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

from client_api.secret import Secret

log = logging.getLogger(__name__)

UNLOCK_DEADLINE_S = 60.0


def may_have_keyring() -> bool:
    """Say whether it is worth loading the library, which costs 13 MB with what it looks through.

    On Linux every keyring is reached over the session bus; without one there is none.
    """
    if not sys.platform.startswith("linux"):
        return True
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return True
    folder = os.environ.get("XDG_RUNTIME_DIR")
    return bool(folder) and (Path(str(folder)) / "bus").exists()


class KeyringStore:
    """Secrets of one profile.

    Always true: after the first failure of the keyring everything stays in memory, and
    ``is_lasting`` is False.
    """

    def __init__(self, service: str) -> None:
        self.is_lasting = may_have_keyring()
        self._service = service
        self._memory: dict[str, Secret] = {}

    async def load(self, name: str) -> Secret | None:
        """Return the secret, None when there is none."""
        if name in self._memory or not self.is_lasting:
            return self._memory.get(name)

        def read() -> str | None:
            import keyring

            return keyring.get_password(self._service, name)

        value = await self._try(read)
        return Secret(value) if value else None

    async def save(self, name: str, secret: Secret) -> None:
        """Keep the secret, in memory where the keyring cannot."""
        self._memory[name] = secret

        def write() -> str | None:
            import keyring

            keyring.set_password(self._service, name, secret.reveal())
            return None

        await self._try(write)

    async def forget(self, name: str) -> None:
        """Forget the secret everywhere."""
        self._memory.pop(name, None)

        def remove() -> str | None:
            import keyring
            import keyring.errors

            try:
                keyring.delete_password(self._service, name)
            except keyring.errors.PasswordDeleteError:
                return None
            return None

        await self._try(remove)

    async def _try(self, work: Callable[[], str | None]) -> str | None:
        if not self.is_lasting:
            return None
        try:
            return await asyncio.wait_for(asyncio.to_thread(work), UNLOCK_DEADLINE_S)
        except Exception as error:
            # Any failure of any back end means the same: this machine keeps no secret for us.
            self.is_lasting = False
            log.info(
                "no usable keyring (%s): the sign-in ends with the program", type(error).__name__
            )
            return None
