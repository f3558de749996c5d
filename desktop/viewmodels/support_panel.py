"""What a person can do with a diagnosis: save it, look into what support gets, send it.

Nothing leaves the machine before it was shown and agreed to. Pure.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path
from typing import Protocol, TypeAlias

from client_api.errors import ClientError
from desktop.viewmodels.command import Command
from desktop.viewmodels.observable import Observable
from desktop.viewmodels.page_tasks import PageTasks, Spawn
from desktop.viewmodels.trouble import Trouble, trouble_of

_log = logging.getLogger(__name__)


class ParcelKind(Enum):
    """What a parcel is for."""

    REPORT = auto()
    PAGE = auto()
    BUNDLE = auto()
    SENT = auto()


FILE_NAMES = {
    ParcelKind.REPORT: "liftbay-diagnosis.json",
    ParcelKind.PAGE: "liftbay-diagnosis.html",
    ParcelKind.BUNDLE: "liftbay-diagnosis.zip",
}


@dataclass(frozen=True, slots=True)
class ParcelFile:
    """One file in a parcel."""

    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """What would be saved or sent, put together and not yet given away.

    Attributes:
        taken_out: how often each rule of the redaction took something out.
        picture: the JPEG in it, for the person to look at; None where there is none.
    """

    kind: ParcelKind
    files: tuple[ParcelFile, ...]
    taken_out: tuple[tuple[str, int], ...]
    picture: bytes | None = None


class SupportDesk(Protocol):
    """The diagnosis, as this panel needs it. Nothing here blocks the calling thread."""

    async def pack(self, kind: ParcelKind, *, picture: bool) -> Parcel:
        """Put a parcel together from the run as it stands.

        Args:
            picture: add what the camera sees now; without a picture the parcel has none.
        """

    async def write(self, parcel: Parcel, path: Path) -> None:
        """Write what was packed last.

        Raises:
            OSError: the disk is full or not writable.
        """

    async def send(self, parcel: Parcel) -> str:
        """Send what was packed last to support; returns the code to read out.

        Raises:
            ClientError: the service refused it or cannot be reached.
        """


@dataclass(frozen=True, slots=True)
class ParcelPreview:
    """What the question before saving or sending shows.

    Attributes:
        parcel: None while it is put together.
        wants_picture: whether the person ticked it; never from the start.
        has_no_picture: it was ticked, but the camera gives none.
        failed: it could not be put together.
        tick_picture: None where a picture makes no sense.
        agree: None while the parcel is not the one that was asked for.
    """

    kind: ParcelKind
    parcel: Parcel | None = None
    wants_picture: bool = False
    has_no_picture: bool = False
    failed: bool = False
    tick_picture: Callable[[bool], object] | None = None
    agree: Command | None = None


AskPath: TypeAlias = Callable[[ParcelKind, str], Awaitable[Path | None]]
"""Asks where to save; None when the person thinks better of it."""
AskParcel: TypeAlias = Callable[[Observable[ParcelPreview]], Awaitable[bool]]
"""Shows what is inside and asks whether to go on."""


class Outcome(Enum):
    """How the last wish ended."""

    NONE = auto()
    NOT_PACKED = auto()
    SAVING = auto()
    SAVED = auto()
    NOT_SAVED = auto()
    SENDING = auto()
    SENT = auto()
    NOT_SENT = auto()
    COPIED = auto()


@dataclass(frozen=True, slots=True)
class SupportPanelState:
    """The panel at one moment.

    Attributes:
        numbers: of what is wrong, to be read out: ``C07``.
        code: under which support finds the report; None until it was sent.
        saved_as: name of the file that was saved last.
        trouble: why it was not sent.
    """

    numbers: tuple[str, ...] = ()
    code: str | None = None
    outcome: Outcome = Outcome.NONE
    saved_as: str = ""
    trouble: Trouble | None = None
    send: Command | None = None
    save_report: Command | None = None
    save_page: Command | None = None
    save_bundle: Command | None = None
    copy_code: Command | None = None


class SupportPanel:
    """Packs, asks, then saves or sends; one wish at a time."""

    def __init__(
        self,
        desk: SupportDesk,
        *,
        ask_path: AskPath,
        ask_parcel: AskParcel,
        copy: Callable[[str], object],
        spawn: Spawn,
    ) -> None:
        self._desk = desk
        self._ask_path = ask_path
        self._ask_parcel = ask_parcel
        self._copy = copy
        self._tasks = PageTasks(spawn)
        self._busy = False
        self._ready = False
        self.state: Observable[SupportPanelState] = Observable(SupportPanelState())

    def show_run(self, numbers: tuple[str, ...], *, ready: bool) -> None:
        """Take the numbers of what is wrong; ``ready`` once there is something worth sending."""
        self._ready = ready
        self._change(numbers=numbers)

    def close(self) -> None:
        """End what still runs."""
        self._tasks.close()

    # --- what the person does -----------------------------------------------------------------

    def save_report(self) -> None:
        """Show what the report holds, then save it as a file."""
        self._tasks.start(self._save(ParcelKind.REPORT), name="support wish")

    def save_page(self) -> None:
        """Show what the page holds, then save it."""
        self._tasks.start(self._save(ParcelKind.PAGE), name="support wish")

    def save_bundle(self) -> None:
        """Show what the bundle holds, then save it."""
        self._tasks.start(self._save(ParcelKind.BUNDLE), name="support wish")

    def send(self) -> None:
        """Show what would be sent, then send it."""
        self._tasks.start(self._send(), name="support wish")

    def copy_code(self) -> None:
        """Put the code into the clipboard."""
        code = self.state.value.code
        if code is not None:
            self._copy(code)
            self._change(outcome=Outcome.COPIED)

    # --- what follows -------------------------------------------------------------------------

    async def _save(self, kind: ParcelKind) -> None:
        self._busy = True
        self._change()
        try:
            parcel = await self._agreed(kind)
            path = None if parcel is None else await self._ask_path(kind, FILE_NAMES[kind])
            if parcel is None or path is None:
                return
            self._change(outcome=Outcome.SAVING)
            try:
                await self._desk.write(parcel, path)
            except OSError:
                self._change(outcome=Outcome.NOT_SAVED)
            else:
                self._change(outcome=Outcome.SAVED, saved_as=path.name)
        finally:
            self._busy = False
            self._change()

    async def _send(self) -> None:
        self._busy = True
        self._change()
        try:
            parcel = await self._agreed(ParcelKind.SENT)
            if parcel is None:
                return
            self._change(outcome=Outcome.SENDING, trouble=None)
            try:
                code = await self._desk.send(parcel)
            except ClientError as error:
                self._change(outcome=Outcome.NOT_SENT, trouble=trouble_of(error))
            else:
                self._change(outcome=Outcome.SENT, code=code)
        finally:
            self._busy = False
            self._change()

    async def _agreed(self, kind: ParcelKind) -> Parcel | None:
        """Return the very parcel that the person saw and agreed to; None when they did not."""
        preview: Observable[ParcelPreview] = Observable(ParcelPreview(kind))

        def pack(wanted: bool) -> None:
            preview.set(replace(preview.value, wants_picture=wanted, failed=False, agree=None))
            self._tasks.start(self._pack(preview), name="pack the parcel")

        preview.set(ParcelPreview(kind, tick_picture=pack if kind is ParcelKind.BUNDLE else None))
        pack(False)
        try:
            agreed = await self._ask_parcel(preview)
        finally:
            self._tasks.cancel("pack the parcel")
        if preview.value.failed:
            self._change(outcome=Outcome.NOT_PACKED)
        return preview.value.parcel if agreed and preview.value.agree is not None else None

    async def _pack(self, preview: Observable[ParcelPreview]) -> None:
        asked = preview.value
        # Whatever keeps it from being packed, the person must get an answer to the question.
        try:
            parcel = await self._desk.pack(asked.kind, picture=asked.wants_picture)
        except Exception as error:
            _log.warning("a parcel was not put together: %s", type(error).__name__)
            preview.set(replace(asked, parcel=None, failed=True))
            return
        missing = asked.wants_picture and parcel.picture is None
        preview.set(replace(asked, parcel=parcel, has_no_picture=missing, agree=_agree))

    def _change(self, **changes: object) -> None:
        state = replace(self.state.value, **changes)  # type: ignore[arg-type]  # fields by name
        free = self._ready and not self._busy
        self.state.set(
            replace(
                state,
                send=self.send if free else None,
                save_report=self.save_report if free else None,
                save_page=self.save_page if free else None,
                save_bundle=self.save_bundle if free else None,
                copy_code=self.copy_code if state.code is not None else None,
            )
        )


def _agree() -> None:
    """Stands for the answer, which the question itself gives."""
