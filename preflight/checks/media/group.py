"""The checks of the media path."""

from preflight.checks.check_group import CheckGroup
from preflight.checks.media.bench import MediaBench
from preflight.checks.media.camera_roundtrip import media_camera_roundtrip
from preflight.checks.media.delay import media_delay
from preflight.checks.media.mic_roundtrip import media_mic_roundtrip
from preflight.checks.media.path import media_checks
from preflight.checks.media.protocol_choice import media_protocol_choice
from preflight.checks.media.reconnect import media_reconnect
from preflight.checks.media.relay_blocked import media_relay_blocked
from preflight.checks.media.server_quality import media_server_quality
from preflight.checks.media.tcp_blocked import media_tcp_blocked
from preflight.checks.media.turn_tls_blocked import media_turn_tls_blocked
from preflight.checks.media.udp_blocked import media_udp_blocked
from preflight.model import Group


def media_group(bench: MediaBench) -> CheckGroup:
    """Return the group of the media path."""
    return CheckGroup(
        Group.MEDIA,
        (
            *media_checks(bench),
            media_mic_roundtrip(bench),
            media_camera_roundtrip(bench),
            media_delay(bench),
            media_server_quality(bench),
            media_udp_blocked(bench),
            media_tcp_blocked(bench),
            media_relay_blocked(bench),
            media_turn_tls_blocked(bench),
            media_reconnect(bench),
            media_protocol_choice(bench),
        ),
        bench.begin,
        must_restart=lambda: bench.outdated,
        late_after_s=bench.late_after_s,
    )
