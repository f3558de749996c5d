"""Values that must never be printed, and the port where they rest between two starts.

Owns `Secret`, the `SecretStore` port and the in-memory store. The keyring adapter belongs to
`desktop.app`, because which store is right depends on the machine.
"""

from __future__ import annotations

import hmac
from typing import Protocol


class Secret:
    """A token, cookie or password. Printing, formatting and logging it shows stars.

    Equality is compared in constant time. There is exactly one way to the value: `reveal()`,
    so that every use can be found by searching for that word.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the plain value. Only for the line that sends or stores it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret('***')"

    __str__ = __repr__

    def __format__(self, format_spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a Secret is not pickled: it would leave the process in plain text")


class SecretStore(Protocol):
    """Keeps a few short secrets (at most 1,280 characters) for one profile.

    Only refresh tokens belong here. Both methods may take seconds (an unlock dialog), so an
    adapter runs its library in a thread.
    """

    async def load(self, name: str) -> Secret | None:
        """Return what was saved under ``name``, or None. A store that fails answers None."""

    async def save(self, name: str, secret: Secret) -> None:
        """Keep ``secret``; it replaces an older one. A store that fails stays silent."""

    async def forget(self, name: str) -> None:
        """Remove ``name``. Removing what is not there is fine."""
