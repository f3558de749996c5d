"""Diagnostic runs: anybody may send one, support reads it by its short code, and its bundle."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from liftbay_backend.access import SignedIn, Support
from liftbay_backend.auth.limits import address_of
from liftbay_backend.bodies import as_stored
from liftbay_backend.core import CoreDep
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.services.bundles import find_bundle, keep_bundle
from liftbay_backend.services.diagnostics import REPORT_BYTES, find_report, keep_diagnostic

router = APIRouter(tags=["preflight"])
BUNDLE_TYPE: Final = "application/zip"
CodePath = Annotated[str, Path(max_length=40)]
# Unknown fields of a report are kept and ignored: a newer client may know more.
_OPEN = ConfigDict(strict=True, extra="allow", hide_input_in_errors=True)


class DiagnosticGate(BaseModel):
    """What the client itself found; shown to support, believed by nobody."""

    model_config = _OPEN

    passed: bool
    blocking: list[Annotated[str, Field(max_length=60)]] = Field(max_length=300)


class DiagnosticCheck(BaseModel):
    """One check's entry."""

    model_config = _OPEN

    code: str = Field(max_length=60)
    state: str = Field(max_length=20)
    measured: dict[str, Any]


class DiagnosticBody(BaseModel):
    """A redacted report, schema liftbay.preflight 1.x."""

    model_config = _OPEN

    schema_name: Literal["liftbay.preflight"] = Field(alias="schema")
    schema_version: str = Field(pattern=r"^1\.[0-9]{1,4}$")
    machine_id: str = Field(pattern=r"^[0-9a-fA-F-]{36}$")
    gate: DiagnosticGate
    checks: list[DiagnosticCheck] = Field(max_length=300)


@router.post("/api/diagnostics", status_code=201)
async def post_diagnostic(body: DiagnosticBody, request: Request, core: CoreDep) -> JSONResponse:
    """Keep a redacted report for 30 days; answers with the code to read over the phone."""
    await core.limits.hit(core.settings.diagnostics_limit, "diagnostics", address_of(request))
    report = as_stored(body, at_most_bytes=REPORT_BYTES)
    return JSONResponse(await keep_diagnostic(core, report), status_code=201)


@router.get("/api/diagnostics/{code}")
async def get_diagnostic(code: CodePath, _support: Support, core: CoreDep) -> dict[str, Any]:
    """Show support a report by its code, however it was typed, beside earlier ones."""
    return await find_report(core, code)


@router.put("/api/diagnostics/{code}/bundle")
async def put_bundle(code: CodePath, principal: SignedIn, request: Request, core: CoreDep) -> Any:
    """Keep the bundle of a report for support; it is checked as a whole before."""
    await core.limits.hit(core.settings.anonymous_limit, "bundles", address_of(request))
    await core.limits.hit(core.settings.anonymous_limit, "bundles", principal.account)
    sent_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent_type != BUNDLE_TYPE:
        raise Problem(ErrorCode.HTTP_UNSUPPORTED_TYPE, f"A bundle is {BUNDLE_TYPE}.")
    return await keep_bundle(core, principal, code, await request.body())


@router.get("/api/diagnostics/{code}/bundle")
async def get_bundle(code: CodePath, support: Support, core: CoreDep) -> Response:
    """Give support the bundle of a report, to be saved and never shown in place."""
    found = await find_bundle(core, support, code)
    headers = {
        "ETag": f'"{found.sha256}"',
        "Content-Disposition": f'attachment; filename="liftbay-{found.code}.zip"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
    return Response(found.content, media_type=BUNDLE_TYPE, headers=headers)
