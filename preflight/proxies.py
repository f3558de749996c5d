"""Which proxy a request would take, from the environment and the system's own settings.

Pure standard library, for the probe and for the checks. A proxy's address may hold a password:
it is used here and told to nobody.
"""

import os
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from preflight.model import Measured

_SDK_READS = ("HTTPS_PROXY", "https_proxy")
"""The SDK takes this one for a call server at wss, whatever NO_PROXY says."""


@dataclass(frozen=True, slots=True)
class ProxyUse:
    """Whether a proxy stands in the way, never which.

    Attributes:
        service: for requests to the service.
        call_server: for the call server's signalling; media over UDP never takes it.
        source: ``environment`` or ``system``; None without a proxy.
    """

    service: bool
    call_server: bool
    source: str | None

    def figures(self) -> Measured:
        """Return what N10 tells."""
        return {
            "proxy": self.service or self.call_server,
            "service_proxied": self.service,
            "call_server_proxied": self.call_server,
            "proxy_source": self.source,
        }


def proxy_for(scheme: str, host: str) -> str | None:
    """Return the address of the proxy for a host, with its scheme; None without one.

    It may hold a user and a password.
    """
    if urllib.request.proxy_bypass(host):
        return None
    proxies = urllib.request.getproxies()
    found = proxies.get(scheme) or proxies.get("all")
    if found is None:
        return None
    return found if "://" in found else f"http://{found}"


def proxies_in_use(
    service_url: str, call_server_url: str | None, environment: Mapping[str, str] = os.environ
) -> ProxyUse:
    """Say whether requests to the service and to the call server take a proxy.

    Args:
        call_server_url: ws or wss; None while it is not known.
    """
    service = _goes_by_proxy(service_url)
    secure = urlsplit(call_server_url or service_url).scheme in ("wss", "https")
    call_server = secure and any(environment.get(name) for name in _SDK_READS)
    if call_server_url is not None:
        call_server = call_server or _goes_by_proxy(call_server_url)
    named = any(name.lower().endswith("_proxy") and value for name, value in _told(environment))
    source = ("environment" if named else "system") if service or call_server else None
    return ProxyUse(service, call_server, source)


def as_http(url: str) -> str:
    """Return ws or wss as http or https: a proxy is chosen for those alone."""
    return "http" + url.removeprefix("ws") if url.startswith(("ws:", "wss:")) else url


def _goes_by_proxy(url: str) -> bool:
    target = urlsplit(as_http(url))
    return proxy_for(target.scheme, target.hostname or "") is not None


def _told(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in environment.items() if name.lower() != "no_proxy"]
