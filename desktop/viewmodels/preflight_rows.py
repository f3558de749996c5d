"""The three gating groups of the preflight page: which check speaks, and what can be done. Pure."""

from collections.abc import Callable

from desktop.viewmodels.command import Command, On
from desktop.viewmodels.preflight_state import DeviceChoices, DeviceRole, GroupRow
from preflight.devices.frames import DeviceId
from preflight.model import CheckResult, CheckState, Group, RunProgress

Choose = Callable[[tuple[DeviceRole, DeviceId]], object]
SettingsOf = Callable[[Group], Command | None]

_PERMISSION_CODES = ("camera.permission", "mic.permission")
_ROLES = {Group.CAMERA: DeviceRole.CAMERA, Group.MICROPHONE: DeviceRole.MICROPHONE}


def group_rows(
    progress: RunProgress,
    devices: DeviceChoices,
    retry: Callable[[Group], object],
    choose: Choose,
    settings_of: SettingsOf,
) -> tuple[GroupRow, ...]:
    """Return one row for each group, with its commands while it fails."""
    return tuple(_row(group, progress, devices, retry, choose, settings_of) for group in Group)


def _row(
    group: Group,
    progress: RunProgress,
    devices: DeviceChoices,
    retry: Callable[[Group], object],
    choose: Choose,
    settings_of: SettingsOf,
) -> GroupRow:
    results = tuple(check for check in progress.checks if check.group is group)
    state = progress.gate.groups.get(group, CheckState.PENDING)
    failed = state is CheckState.FAILED
    speaks = _speaking(results)
    denied = failed and speaks is not None and speaks.code in _PERMISSION_CODES
    open_settings = settings_of(group) if denied else None
    # Access is given to all devices of a kind at once: another one would be refused as well.
    others = failed and open_settings is None
    return GroupRow(
        group=group,
        state=state,
        speaks=speaks,
        results=results,
        retry=On(retry, group) if failed else None,
        choose_other=_other_device(group, devices, choose) if others else None,
        open_settings=open_settings,
    )


def _speaking(results: tuple[CheckResult, ...]) -> CheckResult | None:
    # The row is about the gate: advice does not speak for a group that may pass or fail.
    for wanted in (CheckState.FAILED, CheckState.WARNED):
        for result in results:
            if result.gating and result.state is wanted:
                return result
    return None


def _other_device(group: Group, devices: DeviceChoices, choose: Choose) -> Command | None:
    role = _ROLES.get(group)
    if role is None:
        return None
    choice = devices.of(role)
    ids = [device.id for device in choice.devices]
    others = [each for each in ids if each != choice.chosen]
    if not others:
        return None
    here = ids.index(choice.chosen) if choice.chosen in ids else -1
    return On(choose, (role, ids[(here + 1) % len(ids)]))
