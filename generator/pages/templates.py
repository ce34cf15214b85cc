"""The section templates, compiled once in a process and language.

Before compilation the words of the language, ``{{ t.search }}``, are put in as text, and sections in the place of their
``include``: both would otherwise be looked up, and escaped, for each of 20,000 pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2.compiler import CodeGenerator
from markupsafe import escape

from generator.pages.html import Html, escaped
from generator.pages.words import Words, words


def quick_escape(value: object) -> str:
    """What Jinja's ``escape`` gives, in half the time of a page.

    That makes ``Markup`` of every value, which the output of templates has no use for: it is joined and then forgotten.
    """
    if type(value) is Html:
        return value
    if type(value) is str:
        return escaped(value)
    return str(value) if type(value) is int else escape(value)


class _CodeGenerator(CodeGenerator):
    def visit_Getattr(self, node: jinja2.nodes.Getattr, frame: Any) -> None:
        """``a.b`` is Python's ``a.b``. Jinja's own asks a function that also tries ``a["b"]``."""
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")


class _Environment(jinja2.Environment):
    code_generator_class = _CodeGenerator

    def _generate(self, *arguments: Any, **options: Any) -> str:
        """Jinja's hook for another code generator: the module that a template becomes, with our ``escape``."""
        source: str = super()._generate(*arguments, **options)
        imports, line, rest = source.partition("\n")
        assert "escape" in imports, "a template's module starts with what it imports from jinja2.runtime"
        return f"{imports}{line}from generator.pages.templates import quick_escape as escape\n{rest}"


@dataclass(frozen=True, slots=True)
class Templates:
    """The section templates of one language."""

    folder: Path
    t: Words
    _environment: jinja2.Environment

    @classmethod
    def read(cls, folder: Path, t: Words) -> Templates:
        """Compiled anew only when a file has changed, so that a preview shows what its author has just written."""
        state = tuple((str(file), file.stat().st_mtime_ns) for file in sorted(folder.rglob("*.html")))
        return cls(folder, t, _environment(folder, t.lang, state))

    def html(self, name: str, /, **values: Any) -> str:
        """As Jinja's ``render``, which copies the values twice to add names that no template of ours uses."""
        template = self._environment.get_template(name)
        values["t"] = self.t
        try:
            return "".join(template.root_render_func(template.new_context(values, shared=True)))
        except Exception:
            self._environment.handle_exception()  # raises it again, with the template's lines in its traceback


@lru_cache(8)
def _environment(folder: Path, lang: str, _state: object) -> jinja2.Environment:
    return _Environment(
        loader=jinja2.FunctionLoader(lambda name: _source(folder, name, words(lang))),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _source(folder: Path, name: str, t: Words) -> str:
    text = (folder / name).read_text(encoding="utf-8")
    text = re.sub(r'\{% include "([\w/.-]+)" %\}\n?', lambda found: _source(folder, found[1], t), text)
    return re.sub(r"\{\{ t\.(\w+) \}\}", lambda found: str(escape(t[found[1]])), text)
