"""Notes are saved by themselves, one save at a time, and never lost to a conflict."""

import asyncio
from datetime import UTC, datetime

import pytest

from client_api.errors import ClientError, ErrorCode, Refused, Unreachable, UnreachableReason
from client_api.records import Finding, Notes, NotesDraft
from client_api.tasks import Tasks
from client_api.wire import Problem, Severity
from desktop.viewmodels.notes_panel import NotesPanel, NotesPanelState, SaveState, finding
from tests.fakes.clock import FakeClock, settle

AT = datetime(2026, 11, 22, 12, 4, tzinfo=UTC)
BELT = finding("Alternator belt worn", "Cracks.", Severity.SOON, 18000, 12000)
OIL = finding("Oil seep", "", Severity.WATCH, None, None)


class FakeNotesDesk:
    """Keeps the promises of `NotesDesk`, version check included."""

    def __init__(self) -> None:
        self.stored = Notes(version=0, findings=(), text="", updated_at=None)
        self.errors: list[ClientError] = []
        self.writes: list[NotesDraft] = []
        self.reads = 0
        self.hold: asyncio.Event | None = None

    async def read(self) -> Notes:
        self.reads += 1
        if self.errors:
            raise self.errors.pop(0)
        return self.stored

    async def write(self, draft: NotesDraft, *, version: int) -> Notes:
        if self.hold is not None:
            await self.hold.wait()
        if self.errors:
            raise self.errors.pop(0)
        if version != self.stored.version:
            code = ErrorCode.NOTES_VERSION_CONFLICT
            raise Refused(Problem(code=code.value, title="", status=412))
        self.writes.append(draft)
        self.stored = Notes(
            version=version + 1, findings=draft.findings, text=draft.text, updated_at=AT
        )
        return self.stored

    def written_elsewhere(self, *findings: Finding, text: str = "") -> None:
        self.stored = Notes(
            version=self.stored.version + 1, findings=findings, text=text, updated_at=AT
        )


class Stage:
    def __init__(self) -> None:
        self.desk = FakeNotesDesk()
        self.clock = FakeClock()
        self.tasks = Tasks()
        self.panel = NotesPanel(desk=self.desk, clock=self.clock, spawn=self.tasks.spawn)

    def now(self) -> NotesPanelState:
        return self.panel.state.value


@pytest.fixture
async def stage() -> Stage:
    stage = Stage()
    stage.panel.start()
    await settle()
    return stage


def test_a_finding_is_trimmed_and_its_lower_cost_comes_first() -> None:
    made = finding("  Belt ", " worn ", Severity.SOON, 18000, 12000)

    assert made == Finding("Belt", "worn", Severity.SOON, 12000, 18000)
    one = finding("Belt", "", Severity.OK, None, 500)
    assert (one.cost_low_cents, one.cost_high_cents) == (500, 500)


async def test_typing_is_saved_once_after_it_rests(stage: Stage) -> None:
    for text in ("Q", "Quote", "Quote three shops."):
        stage.panel.write(text)
        await stage.clock.advance(0.3)
    assert stage.now().save is SaveState.SAVING
    assert stage.panel.has_unsaved

    await stage.clock.advance(1.0)

    assert stage.desk.writes == [NotesDraft(findings=(), text="Quote three shops.")]
    assert stage.now().save is SaveState.SAVED
    assert stage.now().saved_at == AT
    assert not stage.panel.has_unsaved


async def test_findings_are_added_changed_and_taken_out(stage: Stage) -> None:
    stage.now().put_finding(None, BELT)
    stage.now().put_finding(None, OIL)
    stage.now().put_finding(0, finding("Belt torn", "", Severity.NOW, None, None))
    stage.now().remove_finding(1)
    stage.now().remove_finding(7)
    stage.now().put_finding(7, OIL)
    stage.now().put_finding(None, finding("  ", "no title", Severity.OK, None, None))

    await stage.clock.advance(1.0)

    assert [each.title for each in stage.desk.stored.findings] == ["Belt torn"]


async def test_what_was_written_before_a_rejoin_is_there_again() -> None:
    stage = Stage()
    stage.desk.written_elsewhere(BELT, text="Quote.")

    stage.panel.start()
    await settle()

    assert stage.now().findings == (BELT,)
    assert stage.now().text == "Quote."
    assert stage.desk.writes == []


async def test_a_change_during_a_save_is_saved_after_it(stage: Stage) -> None:
    stage.desk.hold = asyncio.Event()
    stage.panel.write("first")
    await stage.clock.advance(1.0)
    stage.panel.write("second")
    stage.desk.hold.set()
    await settle()
    assert stage.now().save is SaveState.SAVING

    await stage.clock.advance(1.0)

    assert [draft.text for draft in stage.desk.writes] == ["first", "second"]


async def test_notes_changed_on_another_device_are_merged_not_overwritten(stage: Stage) -> None:
    stage.panel.put_finding(None, BELT)
    stage.panel.write("mine")
    stage.desk.written_elsewhere(OIL, text="theirs")

    await stage.clock.advance(2.0)

    assert [each.title for each in stage.desk.stored.findings] == [OIL.title, BELT.title]
    assert stage.desk.stored.text == "theirs\nmine"
    assert stage.now().save is SaveState.SAVED


async def test_a_finding_taken_out_here_does_not_come_back_by_a_merge(stage: Stage) -> None:
    stage.panel.put_finding(None, BELT)
    await stage.clock.advance(1.0)
    stage.desk.written_elsewhere(BELT, OIL)

    stage.panel.remove_finding(0)
    await stage.clock.advance(2.0)

    assert stage.desk.stored.findings == (OIL,)


async def test_another_device_s_text_comes_alone_when_nothing_was_written_here(
    stage: Stage,
) -> None:
    stage.panel.put_finding(None, BELT)
    stage.desk.written_elsewhere(text="theirs")

    await stage.clock.advance(2.0)

    assert stage.desk.stored.text == "theirs"


async def test_a_broken_connection_keeps_the_draft_and_tries_again(stage: Stage) -> None:
    stage.desk.errors = [Unreachable(UnreachableReason.NO_CONNECTION, "down")]
    stage.panel.write("kept")
    await stage.clock.advance(1.0)
    assert stage.now().save is SaveState.WAITING
    assert stage.now().text == "kept"

    await stage.clock.advance(5.0)

    assert stage.desk.stored.text == "kept"
    assert stage.now().save is SaveState.SAVED


async def test_a_first_read_that_fails_is_repeated_in_silence() -> None:
    stage = Stage()
    stage.desk.errors = [Unreachable(UnreachableReason.NO_CONNECTION, "down")]
    stage.desk.written_elsewhere(BELT)

    stage.panel.start()
    await settle()
    assert stage.now().save is SaveState.NOTHING
    await stage.clock.advance(5.0)

    assert stage.now().findings == (BELT,)


async def test_a_refusal_for_good_is_said_and_the_next_change_tries_again(stage: Stage) -> None:
    stage.desk.errors = [Refused(Problem(code="session.not_participant", title="", status=403))]
    stage.panel.write("refused")
    await stage.clock.advance(1.0)
    assert stage.now().save is SaveState.REFUSED

    stage.panel.write("again")
    await stage.clock.advance(1.0)

    assert stage.desk.stored.text == "again"


async def test_writing_the_same_again_saves_nothing(stage: Stage) -> None:
    stage.panel.write("")

    await stage.clock.advance(5.0)

    assert stage.desk.writes == []
    assert len(stage.tasks) == 0
