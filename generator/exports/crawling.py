"""What crawlers read: the sitemap and robots.txt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.exports.addresses import Addresses
from generator.exports.wellformed import xml, xsd_date
from generator.public import Catalog
from generator.sitefile import SiteFile
from generator.text import LANGUAGES

# sitemaps.org's limits for one file.
MOST_URLS, MOST_BYTES = 50_000, 50_000_000
_NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def robots(catalog: Catalog) -> SiteFile:
    return SiteFile(
        "robots.txt", f"User-agent: *\nDisallow:\n\nSitemap: {Addresses.of(catalog).at('sitemap.xml')}\n".encode()
    )


def sitemap(paths: Iterable[str], catalog: Catalog, *, most_urls: int = MOST_URLS) -> Iterator[SiteFile]:
    """The pages among these paths of the site: one file, or an index of several.

    A path is as in ``SiteFile`` (``dataset/x/index.html``) or an address (``dataset/x/``). Error pages and what is
    no page are left out. What a page is called in the other language stands in the page's head: the sitemap's
    schema takes ``xhtml:link`` only from who loads a schema of XHTML as well, and search engines want one of the two.
    """
    at = Addresses.of(catalog)
    # Their pages say why there is nothing; nobody shall find them by searching.
    unlisted = {f"dataset/{name}/" for name in catalog.absent}
    pages = sorted({page for path in paths if (page := _page(path)) is not None and _bare(page) not in unlisted})
    dates = {f"dataset/{dataset.name}/": _day(dataset.modified or dataset.created) for dataset in catalog.datasets}
    files = list(_files((_url(page, dates, at) for page in pages), most_urls))
    if len(files) == 1:
        yield SiteFile("sitemap.xml", files[0])
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(files) + 1)]
    entries = "".join(f"<sitemap><loc>{xml(at.at(name))}</loc></sitemap>\n" for name in names)
    yield SiteFile("sitemap.xml", f"{_DECLARATION}<sitemapindex {_NAMESPACES}>\n{entries}</sitemapindex>\n".encode())
    yield from map(SiteFile, names, files)


def _page(path: str) -> str | None:
    address = path.removeprefix("/").removesuffix("index.html")
    page = address == "" or address.endswith(("/", ".html"))
    return address if page and address.rsplit("/", 1)[-1] != "404.html" else None


def _url(page: str, dates: dict[str, str], at: Addresses) -> str:
    day = dates.get(_bare(page), "")
    return f"<url><loc>{xml(at.at(page))}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>\n"


def _bare(page: str) -> str:
    """The page's path without its language."""
    for lang in LANGUAGES[1:]:
        page = page.removeprefix(f"{lang}/")
    return page


def _day(text: str) -> str:
    known = xsd_date(text)
    return known[0][:10] if known and known[1] in ("date", "dateTime") else ""


def _files(urls: Iterable[str], most_urls: int) -> Iterator[bytes]:
    head = f"{_DECLARATION}<urlset {_NAMESPACES}>\n".encode()
    foot = b"</urlset>\n"
    chunk: list[bytes] = []
    size = len(head) + len(foot)
    for url in urls:
        line = url.encode()
        if len(chunk) == most_urls or size + len(line) > MOST_BYTES:
            yield b"".join((head, *chunk, foot))
            chunk, size = [], len(head) + len(foot)
        chunk.append(line)
        size += len(line)
    yield b"".join((head, *chunk, foot))
