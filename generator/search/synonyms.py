"""Words that mean the same, from a file that the portal's people keep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generator.errors import ConfigError
from generator.plain_yaml import read_yaml
from generator.search.folding import fold


def read_synonyms(file: Path) -> tuple[tuple[str, ...], ...]:
    """Groups of words, folded; a file that is not there has none."""
    if not file.is_file():
        return ()
    groups: Any = read_yaml(file.read_text("utf-8"))
    if not isinstance(groups, list):
        raise _wrong(file, "")
    return tuple(_group(file, group) for group in groups)


def _group(file: Path, group: Any) -> tuple[str, ...]:
    if not isinstance(group, list) or len(group) < 2 or not all(isinstance(word, str) and word for word in group):
        raise _wrong(file, str(group))
    return tuple(dict.fromkeys(fold(word) for word in group))


def _wrong(file: Path, group: str) -> ConfigError:
    return ConfigError(
        f"同义词文件 {file} 应当是一个列表，每一项是至少两个词的列表，例如“- [医保, 医疗保险]”。{group}",
        f"{file} must be a list of lists of two or more words, such as “- [bus, 公交]”. {group}",
    )
