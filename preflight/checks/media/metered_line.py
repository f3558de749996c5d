"""Whether somebody counts the data of this line: the trial call sends less then."""

from preflight.check import CannotTell, NotMeasured
from preflight.checks.network.advice_bench import NetworkAdvice


async def metered_line(advice: NetworkAdvice) -> bool:
    """Ask the desktop's network service and the system, as N15 does; unknown is not counted."""
    if advice.hint().counted is True:
        return True
    try:
        way = await advice.outward_way()
    except (NotMeasured, CannotTell):
        # A service on this very machine has no way out that could be counted.
        return False
    return await advice.metered(way.interface) is True
