"""What the runner keeps of a group, and small questions about its checks. Pure."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field

from preflight.check import Check, GroupPort
from preflight.live_verdicts import LiveVerdicts
from preflight.model import CheckedAgain, CheckResult


@dataclass(slots=True)
class Watched:
    """What the runner keeps for one group.

    Attributes:
        again: why it begins anew by itself.
        beside: the advisory checks that are being measured.
        verdicts: what each check that is measured will say, for those that need it.
        late: ends what has no verdict a minute after the group began.
        asked: checks that somebody wants measured again, once the group is being watched.
        loud: whether a gating one is among them, so that everybody sees it being measured.
        broken: checks whose live figures threw; followed again once they are measured anew.
    """

    port: GroupPort
    task: asyncio.Task[None] | None = None
    hinted: bool = False
    again: CheckedAgain | None = None
    live: LiveVerdicts = field(default_factory=LiveVerdicts)
    beside: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    verdicts: dict[str, asyncio.Future[CheckResult]] = field(default_factory=dict)
    late: asyncio.Task[None] | None = None
    asked: set[str] = field(default_factory=set)
    loud: bool = False
    broken: set[str] = field(default_factory=set)

    def stands(self, check: Check) -> bool:
        """Say whether a check is followed while others are measured, and has its own verdict."""
        verdict = self.verdicts.get(check.code)
        measured = verdict is None or verdict.done()
        return check.live is not None and check.live.meanwhile and measured


def with_company(port: GroupPort, codes: Collection[str]) -> list[str]:
    """Return the codes with those that are measured whenever one of them is, in order."""
    wanted = set(codes)
    for check in port.checks:
        if check.code in wanted:
            wanted.update(check.together)
    return [check.code for check in port.checks if check.code in wanted]
