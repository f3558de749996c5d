"""The microphone's checks in the order of the catalogue; the advisory ones never hold Join back."""

from preflight.checks.check_group import CheckGroup
from preflight.checks.device_group import device_group
from preflight.checks.microphone.antiphase import mic_antiphase
from preflight.checks.microphone.bench import MicrophoneBench
from preflight.checks.microphone.busy import mic_busy
from preflight.checks.microphone.channel_dead import mic_channel_dead
from preflight.checks.microphone.clipping import mic_clipping
from preflight.checks.microphone.dc_offset import mic_dc_offset
from preflight.checks.microphone.default_changed import mic_default_changed
from preflight.checks.microphone.dropouts import mic_dropouts
from preflight.checks.microphone.hum import mic_hum
from preflight.checks.microphone.level_low import mic_level_low
from preflight.checks.microphone.muted import mic_muted
from preflight.checks.microphone.narrowband import mic_narrowband
from preflight.checks.microphone.no_data import mic_no_data
from preflight.checks.microphone.no_voice import mic_no_voice
from preflight.checks.microphone.noise_high import mic_noise_high
from preflight.checks.microphone.none import mic_none
from preflight.checks.microphone.open_failed import mic_open_failed
from preflight.checks.microphone.permission import mic_permission
from preflight.checks.microphone.rate_wrong import mic_rate_wrong
from preflight.checks.microphone.replay import mic_replay
from preflight.checks.microphone.silent import mic_silent
from preflight.checks.microphone.unplugged import mic_unplugged
from preflight.checks.microphone.virtual import mic_virtual
from preflight.model import Group

_GATING = (
    mic_none,
    mic_permission,
    mic_busy,
    mic_open_failed,
    mic_no_data,
    mic_silent,
    mic_unplugged,
)
_ADVICE = (
    mic_muted,
    mic_level_low,
    mic_no_voice,
    mic_clipping,
    mic_noise_high,
    mic_hum,
    mic_dc_offset,
    mic_dropouts,
    mic_rate_wrong,
    mic_narrowband,
    mic_channel_dead,
    mic_antiphase,
    mic_default_changed,
    mic_replay,
    mic_virtual,
)


def microphone_group(bench: MicrophoneBench) -> CheckGroup:
    """Return the microphone's group."""
    return device_group(
        Group.MICROPHONE, bench, tuple(make(bench) for make in (*_GATING, *_ADVICE))
    )
