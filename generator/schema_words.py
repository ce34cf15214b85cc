"""One sentence for each change of a schema."""

from __future__ import annotations

from collections.abc import Mapping

from generator.compatibility import SchemaChange
from generator.text import Text, bilingual

SENTENCES: Mapping[str, Text] = {
    "field-removed": bilingual("字段 {field} 被删除", "Field {field} was removed"),
    "field-added": bilingual("新增字段 {field}（{after}）", "Field {field} was added ({after})"),
    "field-renamed": bilingual("字段改名：{before} → {after}", "Field renamed: {before} → {after}"),
    "type": bilingual("字段 {field} 的类型：{before} → {after}", "Type of {field}: {before} → {after}"),
    "format": bilingual("字段 {field} 的格式：{before} → {after}", "Format of {field}: {before} → {after}"),
    "unit": bilingual("字段 {field} 的单位：{before} → {after}", "Unit of {field}: {before} → {after}"),
    "written": bilingual(
        "字段 {field} 的写法 {property}：{before} → {after}", "How {field} is written, {property}: {before} → {after}"
    ),
    "constraint": bilingual(
        "字段 {field} 的约束 {property}：{before} → {after}", "Constraint {property} of {field}: {before} → {after}"
    ),
    "order": bilingual("字段顺序：{before} → {after}", "Order of the fields: {before} → {after}"),
    "primary-key": bilingual("主键：{before} → {after}", "Primary key: {before} → {after}"),
    "foreign-key": bilingual("外键：{before} → {after}", "Foreign key: {before} → {after}"),
    "missing-values": bilingual("表示缺失的写法：{before} → {after}", "Texts for a missing value: {before} → {after}"),
    "schema-removed": bilingual("不再有字段定义（schema）", "It has no schema any more"),
    "schema-added": bilingual("新增字段定义（schema）", "It has a schema now"),
    "text": bilingual("字段 {field} 的 {property}：{before} → {after}", "{property} of {field}: {before} → {after}"),
}


def sentence(change: SchemaChange, lang: str) -> str:
    nothing = {"zh": "（空）", "en": "(empty)"}[lang]
    return (
        SENTENCES[change.what]
        .to(lang)[0]
        .format(
            field=change.field, property=change.property, before=change.before or nothing, after=change.after or nothing
        )
    )
