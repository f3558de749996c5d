"""Proxies of the environment: used, and never told."""

import logging
import urllib.request

import pytest

from preflight.proxies import ProxyUse, as_http, proxies_in_use, proxy_for

SECRET = "http://sam:letmein@proxy.test:3128"
SERVICE = "https://api.example.test"
CALLS = "wss://sfu.example.test"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without a proxy, whatever the machine has."""
    for name in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_PROXY".upper(), raising=False)
    return monkeypatch


def test_without_a_proxy_there_is_none(environment: pytest.MonkeyPatch) -> None:
    assert proxies_in_use(SERVICE, CALLS) == ProxyUse(False, False, None)
    assert proxies_in_use(SERVICE, None).figures()["proxy"] is False


def test_a_proxy_of_the_environment_is_said_but_not_which(
    environment: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    environment.setenv("HTTPS_PROXY", SECRET)
    with caplog.at_level(logging.DEBUG):
        found = proxies_in_use(SERVICE, CALLS)

    assert found == ProxyUse(True, True, "environment")
    assert "letmein" not in f"{found} {found.figures()} {caplog.text}"
    assert "proxy.test" not in f"{found} {found.figures()} {caplog.text}"


def test_an_exception_frees_the_service_and_not_the_call_server(
    environment: pytest.MonkeyPatch,
) -> None:
    """The SDK reads HTTPS_PROXY and no NO_PROXY."""
    environment.setenv("HTTPS_PROXY", SECRET)
    environment.setenv("NO_PROXY", "example.test")

    assert proxies_in_use(SERVICE, CALLS) == ProxyUse(False, True, "environment")


def test_a_proxy_for_https_is_none_for_plain_http(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HTTPS_PROXY", SECRET)

    assert proxies_in_use("http://api.example.test", None) == ProxyUse(False, False, None)
    assert proxies_in_use("http://api.example.test", "ws://sfu.test").call_server is False


def test_a_proxy_of_the_system_is_told_from_one_of_the_environment(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setattr(urllib.request, "getproxies", lambda: {"https": "proxy.test:3128"})

    assert proxies_in_use(SERVICE, CALLS) == ProxyUse(True, True, "system")
    assert proxy_for("https", "api.example.test") == "http://proxy.test:3128"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("ws://sfu.test:7880", "http://sfu.test:7880"),
        ("wss://sfu.test", "https://sfu.test"),
        ("https://api.test", "https://api.test"),
        ("http://wss.test", "http://wss.test"),
    ],
)
def test_a_call_servers_address_is_asked_for_as_http(url: str, expected: str) -> None:
    assert as_http(url) == expected
