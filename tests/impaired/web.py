"""Small web servers at either end of a line: ``python -m tests.impaired.web KIND ADDRESS PORT``.

``portal`` answers everything with a redirect, as a Wi-Fi that wants a login first; ``healthy`` is
a service that is well, for a check that needs no more; with ``--tls FILE`` over TLS with that
certificate. Prints one line when it listens, and ends when stdin ends.
"""

import argparse
import json
import socket
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer

from preflight.probe.portal import KNOWN_BODY, PATH

LOGIN = "http://login.portal.test/welcome"


class _Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _send(self, status: int, body: bytes, location: str | None = None) -> None:
        self.send_response(status)
        if location is not None:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Stay quiet."""


class Portal(_Quiet):
    """Sends everybody to its login page."""

    def do_GET(self) -> None:
        self._send(302, b"", LOGIN)

    def do_POST(self) -> None:
        self._body()
        self._send(302, b"", LOGIN)


class Healthy(_Quiet):
    """Is well, has the known page, and gives back what it is sent."""

    def do_GET(self) -> None:
        self._send(200, KNOWN_BODY if self.path == PATH else json.dumps({"status": "ok"}).encode())

    def do_POST(self) -> None:
        self._send(200, self._body())


class Server(ThreadingHTTPServer):
    """Listens at an address of either family."""

    daemon_threads = True

    def __init__(self, address: str, port: int, kind: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        super().__init__((address, port), kind)

    def server_bind(self) -> None:
        # The base would look the address' name up, which takes 5 s where nobody answers.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]


KINDS = {"portal": Portal, "healthy": Healthy}


def main(arguments: list[str]) -> int:
    """Serve until stdin ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.impaired.web")
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("--tls")
    told = parser.parse_args(arguments)
    server = Server(told.address, told.port, KINDS[told.kind])
    if told.tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(told.tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write("{}\n")
    sys.stdout.flush()
    sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
