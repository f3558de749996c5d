"""The groups of the preflight page: which check speaks, and what can be done. Pure.

The gating groups always have a row; another one has a row while it has something to advise.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from desktop.viewmodels.command import Command, On
from desktop.viewmodels.preflight_desk import DeviceChoices, DeviceRole
from desktop.viewmodels.preflight_state import GroupRow
from preflight.devices.frames import DeviceId
from preflight.model import GATING_GROUPS, CheckResult, CheckState, Group, RunProgress
from preflight.support.verdict import NOT_SIGNED_IN

Choose = Callable[[tuple[DeviceRole, DeviceId]], object]
SettingsOf = Callable[[Group], Command | None]

ASKED = ("speaker.not_heard", "mic.replay", "camera.orientation")
"""Measured by asking the person: there is nothing to measure again."""
LOGIN_PAGE = "net.captive_portal"
LOSS = "media.loss"
_BEHIND_A_LOGIN = ("net.unreachable", "net.health", "net.signal", "net.room")
"""What fails for as long as a network wants a login first: only that can be mended."""
_PERMISSION_CODES = ("camera.permission", "mic.permission", "screen.permission", LOGIN_PAGE)
_ROLES = {
    Group.CAMERA: DeviceRole.CAMERA,
    Group.MICROPHONE: DeviceRole.MICROPHONE,
    Group.SPEAKER: DeviceRole.SPEAKER,
}


@dataclass(frozen=True, slots=True)
class RowCommands:
    """What can be done about a group.

    Attributes:
        retry: check a whole group again.
        again: measure one check again.
        choose: use another device.
        settings_of: what opens the system's page for a group; None where there is none.
    """

    retry: Callable[[Group], object]
    again: Callable[[str], object]
    choose: Choose
    settings_of: SettingsOf


def group_rows(
    progress: RunProgress, devices: DeviceChoices, commands: RowCommands
) -> tuple[GroupRow, ...]:
    """Return the rows, with their commands while something is wrong."""
    rows = [_row(group, progress, devices, commands) for group in Group]
    return tuple(row for row in rows if row.group in GATING_GROUPS or row.speaks is not None)


def reused_ages_s(checks: Iterable[CheckResult], elapsed_ms: float) -> Mapping[str, int]:
    """Return how old figures of an earlier run are that stand for a check, by code.

    Whole minutes from one on, tens of seconds below: a page need not be drawn anew for less.
    """
    ages = {
        check.code: round((elapsed_ms - check.as_of_ms) / 1000)
        for check in checks
        if check.as_of_ms is not None and check.as_of_ms < 0 and check.state.final
    }
    return {code: age - age % (60 if age >= 60 else 10) for code, age in ages.items()}


def _row(
    group: Group, progress: RunProgress, devices: DeviceChoices, commands: RowCommands
) -> GroupRow:
    results = tuple(check for check in progress.checks if check.group is group)
    shown = results
    if group is Group.NETWORK:
        # Whoever looks at their network wants all three: round trip, jitter and loss.
        shown += tuple(check for check in progress.checks if check.code == LOSS)
    gates = group in GATING_GROUPS
    state = progress.gate.groups.get(group, CheckState.PENDING if gates else CheckState.PASSED)
    if state is CheckState.SKIPPED:
        state = _without_account(results)
    failed = state is CheckState.FAILED
    speaks = _speaking(results)
    if speaks is not None and not speaks.gating:
        # Advice never holds Join back, and while the gate is at work it would only be in the way.
        if state in (CheckState.PASSED, CheckState.WARNED):
            state = CheckState.WARNED
        elif not (failed and speaks.code == LOGIN_PAGE):
            speaks = None
    advised = speaks is not None and not speaks.gating
    denied = (failed or advised) and speaks is not None and speaks.code in _PERMISSION_CODES
    open_settings = commands.settings_of(group) if denied else None
    # Access is given to all devices of a kind at once: another one would be refused as well.
    others = (failed or advised) and open_settings is None
    return GroupRow(
        group=group,
        state=state,
        speaks=speaks,
        results=shown,
        retry=_retry(group, speaks, commands, failed=failed, advised=advised),
        choose_other=_other_device(group, devices, commands.choose) if others else None,
        open_settings=open_settings,
    )


def _without_account(results: tuple[CheckResult, ...]) -> CheckState:
    """Return the state of what needs no account, where nothing else was left out."""
    looked = [each for each in results if each.gating and each.reason != NOT_SIGNED_IN]
    states = {each.state for each in looked}
    for state in (CheckState.SKIPPED, CheckState.UNKNOWN, CheckState.WARNED):
        if state in states:
            return state
    return CheckState.PASSED if looked else CheckState.SKIPPED


def _retry(
    group: Group,
    speaks: CheckResult | None,
    commands: RowCommands,
    *,
    failed: bool,
    advised: bool,
) -> Command | None:
    """A group that fails begins anew; of one that works, the one check that advises does."""
    if failed:
        return On(commands.retry, group)
    if advised and speaks is not None and speaks.code not in ASKED:
        return On(commands.again, speaks.code)
    return None


def _speaking(results: tuple[CheckResult, ...]) -> CheckResult | None:
    wrong = [
        result
        for gating in (True, False)
        for wanted in (CheckState.FAILED, CheckState.WARNED)
        for result in results
        if result.gating is gating and result.state is wanted
    ]
    if not wrong:
        return None
    if wrong[0].code in _BEHIND_A_LOGIN:
        return next((one for one in wrong if one.code == LOGIN_PAGE), wrong[0])
    return wrong[0]


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
