"""The short look of a return to a running session that was left minutes ago.

Camera and microphone are opened and looked at for a second or so, the service is asked five times.
The room is not tried: the service lets somebody who was in it back without a report, and the call
itself connects a moment later. Where anything is not as it was, a whole preflight follows.
"""

from client_api.clock import Clock
from client_api.tasks import spawn, within
from preflight.model import RunProgress
from preflight.running.runner import PreflightRunner
from preflight.verdicts.gate import GATING

QUICK_SAMPLES = 5
QUICK_WITHIN_S = 8.0
"""Usual are 2 to 3 s; a machine that needs longer gets a whole preflight and its words."""
QUICK_CODES = frozenset(row.code for row in GATING) - {"net.signal", "net.room"} | {
    "net.vpn",
    "net.proxy",
}
"""VPN and proxy hold nothing back; they are parts of the fingerprint."""


def is_proved(progress: RunProgress) -> bool:
    """Say whether every gating check of the short look passes."""
    return all(check.state.lets_pass for check in progress.checks if check.gating)


async def proved_in_time(runner: PreflightRunner, clock: Clock) -> bool:
    """Wait until everything has a verdict, or for so long; say whether it is proved."""
    done = spawn(runner.finished(), name="quick look")
    await within(done, QUICK_WITHIN_S, clock)
    return is_proved(runner.progress)
