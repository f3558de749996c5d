"""Saving and sending a diagnosis: nothing is given away that was not shown and agreed to."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from client_api.errors import UnreachableReason
from client_api.tasks import spawn
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.support_panel import (
    FILE_NAMES,
    Outcome,
    Parcel,
    ParcelKind,
    ParcelPreview,
    SupportPanel,
)
from desktop.viewmodels.trouble import Trouble
from tests.conftest import ExpectedLogs
from tests.fakes.clock import settle
from tests.fakes.service import unreachable
from tests.fakes.support_desk import JPEG, FakeSupportDesk


@dataclass
class Person:
    """Answers the questions.

    Attributes:
        path: where to save; None for thinking better of it.
        ticks: the picture box, one press after the other, once the parcel is there.
        agrees: presses *Save* or *Send* at the end.
    """

    path: Path | None = Path("/tmp/a.zip")
    ticks: tuple[bool, ...] = ()
    agrees: bool = True
    seen: list[ParcelPreview] = field(default_factory=list)
    suggested: list[str] = field(default_factory=list)
    copied: list[str] = field(default_factory=list)

    async def ask_path(self, _kind: ParcelKind, suggestion: str) -> Path | None:
        self.suggested.append(suggestion)
        return self.path

    async def ask_parcel(self, preview: Observable[ParcelPreview]) -> bool:
        preview.subscribe(self.seen.append)
        await settle()
        for ticked in self.ticks:
            tick = preview.value.tick_picture
            assert tick is not None
            tick(ticked)
            await settle()
        return self.agrees


async def all_settled() -> None:
    """Let the person answer too, who waits for the page in between."""
    for _ in range(8):
        await settle()


def panel(desk: FakeSupportDesk, person: Person, *, ready: bool = True) -> SupportPanel:
    made = SupportPanel(
        desk,
        ask_path=person.ask_path,
        ask_parcel=person.ask_parcel,
        copy=person.copied.append,
        spawn=spawn,
    )
    made.show_run(("C07", "N03"), ready=ready)
    return made


def test_nothing_is_offered_before_there_is_a_verdict() -> None:
    state = panel(FakeSupportDesk(), Person(), ready=False).state.value

    assert (state.send, state.save_bundle, state.save_report, state.save_page) == (None,) * 4
    assert state.numbers == ("C07", "N03")


async def test_what_was_shown_is_sent_and_its_code_can_be_copied() -> None:
    desk, person = FakeSupportDesk(), Person()
    made = panel(desk, person)

    made.send()
    await all_settled()

    shown: Parcel | None = person.seen[-1].parcel
    assert desk.sent == [shown]
    assert desk.packed == [(ParcelKind.SENT, False)]
    assert person.seen[-1].tick_picture is None, "no picture goes out with a report"
    state = made.state.value
    assert (state.code, state.outcome) == ("7K3M-Q2XZ", Outcome.SENT)
    assert state.copy_code is not None
    state.copy_code()
    assert person.copied == ["7K3M-Q2XZ"]
    assert made.state.value.outcome is Outcome.COPIED


async def test_who_does_not_agree_sends_nothing() -> None:
    desk = FakeSupportDesk()
    made = panel(desk, Person(agrees=False))

    made.send()
    await all_settled()

    assert desk.sent == []
    assert made.state.value.outcome is Outcome.NONE
    assert made.state.value.send is not None


async def test_a_refusal_is_told_and_can_be_tried_again() -> None:
    desk = FakeSupportDesk(refusal=unreachable())
    made = panel(desk, Person())

    made.send()
    await all_settled()
    state = made.state.value
    assert (state.outcome, state.trouble) == (
        Outcome.NOT_SENT,
        Trouble(UnreachableReason.NO_CONNECTION),
    )
    assert state.code is None

    desk.refusal = None
    made.send()
    await all_settled()
    assert made.state.value.code == "7K3M-Q2XZ"
    assert made.state.value.trouble is None


async def test_a_bundle_has_no_picture_unless_it_was_ticked() -> None:
    desk, person = FakeSupportDesk(), Person()
    made = panel(desk, person)

    made.save_bundle()
    await all_settled()

    ((parcel, path),) = desk.written
    assert (parcel.picture, path) == (None, person.path)
    assert desk.packed == [(ParcelKind.BUNDLE, False)]
    assert not any(preview.wants_picture for preview in person.seen)
    assert (made.state.value.outcome, made.state.value.saved_as) == (Outcome.SAVED, "a.zip")


@pytest.mark.parametrize(
    ("ticks", "picture"), [((True,), JPEG), ((True, False), None), ((True, False, True), JPEG)]
)
async def test_the_last_tick_counts(ticks: tuple[bool, ...], picture: bytes | None) -> None:
    desk = FakeSupportDesk()
    person = Person(ticks=ticks)

    panel(desk, person).save_bundle()
    await all_settled()

    assert desk.written[0][0].picture == picture
    assert desk.written[0][0] == person.seen[-1].parcel


async def test_a_camera_without_a_picture_is_said() -> None:
    desk = FakeSupportDesk(camera=None)
    person = Person(ticks=(True,))

    panel(desk, person).save_bundle()
    await all_settled()

    assert person.seen[-1].has_no_picture
    assert desk.written[0][0].picture is None


async def test_an_answer_to_a_parcel_that_is_not_there_yet_counts_for_nothing() -> None:
    """A quick Enter must not save what nobody has seen."""

    class SlowDesk(FakeSupportDesk):
        async def pack(self, kind: ParcelKind, *, picture: bool) -> Parcel:
            await asyncio.Event().wait()
            raise AssertionError("never reached")

    desk = SlowDesk()
    made = panel(desk, Person())

    made.send()
    await all_settled()

    assert desk.sent == []
    assert made.state.value.send is not None


@pytest.mark.parametrize("kind", [ParcelKind.REPORT, ParcelKind.PAGE])
async def test_report_and_page_are_shown_and_saved_where_the_person_says(
    kind: ParcelKind,
) -> None:
    desk, person = FakeSupportDesk(), Person()
    made = panel(desk, person)

    (made.save_report if kind is ParcelKind.REPORT else made.save_page)()
    await all_settled()

    assert desk.written[0][0].kind is kind
    assert person.suggested == [FILE_NAMES[kind]]
    assert desk.written[0][0] == person.seen[-1].parcel
    assert person.seen[-1].tick_picture is None


@pytest.mark.parametrize("kind", [ParcelKind.REPORT, ParcelKind.PAGE])
async def test_who_does_not_agree_to_what_is_inside_saves_nothing(kind: ParcelKind) -> None:
    desk, person = FakeSupportDesk(), Person(agrees=False)
    made = panel(desk, person)

    (made.save_report if kind is ParcelKind.REPORT else made.save_page)()
    await all_settled()

    assert (desk.written, person.suggested) == ([], [])


async def test_what_could_not_be_put_together_is_told_there_and_afterwards(
    expected_logs: ExpectedLogs,
) -> None:
    """The question said *Putting it together…* for ever."""
    expected_logs.allow("a parcel was not put together: RuntimeError")
    desk, person = FakeSupportDesk(pack_error=RuntimeError("no report")), Person()
    made = panel(desk, person)

    made.send()
    await all_settled()

    last = person.seen[-1]
    assert (last.failed, last.agree, last.parcel) == (True, None, None)
    state = made.state.value
    assert (state.outcome, state.send is not None) == (Outcome.NOT_PACKED, True)

    desk.pack_error = None
    made.send()
    await all_settled()
    assert made.state.value.outcome is Outcome.SENT


async def test_without_the_picture_it_may_still_be_put_together(
    expected_logs: ExpectedLogs,
) -> None:
    expected_logs.allow("a parcel was not put together")

    class NoPictures(FakeSupportDesk):
        async def pack(self, kind: ParcelKind, *, picture: bool) -> Parcel:
            if picture:
                raise OSError("the picture cannot be made")
            return await FakeSupportDesk.pack(self, kind, picture=picture)

    desk, person = NoPictures(), Person(ticks=(True, False))

    panel(desk, person).save_bundle()
    await all_settled()

    assert any(preview.failed for preview in person.seen)
    assert not person.seen[-1].failed
    assert len(desk.written) == 1


async def test_a_full_disk_is_told() -> None:
    desk = FakeSupportDesk(disk_error=OSError(28, "No space left on device"))
    made = panel(desk, Person())

    made.save_page()
    await all_settled()

    assert made.state.value.outcome is Outcome.NOT_SAVED


async def test_who_names_no_file_saves_nothing() -> None:
    desk = FakeSupportDesk()

    panel(desk, Person(path=None)).save_bundle()
    await all_settled()

    assert desk.written == []


async def test_one_wish_at_a_time() -> None:
    held = asyncio.Event()

    class SlowDesk(FakeSupportDesk):
        async def send(self, parcel: Parcel) -> str:
            await held.wait()
            return await FakeSupportDesk.send(self, parcel)

    made = panel(SlowDesk(), Person())
    made.send()
    await all_settled()
    busy = made.state.value
    held.set()
    await all_settled()

    assert (busy.outcome, busy.send, busy.save_bundle) == (Outcome.SENDING, None, None)
    assert made.state.value.send is not None


async def test_a_page_that_is_left_ends_its_wish() -> None:
    made = panel(FakeSupportDesk(), Person())
    made.send()

    made.close()
    await all_settled()

    assert made.state.value.code is None
