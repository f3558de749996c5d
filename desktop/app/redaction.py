"""Take secrets and personal data out of text before it reaches a log or a crash file.

The report and the support bundle have rules of their own (``preflight/report/redaction.py``); these
are for free text of ours and of libraries, where a token can stand anywhere.
"""

import re
from pathlib import Path

from preflight.report.email_form import EMAIL

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # JSON web tokens, whole or as a query value.
    (re.compile(r"eyJ[A-Za-z0-9_-]{6,}(\.[A-Za-z0-9_-]*){0,2}"), "[token]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), r"\1 [token]"),
    (
        re.compile(
            r"(?i)([\w-]*(?:token|secret|password|api[_-]?key|cookie)|aad_mech\w*)"
            r"([\"']?\s*[=:]\s*[\"']?)[^\s\"',;&)}]+"
        ),
        r"\1\2[secret]",
    ),
    (EMAIL, "[e-mail]"),
    # Public addresses are cut to their network; loopback and private ones tell nobody anything.
    (
        re.compile(
            r"\b(?!127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.0\.0\.0)"
            r"(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}\b"
        ),
        r"\1.x",
    ),
)


def redact(text: str) -> str:
    """Return ``text`` without tokens, passwords, e-mail addresses, full addresses, home path."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > 1 else text
