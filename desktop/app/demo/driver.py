"""Plays one person of the demo with real clicks and keys; waits for what the page shows."""

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.app.demo.figures import FigureTaker
from desktop.app.demo.hands import Hands
from desktop.app.demo.plan import DemoPlan, Facts
from desktop.app.demo.stages import Side, Stage
from desktop.app.page_factory import OpenPage
from desktop.app.program import Program
from desktop.views.call_view import CallView

FULL_FOR_S = 1.0
LOOKED_AT_FOR_S = 0.5
SETTLE_WITHIN_S = 40.0


class Driver:
    """One person at one client."""

    def __init__(
        self, program: Program, plan: DemoPlan, facts: Facts, figures: FigureTaker
    ) -> None:
        self._program = program
        self._plan = plan
        self._facts = facts
        self._figures = figures
        self._hands = Hands()
        self._end_asked = asyncio.Event()

    def end_now(self) -> None:
        """For the scripts ``stay`` and ``return``: press End when told."""
        self._end_asked.set()

    async def run(self) -> None:
        """Go through the script.

        Raises:
            NotThere: something a person needs did not appear in time.
        """
        if self._plan.script == "told":
            return
        await self.sign_in()
        if not self._plan.drive:
            return
        if self._plan.script != "return":
            await self._make_session()
        await self._join()
        match self._plan.script:
            case "journey":
                await self._talk()
            case "until_ended":
                await self._stay_until_ended()
            case "stay" | "return":
                await self._end_asked.wait()
                await self._end()
            case other:
                raise ValueError(f"no script {other!r}")
        await self._see_the_end()

    async def sign_in(self) -> None:
        """Make the customer's account, or sign in where there is one."""
        hands, plan = self._hands, self._plan
        if plan.side is Side.CUSTOMER and plan.script != "return":
            await hands.click("create_account")
            await hands.type_into("sign_up_name", plan.name)
            await hands.type_into("sign_up_email", plan.email)
            await hands.type_into("sign_up_password", plan.password)
            await hands.click("sign_up_submit")
        else:
            await hands.click(f"sign_in_role_{plan.side.value}")
            await hands.type_into("sign_in_email", plan.email)
            await hands.type_into("sign_in_password", plan.password)
            await hands.click("sign_in_submit")
        await hands.until("the sign-in", lambda: self._facts.has(Stage.SIGNED_IN))

    async def _make_session(self) -> None:
        if self._is_customer:
            await self._submit_intake()
        else:
            await self._hands.click("accept_request", within_s=60)
        await self._hands.until(
            "the session being active", lambda: self._facts.has(Stage.ACTIVE_SESSION), within_s=60
        )

    async def _submit_intake(self) -> None:
        hands = self._hands
        await hands.click("new_consultation")
        await hands.type_into("intake_year", "2016")
        await hands.type_into("intake_make", "Honda")
        await hands.type_into("intake_model", "Civic")
        await hands.type_into("intake_concern", "Squeal on cold start, gone when warm")
        plan = "video15" if self._plan.script == "until_ended" else "diagnostic"
        await hands.click(f"intake_plan_{plan}")
        await hands.click("intake_submit")

    async def _join(self) -> None:
        """Press Join session on the dashboard, then on the preflight once it is possible.

        Who was in the running session a moment ago is back by a short look, without a press.
        """
        await self._hands.click("join_session")
        await self._hands.until(
            "the preflight passing",
            lambda: self._facts.has(Stage.JOIN_ENABLED) or self._hands.is_there("call_page"),
            within_s=60,
        )
        if not self._hands.is_there("call_page"):
            # The picture of this stage is to show the button as a person finds it.
            await asyncio.sleep(LOOKED_AT_FOR_S)
            await self._hands.click("join_session", within_s=20)
        view = await self._hands.find("call_page", CallView, within_s=20)
        self._program.tasks.spawn(self._figures.hear(), name="hear the other side")
        await self._hands.until(
            "the session running", lambda: self._facts.has(Stage.LIVE), within_s=40
        )
        del view

    async def _talk(self) -> None:
        hands = self._hands
        if self._plan.measure_s > 0:
            await asyncio.wait_for(self._figures.measure(), self._plan.measure_s + 45)
        mine = "Can you hear the squeal?" if self._is_customer else "Yes. Rev it once, gently."
        await self._open_chat()
        await hands.type_into("chat_input", mine)
        await hands.press_key("chat_input", Qt.Key.Key_Return)
        await hands.until("my message", lambda: self._facts.has(Stage.CHAT_SENT))
        await hands.until("the other's message", lambda: self._facts.has(Stage.CHAT_RECEIVED))
        if self._is_customer:
            # The mechanic looks at the customer's picture in full meanwhile.
            await asyncio.sleep(3 * FULL_FOR_S)
            await self._end()
        else:
            await hands.move_over("call_page")
            await hands.click("picture_full")
            await hands.until("the full picture", lambda: self._facts.has(Stage.PICTURE_FULL))
            await asyncio.sleep(FULL_FOR_S)

    async def _open_chat(self) -> None:
        if not self._hands.is_there("chat_input"):
            # The controls fade while nobody moves the mouse.
            await self._hands.move_over("call_page")
            await self._hands.click("toggle_chat", within_s=10)

    async def _end(self) -> None:
        await self._hands.move_over("call_page")
        await self._hands.click("call_end")
        await self._hands.click("confirm_end")

    async def _stay_until_ended(self) -> None:
        if self._plan.measure_s > 0:
            await asyncio.wait_for(self._figures.measure(), self._plan.measure_s + 45)
        await self._hands.until(
            "the service ending the session", lambda: self._facts.has(Stage.ENDED), within_s=150
        )

    async def _see_the_end(self) -> None:
        hands = self._hands
        await hands.until("the summary", lambda: self._facts.has(Stage.SUMMARY), within_s=30)
        await hands.until(
            "the settlement", lambda: self._facts.has(Stage.SETTLED), within_s=SETTLE_WITHIN_S
        )
        await asyncio.sleep(0.5)
        await hands.click("summary_dashboard")
        await hands.until("the dashboard", lambda: self._facts.has(Stage.DASHBOARD))
        await asyncio.sleep(0.5)

    @property
    def _is_customer(self) -> bool:
        return self._plan.side is Side.CUSTOMER


def call_view_of(page: OpenPage | None) -> CallView | None:
    """Return the call's view when that is the page in sight."""
    widget: QWidget | None = page.widget if page is not None else None
    return widget if isinstance(widget, CallView) else None
