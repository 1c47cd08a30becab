"""A source of map tiles as a process of its own: ``python -m tests.browser.tiles LOG`` prints its port and serves.

Every tile is one grey square; every request is written down with what the browser told of itself.
"""

import struct
import sys
import zlib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

SIDE = 256


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


GREY = zlib.compress(b"".join(b"\x00" + b"\xb0" * SIDE for _line in range(SIDE)))
TILE = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", GREY)
    + _chunk(b"IEND", b"")
)


class Tiles(BaseHTTPRequestHandler):
    """Answers every address with the same tile."""

    log = Path(sys.argv[1] if len(sys.argv) > 1 else "/dev/null")

    def do_GET(self) -> None:
        with self.log.open("a") as file:
            file.write(f"{self.path} {self.headers.get('Referer', '-')} {self.headers.get('Cookie', '-')}\n")
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(TILE)))
        self.end_headers()
        self.wfile.write(TILE)

    def log_message(self, *_line: object) -> None:
        """Say nothing on the terminal."""


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", 0), Tiles)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
