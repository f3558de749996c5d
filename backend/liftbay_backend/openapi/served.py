"""GET /openapi.json: made when somebody first asks, beside the requests of running sessions."""

import asyncio
import json
from typing import Any, Final

from fastapi import FastAPI, Request, Response

PATH: Final = "/openapi.json"


def install_openapi(app: FastAPI) -> None:
    """Let the app describe itself by our document instead of the framework's.

    Shapes and document are loaded with the first question: a start does not pay for them, and a
    service that nobody asks never does. They are made in a thread, since a quarter second would
    hold up every clock and stream.
    """
    made: list[bytes] = []

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            from liftbay_backend.openapi.document import describe

            app.openapi_schema = describe(app)
        return app.openapi_schema

    def text() -> bytes:
        return json.dumps(described(), ensure_ascii=False, separators=(",", ":")).encode()

    async def serve(_request: Request) -> Response:
        if not made:
            made.append(await asyncio.to_thread(text))
        return Response(made[0], media_type="application/json")

    app.openapi = described  # type: ignore[method-assign]  # the framework's own way to replace it
    app.add_route(PATH, serve, include_in_schema=False)
