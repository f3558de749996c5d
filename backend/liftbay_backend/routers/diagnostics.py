"""Diagnostic runs: anybody may send one, support reads it by its short code."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from liftbay_backend.access import Support
from liftbay_backend.bodies import as_stored
from liftbay_backend.core import CoreDep
from liftbay_backend.services.diagnostics import REPORT_BYTES, find_report, keep_diagnostic

router = APIRouter(tags=["preflight"])
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
    address = request.client.host if request.client is not None else "unknown"
    core.limits.hit(core.settings.anonymous_limit, "diagnostics", address)
    report = as_stored(body, at_most_bytes=REPORT_BYTES)
    return JSONResponse(await keep_diagnostic(core, report), status_code=201)


@router.get("/api/diagnostics/{code}")
async def get_diagnostic(
    code: Annotated[str, Path(max_length=40)], _support: Support, core: CoreDep
) -> dict[str, Any]:
    """Show support a report by its code, however it was typed, beside earlier ones."""
    return await find_report(core, code)
