"""A client process of the demo: the usual program, watched, measured and perhaps driven."""

import asyncio
import logging
import sys
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtGui import QImage

from desktop.app.adapters import real_adapters
from desktop.app.client import ClientProcess
from desktop.app.demo.driver import Driver, call_view_of
from desktop.app.demo.figures import FigureTaker
from desktop.app.demo.glance import clock_reading, glance
from desktop.app.demo.hands import Hands, NotThere
from desktop.app.demo.plan import DemoPlan, Facts, listen_for_commands, load_plan
from desktop.app.demo.trouble_switch import CameraTrouble, TroubleSwitch
from desktop.app.demo.watch import StageWatch
from desktop.app.page_factory import OpenPage
from desktop.app.profile import open_profile
from desktop.app.program import Program, WindowPlace
from desktop.app.settings import Settings

_log = logging.getLogger(__name__)

_LOOK_AGAIN_S = 0.02

EXIT_FAILED = 1


def run_demo_client(profile_name: str, plan_file: Path) -> int:
    """Run one side of the demo; 0 when it went to its end."""
    try:
        plan = load_plan(plan_file)
    except (OSError, msgspec.MsgspecError) as error:
        print(f"the demo plan cannot be read: {type(error).__name__}", file=sys.stderr)
        return EXIT_FAILED
    profile = open_profile(profile_name, Path(plan.profile_root))
    process = ClientProcess(profile, verbose=False)
    settings = Settings(
        service_url=plan.service_url,
        camera=plan.camera,
        microphone=plan.microphone,
        speaker=plan.speaker,
        theme=plan.theme,
        language="en",
    )

    adapters = real_adapters(profile, time_code=plan.time_code)
    trouble = None
    if plan.camera_trouble is not None:
        trouble = TroubleSwitch(adapters, plan.camera_trouble)
        adapters = trouble.adapters

    async def go(program: Program) -> int:
        return await DemoRun(program, plan, process, trouble).run()

    return process.run(settings, adapters, go)


class DemoRun:
    """One side, from the first window to its end."""

    def __init__(
        self,
        program: Program,
        plan: DemoPlan,
        process: ClientProcess,
        trouble: TroubleSwitch | None,
    ) -> None:
        self._program = program
        self._plan = plan
        self._process = process
        self._trouble = trouble
        self._facts = Facts()
        self._figures = FigureTaker(program, self._facts, plan)
        self._driver = Driver(program, plan, self._facts, self._figures)
        self._hands = Hands()
        self._failed = False

    async def run(self) -> int:
        """Return the exit status when the script is done or the window is closed."""
        loop = asyncio.get_running_loop()

        def hand_over(command: dict[str, Any]) -> None:
            loop.call_soon_threadsafe(self._on_command, command)

        listen_for_commands(hand_over)
        watch = StageWatch(self._program, self._plan.side, self._facts)
        unwatch = self._program.page.subscribe(self._on_page)
        window = self._program.tasks.spawn(
            self._program.run(WindowPlace(**(self._plan.window or {}))), name="window"
        )
        script = self._program.tasks.spawn(self.play(), name="script")
        try:
            await window
        finally:
            unwatch()
            watch.close()
            self._figures.detach()
            script.cancel()
        if self._process.crashes.faults:
            self._facts.tell("failed", why=f"{self._process.crashes.faults} faults; see the logs")
            self._failed = True
        return EXIT_FAILED if self._failed else 0

    async def play(self) -> None:
        """Go through the script; whatever ends it early is told, and stops the program."""
        try:
            await self._driver.run()
        except Exception as error:
            # Whatever it is: the runner would wait its whole time and only know "not finished".
            self._failed = True
            page = self._program.shell.state.value.page.name.lower()
            self._facts.tell("failed", why=f"{type(error).__name__}: {error} (on page {page})")
            if not isinstance(error, (NotThere, TimeoutError, ValueError)):
                _log.error("the demo's script failed", exc_info=error)
            try:
                self._take_picture("failed")
            finally:
                self._program.request_stop()
            return
        if self._plan.drive:
            self._facts.tell("done")
            # The last stage's pictures are still to be taken.
            await asyncio.sleep(0.7)
            self._program.request_stop()

    def _on_page(self, page: OpenPage | None) -> None:
        view = call_view_of(page)
        if view is None:
            self._figures.detach()
            return
        self._figures.attach(view)
        if not self._plan.drive:
            # A person talks as long as they like; measure when it lasts long enough.
            spawn = self._program.tasks.spawn
            spawn(self._figures.hear(), name="hear the other side")
            spawn(self._figures.measure(), name="measure the call")

    def _on_command(self, command: dict[str, Any]) -> None:
        match command:
            case {"do": "picture", "name": str(name)}:
                # Not before the page has drawn what it was just told.
                asyncio.get_running_loop().call_later(0.15, self._take_picture, name)
            case {"do": "end"}:
                self._driver.end_now()
            case {"do": "figures"}:
                self._facts.tell("figures", figures=self._figures.figures())
            case {"do": "glance", "id": int(number)}:
                self._facts.tell("glance", id=number, **glance(self._program))
            case {"do": "clock", "id": int(number)}:
                self._facts.tell("clock", id=number, **clock_reading(self._program))
            case {"do": "close_window"}:
                self._program.window.close()
            case {"do": "open_session", "session": str(session)}:
                self._program.open_link(session)
            case {"do": "camera_trouble", "trouble": str(word)} if self._trouble is not None:
                self._trouble.now = CameraTrouble(word)
            case {"do": "click" | "type", "id": int(number), "name": str(name)}:
                text = command.get("text")
                self._program.tasks.spawn(self._obey(number, name, text), name="obey a command")
            case _:
                _log.warning("the demo's runner sent an unknown command")

    async def _obey(self, number: int, name: str, text: str | None) -> None:
        """Press a button, or fill a field; tell when it is done or why it cannot be."""
        try:
            if text is None:
                await self._hands.click(name)
            else:
                await self._hands.type_into(name, text)
        except NotThere as error:
            self._facts.tell("obeyed", id=number, why=str(error))
        else:
            self._facts.tell("obeyed", id=number, why=None)

    def _take_picture(self, name: str) -> None:
        if self._plan.pictures is None:
            return
        if not self._program.window.has_arrived:
            # The state was there first; the picture is of what a person sees of it.
            asyncio.get_running_loop().call_later(_LOOK_AGAIN_S, self._take_picture, name)
            return
        image = self._program.window.grab().toImage()
        path = Path(self._plan.pictures) / f"{name}--{self._plan.side.value}.png"
        self._program.tasks.spawn(_save(image, path), name="save a picture")


async def _save(image: QImage, path: Path) -> None:
    await asyncio.to_thread(image.save, str(path))
