"""Transports to a service that answers as the test says."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from client_api.clock import SystemClock
from client_api.secret import Secret
from client_api.transport import Credential, Transport
from tests.fakes.http_service import HttpService, Reply, http_service


@asynccontextmanager
async def connected(*replies: Reply) -> AsyncGenerator[tuple[HttpService, Transport], None]:
    """A transport to a service that gives these replies."""
    async with http_service(*replies) as service:
        transport = Transport(service.url, SystemClock())
        try:
            yield service, transport
        finally:
            await transport.close()


class Renewing:
    """An authority with a token that can be renewed ``renewals`` times."""

    def __init__(self, renewals: int = 1) -> None:
        self.renewals = renewals
        self.generation = 1

    async def credential(self) -> Credential:
        """What signs the next request."""
        return Credential(self.generation, Secret(f"token-{self.generation}"))

    async def renew(self, used: Credential) -> bool:
        """Renew the token, once for all who used the same."""
        if used.generation == self.generation:
            if not self.renewals:
                return False
            self.renewals -= 1
            self.generation += 1
        return True
