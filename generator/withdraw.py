"""``kaishu withdraw``: writes what the last release knows of a dataset into its ``changes.yaml``."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import yaml

from generator.config import Config
from generator.entries import written
from generator.errors import ConfigError
from generator.model import Package
from generator.names import own_name, resource_names
from generator.read import CHANGES_FILE, read_catalog
from generator.releases import RANKS, Part, Previous, Record


def find(name: str, resource: str, previous: Previous) -> tuple[Record, Part | None]:
    """What the last release had by these names."""
    record = next((record for record in previous.records if record.name == name), None)
    if record is None:
        raise ConfigError(
            f"上一次发布里没有数据集 {name}。没有发布过的数据集，直接删除即可。",
            f"The last release has no dataset {name}. One that was never published can simply be deleted.",
        )
    part = next((part for part in record.parts if part.name == resource), None)
    if resource and part is None:
        names = ", ".join(part.name for part in record.parts)
        raise ConfigError(
            f"上一次发布的 {name} 里没有资源 {resource}，有：{names}。",
            f"{name} had no resource {resource} in the last release; it had: {names}.",
        )
    return record, part


def now(config: Config, name: str, today: Any) -> Package | None:
    """The dataset as it is in the repository, if it is there still."""
    return next((package for package in read_catalog(config, today).packages if own_name(package) == name), None)


def openness_now(package: Package | None, record: Record, part: Part | None) -> str:
    """What the descriptor says already; raises a ConfigError where that is no less open than before."""
    before, found = (part or record).openness, ""
    if package:
        parts = dict(zip(resource_names(package), map(package.openness, package.resources), strict=True))
        found = parts.get(part.name, "") if part else str(package.descriptor.get("openness") or "")
    if RANKS.get(found, 0) < RANKS[before] or found == before or not found:
        raise ConfigError(
            f"{record.name} 的描述文件没有缩小开放（上一次发布是 {before}）。先改 openness，再运行。",
            f"The descriptor of {record.name} is no less open than the last release ({before}). Set openness first.",
        )
    return found


def add(config: Config, record: Record, package: Package | None, entry: dict[str, Any]) -> Path:
    """Write ``entry`` at the end of the dataset's ``changes.yaml``; returns the file."""
    folder = package.path if package else config.datasets / record.agency / record.name
    file = folder / CHANGES_FILE
    text = file.read_text("utf-8-sig") if file.is_file() else "changes:\n"
    dash = re.search(r"^( *)- ", text, re.MULTILINE)
    item = textwrap.indent(written(entry), dash[1] if dash else "  ")
    made = f"{text.rstrip()}\n{item}"
    if not _is_longer_by(entry, text, made):
        raise ConfigError(
            f"看不懂 {file} 现在的内容，没有改动它。先按 docs/releases.md 改正，再试。",
            f"{file} is not as it should be and was not touched. Mend it as docs/releases.md says, then try again.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(made, "utf-8")
    return file


def _is_longer_by(entry: dict[str, Any], before: str, after: str) -> bool:
    try:
        old, new = (yaml.load(text, yaml.BaseLoader)["changes"] or [] for text in (before, after))
        return bool(new == [*old, {key: str(value) for key, value in entry.items()}])
    except (yaml.YAMLError, TypeError, KeyError):
        return False
