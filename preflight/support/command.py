"""``liftbay diagnose``: the checks without a window and without an account.

The command line is wired elsewhere; here is what it does, and how it ends. `--json` owns stdout
unless the report goes to a file, and in a watch in any case; so does a file that is stdout. Words
for people go to stderr then.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TextIO, TypeAlias

import msgspec

from client_api.api import ServiceApi
from client_api.clock import Clock
from client_api.errors import ClientError, Refused, Unreachable
from client_api.wire import PreflightTrigger, SessionId
from preflight.devices.frames import DeviceKind
from preflight.memory.history import trend_words
from preflight.memory.machine_file import load_memory
from preflight.model import Group, RunProgress
from preflight.parts import PreflightParts
from preflight.preflight import Preflight
from preflight.report.redaction import Secrets
from preflight.report.report import EndedBy, as_file
from preflight.support.bundle import Bundle, end_of_log, pack, preview
from preflight.support.live_view import LiveView
from preflight.support.outputs import Output
from preflight.support.page import page
from preflight.support.page_words import ENGLISH, PageWords
from preflight.support.verdict import ExitCode, asked_for, describe, judge_scope
from preflight.support.watch import ChangesAsJson, GoneDevices, RoundTripLog
from preflight.support.words import Lines

DEFAULT_TIMEOUT_S = 60.0
_LOOK_S = 1.0
_SENT = (EndedBy.FINISHED, EndedBy.DEADLINE)
"""Who interrupts a run sends nothing any more."""
_WATCH = PreflightTrigger.WATCH


Send: TypeAlias = Callable[[Mapping[str, Any]], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Account:
    """Whose session a diagnosis is for; its checks of the call server run then as well.

    Attributes:
        names: of its people, for redaction.
    """

    api: ServiceApi
    session: SessionId
    role: str
    names: tuple[str, ...] = field(default=(), repr=False)


class NoAccount(Exception):
    """There is nobody to run for; the text says why, in words for people."""


OpenAccount: TypeAlias = Callable[[], AbstractAsyncContextManager[Account | None]]
"""Takes up the sign-in for as long as the context lasts; None inside: go on without one.

Raises `NoAccount`.
"""


@asynccontextmanager
async def nobody() -> AsyncIterator[Account | None]:
    """Run without an account."""
    yield None


class Teller(Protocol):
    """Says how a run stands."""

    def tell(self, progress: RunProgress) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class DiagnoseOptions:
    """What was asked for.

    Attributes:
        only: codes to judge; None for all. See `read_scope`.
        output: where the report goes; None: stdout with ``as_json``, else nowhere.
        page: where the report goes as a page; None for nowhere.
        bundle: where the bundle for support goes; None for nowhere.
        send: sends the report to support and returns its code; None keeps it here. With a
            ``bundle`` and an account the bundle is sent to the same code.
        agree: asked before anything is sent, when what would be sent was shown; may block. None:
            nobody is there to ask, and the wish to send is the word that counts.
        logs: folder of the client's log, for the bundle.
        open_account: takes up the sign-in where a session was named.
        strict: advice that is not followed ends with `ExitCode.ADVISED`.
        watch_every_s: go on until interrupted, and measure the network so often; None: once.
        timeout_s: until all checks have ended, watching not included.
        page_words: brings the words of ``page``; a bundle's page is English, as support reads it.
    """

    as_json: bool = False
    output: Output | None = None
    page: Output | None = None
    bundle: Output | None = None
    send: Send | None = None
    agree: Callable[[], bool] | None = None
    logs: Path | None = None
    open_account: OpenAccount = nobody
    only: frozenset[str] | None = None
    strict: bool = False
    watch_every_s: float | None = None
    timeout_s: float = DEFAULT_TIMEOUT_S
    page_words: Callable[[], PageWords] = lambda: ENGLISH

    @property
    def keep_stdout_free(self) -> bool:
        """Whether stdout is no place for words."""
        # A watch prints its changes there, also where the report goes to a file.
        prints = self.as_json and (self.output is None or self.watch_every_s is not None)
        named = (self.output, self.page, self.bundle)
        return prints or any(each is not None and each.is_stdout for each in named)


async def diagnose(
    parts: PreflightParts,
    options: DiagnoseOptions,
    *,
    out: TextIO,
    err: TextIO,
    account: Account | None = None,
) -> ExitCode:
    """Run the checks, write the report, say the verdict.

    A partial report is written when it is interrupted or fails inside. A watch is ended by being
    interrupted: that is no failure of it, so its last verdict counts.

    Raises:
        OSError: the report could not be written to ``output``, ``page`` or ``bundle``.
    """
    words = err if options.keep_stdout_free else out
    if account is not None:
        parts = parts.knowing(*account.names)
    preflight = Preflight(
        parts,
        api=None if account is None else account.api,
        session=None if account is None else account.session,
        role=None if account is None else account.role,
        trigger=PreflightTrigger.SUPPORT if options.watch_every_s is None else _WATCH,
        only=options.only,
        refresh_every_s=options.watch_every_s,
    )
    teller, gone = await _teller(preflight, parts, options, words, out)
    trips = RoundTripLog()

    def changed(progress: RunProgress) -> None:
        teller.tell(asked_for(progress, options.only))
        if gone is not None:
            gone.look(preflight.devices)

    ended_by = EndedBy.CRASH
    try:
        preflight.start(changed)
        ended_by = await _wait(preflight, options.timeout_s)
        if options.watch_every_s is not None:
            ended_by = await _watch(preflight, trips, parts.clock)
    except asyncio.CancelledError:
        ended_by = EndedBy.CANCELLED
        raise
    finally:
        progress = preflight.progress
        try:
            # Before anything is said: a terminal that is gone must not cost the report.
            report = await preflight.report_to_give(ended_by)
            _write_files(report, options, asked_for(progress, options.only))
            # What changed in the last moment has not been told.
            teller.tell(asked_for(progress, options.only))
            teller.close()
            _print_report(report, options, out)
            bundle = await _write_bundle(preflight, options, ended_by, words)
            if options.send is not None and ended_by in _SENT:
                code = await _send(report, bundle, options, words)
                if code is not None and bundle is not None and account is not None:
                    await _send_bundle(account.api, code, bundle, words)
        finally:
            await preflight.close()
    verdict = judge_scope(progress, options.only, strict=options.strict)
    _say_summary(trips, options, words, out)
    _say_trend(report["previous"], words)
    words.write(describe(verdict) + "\n")
    return verdict.code


async def _teller(
    preflight: Preflight,
    parts: PreflightParts,
    options: DiagnoseOptions,
    words: TextIO,
    out: TextIO,
) -> tuple[Teller, GoneDevices | None]:
    """Return who says how the run stands, and in a watch who says what was unplugged."""
    watches = options.watch_every_s is not None
    # What comes and goes in a watch is looked for in other logs, by its time.
    now = parts.clock.now if watches else None
    lines = Lines(words, lambda group: _file_for(group, preflight), now)
    if watches:
        if not options.as_json:
            return lines, GoneDevices(lines.say_gone)
        secrets = await parts.offload(partial(_secrets, parts))
        changes = ChangesAsJson(out, parts.clock.now, secrets)
        return changes, GoneDevices(changes.say_gone)
    return (LiveView(words, lines) if words.isatty() else lines), None


def _secrets(parts: PreflightParts) -> Secrets:
    """Read what must not be said of this machine and its person. Blocks."""
    known = parts.surroundings()
    key = load_memory(parts.folder).key
    return Secrets(user=known.user, host=known.host_name, key=key, names=known.names)


async def _watch(preflight: Preflight, trips: RoundTripLog, clock: Clock) -> EndedBy:
    try:
        while True:
            trips.note(preflight.rtts_ms)
            await clock.sleep(_LOOK_S)
    except asyncio.CancelledError:
        return EndedBy.FINISHED


def _say_summary(trips: RoundTripLog, options: DiagnoseOptions, words: TextIO, out: TextIO) -> None:
    summary = trips.summary()
    if summary is None:
        return
    if options.as_json:
        out.write(msgspec.json.encode(summary).decode() + "\n")
    else:
        words.write(
            f"{summary['samples']} round trips: min {summary['rtt_min_ms']} ms, "
            f"median {summary['rtt_median_ms']} ms, p95 {summary['rtt_p95_ms']} ms\n"
        )


def _say_trend(previous: Mapping[str, Any] | None, words: TextIO) -> None:
    told = trend_words(previous)
    if previous is not None and told:
        words.write(f"compared with your last {previous['runs']} runs: {', '.join(told)}\n")


def run(parts: PreflightParts, options: DiagnoseOptions, *, out: TextIO, err: TextIO) -> ExitCode:
    """Run `diagnose` on a loop of its own, until SIGINT or SIGTERM; the command line's entry."""

    async def until_told() -> ExitCode:
        with _ended_by_sigterm():
            async with options.open_account() as account:
                return await diagnose(parts, options, out=out, err=err, account=account)

    try:
        return asyncio.run(until_told())
    except (KeyboardInterrupt, asyncio.CancelledError):
        err.write("interrupted\n")
        return ExitCode.INTERRUPTED
    except NoAccount as error:
        err.write(f"{error}\n")
        return ExitCode.USAGE
    except OSError as error:
        err.write(f"the report could not be written: {error.strerror or error}\n")
        return ExitCode.INTERNAL
    except Exception as error:
        # The type alone: the words of an error may hold an address or a token.
        err.write(f"internal error: {type(error).__name__}\n")
        return ExitCode.INTERNAL


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM cancel the running task, as `asyncio.run` does for SIGINT: the report is kept."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()

    def end(_number: int, _frame: object) -> None:
        if task is not None and not task.cancelling():
            loop.call_soon_threadsafe(task.cancel)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _file_for(group: Group, preflight: Preflight) -> str | None:
    devices = preflight.devices
    info = {Group.CAMERA: devices.camera, Group.MICROPHONE: devices.microphone}.get(group)
    return info.name if info is not None and info.kind is DeviceKind.FILE else None


async def _wait(preflight: Preflight, timeout_s: float) -> EndedBy:
    try:
        await asyncio.wait_for(preflight.finished(), timeout_s)
    except TimeoutError:
        return EndedBy.DEADLINE
    return EndedBy.FINISHED


async def _write_bundle(
    preflight: Preflight, options: DiagnoseOptions, ended_by: EndedBy, words: TextIO
) -> Bundle | None:
    if options.bundle is None:
        return None
    found = await preflight.bundle(ended_by, end_of_log(options.logs))
    bundle = pack(found.report, found.log, crash=found.crash)
    words.write(preview(options.bundle.path, bundle) + "\n")
    options.bundle.write(bundle.packed)
    return bundle


async def _send(
    report: Mapping[str, Any], bundle: Bundle | None, options: DiagnoseOptions, words: TextIO
) -> str | None:
    """Send what was shown: the report of the bundle where there is one."""
    assert options.send is not None
    if bundle is None:
        words.write(f"{preview('what would be sent', pack(report, ()))}\n")
        words.flush()
    if options.agree is not None and not await asyncio.to_thread(options.agree):
        words.write("nothing was sent\n")
        return None
    try:
        code = await options.send(report if bundle is None else bundle.report)
    except ClientError as error:
        words.write(f"the report was not sent: {_why(error)}\n")
        return None
    words.write(f"the report was sent: read this code to support: {code}\n")
    return code


async def _send_bundle(api: ServiceApi, code: str, bundle: Bundle, words: TextIO) -> None:
    """Send what was shown and written; the service takes it from somebody signed in alone."""
    try:
        await api.send_bundle(code, bundle.packed)
    except ClientError as error:
        words.write(f"the bundle was not sent: {_why(error)}\n")
    else:
        words.write("the bundle was sent with it\n")


def _why(error: ClientError) -> str:
    # The service's own stable code alone: other words of an error may hold an address.
    match error:
        case Refused():
            return f"Liftbay did not take it ({error.problem.code})"
        case Unreachable():
            return (
                "Liftbay cannot be reached. Look at the connection and try again, or write a file "
                "with --bundle and hand that over"
            )
        case _:
            return "Liftbay's answer could not be understood. Try again later"


def _write_files(report: Mapping[str, Any], options: DiagnoseOptions, asked: RunProgress) -> None:
    # The figures first: a page that cannot be made must not cost them.
    if options.output is not None:
        options.output.write(as_file(report))
    if options.page is not None:
        options.page.write(page(_of_scope(report, asked), options.page_words()).encode())


def _of_scope(report: Mapping[str, Any], asked: RunProgress) -> Mapping[str, Any]:
    """Leave what nobody asked for out of a page that says whether this machine is ready."""
    codes = {check.code for check in asked.checks}
    return {**report, "checks": [row for row in report["checks"] if row["code"] in codes]}


def _print_report(report: Mapping[str, Any], options: DiagnoseOptions, out: TextIO) -> None:
    if options.as_json and options.output is None and options.watch_every_s is None:
        out.write(msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n")
