"""N09 against real servers on this machine that answer as portals do."""

import socket

import pytest

from preflight.model import CheckState
from preflight.probe import portal as module
from preflight.probe.plain_http import Reply as Told
from preflight.probe.portal import KNOWN_BODY, PATH, _told_by, plain_address, portal
from preflight.verdicts.catalogue import judge
from tests.check_cases import clears, just_misses, raises
from tests.fakes.http_service import Reply, http_service

LOGIN = b"<html>Welcome to the Garage Cafe</html>"
TEXT = "text/plain"


@clears("net.captive_portal")
async def test_the_services_own_body_is_no_portal() -> None:
    async with http_service(Reply(200, KNOWN_BODY, media_type=TEXT)) as service:
        found = await portal(service.url)

    assert (found["portal"], found["answer"]) == (False, "exact")
    assert service.received[0].path == PATH
    assert judge("net.captive_portal", found) is CheckState.PASSED


@raises("net.captive_portal")
async def test_a_portal_that_redirects_everything_is_told_and_not_followed() -> None:
    away = Reply(302, b"", (("Location", "http://login.cafe.test/?back=1"),))
    async with http_service() as service:
        service.otherwise = lambda _: away
        found = await portal(service.url)

    assert (found["portal"], found["answer"], found["http_status"]) == (True, "redirect", 302)
    assert len(service.received) == 1
    assert "cafe" not in str(found)
    assert judge("net.captive_portal", found) is CheckState.FAILED


@pytest.mark.parametrize("page", [LOGIN, KNOWN_BODY + b"<script>", KNOWN_BODY[:-2], b""])
async def test_another_page_in_its_place_is_a_portal(page: bytes) -> None:
    async with http_service(Reply(200, page, media_type="text/html")) as service:
        found = await portal(service.url)

    assert (found["portal"], found["answer"]) == (True, "other_body")


async def test_the_status_that_asks_for_a_login_is_a_portal() -> None:
    async with http_service(Reply(511, LOGIN)) as service:
        assert (await portal(service.url))["portal"] is True


@pytest.mark.parametrize(
    ("status", "fault"), [(404, "not_offered"), (429, "refused"), (503, "refused")]
)
async def test_a_server_that_refuses_shows_no_login(status: int, fault: str) -> None:
    async with http_service(Reply(status)) as service:
        found = await portal(service.url)

    assert found == {"http_status": status, "fault": fault}


async def test_without_an_answer_nothing_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        gone = f"http://127.0.0.1:{taken.getsockname()[1]}"

    assert await portal(gone) == {"fault": "unreachable"}


async def test_a_server_that_is_mute_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUDGET_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        found = await portal(f"http://127.0.0.1:{mute.getsockname()[1]}")

    assert found == {"fault": "unreachable"}


async def test_an_answer_that_is_no_http_is_no_portal() -> None:
    async with http_service(Reply(cut=True)) as service:
        assert await portal(service.url) == {"fault": "unreachable"}


async def test_a_service_at_https_without_plain_http_does_not_offer_it() -> None:
    # 127.0.0.2: whoever holds port 80 of 127.0.0.1 on a test machine is not asked.
    assert await portal("https://127.0.0.2:8443") == {"fault": "not_offered"}


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://api.example.test/portal-check", {"http_status": 301, "fault": "not_offered"}),
        (
            "https://login.cafe.test/",
            {"http_status": 301, "portal": True, "answer": "redirect"},
        ),
        ("/login", {"http_status": 301, "portal": True, "answer": "redirect"}),
    ],
)
@just_misses("net.captive_portal")
def test_the_services_own_step_to_https_is_no_portal(
    location: str, expected: dict[str, object]
) -> None:
    assert _told_by(Told(301, location, b""), "https://api.example.test") == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8700", "http://127.0.0.1:8700/portal-check"),
        ("http://api.test/base/", "http://api.test/base/portal-check"),
        ("https://api.test", "http://api.test/portal-check"),
        ("https://api.test:8443", "http://api.test/portal-check"),
        ("https://[2001:db8::1]:8443", "http://[2001:db8::1]/portal-check"),
    ],
)
def test_the_plain_address_is_port_80_for_a_service_at_https(url: str, expected: str) -> None:
    assert plain_address(url) == expected
