"""A small demo district of its own on a port of its own, with an SMS gateway that keeps what it is sent."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).resolve().parents[2]
SERVICES = [sys.executable, "-m", "config.local_services"]
UP_WITHIN, MESSAGE_WITHIN = 180, 60


@dataclass(frozen=True, slots=True)
class Demo:
    """Where it answers, who signs in with which password, a matter to follow, and the messages that were sent."""

    url: str
    passwords: dict[str, str]
    number: str
    code: str
    messages: list[str]

    def last_code(self) -> str:
        """Return the six digits of the next message to come.

        :raises TimeoutError: if none comes
        """
        found = _until(lambda: self.messages, seconds=MESSAGE_WITHIN, what="no message came")
        return re.search(r"\d{6}", found[-1]).group()  # type: ignore[union-attr]


@contextlib.contextmanager
def running(petitions: int) -> Iterator[Demo]:
    """Make it, serve it, and delete everything of it afterwards."""
    messages: list[str] = []
    gateway = ThreadingHTTPServer(("127.0.0.1", 0), _keeping(messages))
    threading.Thread(target=gateway.serve_forever, daemon=True).start()
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="linli-screens-") as folder:
        kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "BROKER_URL"}}
        env = kept | {
            "LINLI_LOCAL": str(Path(folder) / "local"),
            "PORT": str(port),
            "SMS_URL": f"http://127.0.0.1:{gateway.server_port}/",
            "SMS_SECRET": "only-for-the-pictures-0123456789abcdef",
            "NOTIFY_ALLOW_PRIVATE": "1",
            "OPERATOR_NAME": "滨河路街道办事处（演示）",
            "JURISDICTION_CODE": "620302",
        }

        def run(*command: str) -> None:
            subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)

        server = None
        try:
            run(sys.executable, "tools/compile_messages.py", "--quiet")
            run(*SERVICES, "start")
            run(sys.executable, "manage.py", "migrate", "--verbosity=0")
            run(sys.executable, "manage.py", "load_demo", f"--petitions={petitions}", "--verbosity=1")
            run(sys.executable, "manage.py", "rebuild_figures")
            server = subprocess.Popen(
                [*SERVICES, "up", "--port", str(port)], cwd=ROOT, env=env, stdout=subprocess.DEVNULL
            )
            url = f"http://localhost:{port}"
            _until(lambda: _answers(f"{url}/healthz"), seconds=UP_WITHIN, what=f"{url} does not answer")
            words = (Path(folder) / "local" / "accounts.txt").read_text(encoding="utf-8")
            yield Demo(url, dict(_accounts(words)), *_to_follow(words), messages)
        finally:
            if server is not None:
                server.terminate()
                server.wait(timeout=60)
            run(*SERVICES, "reset")
            gateway.shutdown()


def _accounts(words: str) -> Iterator[tuple[str, str]]:
    for line in words.splitlines():
        if found := re.match(r"([a-z_]+) +(\S+) ", line):
            yield found.group(1), found.group(2)


def _to_follow(words: str) -> tuple[str, str]:
    found = re.search(r"(PX\d+)\D+?([2-9A-Z]{10})\b", words)
    assert found, "the demo names no matter to follow"  # noqa: S101 - a tool
    return found.group(1), found.group(2)


def _keeping(messages: list[str]) -> type[BaseHTTPRequestHandler]:
    class Keeping(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            messages.append(str(json.loads(body)["text"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    return Keeping


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own server
            return bool(answer.status == 200)  # noqa: PLR2004 - HTTP
    except (URLError, OSError):
        return False


def _until(what_is, *, seconds: float, what: str):  # noqa: ANN001, ANN202 - whatever it returns
    end = time.monotonic() + seconds
    while not (found := what_is()):
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.2)
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
