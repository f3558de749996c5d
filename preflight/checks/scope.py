"""A group cut down to the checks that were asked for, with what those need."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from preflight.checks.check_group import CheckGroup


def with_needs(ports: Iterable[CheckGroup], only: Collection[str] | None) -> Collection[str] | None:
    """Return the codes asked for and what they need, of whichever group; None stays None."""
    if only is None:
        return None
    by_code = {check.code: check for port in ports for check in port.checks}
    wanted: set[str] = set()
    left = list(only)
    while left:
        code = left.pop()
        # What another group measures is that group's own to bring along.
        if code in by_code and code not in wanted:
            wanted.add(code)
            needed = (*by_code[code].needs, *by_code[code].together)
            left.extend(each for each in needed if each in by_code)
    return wanted


def in_scope(ports: Sequence[CheckGroup], only: Collection[str] | None) -> list[CheckGroup]:
    """Return the groups cut down to what was asked for, without those of which nothing is left."""
    wanted = with_needs(ports, only)
    if wanted is None:
        return list(ports)
    return [cut for cut in (_cut(port, wanted) for port in ports) if cut.checks]


def _cut(port: CheckGroup, only: Collection[str]) -> CheckGroup:
    checks = [check for check in port.checks if check.code in only]
    known = {check.code for check in checks}

    def refreshed() -> tuple[Collection[str], float] | None:
        refresh = port.refresh
        return refresh if refresh is not None and known.issuperset(refresh[0]) else None

    return replace(port, checks=checks, refreshed=refreshed)
