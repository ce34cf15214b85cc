"""The catalogue's search against Pagefind's newest, on the same datasets.

    python -m bench.search [--datasets 10000] [--queries 80] [--only ours|pagefind] [--folder FOLDER]

Makes N public datasets with words as a city's catalogue has them, an index of each kind, and asks both, in headless
Chromium, for parts of texts of one to six characters, English words and pairs of words. Prints

- seconds of the clock and of the processor that the index takes, and its bytes and files;
- recall and precision against plain substring truth over what is searched: titles, descriptions, keywords, agency,
  theme, names and titles of columns, in both languages;
- bytes of a first search with an empty cache: scripts, index and the first 20 results, as a static host sends them
  (text types compressed, others as they are), median and most; and the milliseconds until the results are there.

Pagefind comes from npm into FOLDER (a temporary one), and gets a page for each dataset with the same texts.
"""

from __future__ import annotations

import argparse
import functools
import gc
import gzip
import html
import http.server
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import search_catalogue
from generator import public
from generator.config import read_config
from generator.pages import lists, search
from generator.pages.assets import assets
from generator.search.folding import fold

ROOT = Path(__file__).parents[1]
SHOWN = 20
UNCOUNTED = "uncounted"
"""Folder of what only the benchmark asks for."""
BROWSER = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

OURS = """async ([query, shown]) => {
    const { Index, wordsOf } = await import('./uncounted/search-index.js')
    await import('./PAGE').catch(() => {})
    const index = await Index.open(new URL('START', location).href)
    const { points, isLiteral } = await index.find(wordsOf(query))
    const found = [...points.keys()].filter((n) => points[n]).sort((a, b) => points[b] - points[a] || a - b)
    await Promise.all(found.slice(0, shown).map((n) => index.document(n)))
    const when = performance.now()
    return [when, found.filter(isLiteral)]
}"""
PAGEFIND = """async ([query, shown]) => {
    const pagefind = await import('./pagefind/pagefind.js')
    const { results } = await pagefind.search(query)
    await Promise.all(results.slice(0, shown).map((each) => each.data()))
    const when = performance.now()
    const names = []
    for (let n = 0; n < results.length; n += 100) names.push(...(await Promise.all(results.slice(n, n + 100).map((each) => each.data()))).map(({ meta }) => meta.title))
    return [when, names]
}"""


@dataclass(frozen=True)
class Built:
    seconds: float
    cpu: float
    bytes: int
    files: int
    ask: str
    """JavaScript that searches: the milliseconds until results are there, and the names of what was found, or numbers."""
    names: Sequence[str] = ()
    """What the numbers stand for."""


def ours(catalog: public.Catalog, folder: Path) -> Built:
    groups = lists.groups(catalog)
    gc.disable()  # as in a build
    began, cpu = time.perf_counter(), time.process_time()
    made = search.build(catalog, groups, ROOT / "site_src/search/synonyms.yaml")
    seconds, used = time.perf_counter() - began, time.process_time() - cpu
    gc.enable()
    _write(folder, made.contents)
    [script] = (each for each in assets(ROOT / "site_src/assets", _material()) if each.name == "catalog.js")
    # The page's script, which is loaded and counted, has the index's reader in it, but shows it to nobody.
    reader = (ROOT / "scripts/browser/src/search-index.js").read_bytes()
    _write(folder, {script.path: script.content, f"{UNCOUNTED}/search-index.js": reader})
    ask = OURS.replace("PAGE", script.path)
    size = sum(map(len, made.contents.values()))
    return Built(seconds, used, size, len(made.contents), ask.replace("START", made.start), _names(made.contents))


def _names(contents: Mapping[str, bytes]) -> list[str]:
    """Of the documents, in the order of their numbers."""
    start = zlib.decompress(next(content for path, content in contents.items() if path.endswith("/start.bin")))
    head = json.loads(start[4 : 4 + int.from_bytes(start[:4], "little")])
    if "documents" in head:
        return [row[0] for row in head["documents"]]
    by_number = {
        int(name): content
        for path, content in contents.items()
        if (name := Path(path).stem.removeprefix("d")).isdigit() and "/d" in path
    }
    return [row[0] for number in sorted(by_number) for row in json.loads(zlib.decompress(by_number[number]))]


def _material() -> Path:
    import material

    return next(place for place in map(Path, material.__path__) for place in (place / "templates",) if place.is_dir())


def pagefind(catalog: public.Catalog, folder: Path) -> Built:
    pages, tools = folder / "pages", folder / "tools"
    tools.mkdir(parents=True)
    _run(["npm", "install", "--silent", "--prefix", str(tools), "pagefind@latest"])
    _write(pages, {f"{each.name}.html": _page(each) for each in catalog.datasets})
    began, before = time.perf_counter(), os.times()
    _run(
        [
            str(tools / "node_modules/.bin/pagefind"),
            "--site",
            str(pages),
            "--output-path",
            str(folder / "site/pagefind"),
        ]
    )
    seconds, after = time.perf_counter() - began, os.times()
    used = after.children_user - before.children_user + after.children_system - before.children_system
    made = [file for file in (folder / "site/pagefind").rglob("*") if file.is_file()]
    return Built(seconds, used, sum(file.stat().st_size for file in made), len(made), PAGEFIND)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _page(dataset: public.Dataset) -> bytes:
    body = "".join(f"<p>{html.escape(text)}</p>" for text in texts(dataset))
    title = f'<h1 data-pagefind-meta="title" hidden>{dataset.name}</h1>'
    return f'<!doctype html><html lang="zh-CN"><title>x</title><body>{title}<main data-pagefind-body>{body}</main>'.encode()


def texts(dataset: public.Dataset) -> list[str]:
    """What is searched."""
    said = [dataset.title, dataset.description, *dataset.keywords, dataset.agency.name, dataset.agency.short_name]
    if dataset.theme:
        said.append(dataset.theme.label)
    found = [text for each in said for text in (each.main, *(other for _, other in each.translations)) if text]
    for resource in dataset.resources:
        for field in resource.schema.fields if resource.schema else ():
            found += [field.name, field.title.main, *(other for _, other in field.title.translations)]
    return found


def queries(catalog: public.Catalog, count: int) -> list[str]:
    chance = random.Random(3)
    found = ["公交站点", "站点", "公交", "医保", "bus stops", "statistics", "公交 list"]
    while len(found) < count:
        text = fold(chance.choice(texts(chance.choice(catalog.datasets))))
        if text.isascii():
            part = chance.choice(text.split())
        else:
            start = chance.randrange(len(text))
            part = text[start : start + chance.randrange(1, 7)]
        if part.strip() and not set(part) & set(' "'):
            found.append(part if chance.random() < 0.85 else f"{part} {found[-1]}")
    return found[:count]


def _write(folder: Path, contents: Mapping[str, bytes]) -> None:
    for path, content in contents.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


# ---- asking


class _Host(http.server.SimpleHTTPRequestHandler):
    """Compresses what a static host does, and counts what it sends."""

    sent = 0

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        content = b"<!doctype html><title>x</title>" if file.is_dir() else file.read_bytes() if file.is_file() else None
        if content is None:
            self.send_error(404)
            return
        is_text = file.suffix in (".js", ".json", ".css", "")
        body = gzip.compress(content, 6) if is_text else content
        self.send_response(200)
        self.send_header("Content-Type", "text/html" if file.is_dir() else self.guess_type(str(file)))
        if is_text:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        _Host.sent += 0 if file.is_dir() or f"/{UNCOUNTED}/" in self.path else len(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def host(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Host, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def asked(folder: Path, built: Built, questions: Sequence[str], truth: Mapping[str, set[str]]) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    sizes, times, recalls, precisions = [], [], [], []
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with host(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=BROWSER)
        for question in questions:
            page = browser.new_context().new_page()
            page.goto(address)
            page.evaluate("performance.mark('begin')")
            _Host.sent, began = 0, page.evaluate("performance.now()")
            # Bytes are counted before the names of all that was found are asked for, so twice.
            [when] = page.evaluate(
                built.ask.replace("const when = performance.now()", "return [performance.now()]"), [question, SHOWN]
            )
            sizes.append(_Host.sent)
            times.append(when - began)
            found = {
                built.names[each] if built.names else each for each in page.evaluate(built.ask, [question, SHOWN])[1]
            }
            expected = truth[question]
            recalls.append(len(found & expected) / len(expected) if expected else 1.0)
            precisions.append(len(found & expected) / len(found) if found else 1.0)
            page.context.close()
        browser.close()
    return {
        "recall": statistics.mean(recalls), "precision": statistics.mean(precisions),
        "kB": statistics.median(sizes) / 1000, "kB_most": max(sizes) / 1000, "ms": statistics.median(times),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=80)
    parser.add_argument("--only", choices=("ours", "pagefind"))
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    catalog = search_catalogue.catalog(options.datasets, read_config(ROOT / "kaishu.yaml").portal)
    questions = queries(catalog, options.queries)
    held = {each.name: [fold(text) for text in texts(each)] for each in catalog.datasets}
    truth = {
        question: {
            name for name, said in held.items() if all(any(word in text for text in said) for word in question.split())
        }
        for question in questions
    }
    with tempfile.TemporaryDirectory() as temporary:
        for name, make in (("ours", ours), ("pagefind", pagefind)):
            if options.only in (None, name):
                folder = (options.folder or Path(temporary)) / name
                built = make(catalog, folder if name == "pagefind" else folder / "site")
                told = {"index_s": built.seconds, "cpu_s": built.cpu, "MB": built.bytes / 1e6, "files": built.files}
                told |= asked(folder / "site", built, questions, truth)
                print(
                    json.dumps(
                        {
                            "search": name,
                            "datasets": options.datasets,
                            **{key: round(value, 3) for key, value in told.items()},
                        }
                    )
                )
                sys.stdout.flush()


if __name__ == "__main__":
    main()
