"""The section templates, compiled once in a process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2

from generator.pages import show
from generator.pages.words import words


@lru_cache
def environment(folder: Path) -> jinja2.Environment:
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {"plain": show.plain, "size": show.size, "time": show.time}
    return env


def body(folder: Path, name: str, lang: str, /, **values: Any) -> str:
    return environment(folder).get_template(name).render(t=words(lang), lang=lang, **values)
