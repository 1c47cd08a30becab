"""A server on loopback that takes what we post, and answers as it is told."""

import json
import threading
import time
from collections import deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = "a-secret-of-the-sms-gateway-0123456789"


@dataclass(frozen=True)
class Posted:
    path: str
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Gateway(ThreadingHTTPServer):
    """Says ``status`` (or, one after the other, what stands in ``answers``) with ``headers`` and ``said`` as body."""

    daemon_threads = True
    # a handler that still drips must not hold the test's end
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.posted: list[Posted] = []
        self.status = 200
        self.answers: deque[int] = deque()
        self.headers: dict[str, str] = {}
        self.said = b'{"ok": true}'
        self.slow = 0.0
        self.drips = False
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/send?key=hush"

    def start(self):
        self.thread.start()
        return self

    def stop(self):
        if self.thread.is_alive():
            self.shutdown()
            self.thread.join(5)
        self.server_close()

    def handle_error(self, request, client_address):
        """Our side may have hung up: that is what some tests want."""


class _Handler(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append(Posted(self.path, dict(self.headers), body))
        if self.server.drips:
            return self._drip()
        time.sleep(self.server.slow)
        self.send_response(self.server.answers.popleft() if self.server.answers else self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.said)))
        self.end_headers()
        self.wfile.write(self.server.said)
        return None

    def do_GET(self):
        self.server.posted.append(Posted(self.path, dict(self.headers), b""))
        self.send_response(200)
        self.end_headers()

    def _drip(self):
        for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 400:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(0.05)

    def log_message(self, *_words):
        pass
