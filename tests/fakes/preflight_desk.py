"""A running preflight in memory: tests say what it measures and what the service answers."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from client_api.errors import ClientError
from client_api.wire import PreflightVerdict, ReportId
from desktop.viewmodels.command import Command, On
from desktop.viewmodels.preflight_desk import DeviceChoice, DeviceChoices, DeviceRole
from preflight.devices.frames import CameraMode, DeviceId, DeviceInfo, DeviceKind
from preflight.model import (
    CheckResult,
    CheckState,
    GateDecision,
    Group,
    Measured,
    MeasuredValue,
    RunProgress,
)
from preflight.running.trial import DeviceTrial
from preflight.system.settings_pages import SettingsPage
from preflight.verdicts.recommendation import Recommendation, limited_by, recommend


def device(name: str) -> DeviceInfo:
    """A real device called ``name``; its id is the name in small letters."""
    return DeviceInfo(DeviceId(name.lower()), name, DeviceKind.REAL)


def verdict(code: str = "7K3M-Q2XZ", *, passed: bool = True) -> PreflightVerdict:
    """The service's verdict over a report."""
    return PreflightVerdict(
        report_id=ReportId(f"report-{code}"),
        short_code=code,
        passed=passed,
        blocking=() if passed else ("net.rtt_high",),
        arrived_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
        valid_for_s=300,
    )


class FakePreflightDesk:
    """Keeps the promises of `PreflightDesk`.

    Attributes:
        answer: what `passed_report` brings: a verdict, or the error it raises.
        hold: while set, `passed_report` and `play_beeps` wait for it.
        beep_error: what `play_beeps` and `replay_voice` raise, if anything.
        recording: what `replay_voice` tells of the seconds that are left.
        trials: how the looks at plugged-in devices stand; ``tried`` are those asked for.
        has_settings: whether the system has pages to open.
    """

    def __init__(self) -> None:
        self._on_change: Callable[[RunProgress], None] | None = None
        self._devices = DeviceChoices(
            camera=DeviceChoice((device("Integrated"), device("USB")), DeviceId("integrated")),
            microphone=DeviceChoice((device("Headset"),), DeviceId("headset")),
            speaker=DeviceChoice((device("Built-in"),), DeviceId("built-in")),
            camera_mode=CameraMode(1280, 720, 30.0),
        )
        self._checks: tuple[CheckResult, ...] = ()
        self.answer: PreflightVerdict | ClientError = verdict()
        self.hold: asyncio.Event | None = None
        self.beep_error: Exception | None = None
        self.level: float | None = None
        self.chosen: list[tuple[DeviceRole, DeviceId]] = []
        self.now_ms = 20_000.0
        self.their_rung: int | None = None
        self.tried: list[tuple[DeviceRole, DeviceId]] = []
        self.trials: dict[tuple[DeviceRole, DeviceId], DeviceTrial] = {}
        self.retried: list[Group] = []
        self.played: list[int] = []
        self.measured_again: list[str] = []
        self.answers: list[tuple[str, dict[str, MeasuredValue]]] = []
        self.recording: list[float | None] = [5.0, 4.6, 0.3, None]
        self.replays = 0
        self.orientation: list[str] = []
        self.reports = 0
        self.has_settings = False
        self.opened_settings: list[SettingsPage] = []

    @property
    def devices(self) -> DeviceChoices:
        return self._devices

    @property
    def elapsed_ms(self) -> float:
        return self.now_ms

    @property
    def limits(self) -> Recommendation:
        return limited_by(recommend(self._checks), self.their_rung)

    def start(self, on_change: Callable[[RunProgress], None]) -> None:
        self._on_change = on_change

    def choose(self, role: DeviceRole, choice: DeviceId) -> None:
        self.chosen.append((role, choice))
        old = self._devices.of(role)
        new = DeviceChoice(old.devices, choice)
        self._devices = DeviceChoices(
            camera=new if role is DeviceRole.CAMERA else self._devices.camera,
            microphone=new if role is DeviceRole.MICROPHONE else self._devices.microphone,
            speaker=new if role is DeviceRole.SPEAKER else self._devices.speaker,
            camera_mode=self._devices.camera_mode,
        )

    def try_out(self, role: DeviceRole, device: DeviceInfo) -> None:
        self.tried.append((role, device.id))

    def trial_of(self, role: DeviceRole, device: DeviceId) -> DeviceTrial | None:
        return self.trials.get((role, device))

    def retry(self, group: Group) -> None:
        self.retried.append(group)

    def settings_of(self, page: SettingsPage) -> Command | None:
        return On(self.opened_settings.append, page) if self.has_settings else None

    def level_dbfs(self) -> float | None:
        return self.level

    def again(self, code: str) -> None:
        self.measured_again.append(code)

    def answer_check(self, code: str, measured: Measured) -> None:
        self.answers.append((code, dict(measured)))

    async def replay_voice(self, on_left: Callable[[float | None], None]) -> None:
        self.replays += 1
        for left_s in self.recording:
            on_left(left_s)
        if self.hold is not None:
            await self.hold.wait()
        if self.beep_error is not None:
            raise self.beep_error

    def turn_camera(self) -> None:
        self.orientation.append("turn")

    def mirror_camera(self) -> None:
        self.orientation.append("mirror")

    def confirm_orientation(self) -> None:
        self.orientation.append("confirm")

    async def play_beeps(self, count: int) -> None:
        self.played.append(count)
        if self.hold is not None:
            await self.hold.wait()
        if self.beep_error is not None:
            raise self.beep_error

    async def passed_report(self) -> PreflightVerdict:
        self.reports += 1
        if self.hold is not None:
            await self.hold.wait()
        if isinstance(self.answer, ClientError):
            raise self.answer
        return self.answer

    def plug(self, choices: DeviceChoices) -> None:
        """Have other devices."""
        self._devices = choices

    def say(self, progress: RunProgress) -> None:
        """Publish a progress, as the runner does.

        Raises:
            RuntimeError: nobody has started the preflight.
        """
        if self._on_change is None:
            raise RuntimeError("the preflight was not started")
        self._checks = progress.checks
        self._on_change(progress)


def result(
    code: str, state: CheckState, *, no: str = "X01", **measured: float | int | bool | str | None
) -> CheckResult:
    """One check's result; its group follows from the code."""
    groups = {"camera": Group.CAMERA, "mic": Group.MICROPHONE, "net": Group.NETWORK}
    return CheckResult(code, no, groups[code.partition(".")[0]], state, measured=measured)


def progress(
    *results: CheckResult,
    camera: CheckState = CheckState.PASSED,
    microphone: CheckState = CheckState.PASSED,
    network: CheckState = CheckState.PASSED,
    fraction: float = 1.0,
) -> RunProgress:
    """A run whose groups stand as given."""
    groups = {Group.CAMERA: camera, Group.MICROPHONE: microphone, Group.NETWORK: network}
    return RunProgress(
        checks=results,
        gate=GateDecision(
            passed=all(state.lets_pass for state in groups.values()),
            decided=all(state.final for state in groups.values()),
            groups=groups,
            blocking=tuple(each.code for each in results if each.state is CheckState.FAILED),
        ),
        fraction=fraction,
        finished=fraction >= 1.0,
    )
