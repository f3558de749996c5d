"""Keeps the report of a running preflight on disk, and makes the copy that is handed in."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from client_api.clock import Clock
from client_api.tasks import Tasks
from client_api.wire import PreflightTrigger
from preflight.memory.history import Run, compare, figures_of, keep_run, load_runs
from preflight.memory.machine_file import MachineMemory, load_memory
from preflight.offload import TASKS_END_WITHIN_S, Offload
from preflight.report.redaction import Secrets, redact
from preflight.report.report import (
    CRASH_NAME,
    EndedBy,
    ReportBody,
    ReportHead,
    build_report,
    load_report,
    write_report,
)
from preflight.system.surroundings import Surroundings, read_surroundings

LOCAL_NAME = "preflight-report.json"
TRACE_BYTES = 1_000_000
"""More than any report takes: what is longer is none of ours, and is not read."""
REST_S = 0.25
"""Between two writes: a hundred checks end within seconds, and a crash may cost so much of them."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ForSupport:
    """What a bundle is made of, all of it redacted as for an upload.

    Attributes:
        report: of this run; its counts of what was taken out are of all three.
        log: lines of the client's log.
        crash: the report of a run that was killed; None where none was.
    """

    report: dict[str, Any]
    log: list[str] = field(repr=False)
    crash: dict[str, Any] | None = None


GetBody = Callable[[EndedBy | None], ReportBody]


class ReportKeeper:
    """Writes the partial report after every check, newest state only, beside the loop.

    Args:
        folder: where the local report goes; None keeps none.
        body: brings the run as it stands.
        role, session_ref: of the session to join; None in a diagnosis.
        surroundings: read where a report is wanted before `know`: without the names of user and
            machine nothing could be taken out of it.
    """

    def __init__(
        self,
        folder: Path | None,
        body: GetBody,
        offload: Offload,
        clock: Clock,
        *,
        trigger: PreflightTrigger,
        role: str | None,
        session_ref: str | None,
        surroundings: Callable[[], Surroundings] = read_surroundings,
    ) -> None:
        self._folder = folder
        self._path = None if folder is None else folder / LOCAL_NAME
        self._body = body
        self._offload = offload
        self._memory = load_memory(None)
        self._clock = clock
        self._started_at = clock.now()
        self._trigger = trigger
        self._role = role
        self._session_ref = session_ref
        self._read_surroundings = surroundings
        self._surroundings: Surroundings | None = None
        self._report_id = str(uuid.uuid4())
        self._run = self._report_id
        self._earlier: tuple[Run, ...] = ()
        self._tasks = Tasks()
        self._dirty = False
        self._written = False
        self._resting = self._finishing = False
        self._writing: asyncio.Task[None] | None = None

    def remember(self, memory: MachineMemory) -> None:
        """Take this machine's id and key, once they are read; made-up ones stand in till then."""
        self._memory = memory

    async def read_earlier(self) -> None:
        """Read the figures of this machine's earlier runs, after `remember`."""
        work = partial(load_runs, self._folder, self._memory.machine_id)
        self._earlier = await self._offload(work)

    def know(self, surroundings: Surroundings) -> None:
        """Take the versions and the machine, once they are read."""
        self._surroundings = surroundings

    def note_change(self) -> None:
        """Write the report soon; states in between may be left out."""
        if self._path is None or self._surroundings is None:
            return
        self._dirty = True
        if self._writing is None:
            self._writing = self._tasks.spawn(
                self._write_newest(self._path), name="write the report"
            )

    async def _write_newest(self, path: Path) -> None:
        try:
            while self._dirty and not self._finishing:
                self._dirty = False
                await self._write(path, None)
                await self._rest()
        except Exception as error:
            # A diagnosis must not fail for want of disk space, nor for a fault of ours here.
            _not_written(error)
        finally:
            self._resting = False
            self._writing = None

    async def _rest(self) -> None:
        if not self._finishing:
            self._resting = True
            await self._clock.sleep(REST_S)
            self._resting = False

    def local(self, ended_by: EndedBy | None) -> dict[str, Any]:
        """Return the report for this machine: redacted, with the devices' own names."""
        return _redacted_here(self._plain(ended_by, None), self._secrets())

    async def for_upload(
        self, nonce: str | None, ended_by: EndedBy = EndedBy.FINISHED
    ) -> dict[str, Any]:
        """Return the redacted report that leaves the machine, with an id of its own."""
        await self._know_all()
        self._report_id = str(uuid.uuid4())
        # The redaction looks at every text with every pattern, 3 ms and more: not on the loop.
        return await self._offload(partial(redact, self._plain(ended_by, nonce), self._secrets()))

    async def as_it_may_leave(self, ended_by: EndedBy) -> dict[str, Any]:
        """Return the report alone, redacted as for an upload, under the id it has."""
        await self._know_all()
        return await self._offload(partial(redact, self._plain(ended_by, None), self._secrets()))

    async def for_bundle(self, ended_by: EndedBy, log_lines: Sequence[str]) -> ForSupport:
        """Return report, log and the trace of a killed run as they may leave the machine."""
        await self._know_all()
        plain = self._plain(ended_by, None)
        return await self._offload(
            partial(
                _for_support,
                plain,
                log_lines,
                self._secrets(),
                self._folder,
                fresh=not self._written,
            )
        )

    async def finish(self, ended_by: EndedBy) -> None:
        """Write the last state, with how the run ended."""
        self._finishing = True
        if self._writing is not None and not self._resting:
            # A thread cannot be cancelled: its older state would come after the last one.
            await asyncio.wait([self._writing], timeout=TASKS_END_WITHIN_S)
        await self._tasks.close(patience_s=TASKS_END_WITHIN_S)
        path = self._path
        if path is None:
            return
        try:
            await self._know_all()
            await self._write(path, ended_by)
            await self._offload(partial(self._keep_figures, path.parent))
        except Exception as error:
            # Whoever hands the devices over or closes them goes on after this.
            _not_written(error)

    async def _know_all(self) -> None:
        """Read the surroundings now where a run is over before they were read."""
        if self._surroundings is None:
            self._surroundings = await self._offload(self._read_surroundings)

    async def _write(self, path: Path, ended_by: EndedBy | None) -> None:
        # Not on the loop either.
        await self._offload(
            partial(
                _write_local,
                path,
                self._plain(ended_by, None),
                self._secrets(),
                keep_crash=not self._written,
            )
        )
        self._written = True

    def _figures(self, body: ReportBody) -> dict[str, float]:
        made = [role for role, info in body.devices.items() if info and info.kind.synthetic]
        return figures_of(body.progress.checks, made)

    def _keep_figures(self, folder: Path) -> None:
        at = self._started_at.isoformat(timespec="seconds")
        figures = self._figures(self._body(None))
        keep_run(folder, self._memory.machine_id, Run(self._run, at, figures))

    def _plain(self, ended_by: EndedBy | None, nonce: str | None) -> Mapping[str, Any]:
        known = self._surroundings
        head = ReportHead(
            report_id=self._report_id,
            started_at=self._started_at,
            trigger=self._trigger,
            machine_id=self._memory.machine_id,
            app={} if known is None else known.app,
            host={} if known is None else known.host,
            role=self._role,
            session_ref=self._session_ref,
            nonce=nonce,
        )
        body = self._body(ended_by)
        return build_report(
            head, replace(body, previous=compare(self._figures(body), self._earlier))
        )

    def _secrets(self) -> Secrets:
        known = self._surroundings
        return Secrets(
            user="" if known is None else known.user,
            host="" if known is None else known.host_name,
            key=self._memory.key,
            names=() if known is None else known.names,
        )


def _not_written(error: Exception) -> None:
    level = logging.INFO if isinstance(error, OSError) else logging.ERROR
    _log.log(level, "the report could not be written: %s", type(error).__name__)


def _redacted_here(plain: Mapping[str, Any], secrets: Secrets) -> dict[str, Any]:
    return redact(plain, secrets, keep_device_names=True)


def _for_support(
    plain: Mapping[str, Any],
    log_lines: Sequence[str],
    secrets: Secrets,
    folder: Path | None,
    *,
    fresh: bool,
) -> ForSupport:
    crash = None if folder is None else _trace(folder, fresh=fresh)
    # Together: a device named in one of them is known in the others as well.
    left = redact({**plain, "log": list(log_lines), "crash": crash}, secrets)
    log, crash = left.pop("log"), left.pop("crash")
    return ForSupport(
        left, log, None if crash is None else {**crash, "redaction": left["redaction"]}
    )


def _trace(folder: Path, *, fresh: bool) -> dict[str, Any] | None:
    """Read what a killed run left behind; where this run is ``fresh``, it may not be put aside."""
    for name in (LOCAL_NAME, CRASH_NAME) if fresh else (CRASH_NAME,):
        with suppress(OSError, ValueError):
            path = folder / name
            if path.stat().st_size > TRACE_BYTES:
                continue
            report = load_report(path)
            if report["ended_by"] == EndedBy.CRASH:
                return report
    return None


def _write_local(
    path: Path, plain: Mapping[str, Any], secrets: Secrets, *, keep_crash: bool
) -> None:
    if keep_crash:
        # No earlier report, or nothing that can be read, is no reason to leave this one out.
        with suppress(OSError, ValueError):
            earlier = load_report(path)
            if earlier["ended_by"] == EndedBy.CRASH:
                write_report(path.with_name(CRASH_NAME), earlier)
    write_report(path, _redacted_here(plain, secrets))
