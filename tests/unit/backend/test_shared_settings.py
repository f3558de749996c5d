"""Marks by which instances see that they differ, and nobody sees in what."""

import json
from pathlib import Path

import pytest

from liftbay_backend.settings import Settings
from liftbay_backend.shared_settings import MEANS, Marks, place_of_files, shared_values

SECRETS = {
    "livekit_api_secret": "a-media-secret-of-32-or-more-letters",
    "auth_jwt_secret": "a-sign-in-secret-of-32-or-more-letters",
    "stripe_api_key": "sk_live_0123456789abcdef",
    "crm_webhook_secret": "whsec_bGlmdGJheS1saWZ0YmF5LWxpZnRiYXk=",
}
REDIS = "redis://:a-password@cache.example.test/1"
SAME = {**SECRETS, "redis_url": REDIS, "plans_json": None, "currency": "usd"}


def marks(key_id: str = "key-1", files: str = "folder-1", **settings: object) -> Marks:
    made = Settings(**{**SAME, **settings})  # type: ignore[arg-type]  # pydantic checks
    return Marks(shared_values(made, key_id, files))


def test_two_processes_with_the_same_settings_agree_under_marks_of_their_own() -> None:
    one, two = marks(), marks()

    assert one.differing(two.row) == two.differing(one.row) == []
    assert one.row["of"].keys() == two.row["of"].keys() == MEANS.keys()
    assert not set(one.row["of"].values()) & set(two.row["of"].values())


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"key_id": "key-2"}, "LIFTBAY_SIGNING_KEY_PEM"),
        ({"files": "folder-2"}, "LIFTBAY_FILES_S3_BUCKET"),
        ({"redis_url": "redis://:a-password@cache.example.test/2"}, "LIFTBAY_REDIS_URL"),
        ({"redis_url": None}, "LIFTBAY_REDIS_URL"),
        ({"livekit_api_key": "other"}, "LIVEKIT_API_KEY"),
        ({"livekit_api_secret": "x" * 40}, "LIVEKIT_API_SECRET"),
        ({"stripe_api_key": None}, "LIFTBAY_STRIPE_API_KEY"),
        ({"auth_issuer": "https://other.example.test"}, "LIFTBAY_AUTH_ISSUER"),
        ({"currency": "eur"}, "LIFTBAY_CURRENCY"),
        ({"crm_webhook_url": "https://crm.example.test"}, "LIFTBAY_CRM_WEBHOOK_URL"),
    ],
    ids=str,
)
def test_what_differs_is_named(other: dict[str, object], named: str) -> None:
    one, two = marks(), marks(**other)  # type: ignore[arg-type]  # of both kinds

    assert one.differing(two.row) == two.differing(one.row) == [named]
    assert MEANS[named]


def test_two_without_a_redis_share_none() -> None:
    alone = (marks(redis_url=None), marks(redis_url=None))

    assert alone[0].differing(alone[1].row) == ["LIFTBAY_REDIS_URL"]


@pytest.mark.parametrize(
    "spelled",
    ["redis://other:x@cache.example.test/1", "redis://cache.example.test:6379/1"],
)
def test_one_redis_may_be_spelled_in_two_ways(spelled: str) -> None:
    assert marks().differing(marks(redis_url=spelled).row) == []


def test_what_another_version_does_not_mark_is_passed_over() -> None:
    other = marks(currency="eur")
    del other.row["of"]["LIFTBAY_CURRENCY"]

    assert marks().differing(other.row) == []


def test_no_value_can_be_read_from_a_mark() -> None:
    text = json.dumps(marks().row)

    for value in (*SECRETS.values(), "a-password", "cache.example.test", "key-1", "folder-1"):
        assert value not in text


def test_a_password_is_in_no_mark() -> None:
    """It could be guessed, and its guess be tried."""
    assert marks().differing(marks(redis_url=REDIS.replace("a-password", "b")).row) == []


def test_a_folder_is_the_same_wherever_it_is_mounted(tmp_path: Path) -> None:
    folder, mounted = tmp_path / "one" / "files", tmp_path / "mounted"
    mounted.symlink_to(folder)
    settings = Settings()

    here = place_of_files(settings, folder)

    assert here == place_of_files(settings, mounted) == place_of_files(settings, folder)
    assert here != place_of_files(settings, tmp_path / "two" / "files")


def test_a_bucket_is_told_by_its_address(tmp_path: Path) -> None:
    files = tmp_path / "files"
    one, two = (
        Settings(files_s3_bucket="cars", files_s3_endpoint=f"https://{name}") for name in "ab"
    )

    assert place_of_files(one, files) != place_of_files(two, files)
    assert place_of_files(one, files) == place_of_files(one, tmp_path / "other")
    assert not files.exists()
