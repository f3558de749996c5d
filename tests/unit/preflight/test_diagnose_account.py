"""A diagnosis of one session: with its account, or with a clear word why not."""

import asyncio
import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QLockFile

from client_api.wire import SessionId
from desktop.app.diagnose_account import signed_in
from desktop.app.profile import open_profile
from liftbay_backend.domain.bundle import check_bundle
from preflight.model import CheckState
from preflight.parts import PreflightParts
from preflight.preflight import Preflight
from preflight.report.report import load_report
from preflight.support.command import Account, DiagnoseOptions, NoAccount, diagnose, run
from preflight.support.outputs import Output
from preflight.support.verdict import ExitCode
from tests.fakes.stores import MemorySecretStore
from tests.unit.preflight.conftest import Bench

SESSION = SessionId("0d9c8b7a-6f5e-4d3c-8b1a-9f8e7d6c5b04")


async def test_with_an_account_the_call_server_and_the_test_call_are_checked(
    bench: Bench, tmp_path: Path
) -> None:
    account = Account(bench.service, SESSION, "customer", ("Dana Roy",))
    out = io.StringIO()
    options = DiagnoseOptions(output=Output(tmp_path / "r.json"))
    work = asyncio.ensure_future(
        diagnose(bench.parts(), options, out=out, err=out, account=account)
    )
    await bench.clock.advance(60)

    status = await asyncio.wait_for(work, 5)

    report = load_report(tmp_path / "r.json")
    states = {check["code"]: check["state"] for check in report["checks"]}
    assert status is ExitCode.PASSED
    assert states["net.signal"] == states["net.room"] == CheckState.PASSED.value
    assert states["media.uplink_low"] == CheckState.PASSED.value
    assert report["context"]["session_ref"] == SESSION
    assert out.getvalue().splitlines()[-1] == "gate passes"
    assert "Dana" not in repr(account)


async def test_the_bundle_goes_to_the_code_of_its_report(bench: Bench, tmp_path: Path) -> None:
    account = Account(bench.service, SESSION, "customer")
    sent: list[str] = []

    async def send(report: Mapping[str, Any]) -> str:
        sent.append(report["report_id"])
        return "7K3M-Q2XZ"

    out = io.StringIO()
    options = DiagnoseOptions(bundle=Output(tmp_path / "b.zip"), send=send)
    work = asyncio.ensure_future(
        diagnose(bench.parts(), options, out=out, err=out, account=account)
    )
    await bench.clock.advance(60)
    await asyncio.wait_for(work, 30)

    [content] = bench.service.bundles.values()
    files = check_bundle(content, sent[0])
    assert list(bench.service.bundles) == ["7K3M-Q2XZ"]
    assert "manifest.json" in {one.name for one in files}
    assert "the bundle was sent with it" in out.getvalue()


async def test_a_profile_where_nobody_is_signed_in_is_said(tmp_path: Path) -> None:
    profile = open_profile("default", tmp_path)
    profile.make()

    with pytest.raises(NoAccount, match="nobody is signed in"):
        async with signed_in(profile, "http://127.0.0.1:9", SESSION, MemorySecretStore()):
            raise AssertionError("never reached")


async def test_a_client_that_is_open_keeps_its_sign_in(tmp_path: Path) -> None:
    """A refresh token is good for one use: two at a time would sign the person out."""
    profile = open_profile("default", tmp_path)
    profile.make()
    lock = QLockFile(str(profile.lock_file))
    assert lock.tryLock(0)

    with pytest.raises(NoAccount, match="close it first"):
        async with signed_in(profile, "http://127.0.0.1:9", SESSION, MemorySecretStore()):
            raise AssertionError("never reached")
    lock.unlock()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NoAccount("nobody is signed in"), ExitCode.USAGE),
        (OSError(28, "No space left on device"), ExitCode.INTERNAL),
        (RuntimeError("eyJhbGciOiJFUzI1NiJ9"), ExitCode.INTERNAL),
    ],
)
def test_what_keeps_a_run_from_starting_has_a_status_of_its_own(
    error: Exception | None, status: ExitCode
) -> None:
    @asynccontextmanager
    async def broken() -> AsyncIterator[Account | None]:
        if error is not None:
            raise error
        yield None

    err = io.StringIO()
    options = DiagnoseOptions(open_account=broken)

    assert run(cast(PreflightParts, None), options, out=err, err=err) is status
    assert "eyJ" not in err.getvalue()


async def test_a_fault_of_ours_leaves_a_partial_report_that_says_crash(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_self: Preflight) -> None:
        await bench.clock.sleep(3)
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(Preflight, "finished", broken)
    out = io.StringIO()
    options = DiagnoseOptions(output=Output(tmp_path / "r.json"), page=Output(tmp_path / "r.html"))
    work = asyncio.ensure_future(diagnose(bench.parts(), options, out=out, err=out))
    await bench.clock.advance(5)

    with pytest.raises(RuntimeError):
        await asyncio.wait_for(work, 5)

    left = load_report(tmp_path / "r.json")
    states = {check["code"]: check["state"] for check in left["checks"]}
    assert left["ended_by"] == "crash"
    assert states["camera.none"] == "passed"
    assert "ended: crash" in (tmp_path / "r.html").read_text()
