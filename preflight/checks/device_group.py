"""A group of checks over one device: the camera's or the microphone's."""

from collections.abc import Sequence
from typing import Any

from preflight.check import Check
from preflight.checks.check_group import CheckGroup
from preflight.checks.device_bench import Bench
from preflight.model import Group

DEVICE_RETRY_S = 2.0


def device_group(group: Group, bench: Bench[Any], checks: Sequence[Check]) -> CheckGroup:
    """Return the checks of one device over its bench."""
    return CheckGroup(group, checks, bench.begin, DEVICE_RETRY_S, usable=lambda: bench.present)
