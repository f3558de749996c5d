"""What a run leaves for the next one: its fingerprint by parts, its trial call, what may be sent.

A file of its own beside the machine's; hashes and figures only. Losing it costs a longer run.
"""

import contextlib
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec

from preflight.model import MeasuredValue
from preflight.verdicts.recommendation import Recommendation
from preflight.whole_file import write_whole

FILE_NAME = "preflight-kept.json"
_log = logging.getLogger(__name__)


class KeptTrial(msgspec.Struct, frozen=True):
    """A trial call, and what it was made over.

    Attributes:
        at: when it was measured, by the wall clock.
        rtt_median_ms: of N03 in that run.
        parts: of that run's fingerprint.
        outcomes: figures of the steps after the ramp, by `preflight.checks.media.steps.Step`.
    """

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    rtt_median_ms: float | None
    parts: Mapping[str, str]
    measured: Mapping[str, MeasuredValue]
    series: Mapping[str, Sequence[float | None]] = {}
    outcomes: Mapping[str, Mapping[str, MeasuredValue]] = {}


class KeptRun(msgspec.Struct, frozen=True):
    """The last run that passed.

    Attributes:
        parts: of its fingerprint, at its end.
        limits: what its call was allowed to send.
    """

    parts: Mapping[str, str]
    trial: KeptTrial | None = None
    limits: Recommendation | None = None


def load_kept(folder: Path | None) -> KeptRun | None:
    """Read it; None without one, or where it cannot be understood. May block."""
    if folder is None:
        return None
    with contextlib.suppress(OSError, ValueError):
        return msgspec.json.decode((folder / FILE_NAME).read_bytes(), type=KeptRun)
    return None


def save_kept(folder: Path | None, run: KeptRun) -> None:
    """Replace the file, readable by this user alone; a full disk costs a longer run. May block."""
    if folder is None:
        return
    try:
        write_whole(folder / FILE_NAME, msgspec.json.encode(run))
    except OSError as full:
        _log.info("the run could not be kept: %s", type(full).__name__)
