"""The loudspeaker's checks in the order of the catalogue; none of them holds Join back."""

from preflight.checks.check_group import CheckGroup
from preflight.checks.device_group import DEVICE_RETRY_S
from preflight.checks.speaker.bench import SpeakerBench
from preflight.checks.speaker.changed import speaker_changed
from preflight.checks.speaker.headset_mode import speaker_headset_mode
from preflight.checks.speaker.loop import speaker_delay, speaker_loop
from preflight.checks.speaker.muted import speaker_muted
from preflight.checks.speaker.none import speaker_none
from preflight.checks.speaker.not_heard import speaker_not_heard
from preflight.checks.speaker.open_failed import speaker_open_failed
from preflight.model import Group

_CHECKS = (
    speaker_none,
    speaker_muted,
    speaker_open_failed,
    speaker_not_heard,
    speaker_loop,
    speaker_delay,
    speaker_headset_mode,
    speaker_changed,
)


def speaker_group(bench: SpeakerBench) -> CheckGroup:
    """Return the loudspeaker's group."""
    checks = tuple(make(bench) for make in _CHECKS)
    return CheckGroup(Group.SPEAKER, checks, bench.begin, DEVICE_RETRY_S)
