"""One ZIP for a dataset: its open files, the descriptor that names them, the values of its pictures, the licence, and a
read-me.

The files lie beside the descriptor under the names that it gives, so that the archive is a Data Package itself.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from generator import citation
from generator.exports.addresses import Addresses
from generator.exports.datapackage import datapackage
from generator.exports.json_text import readable
from generator.exports.published import fields_of, files, files_of, sample_of
from generator.exports.views import values
from generator.exports.wellformed import encodable
from generator.public import Catalog, Dataset, License, Resource
from generator.sitefile import SiteFile
from generator.text import Text, bilingual
from generator.vocabularies import find_license, license_text

FOLDER = "download"
MEDIA_TYPE = "application/zip"


def path(dataset: Dataset) -> str:
    """Not among the data: a dataset may have a ZIP of its own under any name there."""
    return f"{FOLDER}/{dataset.name}.zip"


def members(dataset: Dataset, catalog: Catalog) -> list[SiteFile]:
    """Paths are those inside the archive. Empty for a dataset without open files."""
    folder = f"data/{dataset.name}/"
    data = [SiteFile(file.path.removeprefix(folder), file.file) for file in files(dataset)]
    if not data:
        return []
    taken = {file.path.casefold() for file in data}
    about = [SiteFile(_free("README.md", taken), encodable(_read_me(dataset, catalog)).encode())]
    if dataset.licenses:
        about.append(SiteFile(_free("LICENSE.txt", taken), encodable(_licences(dataset.licenses)).encode()))
    about.append(SiteFile("datapackage.json", readable(_descriptor(dataset, catalog)).encode()))
    drawn = [SiteFile(each.path.removeprefix(folder), each.content) for each in values(dataset)]
    return [*about, *data, *drawn]


def _descriptor(dataset: Dataset, catalog: Catalog) -> dict[str, Any]:
    """As published. Invented rows are no data and stay out of the archive: their path becomes an address."""
    at, found = Addresses.of(catalog), datapackage(dataset, catalog)
    samples = {resource.name: sample.path for resource in dataset.resources if (sample := sample_of(resource))}
    for described in found["resources"]:
        if described["name"] in samples:
            described["synthetic_sample"]["path"] = at.at(samples[described["name"]])
    return found


def _free(name: str, taken: set[str]) -> str:
    """Windows and macOS do not tell ``README.md`` from a publisher's ``readme.md``."""
    stem, dot, suffix = name.rpartition(".")
    names = [name, *(f"{stem}-{number}{dot}{suffix}" for number in range(2, len(taken) + 3))]
    return next(free for free in names if free.casefold() not in taken)


@lru_cache(64)
def _licences(licenses: tuple[License, ...]) -> str:
    return "\n\n".join(_licence(each) for each in licenses)


def _licence(licence: License) -> str:
    known = find_license(licence.name, licence.url)
    lines = dict.fromkeys(
        filter(None, (licence.title.to("zh")[0], licence.title.to("en")[0], licence.name, licence.url))
    )
    text = license_text(known.name) if known else ""
    return "\n".join(lines) + "\n" + (f"\n{'-' * 72}\n\n{text}" if text else "")


_WORDS = {
    "demonstration": bilingual("示例数据", "Demonstration data"),
    "agency": bilingual("提供部门", "Department"),
    "updated": bilingual("更新日期", "Updated"),
    "version": bilingual("版本", "Version"),
    "licence": bilingual("许可", "Licence"),
    "no_licence": bilingual("未注明", "not stated"),
    "page": bilingual("网页", "Page"),
    "contact": bilingual("联系方式", "Contact"),
    "files": bilingual("文件", "Files"),
    "descriptor": bilingual(
        "数据包描述（Data Package），列出各字段的类型、约束和各文件的 SHA-256 校验值",
        "descriptor (Data Package): types and constraints of the columns, SHA-256 of the files",
    ),
    "pictures": bilingual("网页上各图的数值（CSV）", "the values of the pictures in the page (CSV)"),
    "rows": bilingual("{} 行", "{} rows"),
    "bytes": bilingual("{} 字节", "{} bytes"),
    "columns": bilingual("字段", "Columns"),
    "name": bilingual("字段名", "Name"),
    "type": bilingual("类型", "Type"),
    "unit": bilingual("单位", "Unit"),
    "meaning": bilingual("含义", "Meaning"),
    "elsewhere": bilingual("不在本压缩包中", "Not in this archive"),
    "conditional": bilingual("有条件开放，申请办法见网页", "open on conditions; the page says how to apply"),
    "closed": bilingual("不予开放，理由见网页", "not open; the page gives the reason"),
    "encoding": bilingual(
        "CSV 文件为 UTF-8 编码、逗号分隔。用 Excel 查看请打开 XLSX 或文件名带 -excel 的 CSV，编号前面的零才不会丢失。",
        "CSV files are UTF-8, separated by commas. In Excel open the XLSX, or import the CSV with -excel in its name, "
        "with codes as text: else leading zeros are lost.",
    ),
    "cite": bilingual("引用", "Citation"),
}  # fmt: skip


def _read_me(dataset: Dataset, catalog: Catalog) -> str:
    """In Chinese, then in English."""
    return "\n---\n\n".join("\n".join(_told(dataset, catalog, lang)) + "\n" for lang in ("zh", "en"))


def _told(dataset: Dataset, catalog: Catalog, lang: str) -> Iterator[str]:
    def word(name: str) -> str:
        return _WORDS[name].to(lang)[0]

    def line(text: Text) -> str:
        return " ".join(text.to(lang)[0].split())

    at, colon = Addresses.of(catalog), "：" if lang == "zh" else ": "
    yield f"# {line(dataset.title) or dataset.name}\n"
    if dataset.demonstration:
        yield f"**{word('demonstration')}**{colon}{line(dataset.demonstration)}\n"
    if dataset.description:
        yield f"{dataset.description.to(lang)[0].strip()}\n"
    licences = [
        " ".join(filter(None, (line(each.title) or each.name, each.url and f"<{each.url}>")))
        for each in dataset.licenses
    ]
    facts = {
        "agency": line(dataset.agency.name),
        "updated": dataset.modified or dataset.created,
        "version": dataset.version,
        "licence": ("；" if lang == "zh" else "; ").join(licences) or word("no_licence"),
        "page": at.page_in(dataset, lang),
        "contact": dataset.contact.email or dataset.contact.phone,
    }
    for name, value in facts.items():
        if value:
            yield f"- {word(name)}{colon}{value}"
    yield f"\n## {word('files')}\n"
    yield f"- `datapackage.json`{colon}{word('descriptor')}"
    for folder in dict.fromkeys(posixpath.dirname(each.path) for each in values(dataset)):
        yield f"- `{folder.removeprefix(f'data/{dataset.name}/')}/`{colon}{word('pictures')}"
    for resource in dataset.resources:
        for file in files_of(resource):
            size = word("bytes").format(f"{file.bytes:,}")
            rows = word("rows").format(f"{file.rows:,}") if file.rows is not None else ""
            more = ("，" if lang == "zh" else ", ").join(filter(None, (line(file.use), rows, size)))
            name = file.path.removeprefix(f"data/{dataset.name}/")
            yield f"- `{name}`{colon}{line(resource.title) or resource.name}" + (
                f"（{more}）" if lang == "zh" else f" ({more})"
            )
    if any(resource.schema and files_of(resource) for resource in dataset.resources):
        yield f"\n{word('encoding')}"
    yield from _withheld(dataset, lang)
    for resource in dataset.resources:
        if files_of(resource) and fields_of(resource):
            yield from _columns(resource, lang)
    known = citation.citation(dataset, catalog.portal, lang)
    yield f"\n## {word('cite')}\n\n{citation.text(known, lang)}"


def _withheld(dataset: Dataset, lang: str) -> Iterator[str]:
    shut = [resource for resource in dataset.resources if resource.openness != "unconditional"]
    if shut:
        yield f"\n## {_WORDS['elsewhere'].to(lang)[0]}\n"
    for resource in shut:
        title = " ".join(resource.title.to(lang)[0].split()) or resource.name
        yield f"- {title}{'：' if lang == 'zh' else ': '}{_WORDS[resource.openness].to(lang)[0]}"


def _columns(resource: Resource, lang: str) -> Iterator[str]:
    words = [_WORDS[name].to(lang)[0] for name in ("name", "meaning", "type", "unit")]
    title = " ".join(resource.title.to(lang)[0].split()) or resource.name
    yield f"\n## {_WORDS['columns'].to(lang)[0]}{'：' if lang == 'zh' else ': '}{title}\n"
    yield f"| {' | '.join(words)} |\n| --- | --- | --- | --- |"
    for field in fields_of(resource):
        cells = (field.name, field.title.to(lang)[0], field.type, field.unit)
        yield "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"
