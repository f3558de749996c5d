"""A01 to A07: answers of a made service, over a real socket, read by the client itself.

Truth is what the service answered: who asks, whose session it is, its status, when it is booked by
the service's clock (15 s clear of a minute), who is in the room, how far the other side is, and
whether it took the report. The answers are the contract's own, with other values; pages of
somebody else, unknown codes and no answer tell nothing. That the service itself judges reports
rightly (ages, nonces, made sources) is counted nowhere here: its tests are in
tests/integration/backend.
"""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from client_api.client import LiftbayClient
from client_api.clock import Clock
from client_api.errors import ClientError, Refused
from client_api.wire import RunId, SessionId
from preflight.checks.account.bench import AccountBench
from preflight.checks.account.group import account_group
from tests.accuracy.asked_network import on_real_sockets
from tests.accuracy.kinds import FAILED, UNTOLD, WARNED, Found, Ill, Kind, Make, asked, cases_of
from tests.accuracy.tally import Case
from tests.fakes.contract import response
from tests.fakes.http_service import Received, Reply, ok, problem
from tests.fakes.transports import Renewing, connected

SEED = 600_000
_OVER = ("completed", "cancelled", "expired", "unattended", "refunded", "archived")
_OPEN = ("pending", "scheduled", "accepted", "waiting", "reconnecting", "live")
_STATES = ("absent", "checking", "fixing", "ready", "in_call", "gone_fishing")

Answering = Callable[[random.Random, Received], Reply]


def _session(rng: random.Random, **changes: Any) -> dict[str, Any]:
    """Return the contract's session with other words in it, and fields that we do not know."""
    found = dict(response("session"))
    found |= {
        "my_role": rng.choice(("customer", "mechanic")),
        "status": rng.choice(_OPEN),
        "concern": rng.choice(("Squeal", "Bremse quietscht – schlimm", "ブレーキ", "")),
    }
    if rng.random() < 0.5:
        found["new_in_a_later_version"] = {"a": [1, 2]}
    return found | changes


def _sides(rng: random.Random, **mine: Any) -> dict[str, Any]:
    sides = {
        who: {
            "state": rng.choice(_STATES),
            "rung": rng.choice((None, 0, 6)),
            "in_room": rng.random() < 0.5,
        }
        for who in ("customer", "mechanic")
    }
    for who, changes in mine.items():
        sides[who] |= changes
    return sides


def told(
    code: str, session: Answering, sides: Answering | None = None, report: Answering | None = None
) -> Make:
    """Ask a check of a service that answers like this."""

    def make(rng: random.Random) -> Found:
        def answer(asked_for: Received) -> Reply:
            if asked_for.path.endswith("/report") and report is not None:
                return report(rng, asked_for)
            if asked_for.path.endswith("/readiness"):
                return ok(_sides(rng)) if sides is None else sides(rng, asked_for)
            return session(rng, asked_for)

        async def work(clock: Clock) -> Found:
            async with connected() as (service, transport):
                transport.sign_with(Renewing(0))
                service.otherwise = answer
                client = LiftbayClient(transport, clock)
                bench = AccountBench(client, SessionId("s-1"), clock)
                if report is not None:
                    try:
                        await client.submit_report(RunId("run-1"), {"a": "report"})
                    except Refused as refused:
                        # As `preflight.running.hand_in` notes it.
                        bench.report_refused = refused.code.value
                    except ClientError:
                        bench.report_refused = None
                checks = {each.code: each for each in account_group(bench).checks}
                try:
                    return await asked(checks[code])
                finally:
                    await bench.close()

        return on_real_sockets(work)

    return make


def _fine(rng: random.Random, _asked: Received) -> Reply:
    return ok(_session(rng))


def _refused(*several: tuple[str, int]) -> Answering:
    return lambda rng, _asked: problem(*rng.choice(several))


def _elsewhere(rng: random.Random, _asked: Received) -> Reply:
    """Answers that are none of the service's."""
    return rng.choice(
        (
            Reply(200, b"<html>Welcome</html>", media_type="text/html"),
            Reply(502, b"<h1>Bad Gateway</h1>", media_type="text/html"),
            Reply(200, b"[]"),
            Reply(200, b'{"id": 7}'),
            problem("server.unavailable", 503),
            problem("rate.limited", 429),
            problem("something.new", 418),
            Reply(cut=True),
        )
    )


def _with(**choices: tuple[Any, ...]) -> Answering:
    return lambda rng, _asked: ok(
        _session(rng, **{name: rng.choice(several) for name, several in choices.items()})
    )


def _booked(low_s: float, high_s: float) -> Answering:
    """A session that is booked so many seconds after the service's own time."""

    def answer(rng: random.Random, _asked: Received) -> Reply:
        clock = dict(response("session")["clock"])
        now = datetime.fromisoformat(str(clock["server_now"])) + timedelta(
            days=rng.uniform(-90, 90)
        )
        booked = now + timedelta(seconds=rng.uniform(low_s, high_s))
        zone = rng.choice(("+00:00", "Z"))
        text = booked.isoformat(timespec="milliseconds").replace("+00:00", zone)
        clock["server_now"] = now.isoformat(timespec="milliseconds")
        return ok(_session(rng, clock=clock, scheduled_for=text))

    return answer


def _in_room(value: bool | None) -> Answering:
    def answer(rng: random.Random, _asked: Received) -> Reply:
        both = {"in_room": value}
        return ok(_sides(rng, customer=both, mechanic=both))

    return answer


def _mine_alone(value: bool) -> tuple[Answering, Answering]:
    """This side in the room or not, and the other one the opposite."""

    def session(rng: random.Random, _asked: Received) -> Reply:
        return ok(_session(rng, my_role="mechanic"))

    def sides(rng: random.Random, _asked: Received) -> Reply:
        return ok(_sides(rng, mechanic={"in_room": value}, customer={"in_room": not value}))

    return session, sides


def _taken(_rng: random.Random, _asked: Received) -> Reply:
    return ok(response("preflight_report"))


_STALE = (
    ("preflight.nonce_used", 409),
    ("preflight.run_expired", 410),
    ("preflight.run_not_found", 404),
    ("preflight.incomplete", 422),
    ("preflight.synthetic_source", 422),
    ("preflight.required", 428),
)


def cases() -> Iterator[Case]:
    """Yield the cases of the seven checks."""
    nothing: tuple[str, Answering] = ("no word of the service", _elsewhere)
    plans: tuple[tuple[str, tuple[Kind, ...], tuple[Ill, ...]], ...] = (
        (
            "account.signed_in",
            (
                ("known", told("account.signed_in", _fine)),
                (
                    "known, and not theirs",
                    told("account.signed_in", _refused(("session.not_found", 404))),
                ),
            ),
            (
                (
                    "not known",
                    FAILED,
                    told(
                        "account.signed_in", _refused(("auth.required", 401), ("auth.expired", 401))
                    ),
                ),
            ),
        ),
        (
            "session.not_yours",
            (("theirs", told("session.not_yours", _fine)),),
            (
                (
                    "of others",
                    FAILED,
                    told(
                        "session.not_yours",
                        _refused(("session.not_found", 404), ("session.not_participant", 403)),
                    ),
                ),
                ("support's view", FAILED, told("session.not_yours", _with(my_role=("support",)))),
            ),
        ),
        (
            "session.ended",
            (("open", told("session.ended", _with(status=_OPEN))),),
            (
                ("over", FAILED, told("session.ended", _with(status=_OVER))),
                (
                    "refused as over",
                    FAILED,
                    told("session.ended", _refused(("session.ended", 410))),
                ),
            ),
        ),
        (
            "session.too_early",
            (
                ("not booked", told("session.too_early", _with(scheduled_for=(None,)))),
                ("it is time", told("session.too_early", _booked(-9000, 45))),
            ),
            (("early", WARNED, told("session.too_early", _booked(75, 900_000))),),
        ),
        (
            "session.other_device",
            (
                ("not there", told("session.other_device", _fine, _in_room(False))),
                ("the other side is", told("session.other_device", *_mine_alone(False))),
            ),
            (
                ("there", WARNED, told("session.other_device", _fine, _in_room(True))),
                ("there alone", WARNED, told("session.other_device", *_mine_alone(True))),
            ),
        ),
        (
            # Shown, and never a fault: there is no ill half.
            "session.other_side",
            (
                ("whatever they do", told("session.other_side", _fine)),
                ("in the room", told("session.other_side", _fine, _in_room(True))),
            ),
            (),
        ),
        (
            "session.report_stale",
            (("taken", told("session.report_stale", _fine, report=_taken)),),
            (("refused", WARNED, told("session.report_stale", _fine, report=_refused(*_STALE))),),
        ),
    )
    for number, (code, healthy, ill) in enumerate(plans):
        other: list[Ill] = []
        if code != "session.report_stale":
            other.append((nothing[0], UNTOLD, told(code, nothing[1])))
        if code == "session.other_side":
            unread: Answering = _elsewhere
            other += [
                (f"no word of the sides {n}", UNTOLD, told(code, _fine, unread)) for n in range(3)
            ]
        if code == "session.other_device":
            other.append(
                ("the media server says nothing", UNTOLD, told(code, _fine, _in_room(None)))
            )
        yield from cases_of(code, SEED + 10_000 * number, healthy, ill, other)
