"""Takes secrets, addresses and alarm out of what the LiveKit SDK logs."""

import ipaddress
import logging
import re

_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"eyJ[\w-]+(?:\.[\w-]+)*"), "<token>"),
    (re.compile(r"(access_token|token|ticket)=[^&\s\"')]+"), r"\1=<token>"),
    (re.compile(r"\b(mechanic|customer|support)-[0-9A-Za-z_-]+"), r"<\1>"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b"), "<address>"),
)
_MAYBE_IPV6 = re.compile(r"(?i)(?<![0-9a-z:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![0-9a-z:])")


def redact(text: str) -> str:
    """Return the text without tokens, IP addresses and participants' identities.

    The SDK's ``ConnectError`` for a refused token quotes the whole token.
    """
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return _MAYBE_IPV6.sub(_hidden, text)


def _hidden(found: re.Match[str]) -> str:
    try:
        ipaddress.IPv6Address(found[0])
    except ValueError:
        # A time of day, or a path of the SDK's own code.
        return found[0]
    return "<address>"


class SdkLogFilter(logging.Filter):
    """Redacts the SDK's records and files them as information.

    What matters of them reaches us as events and errors; as warnings they only alarm ("native
    video stream queue overflow" is the newest-picture rule at work). A task of the SDK's Python
    side that failed is the exception: nothing else tells of it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; never drops one."""
        cause = record.exc_info[1] if record.exc_info else None
        text = record.getMessage()
        record.msg = redact(text if cause is None else f"{text} {cause!r}")
        record.args = None
        record.exc_info = None
        if record.levelno > logging.INFO and not record.msg.startswith("task exception"):
            record.levelno = logging.INFO
            record.levelname = logging.getLevelName(logging.INFO)
        return True


def guard_sdk_log() -> None:
    """Put the filter on the SDK's logger. Safe to call again."""
    logger = logging.getLogger("livekit")
    if not any(isinstance(each, SdkLogFilter) for each in logger.filters):
        logger.addFilter(SdkLogFilter())
