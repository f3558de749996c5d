"""What `serve` refuses to be, said by the names of the settings and without their values."""

import pytest

from liftbay_backend.settings import Settings, SettingsError
from liftbay_backend.start_check import refuse_unsafe_service
from tests.fakes.crm_receiver import SECRET


def complaint(**values: object) -> str | None:
    """Return what the start check says of these settings."""
    try:
        refuse_unsafe_service(Settings(**values))  # type: ignore[arg-type]  # pydantic checks
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


PUBLIC = {"public_url": "https://liftbay.example", "allow_test_payments": True}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (PUBLIC, []),
        ({**PUBLIC, "host": "0.0.0.0"}, []),
        ({**PUBLIC, "allow_synthetic": True}, ["LIFTBAY_ALLOW_SYNTHETIC"]),
        ({**PUBLIC, "public_url": "http://liftbay.example"}, ["LIFTBAY_PUBLIC_URL is http"]),
        ({**PUBLIC, "allow_test_payments": False}, ["LIFTBAY_ALLOW_TEST_PAYMENTS"]),
        ({"host": "8.8.8.8", "allow_test_payments": True}, ["LIFTBAY_PUBLIC_URL is missing"]),
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
    told = complaint(
        public_url="https://liftbay.example",
        stripe_api_key="sk_test_hidden_key",
        stripe_webhook_secret="whsec_hidden_secret_of_the_test",
        checkout_return_url="https://liftbay.example/paid",
    )

    assert told is None
