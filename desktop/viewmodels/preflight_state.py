"""The preflight page as data: its page state.

The commands behind it live in ``preflight_page.py``, what it needs of the run in
``preflight_desk.py``. Pure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from client_api.errors import ErrorCode, UnreachableReason
from client_api.wire import ReadinessState, Role
from desktop.viewmodels.command import Command
from desktop.viewmodels.preflight_desk import DeviceChoices, NewcomerOffer
from desktop.viewmodels.preflight_fixes import NO_FIX, Fix
from desktop.viewmodels.trouble import Trouble
from preflight.model import GATING_GROUPS, CheckedAgain, CheckResult, CheckState, Group
from preflight.support.verdict import ExitCode, Verdict

QUIET_DBFS = -60.0
"""Below this line the other side hears nothing useful; the meter marks it."""

SPEAKING_DBFS = -40.0
"""A voice at a usual distance is above this; below it the page asks to say something."""


class JoinHint(Enum):
    """Why Join is (not) possible; the view has words for each."""

    CHECKING = "checking"
    FIX_ISSUES = "fix_issues"
    SENDING_REPORT = "sending_report"
    REPORT_REFUSED = "report_refused"
    READY = "ready"
    JOINING = "joining"
    NOT_OFFERED = "not_offered"


class Heading(Enum):
    """What the page says of the whole set-up in one line; the view has words for each."""

    CHECKING = "checking"
    """Something is still looked at, or is on its way to the service."""
    FIX = "fix"
    """Something needs fixing before anything else."""
    READY = "ready"
    """The service took the report: the session can be joined, or is being joined."""
    NOT_SENT = "not_sent"
    """Everything passes here, and the service could not be told."""
    NOT_TAKEN = "not_taken"
    """Everything passes here, and the service does not take the report."""
    NOT_OPENED = "not_opened"
    """The service took the report, and the devices could not be handed to the call."""
    UNDECIDED = "undecided"
    """Everything has ended, and something that Join waits for has no verdict."""
    NOTHING_WRONG = "nothing_wrong"
    """A diagnosis found nothing; what needs an account was not looked at."""
    ADVISED = "advised"
    """As before, and something could be better."""
    CALL_WORKS = "call_works"
    """A diagnosis looked at everything that a call needs, and it passes."""


class JoinRefused(Enum):
    """Why a join led back to the checks."""

    MISSING = "missing"
    """The service knows no report of ours for this session."""
    STALE = "stale"
    """The report was too old."""
    FAILED = "failed"
    """The report does not pass, as the service judges it."""
    REPORT = "report"
    """The service wants a fresh report, and gives a reason that we do not know."""
    SYNTHETIC = "synthetic"
    """The service takes no made-up camera or microphone."""
    RETURN = "return"
    """Something is not as it was in the call, so a short look will not do."""


Again: TypeAlias = CheckedAgain | JoinRefused


class SpeakerTest(Enum):
    """Where the question *how many beeps?* stands."""

    IDLE = "idle"
    PLAYING = "playing"
    ASKING = "asking"
    HEARD = "heard"
    WRONG = "wrong"
    NOT_HEARD = "not_heard"
    FAILED = "failed"
    REMEMBERED = "remembered"
    """This loudspeaker was heard within the last 30 days."""


class ReplayTest(Enum):
    """Where *Hear yourself* stands."""

    IDLE = "idle"
    RECORDING = "recording"
    PLAYING = "playing"
    ASKING = "asking"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class UprightQuestion:
    """What can be done about a picture that does not stand upright.

    Attributes:
        turn, mirror: change what everybody sees of the camera.
        confirm: say that it is right so; None once that was said.
    """

    turn: Command
    mirror: Command
    confirm: Command | None


@dataclass(frozen=True, slots=True)
class Questions:
    """What the person is asked, and what they can try out.

    Attributes:
        replay_left_s: seconds still to be recorded, counted up to whole ones.
        upright: None where there is no picture to ask about.
    """

    speaker: SpeakerTest = SpeakerTest.IDLE
    play_beeps: Command | None = None
    answer_beeps: Callable[[int], object] | None = None
    replay: ReplayTest = ReplayTest.IDLE
    replay_left_s: int = 0
    hear_yourself: Command | None = None
    answer_replay: Callable[[bool], object] | None = None
    upright: UprightQuestion | None = None


@dataclass(frozen=True, slots=True)
class SoundOnly:
    """The offer to begin without a picture, where the line hardly carries one.

    Attributes:
        chosen: whether the call will begin so.
        theirs: it is the other side's line that hardly carries one.
    """

    chosen: bool
    choose: Callable[[bool], object]
    theirs: bool = False


@dataclass(frozen=True, slots=True)
class RunCount:
    """How many checks have ended: those that Join waits for, and the advice."""

    needed_ended: int = 0
    needed: int = 0
    advice_ended: int = 0
    advice: int = 0


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group: a gating one, or another one that has something to advise.

    Attributes:
        speaks: the result whose words stand for the group: the first failed one, else the
            first warned one, gating ones before advisory ones; None while nothing is wrong.
        results: all checks of the group, in the catalogue's order; of the network also the
            test call's loss.
        retry: check again; None where nothing is wrong.
        fix: what else a program can do about what speaks.
    """

    group: Group
    state: CheckState
    speaks: CheckResult | None = None
    results: tuple[CheckResult, ...] = ()
    retry: Command | None = None
    fix: Fix = NO_FIX

    @property
    def choose_other(self) -> Command | None:
        """Go to the next device that could do better; None where there is no other."""
        return self.fix.choose_other

    @property
    def open_settings(self) -> Command | None:
        """Open the page on which it can be put right; None where there is none."""
        return self.fix.open_settings


@dataclass(frozen=True, slots=True)
class LevelState:
    """The microphone as the meter shows it; None while there is no sound at all."""

    rms_dbfs: float | None = None
    peak_dbfs: float | None = None

    @property
    def quiet(self) -> bool:
        """True while nobody could hear this."""
        return self.rms_dbfs is None or self.rms_dbfs < QUIET_DBFS

    @property
    def speaking(self) -> bool:
        """True once the level is that of a voice, held for as long as the peak stands."""
        return self.peak_dbfs is not None and self.peak_dbfs >= SPEAKING_DBFS


_NOT_READY = (ReadinessState.ABSENT, ReadinessState.CHECKING, ReadinessState.FIXING)


@dataclass(frozen=True, slots=True)
class PreflightPageState:
    """The page at one moment.

    Attributes:
        counterpart_name: None for a preflight without a session (diagnostics).
        fraction: share of all checks of the run that are final, 0..1.
        checks: every single check, for the folded list.
        questions: what only the person can tell.
        sound_only: the offer to begin without a picture; None while none is made.
        check_again: measure one check again; None before there is one.
        again: why something is being checked again; None while nothing is, or it was asked for.
        trouble: why the report was not taken; only with ``JoinHint.REPORT_REFUSED``.
        join: press it; None while it would not succeed.
        resend: hand the report in again; None unless that failed.
        no_picture_comes: our line carries none of theirs, so they are told to begin without one.
        fixes: what a program can do about single checks that are not well, by code.
        reused_s: how old the figures of an earlier run are that stand for checks, by code.
        newcomers: what was plugged in and may be used; None while nothing was.
        gone: the names of devices that were unplugged and were not in use, until they are back.
        diagnosis: the verdict without a session, less what needs an account; None until it is
            there, and with a session.
        offers_support: whether what was found can be sent to support: without a session, and
            with one while something holds it back.
    """

    counterpart_name: str | None
    counterpart_role: Role | None
    counterpart_readiness: ReadinessState
    vehicle_title: str
    fraction: float
    finished: bool
    groups: tuple[GroupRow, ...]
    again: Again | None
    checks: tuple[CheckResult, ...]
    unfolded: bool
    devices: DeviceChoices
    short_code: str | None
    hint: JoinHint
    trouble: Trouble | None
    join: Command | None
    resend: Command | None
    leave: Command | None
    questions: Questions = Questions()
    sound_only: SoundOnly | None = None
    check_again: Callable[[str], object] | None = None
    diagnosis: Verdict | None = None
    offers_support: bool = False
    newcomers: NewcomerOffer | None = None
    gone: tuple[str, ...] = ()
    no_picture_comes: bool = False
    fixes: Mapping[str, Fix] = field(default_factory=dict)
    reused_s: Mapping[str, int] = field(default_factory=dict)

    @property
    def trial_age_s(self) -> int | None:
        """How old the test call is that stands for one of this run; None where it is its own."""
        ages = [
            self.reused_s[check.code]
            for check in self.checks
            if check.group is Group.MEDIA and check.code in self.reused_s
        ]
        return max(ages, default=None)

    @property
    def count(self) -> RunCount:
        """How many checks have ended, in figures."""
        needed = [check.state.final for check in self.checks if check.gating]
        advice = [check.state.final for check in self.checks if not check.gating]
        return RunCount(sum(needed), len(needed), sum(advice), len(advice))

    @property
    def is_worth_waiting(self) -> bool:
        """Joining now would end what is still being measured, and nobody would be there yet."""
        away = self.counterpart_readiness in _NOT_READY
        return self.join is not None and not self.finished and away

    @property
    def passed_count(self) -> int:
        """How many single checks passed."""
        return sum(check.state is CheckState.PASSED for check in self.checks)

    @property
    def heading(self) -> Heading:
        """What can truly be said of the whole set-up now."""
        if self.hint is JoinHint.NOT_OFFERED:
            return self._heading_of_diagnosis()
        states = [row.state for row in self.groups if row.group in GATING_GROUPS]
        match self.hint:
            case JoinHint.REPORT_REFUSED:
                return _heading_of_refusal(self.trouble)
            case JoinHint.FIX_ISSUES:
                wrong = self.again is JoinRefused.SYNTHETIC or CheckState.FAILED in states
                return Heading.FIX if wrong else Heading.UNDECIDED
            case JoinHint.READY:
                return Heading.READY
            case JoinHint.JOINING:
                # A report that is too old is renewed on the way, with the network's checks.
                if CheckState.FAILED in states:
                    return Heading.FIX
                ready = all(state.lets_pass for state in states)
                return Heading.READY if ready else Heading.CHECKING
            case _:
                return Heading.CHECKING

    def _heading_of_diagnosis(self) -> Heading:
        verdict = self.diagnosis
        if verdict is None:
            failed = any(row.state is CheckState.FAILED for row in self.groups)
            return Heading.FIX if failed else Heading.CHECKING
        if verdict.code is ExitCode.FAILED:
            return Heading.FIX
        if verdict.code is ExitCode.UNDECIDED:
            return Heading.UNDECIDED
        if not verdict.out_of_scope:
            return Heading.CALL_WORKS
        # What needs an account was not seen: that is no readiness yet.
        return Heading.ADVISED if verdict.advised else Heading.NOTHING_WRONG


def _heading_of_refusal(trouble: Trouble | None) -> Heading:
    if trouble is None:
        return Heading.NOT_TAKEN
    if trouble.kind is ErrorCode.HANDOVER_FAILED:
        return Heading.NOT_OPENED
    return Heading.NOT_SENT if isinstance(trouble.kind, UnreachableReason) else Heading.NOT_TAKEN
