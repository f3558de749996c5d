"""deploy/compose.yaml where no container engine runs: its form, its names, and what it starts."""

import re
import shlex
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
import yaml
from compose_spec import PyOptions

from liftbay_backend.serving import STOP_WITHIN_SECONDS
from liftbay_backend.settings import Settings
from liftbay_backend.settings_reading import load_settings
from liftbay_backend.start_check import is_public, service_complaints
from tests.fakes.compose_file import (
    DEPLOY,
    NAMES,
    ROOT,
    asked,
    example,
    filled_in,
    listeners,
    read,
    strings,
    unanswered,
)

SECRETS = {
    "POSTGRES_PASSWORD",
    "REDIS_PASSWORD",
    "LIVEKIT_API_SECRET",
    "LIFTBAY_FILES_S3_KEY_ID",
    "LIFTBAY_FILES_S3_SECRET",
    "LIFTBAY_SIGNING_KEY_PEM",
}
INSTANCES = ("service-one", "service-two")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """Return the file as YAML reads it."""
    return read()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"):
        monkeypatch.delenv(name, raising=False)


def setting_names() -> set[str]:
    """Return every name that the service reads from its environment."""
    names = set()
    for name, field in Settings.model_fields.items():
        names.add(f"LIFTBAY_{name.upper()}")
        alias = field.validation_alias
        choices = getattr(alias, "choices", ())
        names.update(str(one) for one in choices)
    return names


def test_it_keeps_to_the_compose_specification(compose: dict[str, Any]) -> None:
    """A Rust implementation of the specification reads it: unknown keys and wrong types fail."""
    text = yaml.safe_dump(filled_in(compose, example()))
    parsed = PyOptions().from_yaml(text)

    parsed.validate()

    assert set(parsed.service_names()) == set(compose["services"])
    with pytest.raises(ValueError, match="imagee"):
        PyOptions().from_yaml(text.replace("image:", "imagee:", 1)).validate()


def test_what_it_refers_to_is_there(compose: dict[str, Any]) -> None:
    services = compose["services"]
    configs = {one["source"] for each in services.values() for one in each.get("configs", [])}
    waits = {name for each in services.values() for name in each.get("depends_on", {})}

    assert configs == set(compose["configs"])
    assert waits <= set(services)
    assert all((DEPLOY / one["file"]).is_file() for one in compose["configs"].values())
    build = services["service-one"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()


def test_every_image_is_pinned_to_one_release(compose: dict[str, Any]) -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    images = [each["image"] for each in compose["services"].values()]
    images += re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)

    for image in images:
        assert re.fullmatch(r"[a-z/-]+:v?[0-9]+\.[0-9]+(\.[0-9]+)?(-[a-z-]+)?", image), image
    assert re.search(r"pip install .*uv==[0-9.]+$", dockerfile, re.MULTILINE)


def test_the_image_has_a_font_for_the_printed_summary() -> None:
    """A slim image has none, and the library's own knows western letters alone."""
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    image = dockerfile[dockerfile.rindex("\nFROM ") :]

    assert re.search(r"apt-get install .*fonts-dejavu-core", image)


def test_every_setting_it_names_is_one(compose: dict[str, Any]) -> None:
    named = {name for one in INSTANCES for name in compose["services"][one]["environment"]} | set(
        re.findall(
            r"^#? ?(LIFTBAY_\w+)=", (DEPLOY / "liftbay.env.example").read_text(), re.MULTILINE
        )
    )

    assert named - setting_names() == set()
    assert len(named) > 15


def test_it_holds_no_secret_and_asks_for_each(compose: dict[str, Any]) -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    asked = {name for name, must in NAMES.findall(text) if must}

    assert {name for name, _ in NAMES.findall(text)} == asked, "one would be empty, unnoticed"
    assert asked >= SECRETS
    assert asked <= set(example())
    assert (
        set(re.findall(r"^([A-Z0-9_]+)=\S", (DEPLOY / "liftbay.env.example").read_text())) == set()
    )
    # On a command line everybody on the host could read it.
    for service in compose["services"].values():
        words = [*strings(service.get("command", "")), *strings(service.get("entrypoint", ""))]
        assert not SECRETS & {name for word in words for name, _ in NAMES.findall(word)}
    assert "/deploy/liftbay.env" in (ROOT / ".gitignore").read_text().splitlines()


@pytest.mark.parametrize("instance", INSTANCES)
def test_an_instance_with_these_settings_would_start(
    compose: dict[str, Any], instance: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = example()
    environment = filled_in(compose["services"][instance]["environment"], given)
    assert isinstance(environment, dict)
    for name, value in (given | environment).items():
        monkeypatch.setenv(name, value)
    settings = load_settings(service_complaints, allow_test_payments=True)

    assert is_public(settings)
    assert settings.secure_cookies
    assert settings.drain_seconds > 3, "longer than the balancer takes to notice"
    assert settings.trusted_proxies == (
        compose["services"]["balancer"]["networks"]["inner"]["ipv4_address"],
    )


def test_instances_differ_in_nothing_but_their_names(compose: dict[str, Any]) -> None:
    one, two = (dict(compose["services"][name]) for name in INSTANCES)
    names = [each["environment"].pop("LIFTBAY_INSTANCE_ID") for each in (one, two)]
    assert one.pop("volumes") != two.pop("volumes")

    assert one == two
    assert names[0] != names[1]


def _filled(compose: dict[str, Any]) -> dict[str, Any]:
    services: dict[str, Any] = filled_in(compose["services"], example())
    return services


CLIENTS_ALONE = {example()["HOST_NAME"]}
"""The services are told their own name, and never ask it."""


def test_who_is_asked_is_who_listens(compose: dict[str, Any]) -> None:
    """Every address leads, by name or alias and by its port or its scheme's, to who binds it."""
    services = _filled(compose)

    assert unanswered(services, CLIENTS_ALONE) == []
    found = {(one.by, one.scheme, one.port) for one in asked(services)}
    assert found >= {
        *(("service-one", one, port) for one, port in (("wss", 443), ("postgresql", 5432))),
        *(("service-one", one, port) for one, port in (("redis", 6379), ("http", 7070))),
        *(("media-one", "http", 8080), ("media-two", None, 6379), ("balancer", None, 8700)),
    }


def _changed(name: str, value: str) -> Callable[[dict[str, Any]], None]:
    def change(services: dict[str, Any]) -> None:
        for one in services.values():
            if name in one.get("environment", {}):
                one["environment"][name] = value

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        # As it once was: the host's 443 led here, and nobody inside could come.
        (_changed("PUBLIC_BIND", ":8443"), "scheme='wss', host='media-host-name.example"),
        (_changed("SERVICE_BIND", ":8081"), "host='balancer', port=8080"),
        (_changed("LIFTBAY_PORT", "8701"), "host='service-one', port=8700"),
        (_changed("LIFTBAY_HOST", "127.0.0.1"), "host='service-two', port=8700"),
        (_changed("MEDIA_ONE", "media-three:7880"), "host='media-three'"),
        (_changed("LIVEKIT_URL", "ws://balancer:443"), "scheme='ws', host='balancer'"),
        (lambda services: services["balancer"].update(networks=["inner"]), "0 containers have"),
        (lambda services: services.pop("redis"), "host='redis', port=6379"),
    ],
)
def test_an_address_that_leads_nowhere_would_be_told(
    compose: dict[str, Any], change: Callable[[dict[str, Any]], None], told: str
) -> None:
    services = _filled(compose)
    change(services)

    assert told in " ".join(unanswered(services, CLIENTS_ALONE))


def test_clients_come_to_the_ports_of_their_schemes(compose: dict[str, Any]) -> None:
    services = _filled(compose)
    published = dict(one.split(":") for one in services["balancer"]["ports"])
    bound = {one.port: one.is_tls for one in listeners(services) if one.container == "balancer"}

    assert {int(port): bound[int(inside)] for port, inside in published.items()} == {
        443: True,
        80: False,
    }
    for name in INSTANCES:
        for setting in ("LIVEKIT_URL", "LIFTBAY_PUBLIC_URL"):
            assert re.fullmatch(r"(wss|https)://[^:]+", services[name]["environment"][setting])


def test_an_instance_is_given_the_time_that_it_takes_to_end(compose: dict[str, Any]) -> None:
    """Else the engine kills it before its own deadline, which says in the log what hung."""
    for name in INSTANCES:
        service = compose["services"][name]
        grace = re.fullmatch(r"(\d+)s", service["stop_grace_period"])
        drain = float(service["environment"]["LIFTBAY_DRAIN_SECONDS"])
        assert grace is not None
        assert int(grace[1]) >= drain + STOP_WITHIN_SECONDS + 10

    unit = re.search(
        r"^TimeoutStopSec=(\d+)$", (ROOT / "docs/operations.md").read_text(), re.MULTILINE
    )
    assert unit is not None
    assert int(unit[1]) > STOP_WITHIN_SECONDS


def test_nobody_is_given_the_address_that_is_believed(compose: dict[str, Any]) -> None:
    """Another container with it would keep the balancer from starting, and could name callers."""
    pool = compose["networks"]["inner"]["ipam"]["config"][0]
    own = ip_address(compose["services"]["balancer"]["networks"]["inner"]["ipv4_address"])

    assert own in ip_network(pool["subnet"])
    assert own not in ip_network(pool["ip_range"])
    assert ip_network(pool["ip_range"]).subnet_of(ip_network(pool["subnet"]))  # type: ignore[arg-type]  # both are IPv4


def test_the_database_is_healthy_when_it_takes_connections(compose: dict[str, Any]) -> None:
    """Its image first starts one without TCP and stops it again; `migrate` would ask in between."""
    check = compose["services"]["database"]["healthcheck"]["test"]

    assert check[:4] == ["CMD", "pg_isready", "-h", "127.0.0.1"]
    assert compose["services"]["migrate"]["depends_on"]["database"] == {
        "condition": "service_healthy"
    }


def test_health_and_readiness_are_asked_apart(compose: dict[str, Any]) -> None:
    check = shlex.join(compose["services"]["service-one"]["healthcheck"]["test"])

    assert "/api/health" in check
    assert "GET /api/ready" in (DEPLOY / "haproxy.cfg").read_text()
    without = {"migrate"}
    for name, service in compose["services"].items():
        assert ("test" in service["healthcheck"]) is (name not in without), name


def test_media_nodes_publish_the_ports_that_they_tell_clients(compose: dict[str, Any]) -> None:
    published = set()
    for name in ("media-one", "media-two"):
        service = compose["services"][name]
        words = service["command"]
        udp, tcp = words[words.index("--udp-port") + 1], words[words.index("--rtc.tcp_port") + 1]
        assert service["ports"] == [f"{tcp}:{tcp}/tcp", f"{udp}:{udp}/udp"]
        published |= {udp, tcp}

    assert len(published) == 4
    config = yaml.safe_load((DEPLOY / "livekit.yaml").read_text())
    assert config["room"]["auto_create"] is False
    # With this LiveKit 1.13.5 answers 503 after 3 s for a room that is not there (tried), and a
    # room that is not there is what the service makes anew.
    assert "enable_psrpc_for_get_list_participants" not in config.get("api", {})
    assert "keys" not in config
