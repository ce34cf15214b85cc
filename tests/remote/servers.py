"""Real servers on this machine, some of which misbehave."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TABLE = "id,name\n1,北街\n2,堤东\n".encode()
OTHER = b"id,name\n1,x\n"


def sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


@dataclass
class Server:
    """``asked`` are the requests that came, with their headers."""

    port: int
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [line for line, _ in self.asked]

    def url(self, path: str = "/a.csv") -> str:
        return f"http://{self.host}{path}"


Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    story: Server
    answers: Mapping[str, Answer]
    timeout = 10

    def do_GET(self) -> None:
        self.story.asked.append((f"{self.command} {self.path}", dict(self.headers)))
        path = self.path.partition("?")[0]
        try:
            if path in self.story.redirects:
                self.redirect(self.story.redirects[path])
            else:
                self.answers.get(path, not_found)(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_HEAD = do_GET

    def redirect(self, to: str) -> None:
        self.send_response(302)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def give(self, body: bytes, **headers: str) -> None:
        self.send_response(200)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests are silent."""


def not_found(handler: Handler) -> None:
    handler.send_error(404)


def failing(handler: Handler) -> None:
    handler.send_error(503)


def _without_length(handler: Handler, pieces: Iterator[bytes]) -> None:
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    for piece in pieces:
        handler.wfile.write(piece)
        handler.wfile.flush()
    handler.close_connection = True


def endless(handler: Handler) -> None:
    _without_length(handler, (b"1,x\n" * 4096 for _ in range(100_000)))


def slow(handler: Handler) -> None:
    """Never idle for long, and never done."""

    def drops() -> Iterator[bytes]:
        for _ in range(100):
            time.sleep(0.1)
            yield b"1"

    _without_length(handler, drops())


def mute(handler: Handler) -> None:
    time.sleep(3)


def cut_off(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(TABLE)))
    handler.end_headers()
    handler.wfile.write(TABLE[:5])
    handler.close_connection = True


def compressed_if_accepted(handler: Handler) -> None:
    if "gzip" in handler.headers.get("Accept-Encoding", ""):
        compressed_always(handler)
    else:
        handler.give(TABLE)


def compressed_always(handler: Handler) -> None:
    handler.give(gzip.compress(TABLE, mtime=0), Content_Encoding="gzip")


def bomb(handler: Handler) -> None:
    handler.give(gzip.compress(b"0" * 50_000_000, mtime=0), Content_Encoding="gzip")


def broken_gzip(handler: Handler) -> None:
    handler.give(b"\x1f\x8bnot at all", Content_Encoding="gzip")


ANSWERS: Mapping[str, Answer] = {
    "/a.csv": lambda h: h.give(TABLE),
    "/b.csv": lambda h: h.give(OTHER),
    "/%E8%A1%A8%20%E4%B8%80.csv": lambda h: h.give(TABLE),
    "/a.csv.gz": lambda h: h.give(gzip.compress(TABLE, mtime=0)),
    "/large.csv": lambda h: h.give(b"id,name\n" + b"1,x\n" * 5000),
    "/failing.csv": failing,
    "/endless.csv": endless,
    "/slow.csv": slow,
    "/mute.csv": mute,
    "/cut.csv": cut_off,
    "/maybe.csv": compressed_if_accepted,
    "/always.csv": compressed_always,
    "/bomb.csv": bomb,
    "/broken.csv": broken_gzip,
    "/cookie.csv": lambda h: h.give(TABLE, Set_Cookie="a=b"),
}


@contextmanager
def serving(answers: Mapping[str, Answer] = ANSWERS) -> Iterator[Server]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    story = Server(server.server_port)
    server.RequestHandlerClass = type("Bound", (Handler,), {"story": story, "answers": answers})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    server.daemon_threads = True
    server.block_on_close = False
    thread.start()
    try:
        yield story
    finally:
        server.shutdown()
        server.server_close()
