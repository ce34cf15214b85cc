"""Bring the remote files of packages into the cache, or say why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.config import Remote
from generator.errors import ConfigError
from generator.model import Package, is_remote, paths_of
from generator.problems import Problem
from generator.remote.address import (
    Address,
    ObjectAddress,
    address_of,
    allows,
    holds_credentials,
    without_credentials,
)
from generator.remote.reasons import in_words
from generator.remote.refusal import Refused
from generator.remote.store import Store

Progress = Callable[[int, int], None]
_SHA256 = re.compile(r"sha256:([0-9a-fA-F]{64})")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of the remote paths of one package."""

    files: Mapping[tuple[int, str], Path] = field(default_factory=dict)
    """Position of the resource and address as written → file in the cache. A resource is here whole or not at all."""
    problems: tuple[Problem, ...] = ()
    judged: frozenset[tuple[str, str]] = frozenset()
    """Resource and address that are allowed, or are told here: no longer a mere ``remote-path``."""


NOTHING = Fetched()


@dataclass(frozen=True, slots=True)
class Wanted:
    """One remote path of one resource, and what its author says of the file."""

    index: int
    resource: str
    written: str
    address: Address
    sha256: str
    bytes: int | None


@dataclass(frozen=True, slots=True)
class _Asked:
    package: Package
    wanted: tuple[Wanted, ...]
    problems: tuple[Problem, ...]
    judged: frozenset[tuple[str, str]]


def fetch(packages: Iterable[Package], remote: Remote, progress: Progress = lambda *_: None) -> Mapping[str, Fetched]:
    """By folder, for packages with remote paths in open resources. The network is asked for what is not in the cache.

    What is not open is never asked for: nothing would be done with it. All packages are fetched in one place, because
    the limit on a build counts them together.

    Raises ``ConfigError`` when the clients are not installed or the cache cannot be written.
    """
    asked = [one for package in packages if (one := _asked(package, remote)).judged]
    came = _bring([wanted for one in asked for wanted in one.wanted], remote, progress)
    return {one.package.folder: _fetched(one, came) for one in asked}


def _fetched(asked: _Asked, came: Mapping[Wanted, Path | Refused]) -> Fetched:
    problems = [*asked.problems]
    files: dict[tuple[int, str], Path] = {}
    for wanted in asked.wanted:
        got = came[wanted]
        if isinstance(got, Refused):
            problems.append(_problem(asked.package, wanted.resource, wanted.written, got))
        else:
            files[wanted.index, wanted.written] = got
    broken = {wanted.index for wanted in asked.wanted if isinstance(came[wanted], Refused)}
    whole = {key: file for key, file in files.items() if key[0] not in broken}
    return Fetched(whole, tuple(problems), asked.judged)


# --- what is asked for


def _asked(package: Package, remote: Remote) -> _Asked:
    """What may be fetched. A resource of which one part may not be is not fetched at all: it could not be used."""
    wanted: list[Wanted] = []
    problems: list[Problem] = []
    judged: set[tuple[str, str]] = set()
    for index, resource in enumerate(package.resources):
        name = str(resource.get("name") or "")
        if not package.is_open(resource) or name in package.withheld:
            continue
        parts = [_part(index, name, resource, place, remote) for place in _remote_places(resource)]
        if all(isinstance(part, Wanted) for part in parts):
            wanted += [part for part in parts if isinstance(part, Wanted)]
        for written, part in zip(_remote_places(resource).values(), parts, strict=True):
            if isinstance(part, Refused):
                problems.append(_problem(package, name, written, part))
            if part is not None:
                judged.add((name, written))
    return _Asked(package, tuple(wanted), tuple(problems), frozenset(judged))


def _remote_places(resource: Mapping[str, Any]) -> Mapping[int, str]:
    """The remote paths by their place in the list of all paths."""
    return {place: path for place, path in enumerate(paths_of(resource)) if is_remote(path)}


def _part(index: int, name: str, resource: Mapping[str, Any], place: int, remote: Remote) -> Wanted | Refused | None:
    """None for an address that is not on the operator's list, which the check of the tables tells."""
    written = paths_of(resource)[place]
    if holds_credentials(written):
        return Refused("remote-credentials", value=without_credentials(written))
    address = address_of(written)
    if address is None or not allows(remote, address):
        return None
    alone = len(paths_of(resource)) == 1
    stated = resource.get("hash") if alone else _nth(resource.get("hashes"), place)
    match = _SHA256.fullmatch(stated.strip()) if isinstance(stated, str) else None
    if not match:
        return Refused(
            "remote-hash-missing",
            value=str(stated) if stated else "—",
            expected="hash: sha256:…" if alone else f"hashes[{place}]: sha256:…",
        )
    size = resource.get("bytes") if alone else None
    size = size if isinstance(size, int) and not isinstance(size, bool) and size >= 0 else None
    if size is not None and size > remote.max_file_size:
        return Refused("remote-too-large", value=str(size), expected=str(remote.max_file_size))
    return Wanted(index, name, written, address, match[1].lower(), size)


def _nth(listed: object, place: int) -> object:
    return listed[place] if isinstance(listed, list) and place < len(listed) else None


def _problem(package: Package, resource: str, written: str, why: Refused) -> Problem:
    shown = without_credentials(written) if holds_credentials(written) else written
    return Problem(
        why.kind,
        package.folder,
        package.file,
        resource,
        field="hash" if why.kind in ("remote-hash", "remote-hash-missing") else "path",
        value=why.value,
        expected=why.expected,
        more=(("address", shown), *zip(("why_zh", "why_en"), in_words(why.value), strict=True)),
    )


# --- what came


def _bring(parts: Sequence[Wanted], remote: Remote, progress: Progress) -> Mapping[Wanted, Path | Refused]:
    store = Store(remote.cache)
    here = {part: store.find(part.sha256) for part in dict.fromkeys(parts)}
    missing = [part for part, file in here.items() if file is None]
    received = _over_the_network(missing, store, remote, progress) if missing else {}
    return {part: _of_its_size(part, file) if file else received[part] for part, file in here.items()}


def _of_its_size(part: Wanted, file: Path) -> Path | Refused:
    size = file.stat().st_size
    if part.bytes is not None and part.bytes != size:
        return Refused("remote-size", value=str(size), expected=str(part.bytes))
    return file


def _over_the_network(
    parts: Sequence[Wanted], store: Store, remote: Remote, progress: Progress
) -> Mapping[Wanted, Path | Refused]:
    try:
        if any(isinstance(part.address, ObjectAddress) for part in parts):
            import s3fs  # noqa: F401  # fsspec looks for it under the name s3
        from generator.remote.receiving import receive_all
    except ImportError as error:
        if (error.name or "").startswith("generator"):
            raise
        raise _not_installed(parts) from error
    try:
        store.prepare()
    except OSError as error:
        raise ConfigError(
            f"无法写入下载缓存 {store.folder}（{error.strerror}）。请用 kaishu.yaml 的 remote.cache 指定可写的文件夹。",
            f"Cannot write the cache of fetched files {store.folder} ({error.strerror}). "
            "Name a writable folder as remote.cache in kaishu.yaml.",
        ) from error
    return receive_all(parts, store, remote, progress)


def _not_installed(parts: Iterable[Wanted]) -> ConfigError:
    objects = [part for part in parts if isinstance(part.address, ObjectAddress)]
    extra = "s3" if objects else "remote"
    example = (objects or list(parts))[0].written
    return ConfigError(
        f"要获取 {example}，还需安装组件：pip install 'kaishu[{extra}]'",
        f"Fetching {example} needs a component that is not installed: pip install 'kaishu[{extra}]'",
    )
