"""Why a check is not well, where its usual words would say something untrue. Pure.

The usual words of a check describe its failure. A warning passes the gate, and some failures have
causes that ask for different things; both then have words of their own, here by these names and in
`preflight.verdicts.advice.cause_words` and `desktop.views.cause_words` as texts.
"""

from typing import Final

from preflight.model import CheckResult, CheckState, Measured
from preflight.verdicts.figures import finite

WARNED: Final = "warned"
LOST: Final = "lost"
"""The service is well, as far as answers came: the line loses them."""
SILENT: Final = "silent"
"""No answer came at all."""
UNMUTED: Final = "unmuted"
STAGES: Final = ("dns", "tcp", "tls", "tls_clock")
"""Where N01 may stop (`preflight.probe.reach`)."""
CLOCK: Final = STAGES[-1]


def cause(result: CheckResult) -> str | None:
    """Name the cause of a warning or failure; None where the usual words are right."""
    measured = result.measured
    match result.state:
        case CheckState.WARNED if result.code == "media.reconnect":
            return UNMUTED if measured.get("mute_kept") is False else WARNED
        case CheckState.WARNED:
            return WARNED
        case CheckState.FAILED if result.code == "net.unreachable":
            stage = measured.get("stage")
            return stage if isinstance(stage, str) and stage in STAGES else None
        case CheckState.FAILED if result.code == "net.health":
            return _health(measured)
        case _:
            return None


def _health(measured: Measured) -> str | None:
    """Tell answers that did not come from answers that say that the service is not well."""
    if not finite(measured.get("samples")):
        return SILENT
    return LOST if measured.get("healthy") is True else None
