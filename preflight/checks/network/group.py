"""The network's checks in the order of the catalogue; the advisory ones never hold Join back."""

from collections.abc import Callable, Collection

from preflight.checks.check_group import CheckGroup
from preflight.checks.network.bench import NetworkBench
from preflight.checks.network.busy import net_busy
from preflight.checks.network.captive_portal import net_captive_portal
from preflight.checks.network.changed import net_changed
from preflight.checks.network.health import net_health
from preflight.checks.network.ipv6 import net_ipv6
from preflight.checks.network.jitter_high import net_jitter_high
from preflight.checks.network.metered import net_metered
from preflight.checks.network.mtu import net_mtu
from preflight.checks.network.proxy import net_proxy
from preflight.checks.network.room import net_room
from preflight.checks.network.rtt_high import net_rtt_high
from preflight.checks.network.server_slow import net_server_slow
from preflight.checks.network.signal import net_signal
from preflight.checks.network.tls_intercepted import net_tls_intercepted
from preflight.checks.network.unreachable import net_unreachable
from preflight.checks.network.vpn import net_vpn
from preflight.checks.network.wifi_weak import net_wifi_weak
from preflight.model import Group

_GATING = (
    net_unreachable,
    net_health,
    net_rtt_high,
    net_signal,
    net_room,
    net_changed,
)
_ADVICE = (
    net_jitter_high,
    net_server_slow,
    net_captive_portal,
    net_proxy,
    net_tls_intercepted,
    net_vpn,
    net_ipv6,
    net_mtu,
    net_metered,
    net_wifi_weak,
    net_busy,
)

RTT_EVERY_S = 15.0


def network_group(
    bench: NetworkBench, rtt_every_s: float, line_is_full: Callable[[], bool]
) -> CheckGroup:
    """Return the network's group.

    Args:
        line_is_full: whether something of ours uses all of the line just now.
    """
    checks = tuple(make(bench) for make in (*_GATING, *_ADVICE))

    def refreshed() -> tuple[Collection[str], float] | None:
        # Round trips beside a trial call would tell of that call.
        return None if line_is_full() else (("net.rtt_high",), rtt_every_s)

    return CheckGroup(
        Group.NETWORK,
        checks,
        bench.begin,
        must_restart=lambda: bench.changed,
        refreshed=refreshed,
    )
