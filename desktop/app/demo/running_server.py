"""A LiveKit server that runs already and is named by the environment."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from desktop.app.demo.media_server import MediaServerError

_VARIABLES = ("LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET")
_DEFAULT_PORTS = {"ws": 80, "wss": 443}
_CONNECT_TIMEOUT_S = 5.0
_SHORTEST_SECRET = 32
"""What the service asks for, as RFC 7518, section 3.2, does for its signatures."""


@dataclass(frozen=True, slots=True)
class RunningServer:
    """Somebody else's server: used, never started or ended."""

    url: str
    api_key: str
    api_secret: str = field(repr=False)

    def start(self) -> None:
        """See that it accepts connections.

        Raises:
            MediaServerError: nothing listens at its address.
        """
        parts = urlsplit(self.url)
        address = (parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme])
        try:
            socket.create_connection(address, timeout=_CONNECT_TIMEOUT_S).close()
        except OSError as error:
            raise MediaServerError(
                f"LIVEKIT_URL names {self.url}, but nothing answers there "
                f"({error.strerror or type(error).__name__}); start that server, or unset "
                "LIVEKIT_URL and the demo brings its own"
            ) from error

    def kill(self) -> None:
        """Leave it running."""


def running_server(environment: Mapping[str, str]) -> RunningServer | None:
    """Return the server of ``LIVEKIT_URL``, or None without one.

    Raises:
        MediaServerError: key or secret is missing, the secret is too short, or the address is
            no WebSocket's.
    """
    url, key, secret = (environment.get(name, "").strip() for name in _VARIABLES)
    if not url:
        return None
    missing = [
        name for name, value in zip(_VARIABLES, (url, key, secret), strict=True) if not value
    ]
    if missing:
        raise MediaServerError(f"LIVEKIT_URL is set, so {' and '.join(missing)} must be, too")
    if len(secret) < _SHORTEST_SECRET:
        raise MediaServerError(
            f"LIVEKIT_API_SECRET must have {_SHORTEST_SECRET} characters or more, in that "
            "server's configuration too (`livekit-server --dev` has a shorter one)"
        )
    try:
        parts = urlsplit(url)
        known = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise MediaServerError("LIVEKIT_URL must be an address like ws://127.0.0.1:7880")
    return RunningServer(url, key, secret)
