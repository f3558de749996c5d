"""Qt's word on the connection: metered, behind a login page, its medium, proxies by PAC.

A hint only. On Linux NetworkManager alone is asked: the other back ends know neither.
"""

import sys

from PySide6.QtCore import QUrl
from PySide6.QtNetwork import (
    QNetworkInformation,
    QNetworkProxy,
    QNetworkProxyFactory,
    QNetworkProxyQuery,
)

from preflight.system.network_ports import Medium, NetworkHint

_BACKEND = "networkmanager"
_MEDIA = {
    QNetworkInformation.TransportMedium.Ethernet: Medium.ETHERNET,
    QNetworkInformation.TransportMedium.WiFi: Medium.WIFI,
    QNetworkInformation.TransportMedium.Cellular: Medium.CELLULAR,
}

_NO_PROXY = (QNetworkProxy.ProxyType.NoProxy, QNetworkProxy.ProxyType.DefaultProxy)


class QtNetworkHints:
    """``NetworkHints``; loads Qt's back end when it is first asked."""

    def __init__(self) -> None:
        self._asked = False

    def now(self) -> NetworkHint:
        if not self._asked:
            self._asked = True
            if sys.platform.startswith("linux"):
                QNetworkInformation.loadBackendByName(_BACKEND)
            else:
                QNetworkInformation.loadDefaultBackend()
        told: QNetworkInformation | None = QNetworkInformation.instance()
        if told is None:
            return NetworkHint()
        feature = QNetworkInformation.Feature
        return NetworkHint(
            metered=told.isMetered() if told.supports(feature.Metered) else None,
            portal=told.isBehindCaptivePortal() if told.supports(feature.CaptivePortal) else None,
            medium=_MEDIA.get(told.transportMedium())
            if told.supports(feature.TransportMedium)
            else None,
        )

    def proxied(self, url: str) -> bool:
        found = QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(url)))
        # The first is the system's favourite. Of its address, a password perhaps, nothing is told.
        kind = found[0].type() if found else QNetworkProxy.ProxyType.NoProxy
        return kind not in _NO_PROXY
