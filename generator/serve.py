"""A preview on one's own machine: build, serve, watch, build again.

The site is served as a good web server would (byte ranges for Parquet, media types, ``ETag``), below the path that
the portal's address has. Pages ask once a second whether there is a newer site, and reload themselves.
"""

from __future__ import annotations

import mimetypes
import os
import queue
import socket
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import uvicorn
import watchfiles
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from generator.config import Config
from generator.errors import KaishuError, PublishError
from generator.publish import read_manifest
from generator.report import safe, safe_lines
from generator.text import Text, bilingual

# Those that Python's own table lacks or, on some systems, has otherwise.
_TYPES = {
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".gz": "application/gzip",
    ".js": "text/javascript",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".mjs": "text/javascript",
    ".parquet": "application/vnd.apache.parquet",
    ".svg": "image/svg+xml",
    ".ttl": "text/turtle",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}
_TABLE = mimetypes.MimeTypes()
_RELOAD = """(() => {
  const mine = new URL(document.currentScript.src).searchParams.get("version");
  const look = async () => {
    if (document.visibilityState === "visible") {
      const newest = await fetch("/-/version", { cache: "no-store" }).then((r) => r.text(), () => mine);
      if (newest !== mine) return location.reload();
    }
    setTimeout(look, 1000);
  };
  look();
})();
"""
_SERVING = bilingual("预览地址 {}（按 Ctrl-C 结束）", "Serving at {} (Ctrl-C to stop)")
_CHANGED = bilingual("{} 有变化，重新生成……", "{} changed, building again …")
_KEPT = bilingual("生成失败，继续展示上一次的站点。", "The build failed; the last site is still being served.")
_ADDRESS = bilingual("门户地址的路径变了，预览地址现为 {}", "The portal's address has another path now; serving at {}")


def media_type(path: str) -> str:
    suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122 - called for each request, with a plain string
    if not suffix and "/api/3/action/" in path:
        return "application/json"  # CKAN's addresses have no suffix
    found = _TYPES.get(suffix) or _TABLE.guess_type(path)[0] or "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith("text/") else found


class Files(StaticFiles):
    """The site's files. Pages get a line that loads the reload script."""

    def __init__(self, site: Path, version: Callable[[], str]) -> None:
        super().__init__(directory=site, html=True, check_dir=False)
        self._version = version

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if not isinstance(response, FileResponse):
            return response
        file = str(response.path)
        if file.endswith(".html"):
            # Read here, whole: the site may be replaced while the answer is on its way.
            page = Path(file).read_bytes() + self._script()
            return HTMLResponse(page, response.status_code, {"cache-control": "no-store"})
        response.headers["content-type"] = media_type(file)
        response.headers["cache-control"] = "no-cache"
        return response

    def _script(self) -> bytes:
        return f'<script src="/-/reload.js?version={self._version()}"></script>\n'.encode()


class Preview:
    """The running server's state: where the site is served, and which build of it."""

    def __init__(self, config: Config) -> None:
        self.version = ""
        self.base = ""
        # Anybody's page may read what is open (web.md: pandas, DuckDB in a browser); nothing else is served.
        exposed = ["Content-Range", "Accept-Ranges", "ETag", "Content-Length"]
        cors = Middleware(CORSMiddleware, allow_origins=["*"], allow_headers=["Range"], expose_headers=exposed)
        self.app = Starlette(middleware=[cors])
        self.show(config)

    def show(self, config: Config) -> None:
        """Serve what ``config`` says now, as a new version."""
        self.version = str(time.time_ns())
        self.base = unquote(urlsplit(config.portal.url).path).rstrip("/")
        routes: list[BaseRoute] = [
            Route("/-/version", self._tell_version),
            Route("/-/reload.js", self._script),
            Mount(self.base, Files(config.site, lambda: self.version)),
        ]
        if self.base:
            routes.append(Route("/", lambda request: RedirectResponse(f"{self.base}/")))
        self.app.router.routes = routes

    async def _tell_version(self, request: Request) -> Response:
        return PlainTextResponse(self.version, headers={"cache-control": "no-store"})

    async def _script(self, request: Request) -> Response:
        return Response(_RELOAD, media_type="text/javascript", headers={"cache-control": "no-store"})


def serve(
    read: Callable[[], Config],
    build: Callable[[Config], None],
    *,
    host: str,
    port: int,
    lang: str,
    write: Callable[[str], None],
    debug: bool = False,
) -> None:
    """Serve until Ctrl-C. ``read`` gives the configuration as it is now; ``build`` makes the site and tells of it;
    ``write`` takes lines for the reader."""

    def say(text: Text, *values: object) -> None:
        write(text.to(lang)[0].format(*values))

    def say_failure(error: Exception) -> None:
        write(
            "✗ "
            + safe(error.text.to(lang)[0] if isinstance(error, KaishuError) else f"{type(error).__name__}: {error}")
        )
        if debug:
            write(safe_lines("".join(traceback.format_exception(error))))
        say(_KEPT)

    config = read()
    with _listen(host, port) as listener:
        try:
            build(config)
        except Exception as error:
            if read_manifest(config.site) is None:
                raise
            say_failure(error)
        preview = Preview(config)
        address = _address(listener)
        server = uvicorn.Server(uvicorn.Config(preview.app, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        say(_SERVING, f"{address}{preview.base}/")
        changes: queue.SimpleQueue[set[str]] = queue.SimpleQueue()
        stop = threading.Event()
        _watch(config, changes, stop)
        try:
            while True:
                changed = changes.get()
                say(_CHANGED, safe(", ".join(sorted(Path(path).name for path in changed)[:3])))
                try:
                    config = read()
                    build(config)
                except Exception as error:
                    say_failure(error)
                    continue
                before = preview.base
                preview.show(config)
                if preview.base != before:
                    say(_ADDRESS, f"{address}{preview.base}/")
        finally:
            stop.set()
            server.should_exit = True
            thread.join(timeout=5)


def _listen(host: str, port: int) -> socket.socket:
    """Take the port before the long work, so that one in use is told at once."""
    try:
        return socket.create_server((host, port), family=_family(host), reuse_port=False)
    except OSError as error:
        raise PublishError(
            f"无法在 {host}:{port} 上监听：{error.strerror}。请用 --port 换一个端口。",
            f"Cannot listen on {host}:{port}: {error.strerror}. Choose another port with --port.",
        ) from error


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _watch(config: Config, changes: queue.SimpleQueue[set[str]], stop: threading.Event) -> None:
    folders = [folder for folder in (config.datasets, config.site_src) if folder.is_dir()]
    # A file is watched through its folder: an editor that saves by renaming would end a watch on the file itself.
    # Not recursively, for the folder may hold an environment and the site.
    files = [file for file in (config.file, config.mkdocs) if file and file.is_file()]

    def look(paths: list[Path], recursive: bool, keep: Callable[[watchfiles.Change, str], bool] | None) -> None:
        for found in watchfiles.watch(
            *paths, watch_filter=keep, step=100, stop_event=stop, recursive=recursive, raise_interrupt=False
        ):
            changes.put({path for _, path in found})

    def is_one(change: watchfiles.Change, path: str) -> bool:
        return Path(path) in files

    # The state may lie in the datasets folder, and is written by each build.
    unwatched = (*watchfiles.DefaultFilter.ignore_dirs, *([config.state.name] if config.state else ()))
    for paths, recursive, keep in (
        (folders, True, watchfiles.DefaultFilter(ignore_dirs=unwatched)),
        (sorted({file.parent for file in files}), False, is_one),
    ):
        if paths:
            threading.Thread(target=look, args=(paths, recursive, keep), daemon=True).start()
