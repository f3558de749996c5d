"""Qt's hint on the connection, with a made-up back end and with whatever this machine has."""

import sys
from typing import Any

import pytest
from PySide6.QtNetwork import QNetworkInformation, QNetworkProxy

from preflight.system import qt_network
from preflight.system.network_ports import Medium, NetworkHint
from preflight.system.qt_network import QtNetworkHints

FEATURE = QNetworkInformation.Feature


class MadeInformation:
    """A `QNetworkInformation` that knows what the test lets it know."""

    Feature = QNetworkInformation.Feature
    made: "MadeInformation | None" = None
    loaded = 0

    def __init__(self, *knows: Any) -> None:
        self.knows = knows

    @classmethod
    def loadBackendByName(cls, name: str) -> bool:
        cls.loaded += 1
        return name == "networkmanager"

    @classmethod
    def loadDefaultBackend(cls) -> bool:
        cls.loaded += 1
        return True

    @classmethod
    def instance(cls) -> "MadeInformation | None":
        return cls.made

    def supports(self, feature: Any) -> bool:
        return feature in self.knows

    def isMetered(self) -> bool:
        return True

    def isBehindCaptivePortal(self) -> bool:
        return True

    def transportMedium(self) -> Any:
        return QNetworkInformation.TransportMedium.WiFi


@pytest.fixture
def information(monkeypatch: pytest.MonkeyPatch) -> type[MadeInformation]:
    monkeypatch.setattr(qt_network, "QNetworkInformation", MadeInformation)
    monkeypatch.setattr(MadeInformation, "made", None)
    monkeypatch.setattr(MadeInformation, "loaded", 0)
    return MadeInformation


def test_without_a_back_end_there_is_no_hint(information: type[MadeInformation]) -> None:
    hints = QtNetworkHints()

    assert (hints.now(), hints.now()) == (NetworkHint(), NetworkHint())
    assert information.loaded == 1


def test_what_the_back_end_supports_is_told(
    information: type[MadeInformation], monkeypatch: pytest.MonkeyPatch
) -> None:
    every = MadeInformation(FEATURE.Metered, FEATURE.CaptivePortal, FEATURE.TransportMedium)
    monkeypatch.setattr(information, "made", every)

    assert QtNetworkHints().now() == NetworkHint(metered=True, portal=True, medium=Medium.WIFI)


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_what_it_does_not_support_is_left_open(
    information: type[MadeInformation], monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(information, "made", MadeInformation(FEATURE.Reachability))

    assert QtNetworkHints().now() == NetworkHint()


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([QNetworkProxy(QNetworkProxy.ProxyType.HttpProxy, "proxy.test", 3128)], True),
        ([QNetworkProxy(QNetworkProxy.ProxyType.Socks5Proxy, "proxy.test", 1080)], True),
        ([QNetworkProxy(QNetworkProxy.ProxyType.NoProxy)], False),
        ([QNetworkProxy(QNetworkProxy.ProxyType.DefaultProxy)], False),
        ([], False),
    ],
)
def test_the_systems_favourite_way_is_by_a_proxy_or_not(
    monkeypatch: pytest.MonkeyPatch, found: list[QNetworkProxy], expected: bool
) -> None:
    class Factory:
        @staticmethod
        def systemProxyForQuery(query: Any) -> list[QNetworkProxy]:
            assert query.url().host() == "service.test"
            return found

    monkeypatch.setattr(qt_network, "QNetworkProxyFactory", Factory)

    assert QtNetworkHints().proxied("https://service.test") is expected
