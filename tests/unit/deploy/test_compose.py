"""deploy/compose.yaml where no container engine runs: its form, its names, and what it starts."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyOptions

from liftbay_backend.settings import MIN_SECRET_CHARACTERS, Settings
from liftbay_backend.settings_reading import load_settings
from liftbay_backend.start_check import (
    is_public,
    refuse_unsafe_service,
    refuse_without_media_server,
)

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"
SECRETS = {
    "POSTGRES_PASSWORD",
    "REDIS_PASSWORD",
    "LIVEKIT_API_SECRET",
    "LIFTBAY_FILES_S3_KEY_ID",
    "LIFTBAY_FILES_S3_SECRET",
    "LIFTBAY_SIGNING_KEY_PEM",
}
NAMES = re.compile(r"\$\{([A-Z0-9_]+)(:\?[^}]*)?\}")
INSTANCES = ("service-one", "service-two")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """Return the file as YAML reads it, anchors merged."""
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return read


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"):
        monkeypatch.delenv(name, raising=False)


def example() -> dict[str, str]:
    """Return the names of liftbay.env.example with something in the place of each."""
    lines = (DEPLOY / "liftbay.env.example").read_text().splitlines()
    names = [line.partition("=")[0] for line in lines if re.match(r"[A-Z]", line)]
    given = {
        name: f"{name.lower().replace('_', '-')}.example".ljust(MIN_SECRET_CHARACTERS, "x")
        for name in names
    }
    return given | {"CERTIFICATES": "/etc/liftbay/certificates"}


def filled_in(value: object, given: dict[str, str]) -> object:
    """Put what an operator gave in the place of each name."""
    match value:
        case dict():
            return {key: filled_in(one, given) for key, one in value.items()}
        case list():
            return [filled_in(one, given) for one in value]
        case str():
            return NAMES.sub(lambda found: given[found[1]], value)
        case _:
            return value


def strings(value: object) -> Iterator[str]:
    """Yield every string of a document."""
    match value:
        case dict():
            for one in value.values():
                yield from strings(one)
        case list():
            for one in value:
                yield from strings(one)
        case str():
            yield value
        case _:
            pass


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
    read = PyOptions().from_yaml(text)

    read.validate()

    assert set(read.service_names()) == set(compose["services"])
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
    settings = load_settings(allow_test_payments=True)

    refuse_unsafe_service(settings)
    refuse_without_media_server(settings)

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


def test_who_is_asked_is_who_listens(compose: dict[str, Any]) -> None:
    """Addresses in settings name services of the file, at the port that each listens on."""
    services = compose["services"]
    ports = {"database": "5432", "redis": "6379", "store": "7070"}
    ports |= dict.fromkeys(INSTANCES, services["service-one"]["environment"]["LIFTBAY_PORT"])
    ports |= dict.fromkeys(("media-one", "media-two"), "7880")
    ports |= {"balancer": services["balancer"]["environment"]["SERVICE_BIND"].lstrip(":")}
    told = [(DEPLOY / "livekit.yaml").read_text()]
    told += [text for one in services.values() for text in strings({**one, "image": ""})]
    found = {
        match
        for text in told
        for match in re.findall(rf"(?:[/@]|^)({'|'.join(services)}):([0-9]+)", text)
    }

    assert found == set(ports.items())


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
