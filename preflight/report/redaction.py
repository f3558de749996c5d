"""Takes out of a report what must not leave the machine, and counts what it took.

Runs on every write and every upload. Works on plain JSON values; a key decides first (a Wi-Fi
name has no form of its own), then patterns look into every text, of measured values and keys as
well; accents are brought to one spelling (NFC) before, and stay so. The words of the schema itself
are left alone, so that somebody whose user name is ``camera`` still gets a valid report.
"""

import hashlib
import hmac
import ipaddress
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from preflight.report import redaction_rules as rules
from preflight.report.device_names import without_owner
from preflight.report.email_form import EMAIL
from preflight.report.name_forms import NameForm, composed, name_forms, person_forms

RULES_VERSION = "5"

RULE_NAMES = (
    "token",
    "email",
    "home_path",
    "serial",
    "network_name",
    "address",
    "device_owner",
    "person_name",
    "user_name",
    "host_name",
    "program_name",
    "content",
)
"""What is counted, by the name under which a report tells it."""
_VERSIONS = "app"
"""The tree whose version numbers look like addresses."""
_REPORTS = frozenset({"crash"})
"""Trees that are reports themselves, with versions of their own."""
_DEVICE_ROLES = frozenset({"camera", "microphone", "speaker", "devices"})
_DEVICE_KEYS = frozenset({"device", "missing"})
"""Figures of a check that name a device; people call theirs "Anna's phone"."""
_SCHEMA_KEY = re.compile(r"[a-z0-9_.]{1,60}")


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the machine knows about its person.

    Attributes:
        user: name of the signed-in user of the system.
        host: name of the machine.
        key: for keyed hashes; never leaves the machine.
        names: of people, as far as they are known: the user's full name, who is signed in.
    """

    user: str = field(repr=False)
    host: str = field(repr=False)
    key: bytes = field(repr=False)
    names: tuple[str, ...] = field(default=(), repr=False)


def redact(
    report: Mapping[str, Any], secrets: Secrets, *, keep_device_names: bool = False
) -> dict[str, Any]:
    """Return a redacted copy with the counts per rule in ``redaction``; the order is kept.

    Args:
        keep_device_names: for the local copy, where a device may carry its owner's name.
    """
    work = _Redaction(secrets, keep_device_names)
    work.learn(report)
    found = {
        key: work.value(value, key, versions=key == _VERSIONS)
        for key, value in report.items()
        if key != "redaction" and not work.dropped(key)
    }
    found["redaction"] = {
        "rules_version": RULES_VERSION,
        "counts": dict(sorted(work.counts.items())),
    }
    return found


class _Redaction:
    def __init__(self, secrets: Secrets, keep_device_names: bool) -> None:
        self.counts: Counter[str] = Counter()
        self._key = secrets.key
        self._keep_names = keep_device_names
        self._devices: dict[str, str] = {}
        self._names = _known_names(secrets)

    def learn(self, value: Any, parent: str = "") -> None:
        """Take note of the devices that are called after somebody: a log names them as well."""
        match value:
            case Mapping():
                for key, inner in value.items():
                    named = key == "name" and parent in _DEVICE_ROLES
                    if (named or key in _DEVICE_KEYS) and isinstance(inner, str):
                        self._learn_device(composed(inner), str(value.get("id", "")))
                    else:
                        self.learn(inner, key)
            case list() | tuple():
                for inner in value:
                    self.learn(inner, parent)
            case _:
                return

    def _learn_device(self, name: str, device_id: str) -> None:
        left = without_owner(name, device_id, self._hash)
        if left != name:
            self._devices[name] = left

    def dropped(self, key: str) -> bool:
        if key in rules.DROPPED_KEYS:
            self.counts["content"] += 1
            return True
        if key in rules.LOCAL_KEYS and not self._keep_names:
            self.counts["program_name"] += 1
            return True
        return False

    def value(self, value: Any, key: str, *, versions: bool = False, parent: str = "") -> Any:
        match value:
            case Mapping():
                within = key in _REPORTS
                return {
                    self._key_of(name): self.value(
                        inner,
                        name,
                        versions=versions or (within and name == _VERSIONS),
                        parent=key,
                    )
                    for name, inner in value.items()
                    if not self.dropped(name)
                }
            case list() | tuple() | set() | frozenset():
                return [self.value(inner, key, versions=versions, parent=parent) for inner in value]
            case bytes():
                self.counts["content"] += 1
                return None
            case None | bool() | int() | float():
                return value
            case _:
                return self._text(composed(str(value)), key, parent, versions=versions)

    def _key_of(self, name: str) -> str:
        if _SCHEMA_KEY.fullmatch(name):
            return name
        return self._patterns(composed(name), versions=False)

    def _text(self, text: str, key: str, parent: str, *, versions: bool) -> str:
        if rules.TOKEN_KEY.search(key):
            self.counts["token"] += 1
            return "[token]"
        if rules.HASHED_KEY.search(key):
            if rules.HASHED.fullmatch(text):
                # Of an earlier report of this machine: hashed anew, the same network is another.
                return text
            self.counts["network_name"] += 1
            return self._hash(text)
        shape = rules.SHAPES.get(key)
        if text in rules.SCHEMA_WORDS or (shape is not None and shape.fullmatch(text)):
            return text
        named = key == "name" and parent in _DEVICE_ROLES
        if (named or key in _DEVICE_KEYS) and self._keep_names:
            return text
        return self._patterns(text, versions=versions)

    def _patterns(self, text: str, *, versions: bool) -> str:
        # Whole names first: the other rules would leave a half that is not known any more.
        for name in sorted(self._devices, key=len, reverse=True):
            if name in text:
                self.counts["device_owner"] += text.count(name)
                text = text.replace(name, self._devices[name])
        for pattern in rules.TOKENS:
            text = self._swap("token", pattern, "[token]", text)
        # Before the addresses: what stands before one without a blank goes with it.
        text = self._swap("home_path", rules.HOME, "[home]", text)
        text = self._swap("email", EMAIL, "[email]", text)
        for pattern, instead in rules.SERIALS:
            text = self._swap("serial", pattern, instead, text)
        text = rules.USB_NAME.sub(self._usb_name, text)
        for pattern in (rules.MAC, rules.BARE_MAC):
            text = self._swap("network_name", pattern, self._hashed_mac, text)
        text = self._swap(
            "network_name", rules.WIFI, lambda found: found[1] + self._hash(found[2]), text
        )
        if not (versions and rules.VERSION.fullmatch(text)):
            text = rules.IPV4.sub(self._address, text)
            text = rules.IPV6.sub(self._address, text)
            text = self._swap("address", rules.IPV4_IN_NAME, "[address]", text)
        for pattern, instead in rules.OWNERS:
            text = self._swap("device_owner", pattern, instead, text)
        lower = text.lower()
        for rule, form, instead in self._names:
            if form.letters in lower:
                text = self._swap(rule, re.compile(form.pattern), instead, text)
        return text

    def _hashed_mac(self, found: re.Match[str]) -> str:
        # One hash for one address, however it is written.
        return self._hash("".join(sign for sign in found[0].lower() if sign.isalnum()))

    def _swap(
        self,
        rule: str,
        pattern: re.Pattern[str],
        instead: str | Callable[[re.Match[str]], str],
        text: str,
    ) -> str:
        text, count = pattern.subn(instead, text)
        if count:
            self.counts[rule] += count
        return text

    def _usb_name(self, found: re.Match[str]) -> str:
        left = rules.without_serial(found[0])
        self.counts["serial"] += left != found[0]
        return left

    def _address(self, found: re.Match[str]) -> str:
        try:
            address = ipaddress.ip_address(found[0])
        except ValueError:
            return found[0]
        network = _network_of(address)
        if found.string.startswith(network, found.start()):
            # The network itself, as an earlier report was left with.
            return found[0]
        self.counts["address"] += 1
        return network

    def _hash(self, text: str) -> str:
        return "hash:" + hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:16]


def _network_of(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    for network in rules.PRIVATE:
        if address in network:
            return str(network)
    length = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network((address, length), strict=False))


def _known_names(secrets: Secrets) -> list[tuple[str, NameForm, str]]:
    """Return each way to write a name, with its rule and what is put instead."""
    told = [
        ("person_name", form, "[name]") for name in secrets.names for form in person_forms(name)
    ]
    told += [("user_name", form, "[user]") for form in name_forms(secrets.user)]
    for host in {secrets.host, secrets.host.partition(".")[0]}:
        told += [("host_name", form, "[host]") for form in name_forms(host)]
    # The longest first: a name within another one would leave half of it.
    return sorted(told, key=lambda one: (-len(one[1].letters), one))
