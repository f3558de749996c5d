"""What `serve` refuses to be, said by the names of the settings and without their values."""

import pytest

from liftbay_backend.settings import Settings, SettingsError
from liftbay_backend.start_check import refuse_unsafe_service
from tests.fakes.crm_receiver import SECRET


def complaint(**values: object) -> str | None:
    """Return what the start check says of these settings."""
    return complaint_of({}, **values)


def complaint_of(environment: dict[str, str], **values: object) -> str | None:
    """Return what it says of settings in an environment with these names."""
    try:
        refuse_unsafe_service(Settings(**values), environment)  # type: ignore[arg-type]  # pydantic checks
    except SettingsError as error:
        return str(error)
    return None


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
