"""A01 to A07, blind: the service's answers, written from its contract alone.

Written from the catalogue (section 8), docs/api.md and tests/contract (errors, status_machine,
session, readiness), without a look at what reads the answers; ``told`` is the harness's.
"""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tests.accuracy.account_cases import told
from tests.accuracy.kinds import FAILED, UNTOLD, WARNED, blind_cases_of
from tests.accuracy.tally import Case
from tests.fakes.contract import response
from tests.fakes.http_service import Received, Reply, ok, problem

SEED = 8_200_000
_TERMINAL = ("completed", "cancelled", "expired", "unattended", "refunded", "archived")
_GOING_ON = ("pending", "scheduled", "accepted", "waiting", "reconnecting", "live")
_STATES = ("absent", "checking", "fixing", "ready", "in_call")

Answering = Callable[[random.Random, Received], Reply]


def _body(rng: random.Random, **changes: Any) -> dict[str, Any]:
    """Return a session of the contract in other words, with and without what may be missing."""
    found = dict(response("session"))
    found |= {
        "status": rng.choice(_GOING_ON),
        "my_role": rng.choice(("customer", "mechanic")),
        "counterpart": {"name": rng.choice(("Łukasz Ó.", "李", "")), "role": "mechanic"},
        "concern": rng.choice(("", "Klopft\nbei 80 km/h", "🚗💨")),
        "vehicle": rng.choice((found["vehicle"], None)) or found["vehicle"],
        "a_later_field": rng.choice((None, [], {"deep": {"er": 1}})),
    }
    return found | changes


def _session(**choices: tuple[Any, ...]) -> Answering:
    def answer(rng: random.Random, _asked: Received) -> Reply:
        return ok(_body(rng, **{name: rng.choice(words) for name, words in choices.items()}))

    return answer


def _refused(*codes: tuple[str, int]) -> Answering:
    """A refusal in the service's words, with more fields than the contract asks for."""

    def answer(rng: random.Random, _asked: Received) -> Reply:
        code, status = rng.choice(codes)
        return problem(code, status, detail=rng.choice(("", "später", "x" * 300)), instance="/x")

    return answer


def _between(rng: random.Random, _asked: Received) -> Reply:
    """Whatever stands between answers in its own words."""
    return rng.choice(
        (
            Reply(504, b"<html>Gateway Time-out</html>", media_type="text/html"),
            Reply(200, b"<!DOCTYPE html><title>Login</title>", media_type="text/html"),
            Reply(200, b"", media_type="text/plain"),
            Reply(200, b'{"id": "0d9c8b7a"', media_type="application/json"),
            problem("server.unavailable", 503, reason="busy"),
        )
    )


def _booked(low_s: float, high_s: float) -> Answering:
    """Booked so long after the service's own time, in whichever zone it is written."""

    def answer(rng: random.Random, _asked: Received) -> Reply:
        now = datetime(2026, 3, 29, 0, 59, 30, tzinfo=UTC) + timedelta(
            days=rng.uniform(-400, 900), seconds=rng.uniform(0, 7200)
        )
        booked = now + timedelta(seconds=rng.uniform(low_s, high_s))
        zone = timezone(timedelta(minutes=rng.choice((0, 330, -210, 765, -480))))
        clock = dict(response("session")["clock"])
        clock["server_now"] = now.isoformat(timespec="milliseconds")
        then = booked.astimezone(zone).isoformat(timespec=rng.choice(("milliseconds", "seconds")))
        return ok(_body(rng, clock=clock, scheduled_for=then, status="scheduled"))

    return answer


def _side(rng: random.Random, **more: Any) -> dict[str, Any]:
    rung = rng.choice((None, 0, 3, 6))
    return {"state": rng.choice(_STATES), "rung": rung, "in_room": rng.random() < 0.5, **more}


def _as_role(role: str) -> Answering:
    return _session(my_role=(role,))


def _sides(role: str, **mine: Any) -> Answering:
    def answer(rng: random.Random, _asked: Received) -> Reply:
        other = "mechanic" if role == "customer" else "customer"
        both = {role: _side(rng, **mine), other: _side(rng)}
        return ok(dict(rng.sample(sorted(both.items()), 2)))

    return answer


def _report_taken(_rng: random.Random, _asked: Received) -> Reply:
    return ok(response("preflight_report"))


def _of_session(seed: int) -> Iterator[Case]:
    """Yield those that look at the session's own answer."""
    fine = _session()
    yield from blind_cases_of(
        "account.signed_in",
        seed,
        (
            ("signed in", told("account.signed_in", fine)),
            (
                "signed in, another's",
                told("account.signed_in", _refused(("session.not_participant", 403))),
            ),
        ),
        (
            (
                "not signed in",
                FAILED,
                told("account.signed_in", _refused(("auth.required", 401), ("auth.expired", 401))),
            ),
        ),
        (("somebody between", UNTOLD, told("account.signed_in", _between)),),
    )
    yield from blind_cases_of(
        "session.not_yours",
        seed + 10_000,
        (("theirs", told("session.not_yours", fine)),),
        (
            (
                "another's",
                FAILED,
                told(
                    "session.not_yours",
                    _refused(("session.not_participant", 403), ("session.not_found", 404)),
                ),
            ),
        ),
        (("somebody between", UNTOLD, told("session.not_yours", _between)),),
    )
    yield from blind_cases_of(
        "session.ended",
        seed + 20_000,
        (("going on", told("session.ended", _session(status=_GOING_ON))),),
        (
            ("over", FAILED, told("session.ended", _session(status=_TERMINAL))),
            ("refused", FAILED, told("session.ended", _refused(("session.ended", 409)))),
        ),
        (("somebody between", UNTOLD, told("session.ended", _between)),),
    )
    yield from blind_cases_of(
        "session.too_early",
        seed + 30_000,
        (
            ("for now", told("session.too_early", _session(scheduled_for=(None,)))),
            ("within a minute", told("session.too_early", _booked(-3600, 50))),
        ),
        (("later", WARNED, told("session.too_early", _booked(70, 2_000_000))),),
        (("somebody between", UNTOLD, told("session.too_early", _between)),),
    )


def _of_sides(seed: int) -> Iterator[Case]:
    """Yield those that look at both sides, and the report's."""
    for number, role in enumerate(("customer", "mechanic")):
        yield from blind_cases_of(
            "session.other_device",
            seed + 500_000 * number,
            (
                (
                    f"not there, {role}",
                    told("session.other_device", _as_role(role), _sides(role, in_room=False)),
                ),
            ),
            (
                (
                    f"there, {role}",
                    WARNED,
                    told("session.other_device", _as_role(role), _sides(role, in_room=True)),
                ),
            ),
        )
        yield from blind_cases_of(
            "session.other_side",
            seed + 10_000 + 500_000 * number,
            ((f"whatever, {role}", told("session.other_side", _as_role(role), _sides(role))),),
            (),
            (("nothing told", UNTOLD, told("session.other_side", _as_role(role), _between)),),
        )
    yield from blind_cases_of(
        "session.report_stale",
        seed + 20_000,
        (("taken", told("session.report_stale", _session(), report=_report_taken)),),
        (
            (
                "refused",
                WARNED,
                told(
                    "session.report_stale",
                    _session(),
                    report=_refused(
                        ("preflight.nonce_used", 409),
                        ("preflight.run_expired", 410),
                        ("preflight.run_not_found", 404),
                    ),
                ),
            ),
        ),
    )


def cases() -> Iterator[Case]:
    """Yield the blind cases; a booking within ten seconds of the minute is not made."""
    yield from _of_session(SEED)
    yield from _of_sides(SEED + 100_000)
