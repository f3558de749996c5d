"""Work that a dead process left behind, taken up by whoever notices: resumed, or begun anew.

DBOS goes on with a workflow only under the application version that began it: the steps it has
recorded are told apart by their order alone, so other code could take one step's record for
another's. What another version began is therefore begun anew under ours, as a workflow of its own
(`<id>@<version>`). Every step is safe to repeat, so what was done is not done twice. The one that
is replaced is cancelled, so that no instance of the other version goes on with it as well.
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final, TypeAlias

import structlog
from dbos import DBOS, SetWorkflowID, WorkflowStatus

Workflow: TypeAlias = Callable[..., Coroutine[Any, Any, None]]
_UNFINISHED: Final = ("PENDING", "ENQUEUED")
_log = structlog.get_logger(__name__)


class CannotBegin(Exception):
    """Another version began a workflow that ours does not know, or whose input it cannot read."""


class Recovery:
    """Takes up what dead executors left, over the workflows of this version of the code.

    Args:
        version: of the application, as DBOS was told.
        own: this instance's id.
        workflows: by the names they are registered with.
    """

    def __init__(self, version: str, own: str, workflows: Mapping[str, Workflow]) -> None:
        self._version = version
        self._own = own
        self._workflows = workflows

    async def take_up(self, alive: frozenset[str]) -> int:
        """Go on with pending work whose executor is not alive; returns how much.

        One that cannot be taken up holds up no other; the next look tries it again.
        """
        unfinished = await DBOS.list_workflows_async(status=[*_UNFINISHED], load_output=False)
        taken = 0
        for one in unfinished:
            # What was begun under our id by another version is of a process that has ended: an id
            # may be kept from one start to the next.
            is_of_before = one.executor_id == self._own and one.app_version != self._version
            if one.executor_id in alive and not is_of_before:
                continue
            try:
                taken += await self._take_up_one(one)
            except Exception as error:
                _log.error("durable.resume_failed", workflow_id=one.workflow_id, exc_info=error)
        return taken

    async def _take_up_one(self, one: WorkflowStatus) -> bool:
        if one.app_version != self._version:
            await self._begin_anew(one)
        elif one.status == "PENDING":
            await DBOS.resume_workflow_async(one.workflow_id)
            _log.info("durable.resumed", workflow_id=one.workflow_id)
        else:
            # It is in the queue, from which every instance of this version takes.
            return False
        return True

    async def _begin_anew(self, one: WorkflowStatus) -> None:
        """Start the successor first: one that dies in between finds the old one again."""
        workflow = self._workflows.get(one.name)
        if workflow is None or not isinstance(one.input, dict):
            raise CannotBegin(f"{one.name} of version {one.app_version}")
        arguments: tuple[Any, ...] = tuple(one.input["args"])
        with SetWorkflowID(f"{one.workflow_id}@{self._version}"):
            await DBOS.start_workflow_async(workflow, *arguments)
        await DBOS.cancel_workflow_async(one.workflow_id)
        _log.info(
            "durable.begun_anew",
            workflow_id=one.workflow_id,
            from_version=one.app_version,
            version=self._version,
        )
