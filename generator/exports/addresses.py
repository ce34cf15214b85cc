"""Absolute addresses of the site's pages and files."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from generator.exports.wellformed import encodable, web_uri
from generator.public import Agency, Catalog, Dataset, Distribution, Resource
from generator.text import LANGUAGES


@dataclass(frozen=True, slots=True)
class Addresses:
    root: str

    @classmethod
    def of(cls, catalog: Catalog) -> Addresses:
        uri = web_uri(catalog.portal.url)
        if not uri:
            raise ValueError(f"portal.url is no web address: {catalog.portal.url!r}")
        return cls(uri if uri.endswith("/") else uri + "/")

    def at(self, path: str) -> str:
        """Address of what is at this path below the site's root."""
        return self.root + _quoted(path)

    def home(self, lang: str) -> str:
        return self.root if lang == LANGUAGES[0] else self.at(f"{lang}/")

    def page(self, dataset: Dataset) -> str:
        return self.page_in(dataset, LANGUAGES[0])

    def page_in(self, dataset: Dataset, lang: str) -> str:
        return self.dataset_page(dataset.name, lang)

    def dataset_page(self, name: str, lang: str) -> str:
        return self.home(lang) + _quoted(f"dataset/{name}/")

    def part(self, dataset: Dataset, fragment: str) -> str:
        """Name of something that is told of on the dataset's page; the same in all languages and all formats."""
        return f"{self.page(dataset)}#{quote(encodable(fragment), safe='')}"

    def data(self, dataset: Dataset, file: str) -> str:
        return self.at(f"data/{dataset.name}/{file}")

    def file(self, distribution: Distribution) -> str:
        return self.at(distribution.path)

    def agency(self, agency: Agency) -> str:
        return self.at(f"agency/{agency.id}/")

    def shared_terms(self, address: str) -> str:
        """The page of terms that datasets share."""
        return self.at(f"access/{address}/")

    def access(self, dataset: Dataset) -> str:
        """Where the page says how to apply."""
        return self.part(dataset, "access")

    def sample(self, dataset: Dataset, resource: Resource) -> str:
        """Name of a conditional table's synthetic sample."""
        return self.part(dataset, f"sample-{resource.name}")

    def distribution(self, dataset: Dataset, item: Distribution | Resource) -> str:
        """Name of a distribution: of a file, or of a resource that is to be applied for."""
        if isinstance(item, Resource):
            return self.part(dataset, f"access-{item.name}")
        return self.part(dataset, f"file-{posixpath.basename(item.path)}")


@lru_cache(4096)  # each is asked for in two languages and several formats
def _quoted(path: str) -> str:
    return quote(encodable(path), safe="/")
