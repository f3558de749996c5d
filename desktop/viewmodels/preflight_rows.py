"""The groups of the preflight page: which check speaks, and what can be done. Pure.

The gating groups always have a row; another one has a row while it has something to advise.
"""

from collections.abc import Callable

from desktop.viewmodels.command import Command, On
from desktop.viewmodels.preflight_state import DeviceChoices, DeviceRole, GroupRow
from preflight.devices.frames import DeviceId
from preflight.model import GATING_GROUPS, CheckResult, CheckState, Group, RunProgress

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
    """Return the rows, with their commands while something is wrong."""
    rows = [_row(group, progress, devices, retry, choose, settings_of) for group in Group]
    return tuple(row for row in rows if row.group in GATING_GROUPS or row.speaks is not None)


def _row(
    group: Group,
    progress: RunProgress,
    devices: DeviceChoices,
    retry: Callable[[Group], object],
    choose: Choose,
    settings_of: SettingsOf,
) -> GroupRow:
    results = tuple(check for check in progress.checks if check.group is group)
    gates = group in GATING_GROUPS
    state = progress.gate.groups.get(group, CheckState.PENDING if gates else CheckState.PASSED)
    failed = state is CheckState.FAILED
    speaks = _speaking(results)
    if speaks is not None and not speaks.gating:
        # Advice never holds Join back, and while the gate is at work it would only be in the way.
        if state in (CheckState.PASSED, CheckState.WARNED):
            state = CheckState.WARNED
        else:
            speaks = None
    advised = speaks is not None and not speaks.gating
    denied = failed and speaks is not None and speaks.code in _PERMISSION_CODES
    open_settings = settings_of(group) if denied else None
    # Access is given to all devices of a kind at once: another one would be refused as well.
    others = (failed or advised) and open_settings is None
    return GroupRow(
        group=group,
        state=state,
        speaks=speaks,
        results=results,
        retry=On(retry, group) if failed or (advised and gates) else None,
        choose_other=_other_device(group, devices, choose) if others else None,
        open_settings=open_settings,
    )


def _speaking(results: tuple[CheckResult, ...]) -> CheckResult | None:
    for gating in (True, False):
        for wanted in (CheckState.FAILED, CheckState.WARNED):
            for result in results:
                if result.gating is gating and result.state is wanted:
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
