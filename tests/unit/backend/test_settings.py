"""What an operator may choose, and what stops the start."""

from pathlib import Path
from typing import Any

import pytest

from liftbay_backend.settings import (
    SettingsError,
    is_loopback,
    load_settings,
    refuse_without_media_server,
)

SECRET = "a-very-long-livekit-secret-for-tests-0001"
MEDIA_SERVER = {
    "livekit_url": "ws://127.0.0.1:7880",
    "livekit_api_key": "a-key",
    "livekit_api_secret": SECRET,
}


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"LIFTBAY_{name}", raising=False)


def test_one_machine_needs_no_settings() -> None:
    settings = load_settings()

    assert settings.is_sqlite
    assert settings.embedded_auth
    assert not settings.allow_synthetic
    assert settings.billable_minimum_seconds == 60
    assert settings.clock_warnings == (300, 60)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFTBAY_CLOCK_WARNINGS", "60,30")
    monkeypatch.setenv("LIVEKIT_URL", "ws://127.0.0.1:9999")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hidden@db/liftbay")
    monkeypatch.setenv(
        "LIFTBAY_PLANS_JSON",
        '[{"code": "short", "type": "video", "total_seconds": 90, "price_cents": 500, '
        '"extension_seconds": 60, "extension_price_cents": 100}]',
    )

    settings = load_settings(port=1234)

    assert settings.clock_warnings == (60, 30)
    assert settings.livekit_url == "ws://127.0.0.1:9999"
    assert settings.sqlalchemy_url == "postgresql+psycopg://u:hidden@db/liftbay"
    assert settings.plans["short"].total_seconds == 90
    assert settings.port == 1234


def test_no_secret_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hidden@db/liftbay")

    settings = load_settings(livekit_api_secret=SECRET)

    assert "hidden" not in repr(settings)
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings.model_dump())


def test_a_bad_value_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFTBAY_ACCESS_TOKEN_SECONDS", "hunter2")

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert "access_token_seconds" in str(caught.value).lower()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize("secret", ["secret", "short", SECRET[:31], " " * 40 + "short"])
def test_a_guessable_media_secret_stops_a_start_on_any_host(host: str, secret: str) -> None:
    settings = load_settings(host=host, **MEDIA_SERVER | {"livekit_api_secret": secret})

    with pytest.raises(SettingsError) as caught:
        refuse_without_media_server(settings)

    assert str(caught.value) == "LIVEKIT_API_SECRET is shorter than 32 characters"


@pytest.mark.parametrize("missing", list(MEDIA_SERVER))
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_media_server_without_address_key_or_secret_stops_a_start(
    missing: str, value: str | None
) -> None:
    settings = load_settings(**MEDIA_SERVER | {missing: value})

    with pytest.raises(SettingsError, match=f"^{missing.upper()} is missing: ") as caught:
        refuse_without_media_server(settings)

    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("url", ["livekit", "ftp://media", "ws://", "ws://media:port", "ws://m:0"])
def test_an_address_that_is_none_stops_a_start(url: str) -> None:
    settings = load_settings(**MEDIA_SERVER | {"livekit_url": url})

    with pytest.raises(SettingsError, match="LIVEKIT_URL is no address like ws://"):
        refuse_without_media_server(settings)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize("url", ["ws://127.0.0.1:7880", "wss://media.example", "http://[::1]:1"])
def test_a_proper_media_server_lets_it_listen_everywhere(host: str, url: str) -> None:
    settings = load_settings(host=host, **MEDIA_SERVER | {"livekit_url": url})

    refuse_without_media_server(settings)

    assert settings.secure_cookies is (host == "0.0.0.0")


def test_an_outside_sign_in_needs_its_issuer_and_a_long_secret() -> None:
    with pytest.raises(SettingsError, match="LIFTBAY_AUTH_ISSUER"):
        load_settings(auth_jwks_url="https://auth.example.test/jwks.json")
    with pytest.raises(SettingsError, match="LIFTBAY_AUTH_JWT_SECRET"):
        load_settings(auth_jwt_secret="short", auth_issuer="https://auth.example.test")


@pytest.mark.parametrize("warnings", ["60,300", "60,60", "0", "-5"])
def test_warnings_fall_and_are_positive(monkeypatch: pytest.MonkeyPatch, warnings: str) -> None:
    monkeypatch.setenv("LIFTBAY_CLOCK_WARNINGS", warnings)

    with pytest.raises(SettingsError, match="warnings"):
        load_settings()


def test_settings_never_change_after_the_start(tmp_path: Path) -> None:
    settings: Any = load_settings(data_dir=tmp_path)

    with pytest.raises(Exception, match="frozen"):
        settings.port = 1


@pytest.mark.parametrize(
    ("host", "wanted"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), ("web", False)],
)
def test_loopback_is_told_by_name_and_address(host: str, wanted: bool) -> None:
    assert is_loopback(host) is wanted


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "65536"),
        ("REFRESH_TOKEN_SECONDS", "-1"),
        ("REFRESH_TOKEN_SECONDS", "99999999999999999"),
        ("ABSENCE_GRACE_SECONDS", "inf"),
        ("TICK_SECONDS", "nan"),
        ("CLOCK_WARNINGS", "hunter2"),
        ("CLOCK_WARNINGS", "\u00b2"),
        ("LOG_LEVEL", "hunter2"),
        ("SIGN_IN_LIMIT", "hunter2"),
        ("SIGN_UP_LIMIT", "0/minute"),
        ("PUBLIC_URL", "hunter2"),
        ("AUTH_JWKS_URL", "ftp://hunter2"),
        ("PLANS_JSON", "hunter2"),
    ],
)
def test_a_value_out_of_bounds_stops_the_start_by_its_full_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"LIFTBAY_{name}", value)

    with pytest.raises(SettingsError) as caught:
        load_settings()

    assert str(caught.value).startswith(f"LIFTBAY_{name}")
    assert "hunter2" not in str(caught.value)


def test_values_of_the_command_line_are_named_as_its_options() -> None:
    with pytest.raises(SettingsError, match=r"^--port should be less than or equal to 65535$"):
        load_settings(port=65536)


def test_a_log_level_may_be_written_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFTBAY_LOG_LEVEL", "debug")

    assert load_settings().log_level == "debug"
