"""A machine's own network in memory: what the operating system would tell of it."""

from preflight.system.network_ports import Medium, NetworkHint, Traffic, Way, WifiSignal


class FakeLocalNetwork:
    """A `LocalNetwork` on a cable, without traffic; the test changes what it tells."""

    def __init__(self) -> None:
        self.way: Way | None = Way("eth0", Medium.ETHERNET)
        self.signal: WifiSignal | None = None
        self.is_metered: bool | None = False
        self.sent_per_look = 0
        self.looks = 0
        self.asked_for: list[str] = []

    def way_to(self, host: str) -> Way | None:
        self.asked_for.append(host)
        return self.way

    def wifi(self, interface: str) -> WifiSignal | None:
        return self.signal

    def metered(self, interface: str) -> bool | None:
        return self.is_metered

    def traffic(self, interface: str) -> Traffic | None:
        self.looks += 1
        return Traffic(self.looks * self.sent_per_look, 0)


class FakeHints:
    """`NetworkHints` that say what the test wants."""

    def __init__(self) -> None:
        self.hint = NetworkHint()
        self.by_proxy: set[str] = set()

    def now(self) -> NetworkHint:
        return self.hint

    def proxied(self, url: str) -> bool:
        return url in self.by_proxy
