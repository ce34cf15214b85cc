"""The site of the fixture catalogue, a server that is strict with it, and one browser for all tests."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.headers import policy
from tests.pages import tables_site
from tests.pages.catalogue import PORTAL, catalogue, write

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# What Debian's chromium asks of the network on its own account stays off.
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def pages_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    (folder / "data").mkdir()
    write(catalogue(folder / "data"), folder / "site")
    return folder / "site"


class _Strict(http.server.SimpleHTTPRequestHandler):
    """Serves below a path, forbids whatever is inline or foreign, and has a page for what is missing."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", policy())
        super().end_headers()

    def translate_path(self, path: str) -> str:
        return super().translate_path("/" + path.removeprefix("/opendata/"))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        body = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def address(pages_site: Path) -> Iterator[str]:
    assert PORTAL.url.endswith("/opendata/")
    handler = functools.partial(_Strict, directory=str(pages_site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/opendata/"
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    executable = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if executable is None:
        pytest.skip("no browser is installed; `make browser` installs chromium")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tables_site.build(tmp_path_factory.mktemp("tables"), tables_site.ROWS)


@pytest.fixture(scope="session")
def ranged(tables: Path) -> Iterator[Any]:
    with tables_site.served(tables) as server:
        yield server


@pytest.fixture(scope="session")
def rangeless(tables: Path) -> Iterator[Any]:
    with tables_site.served(tables, ranges=False) as server:
        yield server


@pytest.fixture(scope="session")
def truth() -> list[tuple[str, ...]]:
    return list(tables_site.records(tables_site.ROWS))


@pytest.fixture
def open_tables(browser: Any) -> Iterator[Callable[..., Any]]:
    """As the pages' own, for any server: a complaint, or a question to another host, fails the test."""
    contexts: list[Any] = []
    troubles: list[str] = []

    def open_(server: Any, path: str = tables_site.PAGE, *, width: int = 1280, **options: Any) -> Any:
        address = f"http://127.0.0.1:{server.server_port}/"
        context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith((address, "blob:")) else troubles.append(request.url))  # fmt: skip
        page.goto(address + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert troubles == []
