"""Blocks of access terms that many datasets share: read once, and put in where ``access: {use: <id>}`` names them.

They stand by id in ``terms.yaml``, beside ``agency.yaml`` for those of an agency, or in the datasets folder itself for
those of the whole portal. The nearest one above the dataset counts. Everything after reading sees whole terms: checks,
embargoes, the allow-list and the digest of a verdict need not know that some were written elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from generator.model import Borrowed, SharedTerms
from generator.problems import Problem
from generator.read.descriptor import read_descriptor

FILE = "terms.yaml"
_TWINS = ("", "_en", "_zh")


def read_shared_terms(root: Path, folders: Iterable[Path], problems: list[Problem]) -> tuple[SharedTerms, ...]:
    """The blocks of every file of terms that can be read; what is wrong with the others is added to ``problems``."""
    blocks: list[SharedTerms] = []
    for folder in folders:
        file = folder / FILE
        if not file.is_file():
            continue
        listed, found = read_descriptor(file, root)
        problems += found
        at = file.relative_to(root).as_posix()
        for id_, values in (listed or {}).items():
            if isinstance(values, Mapping):
                blocks.append(SharedTerms(id_, at, values))
            else:
                problems.append(Problem("terms-block-form", file=at, field=id_))
    return tuple(blocks)


def resolved(
    descriptor: Mapping[str, Any], folder: str, blocks: Sequence[SharedTerms]
) -> tuple[Mapping[str, Any], tuple[Borrowed, ...]]:
    """The descriptor with whole terms, and where they come from. ``folder`` is the package's."""
    borrowed: list[Borrowed] = []
    if "access" in descriptor:
        access = _complete(descriptor["access"], None, folder, blocks, borrowed)
        if borrowed:
            descriptor = {**descriptor, "access": access}
    listed = descriptor.get("resources")
    resources = [entry for entry in listed if isinstance(entry, Mapping)] if isinstance(listed, list) else []
    whole = {
        index: {**entry, "access": _complete(entry["access"], index, folder, blocks, borrowed)}
        for index, entry in enumerate(resources)
        if "access" in entry
    }
    if isinstance(listed, list) and any(each.resource is not None for each in borrowed):
        made = {id(resources[index]): entry for index, entry in whole.items()}
        descriptor = {**descriptor, "resources": [made.get(id(entry), entry) for entry in listed]}
    return descriptor, tuple(borrowed)


def check_references(
    borrowed: Iterable[Borrowed],
    resources: Sequence[Mapping[str, Any]],
    folder: str,
    file: str,
    blocks: Sequence[SharedTerms],
) -> Iterator[Problem]:
    """References to blocks that there are not, with what was probably meant and where the block would belong."""
    for each in borrowed:
        if each.file:
            continue
        reach = _within_reach(folder, blocks)
        named = resources[each.resource].get("name") if each.resource is not None else ""
        close = next(iter(get_close_matches(each.use, sorted({block.id for block in reach}), n=1)), "")
        places = [f"{place}/{FILE}" if place != "." else FILE for place in _above(folder.rpartition("/")[0] or ".")]
        listed = [f"{block.id} ({block.file})" for block in reach]
        yield Problem(
            "terms-unknown", dataset=folder, file=file, resource=named if isinstance(named, str) else "",
            field="access.use", value=each.use,
            more=(
                ("near_zh", f"是不是「{close}」？" if close else ""),
                ("near_en", f" Did you mean “{close}”?" if close else ""),
                ("known_zh", "、".join(listed) or "无"), ("known_en", ", ".join(listed) or "none"),
                ("places_zh", " 或 ".join(places)), ("places_en", " or ".join(places)),
            ),
        )  # fmt: skip


def _complete(
    access: Any, resource: int | None, folder: str, blocks: Sequence[SharedTerms], borrowed: list[Borrowed]
) -> Any:
    if not isinstance(access, Mapping) or not access.get("use"):
        return access
    use = access["use"]
    block = _find(use, folder, blocks) if isinstance(use, str) else None
    if block is None:
        borrowed.append(Borrowed(use if isinstance(use, str) else "", resource))
        return access
    kept = {key: value for key, value in block.values.items() if not _is_overridden(key, access)}
    borrowed.append(Borrowed(block.id, resource, block.file, tuple(kept)))
    return {**kept, **access}


def _is_overridden(key: str, access: Mapping[str, Any]) -> bool:
    """A property with its translations is one: a text of one's own must not stand beside another's translation."""
    name = key[:-3] if key.endswith(("_en", "_zh")) else key
    return any(name + twin in access for twin in _TWINS)


def _find(id_: str, folder: str, blocks: Sequence[SharedTerms]) -> SharedTerms | None:
    for place in _above(folder):
        for block in blocks:
            if block.id == id_ and block.folder == place:
                return block
    return None


def _above(folder: str) -> Iterator[str]:
    """The folder and those above it, up to the datasets folder."""
    parts = [] if folder == "." else folder.split("/")
    for depth in range(len(parts), 0, -1):
        yield "/".join(parts[:depth])
    yield "."


def _within_reach(folder: str, blocks: Iterable[SharedTerms]) -> list[SharedTerms]:
    places = set(_above(folder))
    return [block for block in blocks if block.folder in places]
