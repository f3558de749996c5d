"""The checks of sharing the screen; none of them holds Join back."""

from preflight.checks.check_group import CheckGroup
from preflight.checks.screen.bench import ScreenBench
from preflight.checks.screen.black import screen_black
from preflight.checks.screen.permission import screen_permission
from preflight.model import Group
from preflight.offload import Offload
from preflight.system.screen_ports import ScreenEye, ScreenRights


def screen_group(rights: ScreenRights, eye: ScreenEye | None, offload: Offload) -> CheckGroup:
    """Return the group of the screen; ``eye`` is None where there is no window."""
    bench = ScreenBench(rights, eye, offload)
    return CheckGroup(Group.SCREEN, (screen_permission(bench), screen_black(bench)))
