"""N16: the Wi-Fi is strong enough for a picture."""

from preflight.check import CannotTell, Check, NotMeasured
from preflight.checks.network.bench import NetworkBench
from preflight.model import Measured
from preflight.system.network_ports import Medium

CODE = "net.wifi_weak"
_MAY_BE_WIFI = (Medium.WIFI, Medium.UNKNOWN)


def net_wifi_weak(bench: NetworkBench) -> Check:
    """Tell the signal in dBm, or in per cent on Windows; nothing to tell over a cable."""
    advice = bench.advice

    async def measure() -> Measured:
        way = await advice.outward_way()
        if way.medium not in _MAY_BE_WIFI:
            raise NotMeasured("not_offered")
        signal = await advice.wifi(way.interface)
        if signal is None and way.medium is Medium.WIFI:
            raise CannotTell("not_told")
        if signal is None:
            raise NotMeasured("not_offered")
        if signal.dbm is not None:
            return {"signal_dbm": signal.dbm}
        return {"signal_percent": signal.percent}

    return Check(CODE, measure, before=advice.line_free, together=("net.health",))
