"""A real service, a real media server and real client processes, for tests that press and look.

Everything is started by its owner and ended by its own process id. Clients are asked through
their command lines (``desktop/app/demo/client.py``): a test presses what a person could press
and reads what a person could read.
"""

import itertools
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from desktop.app.demo.media_server import find_or_build
from desktop.app.demo.processes import Account, ClientProcess, Rig, made_up_account
from desktop.app.demo.stages import Side, Stage
from tests.fakes.ledger_audit import faults_on_disk
from tests.planted import leaks_in

LOOK_EVERY_S = 0.2
ANSWER_S = 40.0
LIVE_WITHIN_S = 90.0

Glance = dict[str, Any]


class DidNotHappen(AssertionError):
    """Something did not become true in time; the text ends with what was seen last."""


def until(what: str, condition: Callable[[], bool], within_s: float = 30.0) -> float:
    """Wait for something outside of this process; return the seconds it took.

    Raises:
        DidNotHappen: it did not within the time.
    """
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > within_s:
            raise DidNotHappen(f"{what} did not happen within {within_s:.0f} s")
        time.sleep(LOOK_EVERY_S)
    return time.monotonic() - began


class Client:
    """One client process, with eyes and hands."""

    def __init__(self, process: ClientProcess) -> None:
        self.process = process
        self._numbers = itertools.count(1)

    def glance(self) -> Glance:
        """Return what stands on the screen now (``desktop/app/demo/glance.py``)."""
        return self._ask("glance", {"do": "glance"})

    def call(self) -> dict[str, Any]:
        """Return the call page's part of a glance.

        Raises:
            DidNotHappen: the call page is not in sight.
        """
        seen = self.glance()
        if seen["call"] is None:
            raise DidNotHappen(f"no call in sight but {seen['page']}: {seen['texts']}")
        call: dict[str, Any] = seen["call"]
        return call

    def click(self, name: str) -> None:
        """Press a button with the mouse, once it can be pressed."""
        self._obey({"do": "click", "name": name})

    def type(self, name: str, text: str) -> None:
        """Replace what stands in a field, key by key."""
        self._obey({"do": "type", "name": name, "text": text})

    def open_session(self, session: str) -> None:
        """Give the client a session link, as another start of the program does."""
        self._send({"do": "open_session", "session": session})

    def close_window(self) -> None:
        """Close the window by its title bar."""
        self._send({"do": "close_window"})

    def until(
        self, what: str, condition: Callable[[Glance], object], within_s: float = 30.0
    ) -> Glance:
        """Look until ``condition`` holds for what is seen; return that.

        Raises:
            DidNotHappen: it did not; the text tells the page and its words.
        """
        end = time.monotonic() + within_s
        while True:
            seen = self.glance()
            if condition(seen):
                return seen
            if time.monotonic() > end:
                raise DidNotHappen(f"{self.process.side}: {what} within {within_s:.0f} s: {seen}")
            time.sleep(LOOK_EVERY_S)

    def until_words(self, *words: str, within_s: float = 30.0) -> Glance:
        """Look until every one of these words stands somewhere on the page."""

        def are_there(seen: Glance) -> bool:
            page = "\n".join(seen["texts"])
            return all(word in page for word in words)

        return self.until(f"no {words} on the page", are_there, within_s)

    def has_reached(self, stage: Stage) -> bool:
        """True once the client observed that stage of the journey."""
        return any(
            fact.get("fact") == "stage" and fact.get("name") == stage.value
            for fact in list(self.process.facts)
        )

    def until_stage(self, stage: Stage, within_s: float = LIVE_WITHIN_S) -> None:
        """Wait for a stage of the journey.

        Raises:
            DidNotHappen: the client ended or told a failure, or the stage did not come.
        """

        def reached() -> bool:
            failed = self.process.fact("failed")
            if failed is not None or self.process.status is not None:
                raise DidNotHappen(f"{self.process.side} failed before {stage.value}: {failed}")
            return self.has_reached(stage)

        until(f"{self.process.side} reaching {stage.value}", reached, within_s)

    def until_ended(self, within_s: float = 20.0) -> int:
        """Wait for the process to end by itself; return its exit status."""
        until(f"the end of {self.process.side}", lambda: self.process.status is not None, within_s)
        status = self.process.status
        assert status is not None
        return status

    def _obey(self, command: dict[str, Any]) -> None:
        why = self._ask("obeyed", command)["why"]
        if why is not None:
            raise DidNotHappen(f"{self.process.side}: {why}; {self.glance()}")

    def _ask(self, answer: str, command: dict[str, Any]) -> dict[str, Any]:
        number = next(self._numbers)
        self._send({**command, "id": number})
        found: list[dict[str, Any]] = []

        def answered() -> bool:
            if self.process.status is not None:
                raise DidNotHappen(f"{self.process.side} has ended ({self.process.status})")
            found.extend(
                fact
                for fact in list(self.process.facts)
                if fact.get("fact") == answer and fact.get("id") == number
            )
            return bool(found)

        until(f"an answer of {self.process.side} to {command}", answered, ANSWER_S)
        return found[0]

    def _send(self, command: dict[str, Any]) -> None:
        self.process.send(json.dumps(command))


class Consultation:
    """Owns service, media server and clients. Use as a context: nothing is left running.

    Args:
        service_environment: settings of the service on top of a 5 s billable minimum.
    """

    def __init__(self, folder: Path, service_environment: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.people: dict[Side, Account] = {
            Side.CUSTOMER: made_up_account("Sam Okafor", "sam@e2e.example"),
            Side.MECHANIC: made_up_account("Dana Roy", "dana@e2e.example"),
        }
        self.clients: dict[Side, Client] = {}
        environment = {"LIFTBAY_BILLABLE_MINIMUM_SECONDS": "5"} | (service_environment or {})
        binary = find_or_build(lambda _line: None)
        self.rig = Rig(folder, binary, service_environment=environment)
        self._all: list[Client] = []

    def __enter__(self) -> "Consultation":
        self.rig.start()
        try:
            self.rig.service.create_mechanic(self.people[Side.MECHANIC])
        except BaseException:
            self.rig.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for client in self._all:
            client.process.stop()
        self.rig.stop()
        # A folder of a whole module's tests is no test's own, which are searched after each.
        if kind is None:
            found = leaks_in(self.logs())
            assert found == [], f"planted secrets in the logs: {found[:5]}"
            faults = faults_on_disk(self.rig.service.data_dir)
            assert faults == [], f"the books are not in order: {faults}"

    def start_client(
        self,
        side: Side,
        script: str,
        *,
        environment: dict[str, str] | None = None,
        **choices: Any,
    ) -> Client:
        """Start one side's client; its window opens at once, its script runs by itself.

        Args:
            choices: plan entries other than the usual made devices, e.g. ``camera``.
        """
        account = self.people[side]
        plan = {
            "side": side.value,
            "service_url": self.rig.service.url,
            "name": account.name,
            "email": account.email,
            "password": account.password,
            "camera": "pattern",
            "microphone": "tone:440" if side is Side.CUSTOMER else "tone:660",
            "speaker": "null",
            "time_code": False,
            "drive": script != "told",
            "script": script,
            "measure_s": 0.0,
            "pictures": None,
            "profile_root": str(self.folder / "profiles"),
            "theme": "light",
            "window": None,
            "peer_tone_hz": None,
            **choices,
        }
        client = Client(ClientProcess(side.value, plan, self.folder))
        self._all.append(client)
        self.clients[side] = client
        client.process.start({"QT_QPA_PLATFORM": "offscreen"} | (environment or {}))
        return client

    def begin(self) -> None:
        """Bring both clients from nothing into one running call."""
        for side in Side:
            self.start_client(side, "stay")
        for side in Side:
            self.clients[side].until_stage(Stage.LIVE)

    def both(self) -> list[Client]:
        """Return the customer's and the mechanic's client."""
        return [self.clients[side] for side in Side]

    def session_id(self) -> str:
        """Return the id of the session the clients saw on their dashboards."""
        for client in self._all:
            told = client.process.fact("session")
            if told is not None:
                return str(told["id"])
        raise DidNotHappen("no client saw a session")

    def record(self) -> dict[str, Any]:
        """Return what the service's database holds of the session."""
        return self.rig.service.session(self.session_id())

    def logs(self) -> str:
        """Return everything that clients and service logged, crash files included."""
        files = [*self.folder.glob("*.log"), *self.folder.glob("profiles/*/logs/*")]
        return "\n".join(f"== {file.name}\n{file.read_text(errors='replace')}" for file in files)

    def faults(self) -> list[str]:
        """Return tracebacks and faults found in the logs; a good run has none."""
        words = ("Traceback", "fault in", "native-crash")
        return [
            line
            for line in self.logs().splitlines()
            if any(word in line for word in words) and not line.startswith("== native-crash")
        ]


def is_talking(seen: Glance) -> bool:
    """True while the page shows a call in which nothing is wrong and the clock runs."""
    call = seen["call"]
    return (
        call is not None
        and call["phase"] == "live"
        and call["remote"] == "live"
        and call["band"] is None
        and bool(call["running"])
    )


def until_pictures_flow(client: Client, *, count: int = 20, within_s: float = 20.0) -> None:
    """Wait until ``count`` more pictures of the other side were painted.

    Raises:
        DidNotHappen: the picture stands.
    """
    before = client.call()["painted"]
    until(
        f"{client.process.side} painting {count} more pictures",
        lambda: client.call()["painted"] >= before + count,
        within_s,
    )
