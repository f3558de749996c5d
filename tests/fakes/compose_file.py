"""deploy/compose.yaml with every name filled in: what its containers are called and listen on."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from liftbay_backend.settings import MIN_SECRET_CHARACTERS

ROOT: Final = Path(__file__).resolve().parents[2]
DEPLOY: Final = ROOT / "deploy"
NAMES: Final = re.compile(r"\$\{([A-Z0-9_]+)(:\?[^}]*)?\}")
DEFAULT_PORTS: Final = {
    **{"https": 443, "wss": 443, "http": 80, "ws": 80},
    **{"postgresql": 5432, "redis": 6379},
}
_TLS: Final = ("https", "wss", "rediss")
_URL: Final = re.compile(r"\b([a-z][a-z0-9]*)://[^\s\"'/]+")
_ADDRESS: Final = re.compile(r"([a-z][a-z0-9.-]*):([0-9]+)")


def example() -> dict[str, str]:
    """Return the names of liftbay.env.example with something in the place of each."""
    lines = (DEPLOY / "liftbay.env.example").read_text().splitlines()
    names = [line.partition("=")[0] for line in lines if re.match(r"[A-Z]", line)]
    given = {
        name: f"{name.lower().replace('_', '-')}.example".ljust(MIN_SECRET_CHARACTERS, "x")
        for name in names
    }
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return given | {
        "CERTIFICATES": "/etc/liftbay/certificates",
        "NODE_IP": "203.0.113.7",
        "LIFTBAY_SIGNING_KEY_PEM": key.decode(),
    }


def read() -> dict[str, Any]:
    """Return the file as YAML reads it, anchors merged."""
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def filled_in(value: Any, given: Mapping[str, str]) -> Any:
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


@dataclass(frozen=True, slots=True)
class Listener:
    """A TCP port that a container binds."""

    container: str
    port: int
    is_tls: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that a container is told to ask.

    Attributes:
        by: the container that is told.
        scheme: None for a bare host and port.
    """

    by: str
    scheme: str | None
    host: str
    port: int


def listeners(services: Mapping[str, Any]) -> set[Listener]:
    """Return what each container binds, by its own settings or its program's default."""
    media = yaml.safe_load((DEPLOY / "livekit.yaml").read_text())["port"]
    found = {Listener("database", 5432), Listener("redis", 6379)}
    found |= {Listener(name, media) for name in services if name.startswith("media-")}
    for name in ("service-one", "service-two"):
        settings = services[name]["environment"]
        if settings["LIFTBAY_HOST"] == "0.0.0.0":
            found.add(Listener(name, int(settings["LIFTBAY_PORT"])))
    words = " ".join(services["store"]["entrypoint"]).split()
    found.add(Listener("store", int(words[words.index("--port") + 1].lstrip(":"))))
    environment = services["balancer"]["environment"]
    for file in ("haproxy.cfg", "haproxy-public.cfg"):
        text = (DEPLOY / file).read_text()
        for variable, rest in re.findall(r'^\s+bind "\$\{(\w+)\}"(.*)$', text, re.MULTILINE):
            port = int(environment[variable].lstrip(":"))
            found.add(Listener("balancer", port, is_tls=" ssl " in rest))
    return found


def containers_called(services: Mapping[str, Any], name: str) -> list[str]:
    """Return whom a name leads to inside the network: a service, or who has it as an alias."""
    found = []
    for service, told in services.items():
        networks = told["networks"]
        aliases = networks["inner"].get("aliases", []) if isinstance(networks, dict) else []
        if name == service or name in aliases:
            found.append(service)
    return found


def asked(services: Mapping[str, Any]) -> set[Asked]:
    """Return every address that a container is told, itself and the whole world left out."""
    found: set[Asked] = set()
    for name, told in services.items():
        texts = [*strings(told.get("environment", {})), *strings(told.get("entrypoint", []))]
        texts += [*strings(told.get("command", [])), *strings(told.get("healthcheck", {}))]
        if name.startswith("media-"):
            texts += strings(yaml.safe_load((DEPLOY / "livekit.yaml").read_text()))
        for text in texts:
            found |= set(_addresses(name, text))
    return found


def _addresses(by: str, text: str) -> Iterator[Asked]:
    urls = list(_URL.finditer(text))
    for one in urls:
        parts = urlsplit(one[0])
        assert parts.hostname, text
        yield Asked(by, parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS[parts.scheme])
    bare = None if urls else _ADDRESS.fullmatch(text)
    if bare is not None:
        yield Asked(by, None, bare[1], int(bare[2]))


def unanswered(services: Mapping[str, Any], world: set[str]) -> list[str]:
    """Say which addresses lead to nobody, or to somebody who speaks something else.

    Args:
        services: of the file, filled in.
        world: names that only clients ask, from outside.
    """
    bound = listeners(services)
    told = []
    for one in sorted(asked(services), key=repr):
        if one.host in world:
            continue
        here = [one.by] if one.host == "127.0.0.1" else containers_called(services, one.host)
        wanted = None if one.scheme is None else one.scheme in _TLS
        if len(here) != 1:
            told.append(f"{one}: {len(here)} containers have this name")
        elif not any(
            (each.container, each.port) == (here[0], one.port) and wanted in (None, each.is_tls)
            for each in bound
        ):
            told.append(f"{one}: {here[0]} does not listen there, or in another way")
    return told
