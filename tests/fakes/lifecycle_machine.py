"""Everything that can happen to sessions, as rules that hypothesis strings together and shrinks.

A rule asks for whatever it wants at any moment; whether the service allows it is the service's
matter, and what comes of it is the audit's. The first rules lead into the middle of a session, for
a chain of chances would seldom come so far.
"""

import asyncio
import uuid
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any, Final, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from liftbay_backend.domain.ids import AttemptId, SessionId
from liftbay_backend.rooms.ports import session_room
from tests.fakes.backend_calls import passing_report
from tests.fakes.backend_service import INTAKE, Caller
from tests.fakes.lifecycle_audit import LifecycleAudit
from tests.fakes.lifecycle_stage import LifecycleStage
from tests.fakes.rooms import SIGNATURE

OpenStage = Callable[[], AbstractAsyncContextManager[LifecycleStage]]
_T = TypeVar("_T")
MOST_SESSIONS: Final = 3
CALM_ROUNDS: Final = 6
"""Of a day each: longer than any pause between two tries, and than any plan with its extensions."""
_any: Final = st.integers(0, 9)
# The other mechanic seldom has a part in anything; mostly those ask whose session it is.
_people: Final = st.sampled_from(("customer", "dana", "customer", "dana", "ray"))
_plans: Final = st.sampled_from(("video15", "diagnostic"))
_both: Final = st.sampled_from(("customer", "dana"))
# Just before, at and just behind what falls due: the grace of 10 s, 60 paid seconds, the quarters
# of an hour, the cap of 10 min, plans and extensions, a year.
_SECONDS: Final = (
    *(1, 4, 9, 10, 11, 26, 59, 61, 120, 590, 600, 601, 840, 899, 900, 901, 1500, 1800, 2699, 2701),
)
_LONG_SECONDS: Final = (3599, 3601, 5400, 21_600, 86_401, 366 * 86_400)
_STAGES: Final = ("asked", "paid", "accepted", "live", "live", "extended", "completed")
_KINDS: Final = ("participant_joined", "participant_left", "room_finished", "room_started")


class LifecycleMachine(RuleBasedStateMachine):
    """One service on a fresh database, from its first intake to a rest in which nothing is owed."""

    def __init__(self, open_stage: OpenStage, reached: Counter[str]) -> None:
        """Open a stage.

        Args:
            open_stage: makes one, on a fresh database.
            reached: counts how sessions ended and what befell the service, over many walks.
        """
        super().__init__()
        self._reached = reached
        self._runner = asyncio.Runner()
        self._opened = open_stage()
        self.stage = self._run(self._opened.__aenter__())
        self.audit = LifecycleAudit(self.stage)
        self.webhooks: list[str] = []

    def teardown(self) -> None:
        """Let everything come to rest, and look whether all of it is right."""
        try:
            self._run(self._come_to_rest())
        finally:
            self._run(self._opened.__aexit__(None, None, None))
            self._runner.close()

    @invariant()
    def all_is_in_order(self) -> None:
        self._run(self.audit.look())

    # The way in.

    @initialize(plan=_plans, stage=st.sampled_from(_STAGES))
    def begin_somewhere(self, plan: str, stage: str) -> None:
        """A chain of chances alone would seldom come far."""
        self._run(self._intake(plan, None))
        self._run(self._lead_to(self.stage.sessions[-1], stage))

    @precondition(lambda self: len(self.stage.sessions) < MOST_SESSIONS)
    @rule(plan=_plans, later=st.sampled_from((None, 5, 40)))
    def submit_an_intake(self, plan: str, later: int | None) -> None:
        self._run(self._intake(plan, later))

    @precondition(lambda self: len(self.stage.sessions) < MOST_SESSIONS)
    @rule(plan=_plans, stage=st.sampled_from(_STAGES))
    def come_far_at_once(self, plan: str, stage: str) -> None:
        self._run(self._intake(plan, None))
        if self.stage.sessions:
            self._run(self._lead_to(self.stage.sessions[-1], stage))

    @rule(page=_any)
    def pay(self, page: int) -> None:
        pages = list(self.stage.payments.pages)
        if pages:
            self.stage.payments.pay_on(pages[page % len(pages)])

    @rule(number=st.integers(0, 40), times=st.integers(1, 2))
    def hear_of_money(self, number: int, times: int) -> None:
        for _ in range(times):
            self._run(self.stage.deliver(number))

    @rule(which=_any, who=_people)
    def accept(self, which: int, who: str) -> None:
        self._post(which, who, "accept")

    @rule(which=_any, who=_people)
    def cancel_or_give_back(self, which: int, who: str) -> None:
        self._post(which, who, "cancel", {})

    @rule(which=_any, who=_people)
    def pass_a_preflight(self, which: int, who: str) -> None:
        if self.stage.sessions:
            self._run(self._preflight(self._session(which), who))

    @rule(which=_any, who=_people, comes=st.booleans())
    def ask_for_a_token(self, which: int, who: str, comes: bool) -> None:
        if self.stage.sessions:
            self._run(self._join(self._session(which), who, comes=comes))

    @rule(which=_any, who=_both)
    def start(self, which: int, who: str) -> None:
        self._post(which, who, "start", {})

    # In the call.

    @rule(which=_any, who=_people, goes=st.booleans())
    def come_or_go(self, which: int, who: str, goes: bool) -> None:
        """As the media server has it; the service learns of it by a webhook, a look, or never."""
        if not self.stage.sessions:
            return
        session_id, caller = self._session(which), self._caller(who)
        bench, rooms = self.stage.bench(session_id), self.stage.service.rooms
        attempts = self.stage.attempts.get((session_id, caller.user_id))
        if goes:
            bench.drop(caller)
        elif attempts and self._is_open(session_id):
            rooms.join(session_room(session_id), bench.identity(caller), AttemptId(attempts[-1]))

    @rule(which=_any, who=_people, kind=st.sampled_from(_KINDS))
    def tell_by_webhook(self, which: int, who: str, kind: str) -> None:
        """Write a webhook, true or not, and deliver it at once or only by `tell_late`."""
        if self.stage.sessions:
            bench = self.stage.bench(self._session(which))
            room = session_room(bench.session_id)
            identity = bench.identity(self._caller(who))
            name = f"EV_{len(self.webhooks)}"
            self.webhooks.append(self.stage.service.rooms.webhook(name, kind, room, identity))

    @rule(number=_any, times=st.integers(1, 2))
    def deliver_a_webhook(self, number: int, times: int) -> None:
        if self.webhooks:
            body = self.webhooks[-1 - number % len(self.webhooks)]
            for _ in range(times):
                self._run(self._webhook(body))

    @rule(which=_any)
    def look_at_a_room(self, which: int) -> None:
        if self.stage.sessions:
            session_id, stage = self._session(which), self.stage
            self._run(stage.inside(lambda: stage.live.watch.look(session_id)))

    @rule(change=st.sampled_from(("down", "up", "restart")))
    def trouble_the_media_server(self, change: str) -> None:
        rooms = self.stage.service.rooms
        rooms.is_down = change == "down"
        if change == "restart":
            rooms.restart()

    @rule(which=_any, who=_both, what=st.sampled_from(("clock", "quality", "readiness", "chat")))
    def give_a_sign_of_life(self, which: int, who: str, what: str) -> None:
        match what:
            case "clock":
                self._ask(which, who, "GET", "clock")
            case "quality":
                samples = [{"at": self._now(), "rtt_ms": 20}]
                self._post(
                    which, who, "quality", {"attempt": str(uuid.uuid4()), "samples": samples}
                )
            case "readiness":
                self._ask(which, who, "PUT", "readiness", {"state": "ready", "rung": 4})
            case _:
                body = {"client_id": str(uuid.uuid4()), "text": "Does it squeal?"}
                self._post(which, who, "messages", body)

    @rule(which=_any, length=st.sampled_from((900, 1800, 3600)), pays=st.booleans())
    def buy_an_extension(self, which: int, length: int, pays: bool) -> None:
        self._post(which, "customer", "extensions", {"extension": f"extension-{length}"})
        if pays and self.stage.payments.pages:
            self.stage.payments.pay_on(list(self.stage.payments.pages)[-1])

    @rule(which=_any, seconds=st.sampled_from((5, 55, 65, 300)))
    def talk_for_a_while(self, which: int, seconds: int) -> None:
        """Both show that they live, before and after; the room is looked at."""
        self.look_at_a_room(which)
        for pause in (seconds, 0):
            for who in ("customer", "dana"):
                self._ask(which, who, "GET", "clock")
            self.stage.service.clock.advance(seconds=pause)
        self.look_at_a_room(which)

    @rule(which=_any, version=st.integers(0, 2))
    def write_notes(self, which: int, version: int) -> None:
        finding = {"title": "Brake pads", "severity": "now"}
        body = {"findings": [finding], "text": "Worn."}
        self._ask(which, "dana", "PUT", "notes", body, {"If-Match": f'"{version}"'})

    # The end and what follows.

    @rule(which=_any, who=_people, ago=st.sampled_from((0, 5, 700)), newest=st.booleans())
    def press_end(self, which: int, who: str, ago: int, newest: bool) -> None:
        """Now, or a while ago and offline; in the present call attempt, or in an earlier one."""
        if not self.stage.sessions:
            return
        caller = self._caller(who)
        attempts = self.stage.attempts.get((self._session(which), caller.user_id), [])
        pressed = self.stage.service.clock.now() - timedelta(seconds=ago)
        body = {
            "reason": "ended_by_customer" if who == "customer" else "ended_by_mechanic",
            "pressed_at": pressed.isoformat(),
            "attempt": (attempts[-1] if newest else attempts[0]) if attempts else None,
        }
        self._post(which, who, "end", body)

    @rule(which=_any, who=_both)
    def close_the_window(self, which: int, who: str) -> None:
        body = {"reason": "window_closed", "pressed_at": self._now(), "attempt": None}
        self._post(which, who, "end", body)

    @rule(which=_any, stars=st.integers(1, 5))
    def rate(self, which: int, stars: int) -> None:
        self._post(which, "customer", "rating", {"stars": stars, "comment": ""})

    @rule(which=_any, cents=st.sampled_from((None, 1, 999, 2999, 5000)))
    def refund_by_support(self, which: int, cents: int | None) -> None:
        self._post(which, "support", "refund", {"reason": "It froze.", "amount_cents": cents})

    @rule(steps=st.integers(1, 5), twice=st.booleans())
    def settle(self, steps: int, twice: bool) -> None:
        self._run(self.stage.settle(steps, twice=twice))

    @rule(word=st.sampled_from(("refuse", "down", "lost", "wait", "fail")))
    def let_a_refund_go_wrong(self, word: str) -> None:
        self.stage.payments.script.append(word)

    @rule(word=st.sampled_from(("no_account", "declined", "down", "lost")))
    def let_a_transfer_go_wrong(self, word: str) -> None:
        self.stage.transfers.script.append(word)

    @rule(word=st.sampled_from(("down", "lost")))
    def let_the_crm_go_wrong(self, word: str) -> None:
        self.stage.crm.script.append(word)

    # Time, death and repetition.

    @rule(seconds=st.sampled_from(_SECONDS), ticks=st.booleans())
    def let_time_pass(self, seconds: int, ticks: bool) -> None:
        self.stage.service.clock.advance(seconds=seconds)
        if ticks:
            self._run(self.stage.tick())

    @precondition(lambda self: self.audit.have_all_ended)
    @rule(seconds=st.sampled_from(_LONG_SECONDS))
    def let_much_time_pass(self, seconds: int) -> None:
        self.stage.service.clock.advance(seconds=seconds)
        self._run(self.stage.tick())

    @rule()
    def tick(self) -> None:
        self._run(self.stage.tick())

    @rule(commit=st.integers(1, 3), is_kept=st.booleans())
    def die_soon(self, commit: int, is_kept: bool) -> None:
        self.stage.dying.die_at(commit, is_kept=is_kept)

    @rule()
    def die_now(self) -> None:
        self._run(self.stage.reopen())

    @precondition(lambda self: self.stage.sent)
    @rule(
        numbers=st.lists(st.integers(0, 60), min_size=1, max_size=2),
        key=st.sampled_from(("same", "new", "none")),
    )
    def send_again(self, numbers: list[int], key: str) -> None:
        """Any earlier request, or two of them at the same time."""
        sent = self.stage.sent
        chosen = [sent[-1 - one % len(sent)] for one in numbers]
        self._run(self._all(*(self.stage.again(one, key=key) for one in chosen)))

    # What the rules are made of.

    def _run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return self._runner.run(work)

    async def _all(self, *works: Coroutine[Any, Any, Any]) -> None:
        await asyncio.gather(*works)

    def _session(self, which: int) -> SessionId:
        return self.stage.sessions[-1 - which % len(self.stage.sessions)]

    def _caller(self, who: str) -> Caller:
        stage = self.stage
        people = {
            "customer": stage.customer,
            "support": stage.support,
            "dana": stage.mechanics[0],
            "ray": stage.mechanics[1],
        }
        return people[who]

    def _now(self) -> str:
        return self.stage.service.clock.now().isoformat()

    def _ask(
        self,
        which: int,
        who: str,
        method: str,
        what: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        if self.stage.sessions:
            path = f"/api/sessions/{self._session(which)}/{what}"
            self._run(self.stage.ask(self._caller(who), method, path, body, headers))

    def _post(self, which: int, who: str, what: str, body: Any = None) -> None:
        if what == "accept" and self.stage.sessions:
            self._run(self._accept(self._session(which), who))
        else:
            self._ask(which, who, "POST", what, body)

    def _is_open(self, session_id: SessionId) -> bool:
        return self.stage.service.rooms.has(session_room(session_id))

    async def _intake(self, plan: str, later: int | None) -> None:
        stage = self.stage
        booked = None
        if later is not None:
            booked = (stage.service.clock.now() + timedelta(minutes=later)).isoformat()
        body = {**INTAKE, "plan": plan, "scheduled_for": booked}
        await stage.ask(stage.customer, "POST", "/api/intake/start", body)
        await self._find_sessions()

    async def _find_sessions(self) -> None:
        """Know every session, also one whose answer was lost with the service."""
        stage = self.stage
        listed = (await stage.customer.http.get("/api/sessions")).json()["sessions"]
        stage.sessions[:] = [SessionId(one["id"]) for one in reversed(listed)]

    async def _lead_to(self, session_id: SessionId, where: str) -> None:
        """Lead a new session on; whatever goes wrong on the way is part of the walk."""
        if where == "asked":
            return
        await self._pay_newest()
        if where == "paid":
            return
        await self._accept(session_id, "dana")
        if where == "accepted":
            return
        for who in ("customer", "dana"):
            await self._preflight(session_id, who)
            await self._join(session_id, who, comes=True)
        stage, path = self.stage, f"/api/sessions/{session_id}"
        await stage.ask(stage.customer, "POST", f"{path}/start", {})
        if where == "live":
            return
        bought = {"extension": "extension-900"}
        await stage.ask(stage.customer, "POST", f"{path}/extensions", bought)
        await self._pay_newest()
        if where == "completed":
            stage.service.clock.advance(seconds=61)
            press = {"reason": "ended_by_mechanic", "pressed_at": self._now(), "attempt": None}
            await stage.ask(stage.mechanics[0], "POST", f"{path}/end", press)

    async def _pay_newest(self) -> None:
        payments = self.stage.payments
        if payments.pages and payments.pay_on(list(payments.pages)[-1]):
            await self.stage.deliver(len(payments.told) - 1)

    async def _accept(self, session_id: SessionId, who: str) -> None:
        shown = await self.stage.customer.http.get(f"/api/sessions/{session_id}")
        path = f"/api/mechanics/requests/{shown.json()['request_id']}/accept"
        await self.stage.ask(self._caller(who), "POST", path, {})

    async def _preflight(self, session_id: SessionId, who: str) -> None:
        stage, caller = self.stage, self._caller(who)
        begun = await stage.ask(caller, "POST", "/api/preflight", {"session_id": session_id})
        if begun is None or begun.status != 201:
            return
        rooms = stage.service.rooms
        if rooms.has(begun.answer["probe"]["room"]):
            rooms.join_with(begun.answer["probe"]["tokens"]["join"])
        report = passing_report(begun.answer["nonce"])
        path = f"/api/preflight/{begun.answer['run_id']}/report"
        stored = await stage.ask(caller, "POST", path, report)
        if stored is not None and stored.status == 200:
            stage.reports[session_id, caller.user_id] = stored.answer["report_id"]

    async def _join(self, session_id: SessionId, who: str, *, comes: bool) -> None:
        stage, caller = self.stage, self._caller(who)
        attempt = str(uuid.uuid4())
        report = stage.reports.get((session_id, caller.user_id))
        body = {"report_id": report, "attempt": attempt}
        path = f"/api/sessions/{session_id}/token"
        found = await stage.ask(caller, "POST", path, body)
        if comes and found is not None and found.status == 200 and self._is_open(session_id):
            stage.attempts.setdefault((session_id, caller.user_id), []).append(attempt)
            stage.service.rooms.join_with(found.answer["token"])

    async def _webhook(self, body: str) -> None:
        path, headers = "/api/livekit/webhook", {"Authorization": SIGNATURE}
        await self.stage.ask(self.stage.nobody, "POST", path, body, headers, key=False)

    async def _come_to_rest(self) -> None:
        stage = self.stage
        stage.service.rooms.is_down = False
        for script in (stage.payments.script, stage.transfers.script, stage.crm.script):
            script.clear()
        await stage.reopen()
        for _ in range(CALM_ROUNDS):
            for number in range(len(stage.payments.told)):
                await stage.deliver(number)
            await stage.tick()
            await stage.settle(5)
            stage.service.clock.advance(minutes=24 * 60)
        await self._find_sessions()
        await self.audit.look()
        await self.audit.at_rest()
        self._reached.update(self.audit.ends)
        self._reached.update(
            walks=1,
            deaths=stage.deaths,
            requests=len(stage.sent),
            refunds=len(stage.payments.given),
            transfers=len(stage.transfers.sent),
            reversals=len(stage.transfers.reversed),
        )
