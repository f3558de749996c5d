"""What a program can do about a check that is not well: another device, or a page of the system.

The remedy in words is in the views; here is the button beside it. What no program can do is told
by code as well, with the reason, so that nothing is left out unseen. Pure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from desktop.viewmodels.command import Command, On
from desktop.viewmodels.preflight_desk import DeviceChoices, DeviceRole
from preflight.devices.frames import DeviceId
from preflight.model import CheckResult, Group
from preflight.support.verdict import LOGIN_PAGE
from preflight.system.settings_pages import SettingsPage
from preflight.verdicts.causes import CLOCK, cause

Choose = Callable[[tuple[DeviceRole, DeviceId]], object]
SettingsOf = Callable[[SettingsPage], Command | None]

ASKED = ("speaker.not_heard", "mic.replay", "camera.orientation")
"""Measured by asking the person: there is nothing to measure again."""

PAGES: Final[Mapping[str, SettingsPage]] = {
    "camera.permission": SettingsPage.CAMERA,
    "mic.permission": SettingsPage.MICROPHONE,
    "screen.permission": SettingsPage.SCREEN,
    LOGIN_PAGE: SettingsPage.LOGIN,
    "mic.muted": SettingsPage.SOUND_IN,
    "mic.level_low": SettingsPage.SOUND_IN,
    "mic.clipping": SettingsPage.SOUND_IN,
    "mic.rate_wrong": SettingsPage.SOUND_FORMAT,
    "speaker.muted": SettingsPage.SOUND_OUT,
    "speaker.loop": SettingsPage.SOUND_OUT,
    "net.unreachable": SettingsPage.NETWORK,
    "net.signal": SettingsPage.NETWORK,
    "net.room": SettingsPage.NETWORK,
    "net.vpn": SettingsPage.VPN,
    "net.mtu": SettingsPage.VPN,
    "net.busy": SettingsPage.PROGRAMS,
    "media.bandwidth_limited": SettingsPage.PROGRAMS,
    "media.video_stuck": SettingsPage.NETWORK,
    "host.cpu_encode": SettingsPage.PROGRAMS,
    "host.cpu_busy": SettingsPage.PROGRAMS,
    "host.memory": SettingsPage.PROGRAMS,
    "host.disk": SettingsPage.STORAGE,
    "host.sleep": SettingsPage.SLEEP,
    "host.power_saver": SettingsPage.ENERGY_SAVING,
    "host.clock_skew": SettingsPage.DATE_TIME,
}
"""Where what a check found can be put right."""
_PAGES_BY_CAUSE: Final[Mapping[tuple[str, str], SettingsPage]] = {
    ("net.unreachable", CLOCK): SettingsPage.DATE_TIME,
}

_ACCESS = (SettingsPage.CAMERA, SettingsPage.MICROPHONE, SettingsPage.SCREEN)
_ROLES = {
    Group.CAMERA: DeviceRole.CAMERA,
    Group.MICROPHONE: DeviceRole.MICROPHONE,
    Group.SPEAKER: DeviceRole.SPEAKER,
}
_OTHER_ROLES: Final[Mapping[str, DeviceRole]] = {
    "media.mic_roundtrip": DeviceRole.MICROPHONE,
    "media.camera_roundtrip": DeviceRole.CAMERA,
    # A headset plays in telephone quality for as long as its microphone is used.
    "speaker.headset_mode": DeviceRole.MICROPHONE,
}
"""Where another device helps that is not one of the check's own group."""

_HANDS = "only hands can do it: plug, carry, cover, switch on, let cool"
_PLACE = "only another place or a cable helps, or a router that is not ours"
_THEIRS = "whoever runs the network or the machine decides it"
_NOTHING = "there is nothing to do: the call does it by itself, or it is only to be known"
_SERVICE = "Liftbay has to put it right, or the clock does"
_ACCOUNT = "the entrance, which asks before any device is opened, leads there"

NO_PROGRAM: Final[Mapping[str, str]] = {
    "camera.none": _HANDS,
    "mic.none": _HANDS,
    "speaker.none": _HANDS,
    "screen.black": "a protected video is closed where it plays",
    "host.battery": _HANDS,
    "host.thermal": _HANDS,
    "host.outdated": "a program does not know how it was installed, nor from where the next one is",
    "net.health": _SERVICE,
    "net.server_slow": _SERVICE,
    "session.too_early": _SERVICE,
    "session.report_stale": _SERVICE,
    "net.changed": _NOTHING,
    "net.ipv6": _NOTHING,
    "net.metered": _NOTHING,
    "media.uplink_low": _NOTHING,
    "media.downlink_low": _NOTHING,
    "media.ramp_slow": _NOTHING,
    "media.rtt_high": _NOTHING,
    "media.delay": _NOTHING,
    "media.protocol_choice": _THEIRS,
    "net.rtt_high": _PLACE,
    "net.jitter_high": _PLACE,
    "net.wifi_weak": _PLACE,
    "media.loss": _PLACE,
    "media.loss_burst": _PLACE,
    "media.reorder": _PLACE,
    "media.jitter": _PLACE,
    "media.mos": _PLACE,
    "media.server_quality": _PLACE,
    "media.reconnect": _PLACE,
    "net.proxy": _THEIRS,
    "net.tls_intercepted": _THEIRS,
    "media.udp_blocked": _THEIRS,
    "media.tcp_blocked": _THEIRS,
    "media.relay_blocked": _THEIRS,
    "media.turn_tls_blocked": _THEIRS,
    "account.signed_in": _ACCOUNT,
    "session.not_yours": _ACCOUNT,
    "session.ended": _ACCOUNT,
    "session.other_device": "joining here does it, as the page says",
    "session.other_side": "the other side has to come",
}
"""Why there is no button but *Try again*."""


@dataclass(frozen=True, slots=True)
class Fix:
    """What a program can do about a check now.

    Attributes:
        page: what can be put right on the page that ``open_settings`` opens.
        open_settings: None where this system has no such page.
        role: of which devices ``choose_other`` takes the next one.
        choose_other: None where there is no other, or where another one would be no better.
    """

    page: SettingsPage | None = None
    open_settings: Command | None = None
    role: DeviceRole | None = None
    choose_other: Command | None = None


NO_FIX = Fix()


def fix_of(
    group: Group,
    check: CheckResult | None,
    devices: DeviceChoices,
    choose: Choose,
    settings_of: SettingsOf,
) -> Fix:
    """Return what a program can do about a check that is not well; None: no one check speaks."""
    code = "" if check is None else check.code
    of_cause = None if check is None else _PAGES_BY_CAUSE.get((code, cause(check) or ""))
    page = of_cause or PAGES.get(code)
    open_settings = None if page is None else settings_of(page)
    # Access is given to all devices of a kind at once: another one would be refused as well.
    denied = page in _ACCESS and open_settings is not None
    role = None if denied else _OTHER_ROLES.get(code, _ROLES.get(group))
    other = None if role is None else _other_device(role, devices, choose)
    return Fix(
        page=page if open_settings is not None else None,
        open_settings=open_settings,
        role=role if other is not None else None,
        choose_other=other,
    )


def _other_device(role: DeviceRole, devices: DeviceChoices, choose: Choose) -> Command | None:
    choice = devices.of(role)
    ids = [device.id for device in choice.devices]
    others = [each for each in ids if each != choice.chosen]
    if not others:
        return None
    here = ids.index(choice.chosen) if choice.chosen in ids else -1
    return On(choose, (role, ids[(here + 1) % len(ids)]))
