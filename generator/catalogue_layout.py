"""The catalogue sheet (公共数据资源目录) that agencies fill in: its columns, what else they are called, and its values.

One row for each data item (信息项), the resource's cells merged at the left, headers in groups. ``exports`` writes it,
``drafting`` reads it; both take every word from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.text import Text


@dataclass(frozen=True, slots=True)
class LayoutColumn:
    key: str
    group: str
    """What stands above it; empty where it has no group."""
    label: str
    synonyms: tuple[str, ...] = ()
    """As agencies and platforms call it. ``group/label`` counts only below that group."""
    of_item: bool = False
    """Of a data item; else of the resource, and merged."""


def _column(key: str, label: str, *synonyms: str, group: str = "", of_item: bool = False) -> LayoutColumn:
    return LayoutColumn(key, group, label, synonyms, of_item)


ITEM, SHARING, MODE, OPENNESS = "信息项信息", "共享属性", "共享方式", "开放属性"

COLUMNS: tuple[LayoutColumn, ...] = (
    _column(
        "theme",
        "信息资源分类",
        "主题分类",
        "主题",
        "所属主题",
        "领域",
        "所属领域",
        "主题领域",
        "资源分类",
        "数据领域",
        "分类",
    ),
    _column(
        "title",
        "信息资源名称",
        "资源名称",
        "目录名称",
        "数据资源名称",
        "公共数据资源名称",
        "数据目录名称",
        "数据集名称",
        "数据资源目录名称",
        "名称",
    ),
    _column(
        "catalogue_code",
        "信息资源代码",
        "资源代码",
        "目录代码",
        "目录编码",
        "资源编码",
        "信息资源编码",
        "数据资源代码",
        "数据资源编码",
        "资源目录代码",
        "代码",
    ),
    _column(
        "agency",
        "信息资源提供方",
        "资源提供方",
        "提供方",
        "数据提供方",
        "提供方名称",
        "提供单位",
        "数据提供单位",
        "提供部门",
        "资源提供单位",
        "责任部门",
        "责任单位",
        "发布单位",
    ),
    _column(
        "agency_code",
        "资源提供方代码",
        "信息资源提供方代码",
        "提供方代码",
        "数据提供方代码",
        "提供方统一社会信用代码",
        "统一社会信用代码",
        "提供单位代码",
        "部门代码",
    ),
    _column(
        "description",
        "信息资源摘要",
        "资源摘要",
        "摘要",
        "目录摘要",
        "数据资源摘要",
        "数据摘要",
        "简介",
        "资源描述",
        "数据资源描述",
        "数据集简介",
        "描述",
    ),
    _column("format", "信息资源格式", "资源格式", "数据格式", "信息资源格式类型", "资源格式类型", "格式"),
    _column("table", "所属数据表", "数据表", "表名", "数据表名称", group=ITEM, of_item=True),
    _column("table_name", "数据表标识符", "英文表名", group=ITEM, of_item=True),
    _column(
        "item",
        "信息项名称",
        "信息项",
        "数据项名称",
        "数据项",
        "数据元名称",
        "字段名称",
        "字段中文名",
        "字段中文名称",
        "中文名称",
        f"{ITEM}/名称",
        "信息项/名称",
        "数据项/名称",
        group=ITEM,
        of_item=True,
    ),
    _column(
        "item_name",
        "英文字段名",
        "字段英文名",
        "字段英文名称",
        "字段名",
        "字段代码",
        "英文名称",
        "信息项英文名",
        "信息项/代码",
        group=ITEM,
        of_item=True,
    ),
    _column(
        "item_type",
        "数据类型",
        "字段类型",
        "信息项数据类型",
        "数据项类型",
        f"{ITEM}/类型",
        "信息项/类型",
        "数据项/类型",
        group=ITEM,
        of_item=True,
    ),
    _column("item_unit", "计量单位", "信息项单位", f"{ITEM}/单位", "信息项/单位", group=ITEM, of_item=True),
    _column(
        "item_note",
        "信息项说明",
        "字段说明",
        "字段描述",
        "数据项说明",
        f"{ITEM}/说明",
        "信息项/说明",
        group=ITEM,
        of_item=True,
    ),
    _column("sharing_type", "类型", "共享类型", "共享属性", "信息资源共享类型", f"{SHARING}/共享类型", group=SHARING),
    _column("sharing_condition", "条件", "共享条件", "信息资源共享条件", f"{SHARING}/共享条件", group=SHARING),
    _column("sharing_mode_class", "分类", "共享方式分类", group=MODE),
    _column(
        "sharing_mode",
        "类型",
        "共享方式",
        "共享方式类型",
        "信息资源共享方式",
        f"{SHARING}/方式",
        f"{SHARING}/共享方式",
        group=MODE,
    ),
    _column(
        "openness",
        "是否向社会开放",
        "开放属性",
        "开放类型",
        "开放方式",
        "是否开放",
        "社会开放属性",
        f"{OPENNESS}/类型",
        f"{OPENNESS}/开放类型",
        group=OPENNESS,
    ),
    _column("conditions", "开放条件", "开放要求", f"{OPENNESS}/条件", group=OPENNESS),
    _column("update_cycle", "更新周期", "更新频率", "更新频度", "数据更新周期", "更新时间要求"),
    _column("created", "发布日期", "发布时间", "首次发布日期"),
    _column("related", "关联资源代码", "关联信息资源代码", "关联资源", "关联及类目名称", "关联目录代码"),
    _column("modified", "更新日期", "最后更新日期", "最近更新日期", "更新时间"),
    _column("name", "标识符", "数据集标识符"),
    _column("industry", "行业", "所属行业", "行业分类"),
    _column("keywords", "关键字", "关键词", "标签"),
    _column("source_department", "数源部门", "数源单位", "来源部门", "数据来源部门"),
)
"""In the order of the sheet. What 信息项 and openness of single tables need stands in the sheet's own groups."""

KEYS = tuple(column.key for column in COLUMNS)
OF_ITEM = frozenset(column.key for column in COLUMNS if column.of_item)
OF_TABLE = frozenset(("openness", "conditions"))
"""Of the resource, but of one of its tables where these differ."""

TYPES = {
    "string": "字符型", "integer": "整型", "number": "数值型", "boolean": "布尔型", "date": "日期型", "datetime": "日期时间型", "time": "时间型",
    "year": "年份", "yearmonth": "年月", "duration": "时长", "geopoint": "坐标点", "geojson": "GeoJSON", "list": "列表", "array": "数组",
    "object": "对象", "any": "任意类型",
}  # fmt: skip
"""What a type is called in the sheet, one name each."""
SHARING_TYPES = {"unconditional": "无条件共享", "conditional": "有条件共享", "none": "不予共享"}
OPENNESS_TYPES = {"unconditional": "无条件开放", "conditional": "有条件开放", "closed": "不予开放"}
SEVERAL = "\n"
"""Between several values of one cell: words never hold a line end, and people read one a line."""


@dataclass(frozen=True, slots=True)
class Item:
    """信息项: one column of a table. ``type`` is one of the Table Schema standard, or what the sheet says."""

    title: str
    name: str = ""
    type: str = ""
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class SheetTable:
    title: str = ""
    name: str = ""
    items: tuple[Item, ...] = ()
    openness: str = ""
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """信息资源: one dataset. Everything is in the words of this program, not of the sheet."""

    title: str
    name: str = ""
    theme: str = ""
    catalogue_code: str = ""
    agency: str = ""
    """Its name, as the sheet has it."""
    agency_code: str = ""
    description: str = ""
    format: str = ""
    tables: tuple[SheetTable, ...] = ()
    sharing_type: str = ""
    sharing_condition: str = ""
    sharing_mode: str = ""
    update_cycle: str = ""
    created: str = ""
    modified: str = ""
    industry: str = ""
    keywords: tuple[str, ...] = ()
    source_department: str = ""
    unmapped: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    """Columns of the sheet that have no place in a descriptor, and what stood there."""


def zh(text: Text) -> str:
    return text.to("zh")[0]
