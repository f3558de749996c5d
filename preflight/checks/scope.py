"""A group cut down to the checks that were asked for, with what those need."""

from collections.abc import Collection, Iterable, Sequence

from preflight.check import Check, GroupPort
from preflight.model import Group


class InScope:
    """A `GroupPort` over another one; ``only`` is None for the whole group."""

    def __init__(self, port: GroupPort, only: Collection[str] | None) -> None:
        self._port = port
        self.checks: Sequence[Check] = (
            port.checks if only is None else _with_needs(port.checks, only)
        )

    @property
    def group(self) -> Group:
        return self._port.group

    @property
    def retry_every_s(self) -> float:
        return self._port.retry_every_s

    @property
    def refresh(self) -> tuple[Collection[str], float] | None:
        known = {check.code for check in self.checks}
        refresh = self._port.refresh
        return refresh if refresh is not None and known.issuperset(refresh[0]) else None

    async def begin(self) -> None:
        await self._port.begin()

    def usable(self) -> bool:
        return self._port.usable()

    def must_restart(self) -> bool:
        return self._port.must_restart()


def _with_needs(checks: Iterable[Check], only: Collection[str]) -> list[Check]:
    by_code = {check.code: check for check in checks}
    wanted: set[str] = set()
    left = [code for code in only if code in by_code]
    while left:
        code = left.pop()
        if code not in wanted:
            wanted.add(code)
            left.extend((*by_code[code].needs, *by_code[code].together))
    return [check for code, check in by_code.items() if code in wanted]
