"""A CRM's side of the webhook: checks every signature, keeps one record per id, and misbehaves."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "whsec_" + base64.b64encode(b"the key of the test's own CRM").decode()
HANG_S = 30.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt that arrived whole."""

    id: str
    timestamp: int
    signature: str
    body: bytes


@dataclass(slots=True)
class CrmReceiver:
    """What arrived, and what to answer next.

    Script words: ``ok``, a status such as ``503``, ``drop`` (kept, connection closed unanswered),
    ``hang`` (kept, never answered), ``lost`` (not kept, closed). ``ok`` when the script is empty.

    Attributes:
        records: the CRM's own table: the first body of each id.
        deliveries: every signed attempt that was kept, repeats included.
        arrived: called after an attempt was kept and before it is answered.
    """

    url: str
    script: list[str] = field(default_factory=list)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    forged: int = 0
    arrived: Callable[[], None] = lambda: None
    _over: threading.Event = field(default_factory=threading.Event)

    def take(self, delivery: Delivery) -> str:
        """Keep a delivery as the script says; returns the word that decides the answer."""
        if delivery.signature != f"v1,{signature_of(delivery)}":
            self.forged += 1
            return "401"
        word = self.script.pop(0) if self.script else "ok"
        if word in ("ok", "drop", "hang"):
            self.deliveries.append(delivery)
            self.records.setdefault(delivery.id, json.loads(delivery.body))
            self.arrived()
        return word

    def hang(self) -> None:
        """Let the sender wait until the test is over."""
        self._over.wait(HANG_S)

    def release(self) -> None:
        """Let whoever hangs go."""
        self._over.set()


def signature_of(delivery: Delivery) -> str:
    """Work the signature out with nothing but the standard library, as the scheme describes it."""
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signed = f"{delivery.id}.{delivery.timestamp}.".encode() + delivery.body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


@contextmanager
def crm_receiver(*script: str) -> Iterator[CrmReceiver]:
    """Serve one on loopback."""
    crm = CrmReceiver("", list(script))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            delivery = Delivery(
                self.headers["webhook-id"],
                int(self.headers["webhook-timestamp"]),
                self.headers["webhook-signature"],
                self.rfile.read(length),
            )
            word = crm.take(delivery)
            if word == "hang":
                crm.hang()
            if word in ("hang", "drop", "lost"):
                self.close_connection = True
                return
            self.send_response(200 if word == "ok" else int(word))
            if word.startswith("3"):
                self.send_header("Location", f"{crm.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    crm.url = f"http://127.0.0.1:{server.server_port}/crm"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield crm
    finally:
        crm.release()
        server.shutdown()
        server.server_close()
        thread.join()
