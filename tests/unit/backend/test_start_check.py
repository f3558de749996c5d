"""What `serve` refuses to be, said by the names of the settings and without their values."""

import pytest

from liftbay_backend.settings import Settings
from liftbay_backend.start_check import is_public, service_complaints
from tests.fakes.crm_receiver import SECRET

MEDIA_SERVER = {
    "livekit_url": "ws://127.0.0.1:7880",
    "livekit_api_key": "a-key",
    "livekit_api_secret": "a-very-long-livekit-secret-for-tests-0001",
}


def complaint(**values: object) -> str | None:
    """Return what the start check says of these settings."""
    return complaint_of({}, **values)


def complaint_of(environment: dict[str, str], **values: object) -> str | None:
    """Return what it says of settings in an environment with these names."""
    settings = Settings(**{**MEDIA_SERVER, **values})  # type: ignore[arg-type]  # pydantic checks
    return "; ".join(service_complaints(settings, environment)) or None


def test_one_machine_with_defaults_may_start() -> None:
    assert complaint() is None


@pytest.mark.parametrize(
    ("url", "secret", "said"),
    [
        ("https://crm.example/hook", SECRET, None),
        ("http://127.0.0.1:9000/hook", SECRET, None),
        ("https://crm.example/hook", None, "LIFTBAY_CRM_WEBHOOK_SECRET is missing"),
        (None, SECRET, "LIFTBAY_CRM_WEBHOOK_URL is missing"),
        ("https://crm.example/hook", "planted", "is not whsec_ and 24 to 64 random bytes"),
        ("https://crm.example/hook", "whsec_cGxhbnRlZA==", "is not whsec_ and 24 to 64"),
        ("https://crm.example/hook", "whsec_planted-no-base64!!", "is not whsec_ and 24 to 64"),
        ("http://crm.example/planted", SECRET, "LIFTBAY_CRM_WEBHOOK_URL is http"),
    ],
)
def test_a_crm_is_named_whole_and_reached_in_private(
    url: str | None, secret: str | None, said: str | None
) -> None:
    told = complaint(crm_webhook_url=url, crm_webhook_secret=secret)

    assert (told is None) == (said is None)
    assert said is None or said in (told or "")
    assert "planted" not in (told or "")


def test_an_address_that_is_none_is_refused_without_showing_it() -> None:
    with pytest.raises(ValueError, match="LIFTBAY_CRM_WEBHOOK_URL is no address") as refused:
        Settings(crm_webhook_url="planted")  # type: ignore[arg-type]  # pydantic makes a secret

    assert "planted" not in str(refused.value)


PUBLIC = {
    **{"public_url": "https://liftbay.example", "allow_test_payments": True},
    **{"trusted_proxies": "10.0.0.5", "livekit_url": "wss://media.example"},
}
STRIPE = {
    **{"stripe_api_key": "sk_live_hidden_key", "stripe_webhook_secret": "whsec_hidden_secret_here"},
    "checkout_return_url": "https://liftbay.example/paid",
}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (PUBLIC, []),
        ({**PUBLIC, "host": "0.0.0.0"}, []),
        ({**PUBLIC, "allow_synthetic": True}, ["LIFTBAY_ALLOW_SYNTHETIC"]),
        ({**PUBLIC, "public_url": "http://liftbay.example"}, ["LIFTBAY_PUBLIC_URL is http"]),
        ({**PUBLIC, "allow_test_payments": False}, ["LIFTBAY_ALLOW_TEST_PAYMENTS"]),
        ({**PUBLIC, "trusted_proxies": ""}, ["LIFTBAY_TRUSTED_PROXIES is missing"]),
        ({**PUBLIC, "livekit_url": "ws://media.example:7880"}, ["LIVEKIT_URL is not wss"]),
        ({**PUBLIC, "livekit_url": "http://media.example:7880"}, ["LIVEKIT_URL is not wss"]),
        ({"host": "8.8.8.8", "allow_test_payments": True}, ["LIFTBAY_PUBLIC_URL is missing"]),
        ({"livekit_url": "ws://media.example:7880"}, []),
        (
            {"host": "0.0.0.0", "allow_synthetic": True},
            [
                *("LIFTBAY_ALLOW_SYNTHETIC", "LIFTBAY_PUBLIC_URL is missing"),
                "LIFTBAY_ALLOW_TEST_PAYMENTS",
            ],
        ),
        ({"host": "::", "public_url": "http://127.0.0.1:8700", "allow_synthetic": True}, []),
        ({"host": "10.0.0.5", "allow_synthetic": True}, []),
        ({"host": "localhost", "allow_synthetic": True}, []),
        ({"host": "liftbay.local", **PUBLIC, "public_url": "http://192.168.1.4"}, []),
    ],
)
def test_what_strangers_can_reach_is_safe_for_them(
    values: dict[str, object], said: list[str]
) -> None:
    told = complaint(**values)

    assert (told is None) == (not said)
    for part in said:
        assert part in (told or "")
    assert (told or "").count(";") <= len(said)
    assert "liftbay.example" not in (told or "")


def test_a_public_service_that_takes_money_needs_no_leave_for_test_payments() -> None:
    assert complaint(**{**PUBLIC, **STRIPE, "allow_test_payments": False}) is None


@pytest.mark.parametrize("key", ["sk_test_hidden_key", "rk_test_hidden_key"])
def test_stripes_test_mode_is_free_as_well(key: str) -> None:
    in_test_mode = {**PUBLIC, **STRIPE, "stripe_api_key": key}

    told = complaint(**{**in_test_mode, "allow_test_payments": False})

    assert "LIFTBAY_ALLOW_TEST_PAYMENTS" in (told or "")
    assert "hidden" not in (told or "")
    assert complaint(**in_test_mode) is None


@pytest.mark.parametrize(
    ("name", "address", "is_safe"),
    [
        ("auth_jwks_url", "http://sso.example/jwks.json", False),
        ("auth_jwks_url", "https://sso.example/jwks.json", True),
        ("auth_jwks_url", "http://auth:9999/jwks.json", True),
        ("auth_jwks_url", "http://10.1.2.3/jwks.json", True),
        ("files_s3_endpoint", "http://s3.example", False),
        ("files_s3_endpoint", "http://store:7070", True),
        ("files_s3_endpoint", "http://[::1]:7070", True),
        ("checkout_return_url", "http://liftbay.example/paid", False),
        ("checkout_return_url", "http://127.0.0.1:8700/paid", True),
    ],
)
def test_other_servers_are_asked_where_nobody_reads_along(
    name: str, address: str, is_safe: bool
) -> None:
    told = complaint(**{name: address})

    assert (told is None) == is_safe
    assert is_safe or (told or "").startswith(f"LIFTBAY_{name.upper()} is http: ")
    assert "example" not in (told or "")


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("redis://:planted@198.51.100.7:6379/1", False),
        ("redis://:planted@cache.example/1", False),
        ("redis://8.8.8.8", False),
        ("rediss://:planted@198.51.100.7:6379/1", True),
        ("rediss://:planted@cache.example/1", True),
        ("redis://:planted@redis:6379/1", True),
        ("redis://:planted@10.0.0.7/1", True),
        ("redis://:planted@[fd00::7]/1", True),
        ("redis://:planted@127.0.0.1/1", True),
    ],
)
def test_a_redis_outside_is_spoken_to_by_tls(url: str, is_safe: bool) -> None:
    told = complaint(redis_url=url)

    assert (told is None) == is_safe
    assert is_safe or (told or "").startswith("LIFTBAY_REDIS_URL is redis, not rediss")
    assert "planted" not in (told or "")


@pytest.mark.parametrize(
    ("token", "is_safe"), [("x", False), ("", False), ("x" * 31, False), ("x" * 32, True)]
)
def test_the_figures_are_behind_a_token_that_nobody_guesses(token: str, is_safe: bool) -> None:
    told = complaint(metrics_token=token)

    assert (told is None) == is_safe
    assert is_safe or (told or "").startswith("LIFTBAY_METRICS_TOKEN is shorter than 32 characters")


def test_a_signing_key_that_is_none_is_told_with_the_rest() -> None:
    told = complaint(signing_key_pem="planted", metrics_token="planted")

    assert "LIFTBAY_SIGNING_KEY_PEM holds no readable private key" in (told or "")
    assert "LIFTBAY_METRICS_TOKEN is shorter" in (told or "")
    assert "planted" not in (told or "")


@pytest.mark.parametrize(
    ("host", "is_for_strangers"),
    [
        *((one, False) for one in ("10.0.0.5", "172.30.83.10", "192.168.1.4", "169.254.1.1")),
        *((one, False) for one in ("127.0.0.2", "::1", "fd00::1", "fe80::1", "localhost")),
        *((one, True) for one in ("0.0.0.0", "::", "8.8.8.8", "198.51.100.7", "2001:db8::1")),
        *((one, True) for one in ("172.32.0.1", "100.64.0.1", "liftbay.example", "liftbay")),
    ],
)
def test_only_a_private_network_is_none_of_strangers(host: str, is_for_strangers: bool) -> None:
    assert is_public(Settings(host=host)) is is_for_strangers


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("LIFTBAY_METRIC_TOKEN", "LIFTBAY_METRICS_TOKEN"),
        ("LIFTBAY_STRIPE_APIKEY", "LIFTBAY_STRIPE_API_KEY"),
        ("liftbay_trusted_proxy", "LIFTBAY_TRUSTED_PROXIES"),
    ],
)
def test_a_slip_in_a_name_is_told_and_its_value_is_not(name: str, meant: str) -> None:
    told = complaint_of({name: "planted"})

    assert told == f"{name} is no setting: is {meant} meant?"


def test_what_is_set_for_other_programs_is_none_of_its_business() -> None:
    # Our own runs' settings, which share the prefix, among them.
    others = (
        *("LIFTBAY_FAULT_SEED", "LIFTBAY_LIFECYCLE_SECONDS", "LIFTBAY_SOAK_MINUTES"),
        *("LIFTBAY_PASSWORD", "LIFTBAY_TESTS", "LIFTBAY_", "METRIC_TOKEN", "PATH"),
    )

    told = complaint_of(dict.fromkeys((*others, "liftbay_host"), "x"))

    assert told is None
