"""schemathesis over the whole OpenAPI document: no 5xx, no answer outside it, also in sequences.

Streams and uploads are left out and have tests of their own: a stream never ends by itself.
Every caller's sign-in is in each HTTP request at once (a customer's token, a mechanic's cookie), so
that most routes get past their door; the few of support's own get support's token instead.
Sign-outs get nobody's, or the first would end the run's own.
"""

import asyncio
import os
import re
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from liftbay_backend.health import probe_database
from liftbay_backend.settings import Settings
from tests.conftest import ExpectedLogs
from tests.fakes.backend_calls import CallBench, call_bench
from tests.fakes.backend_service import CLIENT_HEADER, backend_service
from tests.fakes.loopback import on_loopback

QUICK_SEQUENCES_SECONDS: Final = (6, 60)
"""The second where a busy machine has not come to a request in the first."""
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
_SUPPORTS: Final = (
    ("GET", "/api/diagnostics/{code}"),
    ("GET", "/api/sessions/{session_id}/quality"),
    ("POST", "/api/sessions/{session_id}/refund"),
)
_SENSIBLE: Final = {
    "plan": ["video15", "diagnostic"],
    "vehicle.make": ["Honda", "Škoda"],
    "vehicle.model": ["Civic", "Octavia"],
    "vehicle.vin": ["2HGFC2F59GH500001"],
    "vehicle.plate": ["ABC 123"],
    "concern": ["Squeal on cold start"],
}
_SIGN_OUTS: Final = (
    ("POST", "/auth/v1/logout"),
    ("POST", "/api/mechanic/logout"),
    ("POST", "/api/mechanic/refresh"),
)


@dataclass(frozen=True, slots=True)
class Tried:
    """How a run ended.

    Attributes:
        selected: how many operations there are to try.
        tested: how many of them were tried.
        cases: how many HTTP requests were checked.
    """

    status: int
    told: str
    selected: int
    tested: int
    cases: int


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
    found = (0, 0, 0) if counts is None else (int(one) for one in counts.groups())
    return Tried(process.returncode, text, *found)


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
        *headers(both),
    ]
    if known_ids:
        session = await bench.session()
        ids = {"session_id": session["id"], "request_id": session["request_id"]}
        pairs = ", ".join(f'"path.{name}" = "{value}"' for name, value in ids.items())
        lines.insert(1, f"parameters = {{ {pairs} }}")
    # An intake of random words has no plan and no car, and nothing would follow from it.
    lines += special("POST", "/api/intake/start", both)
    lines += [f'"parameters"."body.{name}" = {{ dictionary = "{name}" }}' for name in _SENSIBLE]
    for method, path in _SUPPORTS:
        token = support.http.headers["Authorization"]
        lines += special(method, path, {"Authorization": token, "Cookie": "aad_mech=no"})
    for method, path in _SIGN_OUTS:
        lines += special(method, path, {"Authorization": "Bearer nobody", "Cookie": "aad_mech=no"})
    for name, values in _SENSIBLE.items():
        lines += ["", f'[dictionaries."{name}"]', f"values = {values}"]
    return "\n".join(lines)


def headers(given: dict[str, str]) -> list[str]:
    pairs = ", ".join(f'"{name}" = "{value}"' for name, value in given.items())
    return [f"headers = {{ {pairs} }}"]


def special(method: str, path: str, given: dict[str, str]) -> list[str]:
    return [
        "",
        "[[operations]]",
        f'include-method = "{method}"',
        f'include-path = "{path}"',
        *headers({**given, **CLIENT_HEADER}),
    ]


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
    found = await tried(bench, tmp_path, phases="fuzzing", known_ids=True, examples=1)

    assert found.status == 0, found.told[-20_000:]
    assert found.tested == found.selected > 40


async def test_nothing_does_so_in_sequences(bench: CallBench, tmp_path: Path) -> None:
    for seconds in QUICK_SEQUENCES_SECONDS:
        found = await tried(bench, tmp_path, phases="stateful", seconds=seconds)
        if found.cases > 5:
            break

    assert found.status == 0, found.told[-20_000:]
    # How far it comes in these seconds is chance; the long run below asks for more.
    assert found.cases > 5


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
