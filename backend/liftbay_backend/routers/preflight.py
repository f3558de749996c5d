"""The preflight at the service: runs, reports, and two bodies its probes measure with."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from liftbay_backend.auth.limits import address_of
from liftbay_backend.bodies import as_stored
from liftbay_backend.core import CoreDep
from liftbay_backend.domain.ids import RunId, SessionId
from liftbay_backend.idempotency import IdempotencyDep
from liftbay_backend.identity import MECHANIC_COOKIE, Principal, SignedIn, signed_in
from liftbay_backend.live import LiveDep
from liftbay_backend.services.preflight_runs import (
    begin_run,
    judge,
    look_before_report,
    store_report,
)
from liftbay_backend.work import Work

router = APIRouter(tags=["preflight"])

PORTAL_BODY: Final = "liftbay-portal-check\n"
_STRICT = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)
# Unknown fields of a report are kept and ignored: a newer client may know more.
_OPEN = ConfigDict(strict=True, extra="allow", hide_input_in_errors=True)
UuidText = Annotated[UUID, Field(strict=False)]


class BeginBody(BaseModel):
    """Which session it is for, if any, and why the checks run."""

    model_config = _STRICT

    session_id: UuidText | None = None
    trigger: Literal["join", "support", "watch"] = "join"


class ReportContext(BaseModel):
    """Ties the report to its run."""

    model_config = _OPEN

    nonce: str = Field(min_length=1, max_length=200)


class ReportCheck(BaseModel):
    """One check's entry; `measured` is judged, `state` alone is not believed."""

    model_config = _OPEN

    code: str = Field(max_length=60)
    state: str = Field(max_length=20)
    measured: dict[str, Any]


class ReportDevice(BaseModel):
    """A device, and whether it is a real one."""

    model_config = _OPEN

    kind: str = Field(max_length=20)


class ReportDevices(BaseModel):
    """The devices the call would use."""

    model_config = _OPEN

    camera: ReportDevice | None = None
    microphone: ReportDevice | None = None


class ReportApp(BaseModel):
    """Versions of the client's parts."""

    model_config = _OPEN

    liftbay: str = Field(max_length=40)


class ReportBody(BaseModel):
    """A redacted report, schema liftbay.preflight 1.x."""

    model_config = _OPEN

    schema_name: Literal["liftbay.preflight"] = Field(alias="schema")
    schema_version: str = Field(pattern=r"^1\.[0-9]{1,4}$")
    report_id: UuidText
    renews: UuidText | None = None
    app: ReportApp
    context: ReportContext
    checks: list[ReportCheck] = Field(max_length=300)
    devices: ReportDevices


@router.post("/api/preflight", status_code=201)
async def post_preflight(body: BeginBody, request: Request, live: LiveDep) -> dict[str, Any]:
    """Begin a run; callers who are not signed in get a rate-limited probe without a nonce."""
    principal = await _maybe_signed_in(request, live.core)
    session_id = None if body.session_id is None else SessionId(str(body.session_id))
    return (await begin_run(live, principal, session_id)).wire()


@router.post("/api/preflight/{run_id}/report")
async def post_report(
    run_id: Annotated[UUID, Path()],
    body: ReportBody,
    principal: SignedIn,
    live: LiveDep,
    once: IdempotencyDep,
) -> JSONResponse:
    """Store a report, answer with the service's own verdict and the short code it mints."""
    report = as_stored(body)
    verdict = judge(report)
    await look_before_report(live, RunId(str(run_id)))

    async def effect(work: Work) -> dict[str, Any]:
        return await store_report(live.core, work, principal, RunId(str(run_id)), report, verdict)

    return await once.run(effect)


@router.post("/api/preflight/echo")
async def post_echo(request: Request, core: CoreDep) -> Response:
    """Send the body back, for the check of large packets."""
    await core.limits.hit(core.settings.anonymous_limit, "echo", address_of(request))
    return Response(await request.body(), media_type="application/octet-stream")


@router.get("/portal-check")
async def get_portal_check(request: Request, core: CoreDep) -> Response:
    """Answer with a body no captive portal would send."""
    await core.limits.hit(core.settings.anonymous_limit, "portal", address_of(request))
    return Response(PORTAL_BODY, media_type="text/plain")


async def _maybe_signed_in(request: Request, core: CoreDep) -> Principal | None:
    if "authorization" in request.headers or MECHANIC_COOKIE in request.cookies:
        return await signed_in(request, core)
    await core.limits.hit(core.settings.anonymous_limit, "preflight", address_of(request))
    return None
