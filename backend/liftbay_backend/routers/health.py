"""GET /api/health, which the preflight measures; what a balancer and an operator ask beside it."""

import secrets
import time
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import SecretStr

from liftbay_backend.addresses import is_loopback
from liftbay_backend.clock import wire_time
from liftbay_backend.core import CoreDep
from liftbay_backend.metrics import REGISTRY
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.services.operator_figures import count_what_waits
from liftbay_backend.settings import MIN_CLIENT_VERSION, VERSION

router = APIRouter(tags=["health"])


_BROUGHT: Final = frozenset({"x-forwarded-for", "forwarded", "x-real-ip"})
"""What a proxy adds: its own address may be loopback, and whom it brings may be anybody."""


def _is_operator(request: Request, token: SecretStr | None) -> bool:
    if token is None:
        is_here = request.client is not None and is_loopback(request.client.host)
        return is_here and not _BROUGHT.intersection(request.headers)
    given = request.headers.get("Authorization", "")
    wanted = f"Bearer {token.get_secret_value()}"
    return secrets.compare_digest(given.encode(), wanted.encode())


@router.get("/api/health")
async def health(core: CoreDep, response: Response) -> dict[str, Any]:
    """Answer from memory; the parts are probed in the background. Anyone may ask."""
    begun_ns = time.perf_counter_ns()
    body = {
        "status": core.health.status,
        "server_now": wire_time(core.clock.now()),
        "version": VERSION,
        "min_client_version": MIN_CLIENT_VERSION,
        "allow_synthetic": core.settings.allow_synthetic,
        "checks": core.health.checks,
    }
    took_ms = (time.perf_counter_ns() - begun_ns) / 1e6
    response.headers["Server-Timing"] = f"app;dur={took_ms:.3f}"
    response.headers["Cache-Control"] = "no-store"
    return body


@router.get("/api/ready")
async def ready(request: Request, core: CoreDep) -> dict[str, Any]:
    """Tell a balancer whether to send requests here. Health says how we are, this what to do.

    Raises:
        Problem: SERVER_UNAVAILABLE with `reason` `stopping` or `database`.
    """
    if request.app.state.draining.is_set():
        raise Problem(ErrorCode.SERVER_UNAVAILABLE, "The service stops.", reason="stopping")
    if not core.health.is_ready:
        raise Problem(
            ErrorCode.SERVER_UNAVAILABLE, "The database does not answer.", reason="database"
        )
    return {"status": "ready", "checks": core.health.checks}


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, core: CoreDep) -> Response:
    """Answer the operator in Prometheus' text format: what is owed is nobody else's business.

    Raises:
        Problem: AUTH_REQUIRED without the operator's token, or from elsewhere where none is set.
    """
    if not _is_operator(request, core.settings.metrics_token):
        raise Problem(ErrorCode.AUTH_REQUIRED)
    await count_what_waits(core)
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)
