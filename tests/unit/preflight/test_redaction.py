"""One planted secret per rule; none of them may be found in the output."""

import json
from typing import Any

import pytest

from preflight.redaction import RULES_VERSION, Secrets, redact

SECRETS = Secrets(user="samokafor", host="sams-laptop", key=b"k" * 32)
JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl"

PLANTED = [
    ("token", {"note": f"refused: {JWT}"}, JWT),
    ("token", {"note": "Authorization: Bearer abcdef0123456789"}, "abcdef0123456789"),
    ("token", {"access_token": "opaque-words"}, "opaque-words"),
    ("email", {"note": "signed in as sam.o@example.org today"}, "sam.o@example.org"),
    ("user_name", {"note": "owned by samokafor"}, "samokafor"),
    ("host_name", {"note": "on Sams-Laptop"}, "Sams-Laptop"),
    ("home_path", {"note": "file:/home/somebody/clip.mp4"}, "somebody"),
    ("home_path", {"note": r"C:\Users\Somebody\clip.mp4"}, "Somebody"),
    ("home_path", {"note": "/Users/somebody/clip.mp4"}, "somebody"),
    ("serial", {"note": "Serial number: 5CD1234XYZ"}, "5CD1234XYZ"),
    (
        "serial",
        {"note": "alsa_input.usb-Maker_Headset_A1B2C3D4E5-00.mono"},
        "A1B2C3D4E5",
    ),
    ("address", {"note": "from 93.184.216.34"}, "216.34"),
    ("address", {"note": "local 192.168.178.23"}, "178.23"),
    ("address", {"note": "from 2606:2800:220:1:248:1893:25c8:1946"}, "1893"),
    ("address", {"note": "local fe80::1ff:fe23:4567:890a"}, "890a"),
    ("network_name", {"wifi_name": "Sam's garage"}, "garage"),
    ("network_name", {"gateway": "the-box"}, "the-box"),
    ("network_name", {"note": "via 00:1A:2B:3C:4D:5E"}, "00:1A:2B:3C:4D:5E"),
    ("content", {"window_title": "My bank"}, "bank"),
    ("content", {"raw": b"pixels"}, "pixels"),
    ("program_name", {"holder": "OtherCall"}, "OtherCall"),
    (
        "device_owner",
        {"devices": {"microphone": {"id": "bt", "name": "Samuel's AirPods", "kind": "real"}}},
        "Samuel",
    ),
]


@pytest.mark.parametrize(("rule", "planted", "secret"), PLANTED)
def test_a_planted_secret_is_gone_and_counted(
    rule: str, planted: dict[str, Any], secret: str
) -> None:
    report = redact({"schema": "liftbay.preflight", **planted}, SECRETS)

    assert secret.lower() not in json.dumps(report).lower()
    assert report["redaction"]["counts"].get(rule, 0) >= 1


def test_public_addresses_keep_their_neighbourhood_and_private_ones_their_class() -> None:
    report = redact(
        {"a": "93.184.216.34", "b": "10.1.2.3", "c": "2606:2800:220:1::5", "d": "127.0.0.1"},
        SECRETS,
    )

    assert report["a"] == "93.184.216.0/24"
    assert report["b"] == "10.0.0.0/8"
    assert report["c"] == "2606:2800:220::/48"
    assert report["d"] == "127.0.0.0/8"


def test_the_same_network_has_the_same_hash_on_this_machine_only() -> None:
    here = redact({"ssid": "Garage"}, SECRETS)
    again = redact({"ssid": "Garage"}, SECRETS)
    elsewhere = redact({"ssid": "Garage"}, Secrets("", "", b"o" * 32))

    assert here["ssid"] == again["ssid"] != elsewhere["ssid"]


def test_the_local_copy_keeps_device_names_and_programs() -> None:
    report = redact(
        {"devices": {"microphone": {"name": "Samuel's AirPods"}}, "holder": "OtherCall"},
        SECRETS,
        keep_device_names=True,
    )

    assert report["devices"]["microphone"]["name"] == "Samuel's AirPods"
    assert report["holder"] == "OtherCall"


def test_words_of_the_schema_survive_a_person_called_like_them() -> None:
    odd = Secrets(user="camera", host="passed", key=b"k")
    report = {
        "checks": [{"code": "camera.none", "group": "camera", "state": "passed"}],
        "gate": {"blocking": ["camera.none"]},
        "app": {"opencv": "5.0.0.93"},
        "started_at_utc": "2026-11-22T12:00:00.000+00:00",
    }

    found = redact(report, odd)

    assert {key: found[key] for key in report} == report


def test_a_clean_report_is_left_alone_and_says_which_rules_looked() -> None:
    report = {"schema": "liftbay.preflight", "duration_ms": 5, "samples": {"rtt_ms": [1.5]}}

    found = redact(report, SECRETS)

    assert found == {**report, "redaction": {"rules_version": RULES_VERSION, "counts": {}}}
    assert list(found)[:3] == list(report)


def test_what_the_redaction_knows_is_not_printed() -> None:
    assert "kkk" not in repr(SECRETS)
