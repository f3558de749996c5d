"""Stores of the client that hold what they are given in memory."""

from collections.abc import Mapping

from client_api.secret import Secret


class MemorySecretStore:
    """A `SecretStore` that holds secrets until the test ends."""

    def __init__(self) -> None:
        self._secrets: dict[str, Secret] = {}

    async def load(self, name: str) -> Secret | None:
        return self._secrets.get(name)

    async def save(self, name: str, secret: Secret) -> None:
        self._secrets[name] = secret

    async def forget(self, name: str) -> None:
        self._secrets.pop(name, None)


class MemoryDraftStore:
    """A `DraftStore` that keeps the draft until the test ends."""

    def __init__(self) -> None:
        self._draft: dict[str, str] = {}

    def load(self) -> Mapping[str, str]:
        """Return the kept draft."""
        return dict(self._draft)

    def save(self, draft: Mapping[str, str]) -> None:
        """Keep a draft."""
        self._draft = dict(draft)
