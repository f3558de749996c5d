"""Tells the service how far this side is, and passes on what it answers of both. Pure."""

from __future__ import annotations

import logging
from collections.abc import Callable

from client_api.api import ServiceApi
from client_api.errors import ClientError
from client_api.listeners import Listeners, Unsubscribe
from client_api.wire import Readiness
from desktop.call.effects import TellReadiness

_log = logging.getLogger(__name__)

ReadinessListener = Callable[[Readiness], None]


class ReadinessVoice:
    """Always true: an answer is not passed on where an event came meanwhile, which may be newer."""

    def __init__(self, service: ServiceApi) -> None:
        self._service = service
        self._listeners = Listeners[Readiness]("how far both sides are")
        self._heard = 0

    def listen(self, listener: ReadinessListener) -> Unsubscribe:
        """Call ``listener`` with each answer."""
        return self._listeners.add(listener)

    def hear(self) -> None:
        """An event about readiness came."""
        self._heard += 1

    async def tell(self, effect: TellReadiness) -> None:
        """Tell it once; the other side only sees us as less far than we are where that fails."""
        heard = self._heard
        try:
            both = await self._service.put_readiness(effect.session, effect.state, rung=effect.rung)
        except ClientError as error:
            _log.info("readiness was not told: %s", error.detail)
            return
        if heard == self._heard:
            self._listeners.tell(both)
