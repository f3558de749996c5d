"""X01 and X02: sharing the screen."""

from collections.abc import Sequence

import pytest

from preflight.check import Check, NotMeasured
from preflight.checks.screen.group import screen_group
from preflight.model import CheckState, Measured
from preflight.system.ask_program import Told
from preflight.system.screen_here import QUESTIONS, LinuxScreen, MacScreen, OpenScreen
from preflight.system.screen_ports import ScreenRights
from preflight.verdicts.catalogue import judge
from tests.check_cases import clears, just_misses, raises
from tests.fakes.offload import at_once
from tests.fakes.outputs import FakeScreen

PASSED, WARNED, UNKNOWN = CheckState.PASSED, CheckState.WARNED, CheckState.UNKNOWN
WAYLAND = {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}
NOT_THERE = "The name org.freedesktop.portal.Desktop was not provided by any .service files"
SLOW = "Failed to get property version on interface org…ScreenCast: Connection timed out"
NO_REPLY = "Error org.freedesktop.DBus.Error.NoReply: Did not receive a reply."
GNOME = {"XDG_SESSION_TYPE": "wayland"}


def checks(rights: ScreenRights, eye: FakeScreen | None = None) -> tuple[Check, Check]:
    permission, black = screen_group(rights, eye, at_once).checks
    return permission, black


async def verdict(check: Check) -> CheckState:
    return judge(check.code, await check.measure())


@pytest.mark.parametrize(
    ("rights", "state"),
    [
        pytest.param(
            LinuxScreen(WAYLAND, lambda _: Told(1, err=NOT_THERE), lambda _: True),
            WARNED,
            marks=raises("screen.permission"),
        ),
        pytest.param(
            LinuxScreen(GNOME, lambda _: Told(0, "u 5"), lambda _: True),
            PASSED,
            marks=clears("screen.permission"),
        ),
        # The person answers a portal's question when they share: until then nothing is denied.
        pytest.param(
            LinuxScreen(WAYLAND, lambda _: Told(0), lambda tool: tool == "dbus-send"),
            PASSED,
            marks=just_misses("screen.permission"),
        ),
        (LinuxScreen({"DISPLAY": ":0"}), PASSED),
        (LinuxScreen(WAYLAND, lambda _: None, lambda _: False), UNKNOWN),
        # A portal that is still being started, right after the session was: not denied.
        (LinuxScreen(WAYLAND, lambda _: Told(1, err=SLOW), lambda _: True), UNKNOWN),
        (LinuxScreen(WAYLAND, lambda _: Told(1, err=NO_REPLY), lambda _: True), UNKNOWN),
        (LinuxScreen(WAYLAND, lambda _: None, lambda _: True), UNKNOWN),
        (MacScreen(lambda: False), WARNED),
        (MacScreen(lambda: True), PASSED),
        (MacScreen(lambda: None), UNKNOWN),
        (OpenScreen(), PASSED),
    ],
)
async def test_each_system_says_whether_the_screen_may_be_shared(
    rights: ScreenRights, state: CheckState
) -> None:
    permission, _ = checks(rights)

    assert await verdict(permission) is state


async def test_a_machine_without_a_screen_has_nothing_to_share() -> None:
    permission, black = checks(LinuxScreen({}))

    with pytest.raises(NotMeasured) as skipped:
        await permission.measure()
    assert skipped.value.reason == "platform"
    with pytest.raises(NotMeasured) as skipped:
        await black.measure()
    assert skipped.value.reason == "platform"


def test_one_tool_is_asked_and_neither_shows_a_window() -> None:
    asked: list[str] = []

    def ask(command: Sequence[str]) -> Told | None:
        asked.append(command[0])
        return None

    LinuxScreen(WAYLAND, ask, lambda _: True).now()

    assert asked == ["busctl"]
    assert all("Start" not in " ".join(question) for question in QUESTIONS)


@pytest.mark.parametrize(
    ("spread", "state"),
    [
        pytest.param(0.0, WARNED, marks=raises("screen.black")),
        pytest.param(1.9, WARNED, marks=raises("screen.black")),
        pytest.param(2.0, PASSED, marks=just_misses("screen.black")),
        pytest.param(44.0, PASSED, marks=clears("screen.black")),
    ],
)
async def test_a_screen_of_one_brightness_cannot_be_captured(
    spread: float, state: CheckState
) -> None:
    screen = FakeScreen()
    screen.spread = spread
    _, black = checks(screen, screen)

    assert await verdict(black) is state


async def test_where_nothing_is_grabbed_nothing_is_judged() -> None:
    screen = FakeScreen()
    screen.spread = None
    _, black = checks(screen, screen)

    with pytest.raises(NotMeasured) as skipped:
        await black.measure()
    assert skipped.value.reason == "platform"


async def test_the_figure_is_all_that_is_kept_of_the_screen() -> None:
    screen = FakeScreen()
    _, black = checks(screen, screen)

    found: Measured = await black.measure()

    assert found == {"luma_spread": 41.0}
