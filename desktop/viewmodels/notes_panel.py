"""The mechanic's notes: findings with severity and cost, and free text, saved by themselves.

The last state wins on this device; a version that moved meanwhile (another device of the same
mechanic) is merged, never overwritten. Nothing is lost by a broken connection: the draft stays
here, and the save is tried again until it is through. Pure.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol

from client_api.clock import Clock
from client_api.errors import ClientError, ErrorCode, Refused
from client_api.records import Finding, Notes, NotesDraft
from client_api.wire import Severity
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.page_tasks import Spawn

_log = logging.getLogger(__name__)

SAVE_AFTER_S = 0.8
"""How long typing must rest before it is saved."""

RETRY_AFTER_S = 3.0

MAX_TITLE_CHARS = 120
_EMPTY = NotesDraft(findings=(), text="")


class SaveState(Enum):
    """How far the newest change is."""

    NOTHING = "nothing"
    SAVING = "saving"
    SAVED = "saved"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class NotesPanelState:
    """What the mechanic has written.

    Attributes:
        saved_at: when the service last took it; None before.
    """

    findings: tuple[Finding, ...]
    text: str = field(repr=False)
    save: SaveState
    saved_at: datetime | None
    put_finding: Callable[[int | None, Finding], None]
    remove_finding: Callable[[int], None]
    write: Callable[[str], None]


class NotesDesk(Protocol):
    """Where notes are kept. Both raise `ClientError`."""

    async def read(self) -> Notes: ...
    async def write(self, draft: NotesDraft, *, version: int) -> Notes:
        """Replace the notes that have ``version``.

        Raises:
            Refused: ``NOTES_VERSION_CONFLICT`` when they were changed meanwhile.
        """


class NotesPanel:
    """Holds the draft and saves it; one save at a time, the newest draft always last."""

    def __init__(self, *, desk: NotesDesk, clock: Clock, spawn: Spawn) -> None:
        self._desk = desk
        self._clock = clock
        self._spawn = spawn
        self._draft = _EMPTY
        self._saved = _EMPTY
        self._version = 0
        self._saved_at: datetime | None = None
        self._save = SaveState.NOTHING
        self._loaded = False
        self._changed_ns = 0
        self._running = False
        self.state: Observable[NotesPanelState] = Observable(self._make_state())

    @property
    def has_unsaved(self) -> bool:
        """True while something was written that the service does not have yet."""
        return self._draft != self._saved

    def start(self) -> None:
        """Read what is there already, for example after a rejoin."""
        self._run()

    def put_finding(self, index: int | None, finding: Finding) -> None:
        """Add a finding (``index`` None) or replace one. Without a title it is none."""
        if not finding.title.strip():
            return
        findings = list(self._draft.findings)
        if index is None:
            findings.append(finding)
        elif 0 <= index < len(findings):
            findings[index] = finding
        self._change(NotesDraft(findings=tuple(findings), text=self._draft.text))

    def remove_finding(self, index: int) -> None:
        """Take a finding out."""
        findings = self._draft.findings
        if 0 <= index < len(findings):
            left = findings[:index] + findings[index + 1 :]
            self._change(NotesDraft(findings=left, text=self._draft.text))

    def write(self, text: str) -> None:
        """Replace the free text."""
        self._change(NotesDraft(findings=self._draft.findings, text=text))

    def _change(self, draft: NotesDraft) -> None:
        if draft == self._draft:
            return
        self._draft = draft
        self._changed_ns = self._clock.monotonic_ns()
        self._save = SaveState.SAVING
        self._publish()
        self._run()

    def _run(self) -> None:
        if not self._running:
            self._running = True
            self._spawn(self._keep_saved(), name="notes")

    async def _keep_saved(self) -> None:
        try:
            while not self._loaded or self.has_unsaved:
                try:
                    await self._step()
                except Refused as refused:
                    if refused.code is not ErrorCode.NOTES_VERSION_CONFLICT:
                        _log.info("the notes were refused: %s", refused.code.value)
                        self._save = SaveState.REFUSED
                        self._publish()
                        return
                    # Read again first; what was written here is merged into it.
                    self._loaded = False
                except ClientError as error:
                    _log.info("the notes wait: %s", type(error).__name__)
                    if self.has_unsaved:
                        self._save = SaveState.WAITING
                        self._publish()
                    await self._clock.sleep(RETRY_AFTER_S)
        finally:
            self._running = False

    async def _step(self) -> None:
        if not self._loaded:
            self._merge(await self._desk.read())
            self._loaded = True
            return
        rested_s = (self._clock.monotonic_ns() - self._changed_ns) / 1e9
        if rested_s < SAVE_AFTER_S:
            await self._clock.sleep(SAVE_AFTER_S - rested_s)
            return
        draft = self._draft
        notes = await self._desk.write(draft, version=self._version)
        self._version, self._saved = notes.version, draft
        self._saved_at = notes.updated_at or self._clock.now()
        self._save = SaveState.SAVING if self.has_unsaved else SaveState.SAVED
        self._publish()

    def _merge(self, notes: Notes) -> None:
        """Take what another device wrote without losing what was written here."""
        theirs = NotesDraft(findings=notes.findings, text=notes.text)
        if self._draft == self._saved:
            self._draft = theirs
        else:
            mine = {finding.title for finding in self._draft.findings}
            gone = {finding.title for finding in self._saved.findings} - mine
            added = tuple(
                each for each in notes.findings if each.title not in mine and each.title not in gone
            )
            text = self._draft.text
            if notes.text and notes.text not in (self._saved.text, text):
                text = f"{notes.text}\n{text}" if text else notes.text
            self._draft = NotesDraft(findings=added + self._draft.findings, text=text)
        self._version, self._saved = notes.version, theirs
        self._saved_at = notes.updated_at
        self._publish()

    def _publish(self) -> None:
        self.state.set(self._make_state())

    def _make_state(self) -> NotesPanelState:
        return NotesPanelState(
            findings=self._draft.findings,
            text=self._draft.text,
            save=self._save,
            saved_at=self._saved_at,
            put_finding=self.put_finding,
            remove_finding=self.remove_finding,
            write=self.write,
        )


def finding(
    title: str,
    detail: str,
    severity: Severity,
    cost_low_cents: int | None,
    cost_high_cents: int | None,
) -> Finding:
    """Make a finding as the contract wants it: trimmed, the lower cost first, both or none."""
    costs = sorted(each for each in (cost_low_cents, cost_high_cents) if each is not None)
    return Finding(
        title=title.strip()[:MAX_TITLE_CHARS],
        detail=detail.strip(),
        severity=severity,
        cost_low_cents=costs[0] if costs else None,
        cost_high_cents=costs[-1] if costs else None,
    )
