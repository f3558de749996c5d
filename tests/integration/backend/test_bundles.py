"""Bundles reach support under the code of their report, and nobody else."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from client_api.client import LiftbayClient
from client_api.clock import SystemClock
from client_api.errors import ErrorCode, Refused
from client_api.secret import Secret
from client_api.transport import Credential, Transport
from liftbay_backend.middleware import MAX_BODY_BYTES
from liftbay_backend.services.diagnostics import KEPT_FOR
from liftbay_backend.services.forgetting import forget_old_proofs
from liftbay_backend.settings import Settings
from tests.fakes.backend_calls import call_bench, passing_report
from tests.fakes.backend_service import BackendService, Caller, backend_service
from tests.fakes.bundles import as_zip, packed, report_of
from tests.fakes.contract import response
from tests.fakes.loopback import on_loopback
from tests.integration.backend.test_diagnostics import diagnostic, sent
from tests.integration.backend.test_every_fixture import kind

ZIP = {"Content-Type": "application/zip"}


async def put(caller: Caller, code: str, content: bytes, **headers: str) -> tuple[int, str]:
    answer = await caller.http.put(
        f"/api/diagnostics/{code}/bundle", content=content, headers={**ZIP, **headers}
    )
    body = answer.json()
    return answer.status_code, str(body.get("reason") or body.get("code"))


async def test_support_gets_byte_for_byte_what_was_sent(service: BackendService) -> None:
    wanted = response("bundle")
    report = diagnostic()
    code = await sent(service, report)
    customer, support = await service.customer(), await service.support()
    before = (await support.http.get(f"/api/diagnostics/{code}")).json()
    content = packed(report)

    kept = await customer.http.put(
        f"/api/diagnostics/{code.lower()}/bundle", content=content, headers=ZIP
    )
    shown = (await support.http.get(f"/api/diagnostics/{code}")).json()
    saved = await support.http.get(f"/api/diagnostics/{code}/bundle")

    assert kept.status_code == 200, kept.text
    assert kind({**kept.json(), "files": []}) == kind({**wanted, "files": []})
    assert kept.json()["sha256"] == hashlib.sha256(content).hexdigest()
    assert before["bundle"] is None
    assert shown["bundle"] == {
        name: kept.json()[name] for name in ("sha256", "files", "arrived_at")
    }
    assert saved.content == content
    assert saved.headers["Content-Type"] == "application/zip"
    assert saved.headers["Content-Disposition"] == f'attachment; filename="liftbay-{code}.zip"'
    assert "sandbox" in saved.headers["Content-Security-Policy"]
    assert "no-store" in saved.headers["Cache-Control"]


async def test_nobody_but_the_sender_adds_one_and_nobody_but_support_reads_it(
    service: BackendService,
) -> None:
    report = diagnostic()
    code = await sent(service, report)
    customer = await service.customer()
    anonymous = await service.client()
    address = f"/api/diagnostics/{code}/bundle"

    unsigned = await anonymous.put(address, content=packed(report), headers=ZIP)
    # Who has heard the code does not know the report's own id.
    guessed = await put(customer, code, packed(report_of(str(uuid.uuid4()))))
    first = await put(customer, code, packed(report))
    again = await put(customer, code, packed(report, picture=b"\xff\xd8\xff with a picture"))
    read = [await customer.http.get(address), await anonymous.get(address)]
    support = await service.support()

    assert unsigned.status_code == 401
    assert guessed == (422, "other_report")
    assert (first[0], again[0]) == (200, 200)
    assert [one.status_code for one in read] == [403, 401]
    names = [
        one["name"]
        for one in (await support.http.get(f"/api/diagnostics/{code}")).json()["bundle"]["files"]
    ]
    assert "camera.jpg" in names, "the later one takes the place of the earlier one"


async def test_only_whose_session_report_it_is_may_add_to_it(service: BackendService) -> None:
    bench = await call_bench(service)
    begun = (await bench.customer.http.post("/api/preflight", json={"trigger": "join"})).json()
    report = passing_report(begun["nonce"])
    told = await bench.customer.http.post(f"/api/preflight/{begun['run_id']}/report", json=report)
    code = told.json()["short_code"]

    theirs = await put(bench.mechanic, code, packed(report))
    own = await put(bench.customer, code, packed(report))

    assert theirs == (404, "diagnostic.not_found")
    assert own[0] == 200


async def test_whatever_is_no_bundle_is_refused_and_nothing_is_kept(
    service: BackendService,
) -> None:
    report = diagnostic()
    code = await sent(service, report)
    customer, support = await service.customer(), await service.support()

    answers = {
        "no zip": await put(customer, code, b"<html>"),
        "empty": await put(customer, code, b""),
        "path": await put(customer, code, as_zip({"../../x": b"x"})),
        "too large": await put(customer, code, bytes(MAX_BODY_BYTES + 1)),
        "type": await put(customer, code, packed(report), **{"Content-Type": "text/plain"}),
        "slip": await put(customer, ("1" if code[0] == "0" else "0") + code[1:], packed(report)),
        "missing": await put(customer, "0000-0000", packed(report)),
    }

    assert answers == {
        "no zip": (422, "no_zip"),
        "empty": (422, "no_zip"),
        "path": (422, "names"),
        "too large": (413, "http.too_large"),
        "type": (415, "http.unsupported_type"),
        "slip": (422, "diagnostic.code_wrong"),
        "missing": (404, "diagnostic.not_found"),
    }
    saved = await support.http.get(f"/api/diagnostics/{code}/bundle")
    assert (saved.status_code, saved.json()["code"]) == (404, "diagnostic.not_found")


async def test_it_goes_with_its_report(service: BackendService) -> None:
    report = diagnostic()
    code = await sent(service, report)
    customer = await service.customer()
    await put(customer, code, packed(report))
    service.clock.advance(minutes=(KEPT_FOR + timedelta(seconds=60)).total_seconds() / 60)
    support = await service.support()
    customer = await service.customer("Another Sign-In")

    saved = await support.http.get(f"/api/diagnostics/{code}/bundle")
    late = await put(customer, code, packed(report))
    service.clock.advance(minutes=KEPT_FOR.total_seconds() / 60)
    gone = await forget_old_proofs(service.core)

    assert (saved.status_code, late) == (404, (404, "diagnostic.not_found"))
    assert gone >= 2


async def test_senders_of_bundles_are_limited(make_settings: Callable[..., Settings]) -> None:
    async with backend_service(make_settings(anonymous_limit="2/minute")) as service:
        customer = await service.customer()

        told = [(await put(customer, "0000-0000", b""))[0] for _ in range(3)]

    assert told == [404, 404, 429]


async def test_the_real_client_sends_and_support_saves(service: BackendService) -> None:
    report = diagnostic()
    code = await sent(service, report)
    content = packed(report)
    async with on_loopback(service.app) as base:
        sender, saver = (
            _client(base, await service.customer()),
            _client(base, await service.support()),
        )
        try:
            kept = await sender[0].send_bundle(code, content)
            with pytest.raises(Refused) as refused:
                await sender[0].send_bundle(code, b"PK no")
            saved = await saver[0].find_bundle(code)
            found = await saver[0].find_report(code)
        finally:
            await sender[1].close()
            await saver[1].close()

    assert saved == content
    assert refused.value.code is ErrorCode.DIAGNOSTIC_BUNDLE_REFUSED
    assert found.bundle is not None
    assert found.bundle.sha256 == kept.sha256 == hashlib.sha256(content).hexdigest()


def _client(base: str, caller: Caller) -> tuple[LiftbayClient, Transport]:
    token = Secret(caller.http.headers["Authorization"].removeprefix("Bearer "))
    transport = Transport(base, SystemClock(), authority=_Holder(token))
    return LiftbayClient(transport, SystemClock()), transport


class _Holder:
    def __init__(self, token: Secret) -> None:
        self._credential = Credential(1, token)

    async def credential(self) -> Credential:
        return self._credential

    async def renew(self, used: Credential) -> bool:
        return False
