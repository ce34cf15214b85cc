"""``kaishu verify``: whether a site is, file by file, what a manifest says."""

from __future__ import annotations

from pathlib import Path

from generator.errors import ConfigError, PublishError
from generator.publish import MANIFEST, Manifest, differences, manifest_of, read_manifest

MAX_BYTES = 200_000_000
TIMEOUT = 60


def verify(site: Path, manifest: str) -> tuple[int, list[str]]:
    """How many files were compared, and what is not as it should be. ``manifest`` is a file, an address of the web, or
    empty for the one in the site."""
    if not site.is_dir():
        raise ConfigError(f"没有站点文件夹 {site}。", f"There is no folder {site}.")
    stated = _read(manifest) if manifest else read_manifest(site)
    if stated is None:
        raise PublishError(
            f"{manifest or site / MANIFEST} 不是开数生成的 {MANIFEST}，无从核对。",
            f"{manifest or site / MANIFEST} is no {MANIFEST} of Kaishu: there is nothing to verify against.",
        )
    return len(stated.files), differences(site, stated)


def _read(manifest: str) -> Manifest | None:
    if manifest.startswith(("https://", "http://")):
        return manifest_of(_fetched(manifest))
    try:
        return manifest_of(Path(manifest).read_bytes())
    except OSError as error:
        raise ConfigError(f"读不到 {manifest}。", f"{manifest} cannot be read: {error.strerror}.") from error


def _fetched(address: str) -> bytes:
    import requests

    content = b""
    try:
        with requests.get(address, timeout=TIMEOUT, stream=True) as answer:
            answer.raise_for_status()
            for piece in answer.iter_content(1 << 20):
                content += piece
                if len(content) > MAX_BYTES:
                    return b""  # no manifest is as large as this
    except requests.RequestException as error:
        raise PublishError(
            f"取不到 {address}：{type(error).__name__}", f"{address} cannot be had: {type(error).__name__}"
        ) from error
    return content
