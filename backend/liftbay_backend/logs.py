"""Log lines as JSON, with secrets taken out last of all and a request id in each."""

import logging
import re
import sys
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, TextIO

import structlog

MASK: Final = "[redacted]"
SECURITY: Final = "liftbay.security"
"""The logger of who was let in, who was not, and what an operator did to accounts."""
_SECRET_NAME: Final = re.compile(
    r"pass(word)?|secret|token|cookie|authorization|api_?key|nonce|credential|signature|pem$",
    re.IGNORECASE,
)
_PERSONAL_NAME: Final = re.compile(
    r"^(e?_?mail|name|text|concern|comment|plate|vin)$", re.IGNORECASE
)
_SECRET_SHAPES: Final = (
    # JSON web tokens, whatever they are called.
    re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    re.compile(r"(?i)\bbearer\s+[^\s\"']+"),
    re.compile(r"(?i)\b(aad_mech(?:_refresh)?)=[^;\s\"']+"),
    # Passwords inside database addresses.
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),
    # PostgreSQL's second line names the values of the row that it refused.
    re.compile(r"(?<=DETAIL:)[^\n]+"),
    # All that a local part may hold, but the slash before which an address of a database stands.
    re.compile(r"(?<![^\s\"(),:;<>@\[\]\\/])[^\s\"(),:;<>@\[\]\\/]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"),
)


def configure_logging(level: str, stream: TextIO | None = None) -> None:
    """Send this process's logs, other libraries' too, as JSON lines to one stream."""
    root = logging.getLogger()
    root.handlers[:] = [_json_lines(stream)]
    root.setLevel(level)
    # Python's warnings become lines like all others.
    logging.captureWarnings(True)
    # Its access lines hold whole addresses; ours hold the route alone.
    logging.getLogger("uvicorn.access").disabled = True
    # So do the lines of what we call ourselves, and an operator's address may hold a password.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    route_to_logging(level)


@contextmanager
def security_log() -> Iterator[None]:
    """Send the lines of the security log alone to standard error, as the service writes them."""
    route_to_logging("INFO")
    logger, handler = logging.getLogger(SECURITY), _json_lines(None)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def _json_lines(stream: TextIO | None) -> logging.Handler:
    handler = logging.StreamHandler(stream if stream is not None else sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_shared(),
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                redact,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    return handler


def route_to_logging(level: str) -> None:
    """Send structlog's lines through the standard library, where the handlers are."""
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=False,
    )


def _shared() -> list[structlog.types.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
    ]


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace what must not be written down, at any depth. The last step before JSON."""
    clean = _clean_mapping(event)
    event.clear()
    event.update(clean)
    return event


def redact_text(text: str) -> str:
    """Return a text without tokens, passwords and e-mail addresses."""
    for shape in _SECRET_SHAPES:
        text = shape.sub(MASK, text)
    return text


def _clean_mapping(values: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        str(name): (
            MASK
            if value is not None
            and not isinstance(value, bool)
            and (_SECRET_NAME.search(str(name)) or _PERSONAL_NAME.match(str(name)))
            else _clean(value)
        )
        for name, value in values.items()
    }


def _clean(value: Any) -> Any:
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return redact_text(value)
        case Mapping():
            return _clean_mapping(value)
        case bytes():
            return f"{len(value)} bytes"
        case Sequence() | set() | frozenset():
            return [_clean(one) for one in value]
        case _:
            return redact_text(str(value))
