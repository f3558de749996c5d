"""Two real instances on one PostgreSQL that do not share what they must: the operator is told."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from liftbay_backend.auth.keys import load_signing_key
from liftbay_backend.data_folder import KEY_FILE
from liftbay_backend.settings import Settings
from tests.fakes.service_process import MEDIA_SERVER, ServiceProcess
from tests.integration.backend.conftest import ENGINES

pytestmark = [
    pytest.mark.timeout(180),
    # The embedded database is one process's: there is nobody to differ from.
    pytest.mark.parametrize(
        "new_database", [one for one in ENGINES if one == "postgresql"], indirect=True
    ),
]

WITHIN_S = 60.0
REDIS = "redis://:a-password-of-redis@127.0.0.1:9/1"
BUCKET = {"files_s3_bucket": "cars", "files_s3_endpoint": "http://127.0.0.1:9"}
SHARED = {"redis_url": REDIS, **BUCKET}


@pytest.fixture
def url(new_database: Callable[[], str | None]) -> str:
    """Return the address of the database that both share."""
    made = new_database()
    assert made is not None
    return made


@pytest.fixture
def instance(tmp_path: Path, url: str) -> Callable[..., ServiceProcess]:
    """Return a maker of instances on one database, each with a data folder of its own."""

    def make(name: str, folder: str | None = None, **settings: str) -> ServiceProcess:
        data = tmp_path / (folder or name)
        return ServiceProcess(data, {"database_url": url, "instance_id": name, **settings})

    return make


@pytest.fixture
def key(tmp_path: Path) -> str:
    """Return a key that an operator made for all."""
    load_signing_key(Settings(data_dir=tmp_path / "maker"))
    return (tmp_path / "maker" / KEY_FILE).read_text()


def told(service: ServiceProcess, event: str = "instances.settings_differ") -> list[str]:
    """Return the settings that the log names at error, in order."""
    return [
        str(line["setting"])
        for line in service.logged()
        if line["event"] == event and line["level"] == "error"
    ]


def differing(service: ServiceProcess) -> dict[str, float]:
    """Return what the gauge says of each setting that is not shared."""
    families = text_string_to_metric_families(httpx.get(f"{service.url}/metrics").text)
    [gauge] = [one for one in families if one.name == "liftbay_instances_differ"]
    return {one.labels["setting"]: one.value for one in gauge.samples if one.value}


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + WITHIN_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.2)


def test_what_two_instances_do_not_share_is_named_at_both_until_they_do(
    instance: Callable[..., ServiceProcess], key: str
) -> None:
    """Each made a key and a folder of its own, and only one has a Redis."""
    apart = ["LIFTBAY_FILES_S3_BUCKET", "LIFTBAY_REDIS_URL", "LIFTBAY_SIGNING_KEY_PEM"]
    with instance("one", **SHARED, signing_key_pem=key) as one:
        alone = differing(one)
        with instance("two") as two:
            at_start = told(two)
            wait_until(lambda: len(told(one)) == len(apart))
            shown = [differing(each) for each in (one, two)]
            ready = [httpx.get(f"{each.url}/api/ready").status_code for each in (one, two)]
            two.stop()
        wait_until(lambda: differing(one) == {})
        with instance("two", **SHARED, signing_key_pem=key) as two:
            # It has compared itself with the other one before it was ready.
            again = told(two)[len(apart) :]
            agreed = [differing(each) for each in (one, two)]
        lines = [line for line in one.logged() if line["event"] == "instances.settings_differ"]

    assert alone == {}
    assert sorted(at_start) == sorted(told(one)) == apart
    assert shown == [dict.fromkeys(apart, 1.0)] * 2
    # People are served as well as can be: to refuse them silently would help nobody.
    assert ready == [200, 200]
    assert (again, agreed) == ([], [{}, {}])
    assert {line["other"] for line in lines} == {"two"}
    assert all(line["means"] for line in lines)


def test_what_lies_in_the_database_gives_no_secret_away(
    instance: Callable[..., ServiceProcess], key: str, url: str
) -> None:
    with instance("one", **SHARED, signing_key_pem=key) as one:
        with psycopg.connect(url) as database:
            [[marks]] = database.execute("SELECT marks FROM executor_leases").fetchall()
        text = json.dumps(marks)
        one.stop()

    assert marks["of"].keys() >= {"LIFTBAY_SIGNING_KEY_PEM", "LIVEKIT_API_SECRET"}
    for secret in (key.splitlines()[1], MEDIA_SERVER["LIVEKIT_API_SECRET"], "a-password-of-redis"):
        assert secret not in text
        assert secret not in one.log.read_text()


def test_two_that_live_under_one_id_are_told_apart(
    instance: Callable[..., ServiceProcess], key: str
) -> None:
    with instance("one", **SHARED, signing_key_pem=key) as first:
        with instance("one", folder="other", **SHARED, signing_key_pem=key) as second:
            wait_until(
                lambda: [len(told(each, "instances.same_id")) for each in (first, second)] == [1, 1]
            )

    assert told(first, "instances.same_id") == ["LIFTBAY_INSTANCE_ID"]
