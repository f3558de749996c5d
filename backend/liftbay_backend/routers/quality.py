"""Samples of a call's quality: participants post them, support reads them."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from liftbay_backend.access import Participant, SessionSupport
from liftbay_backend.bodies import HIGHEST_ID, as_stored
from liftbay_backend.core import CoreDep
from liftbay_backend.idempotency import IdempotencyDep
from liftbay_backend.live import LiveDep
from liftbay_backend.services.pace import BATCHES, keep_pace
from liftbay_backend.services.quality import keep_samples, list_samples
from liftbay_backend.work import Work

router = APIRouter(prefix="/api/sessions/{session_id}", tags=["quality"])

BATCH_SAMPLES: Final = 120
SAMPLE_BYTES: Final = 2048
"""Eight times what ours takes. A newer client may measure more, but nobody sends a file here."""
Share = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Figure = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class SampleBody(BaseModel):
    """One sample of the call's quality; a figure that could not be measured is null."""

    model_config = ConfigDict(strict=True, extra="allow", hide_input_in_errors=True)

    at: Annotated[AwareDatetime, Field(strict=False)]
    rtt_ms: Figure | None = None
    loss_up_percent: Share | None = None
    loss_down_percent: Share | None = None
    jitter_ms: Figure | None = None
    up_kbps: Figure | None = None
    down_kbps: Figure | None = None
    fps_sent: Figure | None = None
    fps_received: Figure | None = None
    width: int | None = Field(default=None, ge=0)
    height: int | None = Field(default=None, ge=0)
    freezes: int | None = Field(default=None, ge=0)


class QualityBody(BaseModel):
    """A batch of samples of one call attempt."""

    model_config = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)

    attempt: Annotated[UUID, Field(strict=False)]
    samples: list[SampleBody] = Field(max_length=BATCH_SAMPLES)


@router.post("/quality", status_code=202)
async def post_quality(
    body: QualityBody, access: Participant, live: LiveDep, once: IdempotencyDep
) -> JSONResponse:
    """Keep a batch of samples; the post is a sign of life."""
    await keep_pace(live.core, access, BATCHES, "quality")
    samples = [as_stored(sample, at_most_bytes=SAMPLE_BYTES) for sample in body.samples]
    live.watch.sign_of_life(access.session_id, access.participant)

    async def effect(work: Work) -> None:
        await keep_samples(work, live.core.settings, access, str(body.attempt), samples)

    return await once.run_known({"accepted": len(samples)}, effect, status=202)


@router.get("/quality")
async def get_quality(
    access: SessionSupport,
    core: CoreDep,
    before: Annotated[int | None, Query(ge=1, le=HIGHEST_ID)] = None,
) -> dict[str, Any]:
    """Show both sides' samples to support, 5,000 at a time, the newest first."""
    return await list_samples(core, access, before)
