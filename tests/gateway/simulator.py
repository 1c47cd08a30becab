"""A neighbour's system as a process of its own, speaking HTTP in both directions, and misbehaving in both.

    python -m tests.gateway.simulator API KEY SECRET

It prints the port it listens on. POST /send files orders: each at once under one key, again after hanging up before
the answer came, and under a second key. POST /callback takes what we report: of every three deliveries it takes one and
hangs up without an answer, puts one off with 503, and keeps one. POST /poll reads the changes from the last number it
knows, each page twice, and works through a page backwards. GET /state says what it believes.
"""

import hmac
import json
import socket
import sys
import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

API, KEY, SECRET = sys.argv[1:4] if len(sys.argv) > 3 else ("", "", "")
LOCK = threading.Lock()
STATE = {"cases": {}, "deliveries": [], "forged": 0, "next": 0, "pages": 0}


def believe(change):
    """Take a change, unless a later one is known."""
    with LOCK:
        known = STATE["cases"].setdefault(
            change["external_id"], {"sequence": 0, "status": "", "number": "", "seen": []}
        )
        if change["sequence"] not in known["seen"]:
            known["seen"].append(change["sequence"])
        if change["sequence"] > known["sequence"]:
            known.update(sequence=change["sequence"], status=change["status"], number=change["number"])


def ask(path, body=None, key=""):
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", "Accept-Language": "en"}
    if key:
        headers["Idempotency-Key"] = key
    data = json.dumps(body).encode() if body is not None else None
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{API}{path}", data, headers), timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def hang_up(body, key):
    """Send a whole request and leave before the answer, as a line that times out does."""
    data = json.dumps(body).encode()
    where = urlsplit(API)
    with socket.create_connection((where.hostname, where.port), timeout=10) as line:
        head = f"POST {where.path}petitions/ HTTP/1.1\r\nHost: {where.netloc}\r\nAuthorization: Bearer {KEY}\r\n"
        head += f"Content-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {len(data)}\r\n\r\n"
        line.sendall(head.encode() + data)


def send(orders):
    """File each order once too often in every way."""
    answers = []
    for order in orders:
        key = f"order-{order['external_id']}"
        hang_up(order, key)
        with ThreadPoolExecutor(3) as pool:
            answers += list(
                pool.map(lambda one: ask("petitions/", *one), [(order, key)] * 2 + [(order, f"{key}-retry")])
            )
    return [[status, found.get("number", found.get("detail"))] for status, found in answers]


def poll():
    """Read on until nothing new comes; every page twice, and backwards."""
    while True:
        before = STATE["next"]
        for _twice in range(2):
            _status, page = ask(f"changes/?after={before}&limit=3")
            for change in reversed(page["results"]):
                believe(change)
        STATE["next"], STATE["pages"] = page["next"], STATE["pages"] + 1
        if not page["results"]:
            return STATE["pages"]


class Handler(BaseHTTPRequestHandler):
    """Its doors."""

    def do_GET(self):
        self.say(200, STATE)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/send":
            return self.say(200, send(json.loads(body)))
        if self.path == "/poll":
            return self.say(200, poll())
        return self.callback(body)

    def callback(self, body):
        signed = self.headers["Linli-Timestamp"].encode() + b"." + body
        if self.headers["Linli-Signature"] != f"v1={hmac.new(SECRET.encode(), signed, sha256).hexdigest()}":
            STATE["forged"] += 1
            return self.say(401, {})
        with LOCK:
            STATE["deliveries"].append(self.headers["Linli-Delivery"])
            turn = len(STATE["deliveries"]) % 3
        if turn == 1:
            return self.say(503, {})  # it did not take it
        believe(json.loads(body))
        if turn == 2:
            self.close_connection = True  # it took it, and we never hear of that
            return self.connection.shutdown(socket.SHUT_RDWR)
        return self.say(200, {})

    def say(self, status, what):
        data = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_args):
        """Say nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
