"""Takes out of a report what must not leave the machine, and counts what it took.

Runs on every write and every upload. Works on plain JSON values; a key decides first (a Wi-Fi
name has no form of its own), then patterns look into every text. The words of the schema itself
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

RULES_VERSION = "1"

_PLAIN_KEYS = frozenset(
    {
        "schema",
        "schema_version",
        "report_id",
        "short_code",
        "started_at_utc",
        "ended_by",
        "code",
        "no",
        "group",
        "state",
        "reason",
        "kind",
        "source",
        "trigger",
        "role",
        "session_ref",
        "nonce",
        "remedy_id",
        "fingerprint",
        "machine_id",
        "stage",
        "permission",
        "status",
    }
)
"""Words of the schema, never a person's."""
_PLAIN_TREES = frozenset({"app", "redaction", "gate"})
"""Version numbers look like addresses."""
_TOKEN_KEY = re.compile(
    r"(?:^|_)(?:token|tokens|secret|password|cookie|authorization)(?:$|_)", re.IGNORECASE
)
_HASHED_KEYS = frozenset({"wifi", "wifi_name", "ssid", "bssid", "mac", "gateway"})
_DROPPED_KEYS = frozenset({"window_title", "window_titles", "screenshot", "recording"})
_LOCAL_KEYS = frozenset({"holder"})
"""The program that holds a device is named to the person alone."""

_JWT = re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*")
_BEARER = re.compile(
    r"(?i)\b(?:bearer|token|password|secret|apikey|access_token)[=:\s]+[^\s,;&\"']{6,}"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HOME = re.compile(r"(?:/home/|/Users/|[A-Za-z]:\\Users\\)[^/\\\s:\"']+|/root(?=/|$)")
_SERIAL = re.compile(r"(?i)\b(serial(?:\s*(?:no\.?|number))?\s*[:=#]?\s*)[A-Z0-9-]*\d[A-Z0-9-]*")
_USB_SERIAL = re.compile(r"(usb-[\w.]*?_)(?=[0-9A-Za-z]*\d)[0-9A-Za-z]{6,}(?=-)")
_MAC = re.compile(r"(?i)\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b")
_IPV4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_IPV6 = re.compile(r"(?i)(?<![0-9a-z:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![0-9a-z:])")
_OWNER = re.compile(r"\b[\w-]+(?:['’]s)(?=\s)")
_PRIVATE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "fc00::/7",
        "fe80::/10",
        "::1/128",
    )
)
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the machine knows about its person.

    Attributes:
        user: name of the signed-in user of the system.
        host: name of the machine.
        key: for keyed hashes; never leaves the machine.
    """

    user: str
    host: str
    key: bytes = field(repr=False)


def redact(
    report: Mapping[str, Any], secrets: Secrets, *, keep_device_names: bool = False
) -> dict[str, Any]:
    """Return a redacted copy with the counts per rule in ``redaction``; the order is kept.

    Args:
        keep_device_names: for the local copy, where a device may carry its owner's name.
    """
    work = _Redaction(secrets, keep_device_names)
    found = {
        key: work.value(value, key, plain=key in _PLAIN_TREES)
        for key, value in report.items()
        if not work.dropped(key)
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
        names = (("user_name", secrets.user, "[user]"), ("host_name", secrets.host, "[host]"))
        self._names = [
            (rule, re.compile(rf"(?i)(?<!\w){re.escape(name)}(?!\w)"), instead)
            for rule, name, instead in names
            if len(name) >= _SHORTEST_NAME
        ]

    def dropped(self, key: str) -> bool:
        if key in _DROPPED_KEYS:
            self.counts["content"] += 1
            return True
        if key in _LOCAL_KEYS and not self._keep_names:
            self.counts["program_name"] += 1
            return True
        return False

    def value(self, value: Any, key: str, *, plain: bool, parent: str = "") -> Any:
        match value:
            case dict():
                return {
                    name: self.value(inner, name, plain=plain, parent=key)
                    for name, inner in value.items()
                    if not self.dropped(name)
                }
            case list() | tuple():
                return [self.value(inner, key, plain=plain, parent=parent) for inner in value]
            case str():
                return self._text(value, key, parent, plain=plain)
            case bytes():
                self.counts["content"] += 1
                return None
            case _:
                return value

    def _text(self, text: str, key: str, parent: str, *, plain: bool) -> str:
        if _TOKEN_KEY.search(key):
            self.counts["token"] += 1
            return "[token]"
        if key in _HASHED_KEYS:
            self.counts["network_name"] += 1
            return self._hash(text)
        if plain or key in _PLAIN_KEYS:
            return text
        is_device_name = key == "name" and parent in ("camera", "microphone", "speaker", "devices")
        if is_device_name and self._keep_names:
            return text
        return self._patterns(text, owner=is_device_name or key == "log")

    def _patterns(self, text: str, *, owner: bool) -> str:
        text = self._swap("token", _JWT, "[token]", text)
        text = self._swap("token", _BEARER, "[token]", text)
        text = self._swap("email", _EMAIL, "[email]", text)
        text = self._swap("home_path", _HOME, "[home]", text)
        text = self._swap("serial", _SERIAL, r"\1[serial]", text)
        text = self._swap("serial", _USB_SERIAL, r"\1[serial]", text)
        text = self._swap("network_name", _MAC, lambda found: self._hash(found[0]), text)
        text = _IPV4.sub(self._address, text)
        text = _IPV6.sub(self._address, text)
        if owner:
            text = self._swap("device_owner", _OWNER, "[owner]'s", text)
        for rule, pattern, instead in self._names:
            text = self._swap(rule, pattern, instead, text)
        return text

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

    def _address(self, found: re.Match[str]) -> str:
        try:
            address = ipaddress.ip_address(found[0])
        except ValueError:
            return found[0]
        self.counts["address"] += 1
        for network in _PRIVATE:
            if address in network:
                return str(network)
        length = 24 if address.version == 4 else 48
        return str(ipaddress.ip_network((address, length), strict=False))

    def _hash(self, text: str) -> str:
        return "hash:" + hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:16]
