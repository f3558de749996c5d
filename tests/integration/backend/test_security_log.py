"""The one line per attempt to join: true in every field, and without a secret."""

import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import BackendService, Caller


@pytest.fixture
async def bench(service: BackendService) -> CallBench:
    return await call_bench(service)


async def logged(bench: CallBench, caller: Caller, report_id: str | None = None) -> dict[str, Any]:
    """Ask for a token and return the security event."""
    with capture_logs() as lines:
        await bench.token(caller, report_id)
    (event,) = [one for one in lines if one["event"] == "session.join"]
    return dict(event)


def facts(bench: CallBench, **changes: Any) -> dict[str, Any]:
    """Return the whole event of a stranger who is refused, with changes."""
    return {
        "event": "session.join",
        "log_level": "info",
        "session_id": bench.session_id,
        "has_user_auth": False,
        "has_mechanic_auth": False,
        "session_customer_id": bench.customer.user_id,
        "session_mechanic_id": bench.mechanic.mechanic_id,
        "is_mechanic_for_session": False,
        "is_customer_for_session": False,
        "decision": "refused",
        "code": None,
        **changes,
    }


async def test_a_granted_token_is_logged_without_it(bench: CallBench) -> None:
    report_id = await bench.preflight(bench.mechanic)

    event = await logged(bench, bench.mechanic, report_id)

    assert event == facts(
        bench, has_mechanic_auth=True, is_mechanic_for_session=True, decision="granted"
    )
    assert not [token for token in bench.service.rooms.grants if token in json.dumps(event)]


async def test_a_forged_request_is_logged_with_the_cookie_that_was_good(bench: CallBench) -> None:
    del bench.mechanic.http.headers["X-Liftbay-Client"]

    event = await logged(bench, bench.mechanic)

    assert event == facts(
        bench, has_mechanic_auth=True, is_mechanic_for_session=True, code="auth.csrf"
    )


async def test_both_credentials_are_named_and_the_mechanic_wins(bench: CallBench) -> None:
    bench.mechanic.http.headers["Authorization"] = bench.customer.http.headers["Authorization"]

    event = await logged(bench, bench.mechanic)

    assert event == facts(
        bench,
        has_user_auth=True,
        has_mechanic_auth=True,
        is_mechanic_for_session=True,
        code="preflight.required",
    )


async def test_a_stranger_is_logged_as_neither_side(bench: CallBench) -> None:
    stranger = await bench.service.customer("Ida Stranger")

    event = await logged(bench, stranger)

    assert event == facts(bench, has_user_auth=True, code="session.not_participant")


async def test_an_ended_session_is_logged_with_its_people(bench: CallBench) -> None:
    await bench.start()
    await bench.end(bench.customer)

    event = await logged(bench, bench.customer)

    assert event == facts(
        bench, has_user_auth=True, is_customer_for_session=True, code="session.ended"
    )


@pytest.mark.parametrize("credentials", ["none", "broken"])
async def test_without_a_sign_in_nothing_about_the_session_is_looked_up(
    bench: CallBench, credentials: str
) -> None:
    http = await bench.service.client()
    if credentials == "broken":
        http.headers["Authorization"] = "Bearer not-a-token-of-ours"

    event = await logged(bench, Caller(http, "nobody"))

    assert event == facts(
        bench, session_customer_id=None, session_mechanic_id=None, code="auth.required"
    )
    assert "not-a-token" not in json.dumps(event)


async def test_whatever_support_reads_of_a_session_is_logged_with_who_and_which(
    bench: CallBench,
) -> None:
    await bench.start()
    await bench.end(bench.customer)
    support = await bench.service.support()
    parts = ("", "/summary", "/recording-consent", "/quality")

    with capture_logs() as lines:
        for part in parts:
            assert (await support.http.get(bench.path + part)).status_code == 200
        assert (await support.http.get("/api/sessions")).status_code == 200
        body = {"reason": "It froze.", "amount_cents": 1}
        await support.http.post(f"{bench.path}/refund", json=body)
        # Whoever has a part in it reads their own.
        await bench.customer.http.get(bench.path)
        await bench.mechanic.http.get("/api/sessions")

    told = [one for one in lines if one["event"].startswith("session") and "user_id" in one]
    who = {"log_level": "info", "user_id": support.user_id}
    one = {"event": "session.support", **who, "session_id": bench.session_id}
    route = "/api/sessions/{session_id}"
    assert [line for line in told if line["event"] == "session.support"] == [
        *({**one, "method": "GET", "route": route + part} for part in parts),
        {**one, "method": "POST", "route": f"{route}/refund"},
    ]
    assert [line for line in told if line["event"] == "sessions.listed_by_support"] == [
        {"event": "sessions.listed_by_support", **who, "session_ids": [bench.session_id]}
    ]


@pytest.mark.parametrize("what", ["messages", "notes", "clock", "readiness", "events"])
async def test_support_reads_nothing_of_what_two_people_say_to_each_other(
    bench: CallBench, what: str
) -> None:
    await bench.start()
    support = await bench.service.support()

    answer = await support.http.get(f"{bench.path}/{what}")

    assert (answer.status_code, answer.json()["code"]) == (403, "session.not_participant")
