"""Every check there is, by code: the gating ones and the advisory ones, and their verdicts.

Pure. A code never changes its meaning and is never used again for another fault.
"""

from collections.abc import Mapping

from preflight.model import CheckState, Measured
from preflight.verdicts.advice import (
    account,
    camera,
    host,
    media,
    microphone,
    network,
    screen,
    speaker,
)
from preflight.verdicts.gate import GATING
from preflight.verdicts.rules import CheckRow, judge_row

CATALOGUE: tuple[CheckRow, ...] = (
    *GATING,
    *camera.ROWS,
    *microphone.ROWS,
    *speaker.ROWS,
    *screen.ROWS,
    *network.ROWS,
    *media.ROWS,
    *host.ROWS,
    *account.ROWS,
)
BY_CODE: Mapping[str, CheckRow] = {row.code: row for row in CATALOGUE}


def judge(code: str, measured: Measured) -> CheckState:
    """Turn a check's figures into passed, warned, failed or, for an advisory check, unknown.

    Raises:
        KeyError: there is no such check.
    """
    return judge_row(BY_CODE[code], measured)
