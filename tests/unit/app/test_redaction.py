"""Nothing secret or personal survives in free text of ours or of libraries."""

from pathlib import Path

import pytest

from desktop.app.redaction import redact

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjdXN0b21lci0xIn0.c2lnbmF0dXJl"
PLANTED = "hunter2-planted"


@pytest.mark.parametrize(
    "line",
    [
        f"ConnectError: wss://sfu/rtc?access_token={JWT}&auto_subscribe=1 failed",
        f"Authorization: Bearer {JWT}",
        f"token was {JWT[:40]}",
        f'{{"refresh_token": "{PLANTED}", "expires_in": 3600}}',
        f"{{'access_token': '{PLANTED}'}}",
        f"password={PLANTED}",
        f"LIFTBAY_PASSWORD={PLANTED}",
        f"LIVEKIT_API_SECRET: {PLANTED}",
        f"api_key={PLANTED}&x=1",
        f"Cookie: aad_mech={PLANTED}; theme=dark",
        f"aad_mech_refresh={PLANTED}",
        f"Authorization: Basic {PLANTED}",
    ],
)
def test_a_credential_is_taken_out(line: str) -> None:
    told = redact(line)

    assert PLANTED not in told
    assert "eyJ" not in told


@pytest.mark.parametrize(
    "address",
    [
        "sam.okafor+car@garage.example.org",
        "anna.o'neil@example.org",
        '"anna quoted"@example.org',
        "anna@localhost",
    ],
)
def test_an_email_address_is_taken_out_whole(address: str) -> None:
    """Of a half that the log keeps no bundle knows any more that it was one."""
    assert redact(f"{address} signed in") == "[e-mail] signed in"


def test_a_public_address_is_cut_to_its_network() -> None:
    assert redact("candidate 203.0.113.77 udp") == "candidate 203.0.113.x udp"


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.1.20", "172.20.0.5"])
def test_a_private_address_stays_for_it_tells_nobody_anything(address: str) -> None:
    assert address in redact(f"connected to {address}:8700")


def test_the_home_path_is_shortened() -> None:
    assert redact(f"in {Path.home()}/liftbay/app.py") == "in ~/liftbay/app.py"


@pytest.mark.parametrize(
    "line",
    [
        "joined room session-0d9c8b7a after 203 ms",
        "camera.fps_low: 21.5 of 24 pictures a second",
        "GET /api/health 200 in 3 ms at 12:30:45",
    ],
)
def test_what_support_needs_stays_as_it_is(line: str) -> None:
    assert redact(line) == line
