"""What must not leave the machine, as patterns, and the words of the schema, which may.

Pure. ``redaction.py`` applies them. A pattern that takes too much costs support a word; one that
takes too little costs a person theirs, so the first is preferred.
"""

import ipaddress
import re
from collections.abc import Iterable

from client_api.wire import PreflightTrigger, Role
from preflight.devices.frames import DeviceKind
from preflight.model import CheckState, Group
from preflight.verdicts.catalogue import CATALOGUE

TOKEN_KEY = re.compile(
    r"(?:^|_)(?:tokens?|secrets?|passwords?|passwd|cookies?|authorization|api_?key|jwt)(?:$|_)",
    re.IGNORECASE,
)
HASHED_KEY = re.compile(
    r"(?:^|_)(?:wi_?fi(?:_name)?|e?ssid|bssid|mac|gateway|network_name)$", re.IGNORECASE
)
HASHED = re.compile(r"hash:[0-9a-f]{16}")
"""What such a key is left with."""
DROPPED_KEYS = frozenset({"window_title", "window_titles", "screenshot", "recording"})
LOCAL_KEYS = frozenset({"holder", "program", "programs"})
"""The program that holds a device is named to the person alone."""

_KEY_WORD = r"(?:[\w-]*(?:token|password|passwd|secret|api[_-]?key|cookie)|aad_mech\w*)"
# In the order they are tried: what holds another one stands before it.
TOKENS = (
    re.compile(r"\beyJ[\w-]{6,}(?:\.[\w-]*){0,2}"),
    re.compile(r"(?<=://)[^\s/@:\"']*:[^\s/@\"']*(?=@)"),
    re.compile(r"(?i)\b(?:bearer|basic)\s+[\w.~+/=-]{6,}"),
    re.compile(rf"(?i)\b{_KEY_WORD}[\"']?\s*[:=]\s*(?:\"[^\"]*\"|'[^']*'|[^\s,;&)}}\]\"']+)"),
    re.compile(rf"(?i)\b{_KEY_WORD}\s+(?=[^\s,;&\"']*\d)[^\s,;&\"']{{6,}}"),
)
_PART = r"[^\\/:*?\"<>|\r\n]+"
"""One folder of a path of Windows; blanks are in many."""
_BARE = r"(?![^\\/\s]*\.\w{1,5}(?:[\s\"',;)]|$))" + _PART
"""A last one that is no file, so that it may be somebody's folder as well."""
_FOLDERS = rf"(?:{_PART}(?=[\\/])(?:[\\/]+{_PART}(?=[\\/]))*(?:[\\/]+{_BARE})?|{_BARE})"
_OF_THE_SYSTEM = r"(?i:Windows|Program Files(?: \(x86\))?|ProgramData)(?=[\\/\"'\s]|$)"
HOME = re.compile(
    r"/Volumes/[^/:\"\n]+(?=/)"
    r"|(?:/home/|/Users/|/(?:run/)?media/|/Volumes/)(?:[^/\\\s:\"']|'(?=\w))+"
    r"|[A-Za-z]:[\\/]+(?i:Users)[\\/]+(?:[^\\/:\"'\n]|'(?=\w))+"
    # Another drive, or a folder in the root: somebody's own, with all that is in it but the file.
    rf"|(?<![^\W_])[A-Za-z]:(?!//)[\\/]+(?!{_OF_THE_SYSTEM}){_FOLDERS}"
    # A share of another machine; not a device (\\\\?\\usb#...).
    rf"|(?<![^\s\"'=(,;:>])\\{{2,4}}(?:\?\\+UNC\\+)?(?![?.\\])[\w.$-]+\\+{_FOLDERS}"
    r"|/root(?=/|$|\s)"
)
SERIALS = (
    (
        re.compile(
            r"(?i)\b((?:serial(?:\s*(?:no\.?|number|nr\.?))?|s/n)\s*[:=#]?\s*)[A-Z0-9-]*\d[A-Z0-9-]*"
        ),
        r"\1[serial]",
    ),
    # The serial number stands third in an instance path of Windows, and in Core Audio's names.
    (
        re.compile(r"(?i)(usb[#\\]vid_[0-9a-f]{4}&pid_[0-9a-f]{4}[^#\\\s]*[#\\])[^#\\\s]+"),
        r"\1[serial]",
    ),
    (re.compile(r"(AppleUSBAudioEngine:[^:]*:[^:]*:)[^:]+"), r"\1[serial]"),
)
USB_NAME = re.compile(r"(?<=\busb-)\S+?(?=-\d{2}\b)")
"""What ALSA and PulseAudio make of vendor, model and serial number."""
MAC = re.compile(
    r"(?i)(?<![0-9a-f])(?:(?:[0-9a-f]{2}[:_-]){5}[0-9a-f]{2}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4})"
    r"(?![0-9a-f])"
    r"|(?<![0-9a-z-])(?=[0-9-]*[a-f])(?:(?:[0-9a-f]{4}-){2}[0-9a-f]{4}|[0-9a-f]{6}-[0-9a-f]{6})"
    r"(?![0-9a-z-])"
)
_NO_MAC = ("commit", "revision", "rev", "sha", "git", "hash", "build")
BARE_MAC = re.compile(
    r"(?i)(?<![0-9a-z])"
    r"(?<![0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-)"
    + "".join(rf"(?<!\b{word}[ :=])" for word in _NO_MAC)
    + r"(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f][02468ace][0-9a-f]{10}(?![0-9a-z])"
)
"""Twelve digits without anything between them, as ids of devices and host names have them.

Not a number of decimal digits alone (a time, a count), nor what begins as no device's own address
may (its second digit is even), nor the end of a UUID, nor what is called a commit or a build. A
serial number of just this form goes as well: it names a machine as much.
"""
WIFI = re.compile(
    r"(?i)(\b(?:e?ssid|wi-?fi(?:[ _](?:name|network))?|network[ _]name)\s*(?:is\s+|[:=]\s*))"
    r"(?!hash:[0-9a-f]{16}(?:[\s,;]|$))"
    r"(\"[^\"]*\"|'[^']*'|[^\s,;]+)"
)
VERSION = re.compile(r"\d+(?:\.\d+){1,3}(?:[.+-]?[a-z]+\d*)*")
IPV4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d)")
IPV4_IN_NAME = re.compile(r"(?<![\d-])(?:\d{1,3}-){3}\d{1,3}(?![\d-])")
"""As providers name their customers' lines: 203-0-113-77.line.example."""
IPV6 = re.compile(r"(?i)(?<![0-9a-z:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![0-9a-z:])")
OWNERS = (
    # From the beginning of a word alone: a long one would be read from each of its letters.
    (re.compile(r"(?<![\w-])(?:[A-Z][a-zß-ÿ]+ )*[\w-]+(['’])s(?=\s|$)"), r"[owner]\1s"),
    (re.compile(r"\b(von|de|di|van) [A-ZÀ-Ý][\w-]+(?: [A-ZÀ-Ý][\w-]+)*"), r"\1 [owner]"),
)

PRIVATE = tuple(
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

_REASONS = ("deadline", "check.internal", "user", "joined", "metered", "platform")
_PERMISSIONS = ("granted", "denied", "restricted", "undetermined", "unknown")
_REACHED = ("dns", "tcp", "tls", "tls_clock")
_ENDED = ("finished", "cancelled", "crash")


def _schema_words() -> Iterable[str]:
    for row in CATALOGUE:
        yield from (row.code, row.no, row.source, f"{row.code}.remedy", f"needs:{row.code}")
    for words in (_REASONS, _PERMISSIONS, _REACHED, _ENDED):
        yield from words
    for terms in (CheckState, Group, DeviceKind, PreflightTrigger, Role):
        yield from (str(term.value) for term in terms)


SCHEMA_WORDS = frozenset(_schema_words())
"""A text that is one of these says nothing of a person, even of one whose name is ``camera``."""

SHAPES = {
    "schema": re.compile(r"liftbay\.\w+"),
    "schema_version": re.compile(r"\d+\.\d+"),
    "report_id": re.compile(r"[0-9a-f-]{36}"),
    "machine_id": re.compile(r"[0-9a-f-]{36}"),
    "session_ref": re.compile(r"[0-9a-f-]{36}"),
    "short_code": re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}"),
    "started_at_utc": re.compile(r"[0-9T:.+-]{19,32}"),
    "since_utc": re.compile(r"[0-9T:.+-]{19,32}"),
    "fingerprint": re.compile(r"sha256:[0-9a-f]+"),
    "nonce": re.compile(r"[\w-]{1,200}"),
}
"""Fields of the schema that are left alone while they look as they should."""


def without_serial(usb_name: str) -> str:
    """Take what may be a serial number out of ``Maker_Model_A1B2C3D4E5``.

    Words of letters and short models (``C920``) stay; numbers alone and long mixtures go.
    """
    kept, taken = [], False
    for word in usb_name.split("_"):
        has_digit = any(letter.isdigit() for letter in word)
        if has_digit and (word.isdecimal() or len(word) > 4):
            taken = True
        else:
            kept.append(word)
    return "_".join([*kept, "[serial]"]) if taken else usb_name
