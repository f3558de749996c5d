"""Other steps under the same version: DBOS would take one step's record for another's.

It tells the steps of a workflow apart by their order alone, and goes on with what an earlier code
began under the same version. So what the engine really records is held against the version here.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
from dbos import DBOS

from liftbay_backend.domain.ids import SessionId
from liftbay_backend.domain.settlement import SettlementKind
from liftbay_backend.durable.crm_delivery import CrmDelivery
from liftbay_backend.durable.engine import APPLICATION_VERSION, DurableWork
from liftbay_backend.durable.settling import Settling
from tests.fakes.backend_service import BackendService

DIGESTS = {
    "1": "03727ea3d4d3a28e9accf0bd53f439e59610d60d539a83c0bd65d034b38045c2",
}
"""Of each version, for ever: what was begun under it may still be unfinished somewhere."""
SESSION = SessionId("session-1")


class DoesNothing:
    """Has every step, whatever it is called."""

    def __getattr__(self, name: str) -> Callable[..., Awaitable[None]]:
        async def step(*_: object) -> None:
            pass

        step.__name__ = name
        return step


async def recorded(
    service: BackendService, monkeypatch: pytest.MonkeyPatch
) -> dict[str, dict[str, list[str]]]:
    """Run every workflow over steps that do nothing; return by name what the engine recorded."""
    registered: list[str] = []
    register = DBOS.workflow

    def noting(*, name: str, **options: Any) -> Any:
        registered.append(name)
        return register(name=name, **options)

    monkeypatch.setattr(DBOS, "workflow", noting)
    nothing = DoesNothing()
    durable = DurableWork(service.core, cast(Settling, nothing), cast(CrmDelivery, nothing))
    await durable.launch()
    try:
        for kind in SettlementKind:
            await durable.start(SESSION, kind)
        await durable.start_delivery(SESSION, 1, 1)
        found = {}
        for one in await DBOS.list_workflows_async():
            await (await DBOS.retrieve_workflow_async(one.workflow_id)).get_result()
            steps = await DBOS.list_workflow_steps_async(one.workflow_id)
            assert isinstance(one.input, dict)
            assert one.app_version == APPLICATION_VERSION
            found[one.name] = {
                "takes": [type(each).__name__ for each in one.input["args"]],
                "steps": [
                    each["function_name"] for each in sorted(steps, key=lambda s: s["function_id"])
                ],
            }
    finally:
        await durable.stop()
    assert set(found) == set(registered), "a workflow that this test does not start"
    return found


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
async def test_other_steps_have_another_version(
    service: BackendService, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await recorded(service, monkeypatch)

    text = json.dumps(found, sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert APPLICATION_VERSION in DIGESTS, f'add "{APPLICATION_VERSION}": "{digest}" to DIGESTS'
    assert DIGESTS[APPLICATION_VERSION] == digest, (
        "A workflow has other steps, another order of them, another name or other arguments than "
        f"version {APPLICATION_VERSION} had: {text}. What an earlier code left unfinished would be "
        "gone on with at the wrong step. Raise APPLICATION_VERSION in durable/engine.py, so that "
        f'it is begun anew, and add "<the new version>": "{digest}" to DIGESTS; leave the others.'
    )
