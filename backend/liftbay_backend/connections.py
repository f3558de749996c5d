"""The connection under an HTTP answer, for a reader that must not be waited for.

A polite close sends what is buffered first; to somebody who does not read, that takes for ever and
keeps socket and buffer. ASGI has no word for cutting a connection off, so the app notes uvicorn's
transport while it can still see it, before any middleware wraps the way there.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

_ABORT: Final = "liftbay.abort"
DEADLINE_SECONDS: Final = 5


class Service(FastAPI):
    """The app; remembers in the scope how to cut a connection off, where its server lets us."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http":
            transport: Any = getattr(getattr(send, "__self__", None), "transport", None)
            scope[_ABORT] = getattr(transport, "abort", None)
        await super().__call__(scope, receive, send)


async def cut_off(scope: Scope, receive: Receive) -> bool:
    """End a connection at once, with whatever is buffered for it; returns when it is gone.

    Returns:
        Whether it was possible.
    """
    abort: Callable[[], None] | None = scope.get(_ABORT)
    if abort is None:
        return False
    abort()
    async with asyncio.timeout(DEADLINE_SECONDS):
        while (await receive())["type"] != "http.disconnect":
            pass
    return True
