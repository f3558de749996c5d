"""schemathesis over the whole OpenAPI document: no 5xx, no answer outside it, also in sequences.

Streams and uploads are left out and have tests of their own: a stream never ends by itself.
Every caller's sign-in is in each HTTP request at once (a customer's token, a mechanic's cookie), so
that most routes get past their door; what is a session's customer's or support's alone gets theirs
alone. Sign-outs get nobody's, or the first would end the run's own. Who always refuses has shown
next to nothing, so the quick run counts which routes have said yes.
"""

import asyncio
import os
import re
import sys
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.plans import DEFAULT_PLANS, extension_offers
from liftbay_backend.health import probe_database
from liftbay_backend.metrics import HTTP_REQUESTS
from liftbay_backend.policy import POLICIES, Policy
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench, passing_report
from tests.fakes.backend_service import CLIENT_HEADER, backend_service
from tests.fakes.bundles import packed
from tests.fakes.loopback import on_loopback

QUICK_SEQUENCES_SECONDS: Final = (6, 60)
"""The second where a busy machine has not come to a request in the first."""
ENOUGH_CASES: Final = 15
SLOW_SECONDS: Final = 240
HOOKS: Final = Path(__file__).parents[2] / "fakes" / "schemathesis_hooks.py"
NOT_CHECKED: Final = (
    # What the schema allows may still be refused: a code that is none, a key that was used.
    "positive_data_acceptance",
    # The sign-in of this run is beside what schemathesis leaves out; the policy walk looks at it.
    "ignored_auth",
    # People of the session's other side may see it.
    "object_level_authorization",
)
LEFT_OUT: Final = r"/events$|/files"
"""Event streams, and resumable uploads, whose rules are tus's own."""
_MUCH: Final = "1000000/second"
_LIMITS: Final = ("sign_in_limit", "address_limit", "sign_up_limit", "anonymous_limit")
_ROOMY: Final = dict.fromkeys(_LIMITS, _MUCH)
_S: Final = "/api/sessions/{session_id}"
_SENSIBLE: Final[dict[tuple[str, str], dict[str, list[Any]]]] = {
    # An intake of random words has no plan and no car, and nothing would follow from it.
    ("POST", "/api/intake/start"): {
        "plan": ["video15", "diagnostic"],
        "vehicle.make": ["Honda", "Škoda"],
        "vehicle.model": ["Civic", "Octavia"],
        "vehicle.vin": ["2HGFC2F59GH500001"],
        "vehicle.plate": ["ABC 123"],
        "concern": ["Squeal on cold start"],
    },
    ("POST", f"{_S}/refund"): {"amount_cents": [1], "reason": ["It froze."]},
    ("POST", f"{_S}/extensions"): {
        "extension": [one.code for one in extension_offers(DEFAULT_PLANS)]
    },
}
_SIGN_OUTS: Final = (
    ("POST", "/auth/v1/logout"),
    ("POST", "/api/mechanic/logout"),
    ("POST", "/api/mechanic/refresh"),
)
_OF_ENDED: Final = (
    *(("GET", f"{_S}/summary"), ("GET", f"{_S}/upsells")),
    *(("POST", f"{_S}/rating"), ("POST", f"{_S}/refund")),
)
_ENDING: Final = (("POST", f"{_S}/end"), ("POST", f"{_S}/cancel"))
_A_SESSIONS_LIFE: Final = {
    *(("POST", "/api/intake/start"), ("POST", "/api/mechanics/requests/{request_id}/accept")),
    *(("GET", f"{_S}/clock"), ("POST", f"{_S}/messages"), ("POST", f"{_S}/end")),
}
_MAY_REFUSE: Final = {
    **dict.fromkeys(
        [
            *(("POST", "/api/livekit/webhook"), ("POST", "/api/stripe/webhook")),
            *(("POST", "/auth/v1/token"), ("POST", "/api/mechanic/login")),
        ],
        "wants a signature or a password, and gets made up ones",
    ),
    **dict.fromkeys(_SIGN_OUTS, "is asked by nobody, for the run's own sign-in must last"),
    ("POST", "/auth/v1/otp"): "says that there is none",
    ("POST", "/auth/v1/verify"): "says that there is none",
    ("POST", "/api/preflight/{run_id}/report"): "wants a run that was begun, and its nonce",
    ("POST", f"{_S}/token"): "wants a passing report",
    ("POST", f"{_S}/start"): "wants two people in the room, and that it has not begun",
    ("PUT", f"{_S}/readiness"): "wants a passing report",
    ("PUT", "/api/diagnostics/{code}/bundle"): "wants a zip",
    ("GET", "/metrics"): "is not in the document",
}
"""With why. Whatever else never says yes was not looked at: a refusal is a small answer."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How a run ended.

    Attributes:
        selected: how many operations there are to try.
        tested: how many of them were tried.
        cases: how many HTTP requests were checked.
        well: how often each route was asked and said yes.
    """

    status: int
    told: str
    selected: int
    tested: int
    cases: int
    well: Counter[tuple[str, str]]


@pytest.fixture(autouse=True)
def _refused_by_uvicorn(expected_logs: ExpectedLogs) -> None:
    """Some of what is tried is no HTTP at all and does not come as far as the service."""
    expected_logs.allow("Invalid HTTP request received")


async def tried(
    bench: CallBench,
    folder: Path,
    *,
    phases: str,
    seconds: int | None = None,
    known_ids: bool = False,
    examples: int | None = None,
) -> Tried:
    """Let schemathesis try the service over a real socket, in a process of its own.

    Args:
        bench: whose service and people it is.
        folder: for its settings.
        phases: what it does: examples, coverage, fuzzing, stateful.
        seconds: its budget, which it uses up; None is over when `examples` have been tried.
        known_ids: whether paths hold a session and a request that are there.
        examples: how many of each operation are enough.
    """
    config = folder / "schemathesis.toml"
    config.write_text(await configured(bench, known_ids=known_ids), "utf-8")
    before = gone_well()
    async with on_loopback(bench.service.app) as base:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", f"--config-file={config}", "--no-color"),
            *("run", f"{base}/openapi.json", f"--phases={phases}"),
            *(() if seconds is None else (f"--max-time={seconds}",)),
            *(f"--exclude-path-regex={LEFT_OUT}", "--no-shrink", "--continue-on-failure"),
            *(() if examples is None else (f"--max-examples={examples}",)),
            "--suppress-health-check=all",
            "--warnings=off",
            f"--exclude-checks={','.join(NOT_CHECKED)}",
            cwd=folder,
            env=os.environ | {"COLUMNS": "200", "SCHEMATHESIS_HOOKS": str(HOOKS)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout((seconds or 0) * 3 + 120):
            told, _ = await process.communicate()
    assert process.returncode is not None
    text = told.decode()
    counts = re.search(r"Selected: (\d+)/\d+\s+Tested: (\d+).*?(\d+) generated", text, re.DOTALL)
    if counts is None:
        assert "No tests were run" in text, text[-5_000:]
    selected, tested, cases = (0, 0, 0) if counts is None else map(int, counts.groups())
    well = gone_well() - before
    return Tried(process.returncode, text, selected, tested, cases, well)


async def configured(bench: CallBench, *, known_ids: bool) -> str:
    """Return schemathesis' settings: who asks where."""
    cookie = bench.mechanic.http.cookies["aad_mech"]
    both = {
        "Authorization": bench.customer.http.headers["Authorization"],
        "Cookie": f"aad_mech={cookie}",
        **CLIENT_HEADER,
    }
    support = await bench.service.support()
    lines = [
        "generation.database = 'none'",
        "generation.with-security-parameters = false",
        # Sequences follow the document's own links; guessed ones lead to ids that are not there.
        "phases.stateful.inference.algorithms = []",
        "checks.missing_required_header.expected-statuses = [401, 403, 422, 428]",
        headers(both),
    ]
    ids = await ids_of(bench) if known_ids else {}
    if known_ids:
        lines.insert(1, f"parameters = {{ {', '.join(pairs(ids[None]))} }}")
    customer = {**both, "Cookie": "aad_mech=no"}
    helper = {**customer, "Authorization": support.http.headers["Authorization"]}
    nobody = {**customer, "Authorization": "Bearer nobody"}
    callers = {
        Policy.SESSION_CUSTOMER: customer,
        Policy.SUPPORT: helper,
        Policy.SESSION_SUPPORT: helper,
    }
    for route, who in POLICIES.items():
        words = [f'"body.{one}" = {{ dictionary = "{one}" }}' for one in _SENSIBLE.get(route, ())]
        words += pairs(ids.get(route, {}))
        if known_ids and route == ("PUT", f"{_S}/notes"):
            # What `lively` has written is the first version.
            words.append('"header.if-match" = \'"1"\'')
        lines += operation(*route, nobody if route in _SIGN_OUTS else callers.get(who, both), words)
    for values in _SENSIBLE.values():
        for name, some in values.items():
            lines += ["", f'[dictionaries."{name}"]', f"values = {some}"]
    return "\n".join(lines)


def headers(given: dict[str, str]) -> str:
    inside = ", ".join(f'"{name}" = "{value}"' for name, value in given.items())
    return f"headers = {{ {inside} }}"


def pairs(ids: dict[str, str]) -> list[str]:
    return [f'"path.{name}" = "{value}"' for name, value in ids.items()]


def operation(method: str, path: str, given: dict[str, str], words: list[str]) -> list[str]:
    return [
        "",
        "[[operations]]",
        # A method and a path beside each other would be all of the one and all of the other.
        f'include-name = "{method} {path}"',
        headers(given),
        f"parameters = {{ {', '.join(words)} }}",
    ]


async def ids_of(bench: CallBench) -> dict[tuple[str, str] | None, dict[str, str]]:
    """Return what paths hold: a session that runs, and others where it must not be that one."""
    running = await bench.session()
    ended, *waiting = [await another(bench) for _ in range(3)]
    await ended.start()
    bench.service.clock.advance(minutes=2)
    await ended.end(bench.customer)
    others = {
        **dict.fromkeys(_OF_ENDED, ended),
        **dict(zip(_ENDING, waiting, strict=True)),
    }
    common = {"session_id": running["id"], "request_id": running["request_id"]}
    return {
        None: {**common, "code": await with_bundle(bench)},
        **{route: {"session_id": one.session_id} for route, one in others.items()},
    }


async def another(bench: CallBench) -> CallBench:
    """Return one more session of the same two."""
    session = await bench.service.waiting_session(bench.customer, bench.mechanic)
    return CallBench(bench.service, bench.customer, bench.mechanic, SessionId(session["id"]))


async def with_bundle(bench: CallBench) -> str:
    """Leave a diagnosis with its bundle for support; returns its code."""
    report = passing_report("none")
    report["context"]["nonce"] = None
    sent = await bench.customer.http.post("/api/diagnostics", json=report)
    code: str = sent.json()["code"]
    kept = await bench.customer.http.put(
        f"/api/diagnostics/{code}/bundle",
        content=packed(report),
        headers={"Content-Type": "application/zip"},
    )
    assert kept.status_code == 200, kept.text
    return code


def gone_well() -> Counter[tuple[str, str]]:
    """Return how often each route was asked in this process and said yes."""
    counted: Counter[tuple[str, str]] = Counter()
    for sample in next(iter(HTTP_REQUESTS.collect())).samples:
        labels = sample.labels
        if sample.name.endswith("_total") and labels["status"].startswith("2"):
            counted[labels["method"], labels["route"]] += int(sample.value)
    return counted


async def lively(bench: CallBench) -> None:
    """Leave something of everything in the session, so that there is much to answer with."""
    await bench.start()
    body = {"client_id": str(uuid.uuid4()), "text": "Can you hear it?"}
    await bench.customer.http.post(f"{bench.path}/messages", json=body)
    notes: dict[str, Any] = {"findings": [], "text": "Belt worn"}
    await bench.mechanic.http.put(f"{bench.path}/notes", json=notes, headers={"If-Match": '"0"'})


@pytest.fixture
async def bench(make_settings: Callable[..., Settings]) -> AsyncIterator[CallBench]:
    async with backend_service(make_settings(**_ROOMY)) as service:
        # Without its background work nobody else looks, and a service that is not ready says 503.
        await probe_database(service.core.database, service.core.health)
        bench = await call_bench(service)
        await lively(bench)
        yield bench


async def test_nothing_answers_outside_its_description(bench: CallBench, tmp_path: Path) -> None:
    found = await tried(bench, tmp_path, phases="fuzzing", known_ids=True, examples=3)

    assert found.status == 0, found.told[-20_000:]
    assert found.tested == found.selected > 40
    described = {route for route in POLICIES if not re.search(LEFT_OUT, route[1])}
    assert described - set(found.well) - set(_MAY_REFUSE) == set()


async def test_nothing_does_so_in_sequences(bench: CallBench, tmp_path: Path) -> None:
    for seconds in QUICK_SEQUENCES_SECONDS:
        found = await tried(bench, tmp_path, phases="stateful", seconds=seconds)
        if found.cases >= ENOUGH_CASES:
            break

    assert found.status == 0, found.told[-20_000:]
    # How far it comes in these seconds is chance; the long run below asks for more.
    assert found.cases >= ENOUGH_CASES


@pytest.mark.slow
@pytest.mark.timeout(SLOW_SECONDS * 4)
@pytest.mark.parametrize(
    ("phases", "known_ids"),
    [("examples,coverage,fuzzing", True), ("coverage", False), ("stateful", False)],
)
async def test_nothing_answers_outside_its_description_for_long(
    bench: CallBench, tmp_path: Path, phases: str, known_ids: bool
) -> None:
    found = await tried(bench, tmp_path, phases=phases, seconds=SLOW_SECONDS, known_ids=known_ids)

    assert found.status == 0, found.told[-20_000:]
    assert found.tested > 20
    assert found.cases > 300
    if phases == "stateful":
        assert found.well.keys() >= _A_SESSIONS_LIFE, "sequences have come to no session's end"
