"""Where pages are. Paths are relative to the site's root or to a language's root, without a leading slash."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote, unquote

from generator.text import LANGUAGES


def prefix(lang: str) -> str:
    """What stands before a page's path in this language: nothing for the language at the root."""
    return "" if lang == LANGUAGES[0] else f"{lang}/"


def base(path: str) -> str:
    """The relative way from a page at ``path`` (below the site's root) back to the root."""
    return "../" * path.count("/") or "./"


@lru_cache(4096)
def encoded(path: str) -> str:
    """A path as it stands in an ``href``. A name with ``:`` must not be taken for a scheme."""
    return quote(path, safe="/-._~")


def dataset(name: str) -> str:
    return f"dataset/{encoded(name)}/"


def application(name: str) -> str:
    """The forms for an application, to be printed."""
    return f"{dataset(name)}apply/"


def shared_terms(address: str) -> str:
    return f"access/{encoded(address)}/"


def problem(code: str = "") -> str:
    """What a kind of problem means; without a code, the list of all."""
    return f"help/{code.lower()}/" if code else "help/"


def agency(identifier: str) -> str:
    return f"agency/{encoded(identifier)}/"


def catalogue(facet: str = "", value: str = "", page: int = 1) -> str:
    path = f"catalog/{facet}/{encoded(value)}/" if facet else "catalog/"
    return path if page == 1 else f"{path}page/{page}/"


@lru_cache(4096)
def decoded(path: str) -> str:
    """The name in the file system of a path in a link."""
    return unquote(path)
