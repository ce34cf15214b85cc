"""The room of the site engine: MkDocs makes the prose pages and the shells, and nothing outside knows of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from generator.config import Config
from generator.errors import EngineError
from generator.shell import Shell


def build_prose(config: Config, target: Path) -> Mapping[str, Shell]:
    """Write the prose pages and assets into ``target``, which is emptied; return each language's shell.

    Raises ``EngineError`` for anything that MkDocs so much as warns of, such as a link to a page that is not there.
    """
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    from generator.mkdocs_plugin import KaishuPlugin

    with _listening() as messages:
        try:
            mkdocs = load_config(
                str(config.mkdocs), docs_dir=str(config.site_src / "pages"), site_dir=str(target), strict=True
            )
            mkdocs.theme.dirs.insert(0, str(config.site_src / "theme"))
            plugin = mkdocs.plugins["kaishu"]
            assert isinstance(plugin, KaishuPlugin)
            plugin.given = config
            mkdocs.plugins.on_startup(command="build", dirty=False)
            build(mkdocs)
            mkdocs.plugins.on_shutdown()
        except MkDocsException as error:
            said = "\n".join(messages) or str(error)
            raise EngineError(
                f"网站引擎无法生成说明页面：\n{said}", f"The site engine cannot make the prose pages:\n{said}"
            ) from error
    return plugin.shells


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Keeps what MkDocs logs from the terminal, and its warnings for the message of the exception."""
    messages: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            messages.append(record.getMessage())

    logger, handler = logging.getLogger("mkdocs"), Keep(logging.WARNING)
    before = logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield messages
    finally:
        logger.removeHandler(handler)
        logger.propagate = before
