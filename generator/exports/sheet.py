"""``catalog.csv``: the catalogue in the columns that agencies know.

It is made for people who open it in Excel, hence the byte-order mark (without it, Excel in China reads UTF-8 as
GBK) and the apostrophe before what Excel would take for a formula. Programs read ``catalog.json``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator

from generator.exports import published
from generator.exports.addresses import Addresses
from generator.exports.dcat import description, title
from generator.exports.terms_of_access import OPENNESS
from generator.exports.wellformed import without_controls
from generator.public import Catalog, Concept, Contact, Dataset
from generator.text import Text

_SHARING = {"unconditional": "无条件共享", "conditional": "有条件共享", "none": "不予共享"}


def catalog_csv(catalog: Catalog) -> bytes:
    at = Addresses.of(catalog)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*COLUMNS, "地址"])
    for dataset in catalog.datasets:
        writer.writerow([_cell(column(dataset)) for column in COLUMNS.values()] + [at.page(dataset)])
    return out.getvalue().encode("utf-8-sig")


def _zh(text: Text) -> str:
    return text.to("zh")[0]


def _label(concept: Concept | None) -> str:
    return _zh(concept.label) or concept.id if concept else ""


def _joined(values: Iterable[str]) -> str:
    return ";".join(dict.fromkeys(value for value in values if value))


def _cell(text: str) -> str:
    clean = without_controls(text)
    return f"'{clean}" if clean.startswith(_FORMULA) else clean


_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""Also in full width, which an Excel of East Asia reads alike."""


def _openness(dataset: Dataset) -> str:
    if dataset.openness == "mixed":
        return _joined(_zh(OPENNESS[each.openness]) for each in dataset.resources)
    return _zh(OPENNESS[dataset.openness])


def _conditions(dataset: Dataset) -> Iterator[str]:
    for access in (dataset.access, *(resource.access for resource in dataset.resources)):
        if access is not None:
            yield from map(_zh, access.conditions or (access.reason,))


def _rows(dataset: Dataset) -> str:
    counts = [resource.rows for resource in dataset.resources if resource.rows is not None]
    return str(sum(counts)) if counts else ""


def _contact(dataset: Dataset) -> Contact:
    return dataset.contact or dataset.agency.contact


COLUMNS: dict[str, Callable[[Dataset], str]] = {
    "标识符": lambda dataset: dataset.name,
    "名称": lambda dataset: _zh(title(dataset)),
    "简介": lambda dataset: _zh(description(dataset)),
    "关键字": lambda dataset: _joined(map(_zh, dataset.keywords)),
    "主题分类": lambda dataset: _label(dataset.theme),
    "行业": lambda dataset: _label(dataset.industry),
    "开放方式": _openness,
    "更新频率": lambda dataset: _label(dataset.update_cycle),
    "发布日期": lambda dataset: dataset.created,
    "更新日期": lambda dataset: dataset.modified,
    "资源格式": lambda dataset: _joined(file.format for file in published.files(dataset)),
    "数据提供方": lambda dataset: _zh(dataset.agency.name),
    "提供方代码": lambda dataset: dataset.agency.code,
    "数源部门": lambda dataset: _zh(dataset.source_department.name) if dataset.source_department else "",
    "资源代码": lambda dataset: dataset.catalogue_code,
    "共享类型": lambda dataset: _SHARING.get(dataset.sharing.type, dataset.sharing.type),
    "共享条件": lambda dataset: _zh(dataset.sharing.condition),
    "开放条件": lambda dataset: _joined(_conditions(dataset)),
    "信息项": lambda dataset: _joined(_zh(field.title) or field.name for field in published.fields(dataset)),
    "数据量": _rows,
    "文件数量": lambda dataset: str(len(published.files(dataset))),
    "许可": lambda dataset: _joined(each.name or _zh(each.title) or each.url for each in dataset.licenses),
    "联系人邮箱": lambda dataset: _contact(dataset).email,
    "电话": lambda dataset: _contact(dataset).phone,
}
