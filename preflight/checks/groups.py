"""The checks by group, in the order of the catalogue, as the runner takes them.

``…_CHECKS`` hold Join back, ``…_ADVICE`` does not.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from preflight.check import Check
from preflight.checks.bench import Bench
from preflight.checks.camera_backlit import camera_backlit
from preflight.checks.camera_bench import CameraBench
from preflight.checks.camera_black import camera_black
from preflight.checks.camera_blurred import camera_blurred
from preflight.checks.camera_busy import camera_busy
from preflight.checks.camera_changed import camera_changed
from preflight.checks.camera_covered import camera_covered
from preflight.checks.camera_drops import camera_drops
from preflight.checks.camera_flicker import camera_flicker
from preflight.checks.camera_fps_low import camera_fps_low
from preflight.checks.camera_frozen import camera_frozen
from preflight.checks.camera_hazy import camera_hazy
from preflight.checks.camera_infrared import camera_infrared
from preflight.checks.camera_low_light import camera_low_light
from preflight.checks.camera_no_frames import camera_no_frames
from preflight.checks.camera_none import camera_none
from preflight.checks.camera_open_failed import camera_open_failed
from preflight.checks.camera_overexposed import camera_overexposed
from preflight.checks.camera_permission import camera_permission
from preflight.checks.camera_resolution import camera_resolution
from preflight.checks.camera_unplugged import camera_unplugged
from preflight.checks.camera_virtual import camera_virtual
from preflight.checks.media import media_checks
from preflight.checks.media_bench import MediaBench
from preflight.checks.mic_busy import mic_busy
from preflight.checks.mic_no_data import mic_no_data
from preflight.checks.mic_none import mic_none
from preflight.checks.mic_open_failed import mic_open_failed
from preflight.checks.mic_permission import mic_permission
from preflight.checks.mic_silent import mic_silent
from preflight.checks.mic_unplugged import mic_unplugged
from preflight.checks.microphone_bench import MicrophoneBench
from preflight.checks.net_busy import net_busy
from preflight.checks.net_captive_portal import net_captive_portal
from preflight.checks.net_changed import net_changed
from preflight.checks.net_health import net_health
from preflight.checks.net_ipv6 import net_ipv6
from preflight.checks.net_jitter_high import net_jitter_high
from preflight.checks.net_metered import net_metered
from preflight.checks.net_mtu import net_mtu
from preflight.checks.net_proxy import net_proxy
from preflight.checks.net_room import net_room
from preflight.checks.net_rtt_high import net_rtt_high
from preflight.checks.net_server_slow import net_server_slow
from preflight.checks.net_signal import net_signal
from preflight.checks.net_tls_intercepted import net_tls_intercepted
from preflight.checks.net_unreachable import net_unreachable
from preflight.checks.net_vpn import net_vpn
from preflight.checks.net_wifi_weak import net_wifi_weak
from preflight.checks.network_bench import NetworkBench
from preflight.model import Group

CAMERA_CHECKS = (
    camera_none,
    camera_permission,
    camera_busy,
    camera_open_failed,
    camera_no_frames,
    camera_frozen,
    camera_black,
    camera_fps_low,
    camera_unplugged,
)
CAMERA_ADVICE = (
    camera_covered,
    camera_low_light,
    camera_overexposed,
    camera_backlit,
    camera_blurred,
    camera_hazy,
    camera_flicker,
    camera_resolution,
    camera_drops,
    camera_infrared,
    camera_virtual,
    camera_changed,
)
MICROPHONE_CHECKS = (
    mic_none,
    mic_permission,
    mic_busy,
    mic_open_failed,
    mic_no_data,
    mic_silent,
    mic_unplugged,
)
NETWORK_CHECKS = (
    net_unreachable,
    net_health,
    net_rtt_high,
    net_signal,
    net_room,
    net_changed,
)
NETWORK_ADVICE = (
    net_jitter_high,
    net_server_slow,
    net_captive_portal,
    net_proxy,
    net_tls_intercepted,
    net_vpn,
    net_ipv6,
    net_mtu,
    net_metered,
    net_wifi_weak,
    net_busy,
)

DEVICE_RETRY_S = 2.0
NETWORK_RETRY_S = 5.0
RTT_EVERY_S = 15.0


@dataclass(frozen=True, slots=True)
class DeviceGroup:
    """The camera's or the microphone's checks over their bench."""

    group: Group
    bench: Bench[Any]
    checks: Sequence[Check]
    retry_every_s: float = DEVICE_RETRY_S
    refresh: tuple[Collection[str], float] | None = None

    async def begin(self) -> None:
        await self.bench.begin()

    def usable(self) -> bool:
        return self.bench.present

    def must_restart(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class NetworkGroup:
    """The network's checks over their bench."""

    bench: NetworkBench
    checks: Sequence[Check]
    rtt_every_s: float
    line_is_full: Callable[[], bool]
    group: Group = Group.NETWORK
    retry_every_s: float = NETWORK_RETRY_S

    @property
    def refresh(self) -> tuple[Collection[str], float] | None:
        # Round trips beside a trial call would tell of that call.
        return None if self.line_is_full() else (("net.rtt_high",), self.rtt_every_s)

    async def begin(self) -> None:
        await self.bench.begin()

    def usable(self) -> bool:
        return True

    def must_restart(self) -> bool:
        return self.bench.changed


@dataclass(frozen=True, slots=True)
class MediaGroup:
    """The checks of the media path over one trial call."""

    bench: MediaBench
    checks: Sequence[Check]
    group: Group = Group.MEDIA
    retry_every_s: float = NETWORK_RETRY_S
    refresh: tuple[Collection[str], float] | None = None

    async def begin(self) -> None:
        await self.bench.begin()

    def usable(self) -> bool:
        return True

    def must_restart(self) -> bool:
        return self.bench.outdated


def camera_group(bench: CameraBench) -> DeviceGroup:
    """Return the camera's group."""
    checks = tuple(make(bench) for make in (*CAMERA_CHECKS, *CAMERA_ADVICE))
    return DeviceGroup(Group.CAMERA, bench, checks)


def microphone_group(bench: MicrophoneBench) -> DeviceGroup:
    """Return the microphone's group."""
    return DeviceGroup(Group.MICROPHONE, bench, tuple(make(bench) for make in MICROPHONE_CHECKS))


def network_group(
    bench: NetworkBench, rtt_every_s: float, line_is_full: Callable[[], bool]
) -> NetworkGroup:
    """Return the network's group.

    Args:
        line_is_full: whether something of ours uses all of the line just now.
    """
    checks = tuple(make(bench) for make in (*NETWORK_CHECKS, *NETWORK_ADVICE))
    return NetworkGroup(bench, checks, rtt_every_s, line_is_full)


def media_group(bench: MediaBench) -> MediaGroup:
    """Return the group of the media path."""
    return MediaGroup(bench, media_checks(bench))
