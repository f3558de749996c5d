"""One figure taken several times on a machine that others use: what most takes say."""

from collections.abc import Callable, Sequence

TAKES = 5
"""Two shared cores, so the machine may disturb one; what counts is what most of them say."""


def most_agree(
    told: Sequence[tuple[float, float]], allowed: Callable[[float], float]
) -> bool | None:
    """Say whether most of `TAKES` pairs differ by no more than is allowed of the second figure.

    None as long as it is open.
    """
    good = sum(abs(measured - line) <= allowed(line) for measured, line in told)
    if good > TAKES // 2:
        return True
    return False if len(told) - good > TAKES // 2 else None
