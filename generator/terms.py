"""The descriptor profile: one term a line, said once.

Checks, the editor's JSON Schema and the reference in ``docs/descriptor.md`` are made from these lines; the labels
are those of the pages. Properties of the Data Package standard keep its meaning; the others are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator import vocabularies

JsonSchema = Mapping[str, Any]

STRING: JsonSchema = {"type": "string", "minLength": 1}
TEXTS: JsonSchema = {"type": "array", "items": {"type": "string", "minLength": 1}}
TEXT_OR_TEXTS: JsonSchema = {"anyOf": [STRING, TEXTS]}
CHECKSUMS: JsonSchema = {
    "type": "array",
    "items": {"anyOf": [{"type": "string", "pattern": "^sha256:[0-9a-fA-F]{64}$"}, {"type": "null"}]},
}
DATE: JsonSchema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
DATE_OR_TIME: JsonSchema = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$",
}
# The standard wants a time as well: frictionless refuses a bare date here.
DATE_AND_TIME: JsonSchema = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$",
}
URL: JsonSchema = {"type": "string", "pattern": r"^https?://\S+$"}
EMAIL: JsonSchema = {"type": "string", "pattern": r"^[^@\s]+@[^@\s]+\.[^@\s]+$"}
CRS: JsonSchema = {"type": "string", "pattern": r"^(EPSG:\d{4,6}|GCJ-02|BD-09)$"}
DIVISION: JsonSchema = {"type": "string", "pattern": r"^\d{2,12}$"}
CREDIT_CODE: JsonSchema = {"type": "string", "pattern": r"^[0-9A-HJ-NPQRTUWXY]{18}$"}
SLUG: JsonSchema = {"type": "string", "pattern": r"^[a-z0-9]+([-._][a-z0-9]+)*$"}
NAME: JsonSchema = {**SLUG, "maxLength": 100}
"""Becomes the name of a folder, which file systems limit."""


def _one_of(values: Any) -> JsonSchema:
    return {"type": "string", "enum": list(values)}


@dataclass(frozen=True, slots=True)
class Term:
    name: str
    zh: str
    en: str
    schema: JsonSchema
    about_zh: str = ""
    about_en: str = ""
    translated: bool = False
    """True when ``<name>_en`` holds the same in English (``<name>_zh`` for a descriptor in another language)."""
    standard: bool = False
    """True for a property of the Data Package standard."""
    dcat: str = ""
    schema_org: str = ""
    column: str = ""
    """The column of the catalogue sheet that agencies know."""
    public: bool = True
    """False for what is never published; a test holds each term to its word."""


OPENNESS = ("unconditional", "conditional", "closed")
URLS: JsonSchema = {"anyOf": [URL, {"type": "array", "items": URL}]}

ACCESS: tuple[Term, ...] = (
    Term("use", "引用的共用条款", "Shared terms", SLUG,
         about_zh="共用条款的代号，见下文「共用条款」；这里另写的属性（连同译文）优先。",
         about_en="Id of a block of shared terms, see below; what is stated here as well (with its translations) wins."),
    Term("reason", "不能无条件开放的原因", "Why it is not open to all", STRING, translated=True, dcat="dct:rights"),
    Term("legal_basis", "依据", "Legal basis", STRING, translated=True, dcat="dct:rights"),
    Term("legal_basis_url", "依据的网址", "Where the legal basis can be read", URLS, dcat="dcatap:applicableLegislation",
         about_zh="公布法规文本的网页；几部法规写成列表。", about_en="The page of the published text; a list for several."),
    Term("applicants", "可以申请的对象", "Who may apply", STRING, translated=True),
    Term("purposes", "允许的用途", "Permitted purposes", TEXT_OR_TEXTS, translated=True),
    Term("conditions", "使用条件", "Conditions", TEXT_OR_TEXTS, translated=True, schema_org="conditionsOfAccess", column="开放条件"),
    Term("security", "安全要求", "Security requirements", TEXT_OR_TEXTS, translated=True),
    Term("materials", "申请材料", "What to hand in", TEXT_OR_TEXTS, translated=True),
    Term(
        "channel", "申请渠道", "Where to apply",
        {"type": "object", "minProperties": 1, "properties": {
            "name": STRING, "name_en": STRING, "url": URL, "email": EMAIL, "phone": STRING, "address": STRING, "address_en": STRING,
            "hours": STRING, "hours_en": STRING}},
        about_zh="网址、邮箱、电话、地址、受理时间（hours），至少一项。", about_en="Address on the web, e-mail, phone, office, hours: at least one.",
    ),
    Term("response_days", "答复时限（工作日）", "Working days until an answer", {"type": "integer", "minimum": 0, "maximum": 365}),
    Term("fee", "费用", "Fee", STRING, translated=True),
    Term(
        "agreement", "使用协议", "Agreement",
        {"type": "object", "properties": {"title": STRING, "title_en": STRING, "url": URL, "text": STRING, "text_en": STRING}},
    ),
    Term("reviewed", "条件审定日期", "Terms reviewed on", DATE),
    Term("review_by", "下次审定日期", "Next review by", DATE),
    Term("embargo_until", "延期开放至", "Embargoed until", DATE,
         about_zh="在这一天之前按有条件开放处理，不发布数据。", about_en="Before this day nothing of the data is published."),
    Term("kept_at", "保管处", "Kept at", STRING, public=False,
         about_zh="数据由谁保管、登记在哪里，如「市教育局学籍系统，台账 XJ-2026-03」；不写网址、路径和口令。",
         about_en="Who keeps the data, and under which entry. No address, path or password."),
    Term("publish_verdict", "公布检查结论", "Publish the verdict", {"type": "boolean"}, public=False,
         about_zh="仓库不公开、数据通过检查时，在页面上公布「已通过检查」和日期；不写就什么也不公布。",
         about_en="In a private repository: tell that the data passed their check, and of which day they are. Else nothing is told."),
)  # fmt: skip


def _object(terms: tuple[Term, ...]) -> dict[str, Any]:
    """A JSON Schema object of these terms and their translations. Unknown properties are allowed: the standard does."""
    properties: dict[str, Any] = {}
    for term in terms:
        about = {"title": term.zh, "description": f"{term.about_zh or term.zh} {term.about_en or term.en}"}
        properties[term.name] = {**term.schema, **about}
        if term.translated:
            properties[f"{term.name}_en"] = {
                **term.schema,
                "title": f"{term.zh}（英文）",
                "description": f"{term.en}, in English",
            }
            properties[f"{term.name}_zh"] = {
                **term.schema,
                "title": f"{term.zh}（中文）",
                "description": f"{term.en}, in Chinese",
            }
    return {"type": "object", "properties": properties}


ACCESS_SCHEMA = _object(ACCESS)

SHARED: tuple[Term, ...] = (
    Term("title", "条款名称", "Title of the terms", STRING, translated=True, dcat="dct:title",
         about_zh="页面上的名称；不写时显示代号。", about_en="As pages show it; the id where it is left out."),
    *(term for term in ACCESS if term.name != "use"),
)  # fmt: skip
"""One block of ``terms.yaml``, which many datasets refer to."""
CONTACT_SCHEMA: JsonSchema = {"type": "object", "minProperties": 1, "properties": {
    "name": STRING, "name_en": STRING, "email": EMAIL, "phone": STRING, "url": URL, "address": STRING, "address_en": STRING}}  # fmt: skip

WAIVED_CLASSES = (
    *("resident-id", "mobile-phone", "bank-card", "person-described"),
    *("travel-document", "number-plate", "sole-trader", "person-named", "vulnerable-people", "person-told"),
    *("k-anonymity", "search-incomplete"),
    *("secret-key", "secret-password"),
)
"""Kinds of problems that a waiver can clear (see docs/disclosure.md)."""

WAIVER: tuple[Term, ...] = (
    Term("class", "类别", "Class", _one_of(WAIVED_CLASSES), about_zh="检查报告里的问题名称。", about_en="The problem's name in the report."),
    Term("resource", "资源", "Resource", STRING, about_zh="资源的 name；涉及数据集标题、说明时不写。", about_en="Its name; left out for the dataset's own texts."),
    Term("field", "位置", "Place", STRING, about_zh="报告里给出的字段名或属性名；涉及整个文件时不写。", about_en="Field or property as the report names it; left out for a file as a whole."),
    Term("reason", "理由", "Reason", STRING, about_zh="为什么可以公开，依据哪一条规定。", about_en="Why it may be public, and by which rule."),
    Term("approver", "审核人", "Approver", STRING, about_zh="谁看过并负责；不公开。", about_en="Who has looked and answers for it; not published."),
    Term("expires", "到期日", "Expires", DATE, about_zh="这一天之后重新拦截。", about_en="After this day it blocks again."),
)  # fmt: skip

QUASI_IDENTIFIERS = (
    Term("quasi_identifiers", "准标识符", "Quasi-identifiers", TEXTS,
         about_zh="合在一起能认出一个人的字段，如性别、出生年、街道；也可以写在 schema 里。",
         about_en="Fields that together tell a person, as sex, year of birth, street; may stand in the schema as well.",
         public=False),
    Term("k", "最小组", "Smallest group", {"type": "integer", "minimum": 2},
         about_zh="准标识符的每种组合至少要有多少行相同，默认 5。", about_en="Rows that must share each combination; 5 when left out.", public=False),
)  # fmt: skip

RESOURCE_OURS: tuple[Term, ...] = (
    Term("hashes", "各文件的校验值", "Checksums of the files", CHECKSUMS,
         about_zh="path 是列表且其中有网络地址时，按顺序写每个文件的 sha256；本地文件写 null。",
         about_en="Where path is a list with remote files: the sha256 of each, in order; null for a local one.", public=False),
    Term("openness", "开放属性", "Openness", _one_of(OPENNESS), dcat="dct:accessRights",
         about_zh="与数据集不同时才写。", about_en="Only when it differs from the dataset's."),
    Term("access", "开放条件", "Access terms", ACCESS_SCHEMA, dcat="odrl:hasPolicy"),
    Term("title", "标题", "Title", STRING, translated=True, standard=True, dcat="dct:title"),
    Term("description", "说明", "Description", STRING, translated=True, standard=True, dcat="dct:description"),
    *QUASI_IDENTIFIERS,
)  # fmt: skip

TYPES_OF_VIEWS = ("bar", "line", "area", "scatter", "map", "table")
AGGREGATES = ("sum", "mean", "min", "max", "count")

VIEW: tuple[Term, ...] = (
    Term("name", "标识符", "Identifier", SLUG, about_zh="数据集内不重复，成为图表数据文件的名称。", about_en="Once in the dataset; part of the name of the chart's file of values."),
    Term("title", "标题", "Title", STRING, translated=True, about_zh="图上方的标题，说明看什么。", about_en="Stands above the chart, and says what is to be seen."),
    Term("resource", "资源", "Resource", STRING, about_zh="画哪个资源；只有一个资源时可以不写。", about_en="What is drawn; may be left out where there is one resource."),
    Term("type", "图表类型", "Type", _one_of(TYPES_OF_VIEWS),
         about_zh="bar 条形图、line 折线图、area 面积图、scatter 散点图、map 点位图、table 汇总表。", about_en="Bars, lines, areas, a scatter plot, a map, or a table."),
    Term("x", "横轴字段", "Column of the x axis", STRING,
         about_zh="字段名；点位图写经度字段，或 geopoint 字段；不写时按字段名找经纬度。", about_en="A field's name; of a map the longitude, or the geopoint. A map without it looks for them."),
    Term("y", "纵轴字段", "Columns of the y axis", TEXT_OR_TEXTS,
         about_zh="数值字段，可以有几个；不写时数行数；点位图写纬度字段。", about_en="One numeric field, or several; the number of rows where it is left out. Of a map the latitude."),
    Term("group", "分组字段", "Column to group by", STRING, about_zh="每个值一条线（一种颜色），最多画 8 组。", about_en="A line, or a colour, for each value; at most eight are drawn."),
    Term("aggregate", "汇总方式", "Aggregate", _one_of(AGGREGATES), about_zh="与字段的 aggregation 不同时才写。", about_en="Only where it differs from the field's aggregation."),
)  # fmt: skip
"""One of ``views``. The draft of Frictionless (``specType: simple``) is understood too; see ``generator/views.py``."""
VIEWS_SCHEMA: JsonSchema = {"type": "array", "items": _object(VIEW)}

FIELD: tuple[Term, ...] = (
    Term("name", "字段名", "Field name", STRING, standard=True, dcat="csvw:name"),
    Term(
        "title",
        "中文名",
        "Title",
        STRING,
        translated=True,
        standard=True,
        schema_org="variableMeasured.name",
        column="信息项名称",
    ),
    Term("type", "类型", "Type", STRING, standard=True, column="数据类型"),
    Term("description", "说明", "Description", STRING, translated=True, standard=True),
    Term("unit", "单位", "Unit", STRING, schema_org="variableMeasured.unitText"),
    Term(
        "office_contact",
        "办公联系方式",
        "Office contact",
        {"type": "boolean"},
        about_zh="true：这一列是单位对外公布的电话，不是个人的。",
        about_en="true: telephones that offices publish, not people's own.",
        public=False,
    ),
    Term(
        "aggregation",
        "汇总方式",
        "Aggregation",
        _one_of(AGGREGATES),
        about_zh="多行合成一个数时怎么算：sum 合计（如人次、金额）、mean 平均（如温度、比率）、min 最小、max 最大、count 计数。图表按它汇总；不写时取平均。",
        about_en="How several rows become one number: sum (boardings, amounts), mean (temperatures, rates), min, max or count. Charts go by it; the mean where it is left out.",
    ),
)

DATASET: tuple[Term, ...] = (
    Term("name", "标识符", "Identifier", SLUG, standard=True, dcat="dct:identifier", schema_org="identifier", column="标识符",
         about_zh="与文件夹同名，小写字母、数字和连字符；发布后不再改动。", about_en="The folder's name; never changed once published."),
    Term("title", "名称", "Title", STRING, translated=True, standard=True, dcat="dct:title", schema_org="name", column="名称"),
    Term("description", "摘要", "Description", STRING, translated=True, standard=True, dcat="dct:description", schema_org="description", column="简介"),
    Term("openness", "开放属性", "Openness", _one_of(OPENNESS), dcat="dct:accessRights", schema_org="isAccessibleForFree", column="开放方式",
         about_zh="unconditional 无条件开放；conditional 有条件开放；closed 不予开放。没有默认值。", about_en="There is no default."),
    Term("access", "开放条件", "Access terms", ACCESS_SCHEMA, dcat="odrl:hasPolicy", schema_org="conditionsOfAccess", column="开放条件"),
    Term("agency", "数据提供方", "Agency", SLUG, dcat="dct:publisher", schema_org="publisher", column="数据提供方",
         about_zh="部门文件夹名；不写时取上一级文件夹。", about_en="An agency's id; the folder above when left out."),
    Term("source_department", "数源部门", "Source department", SLUG, dcat="dct:creator", schema_org="creator", column="数源部门"),
    Term("collection", "采集信息", "Collection",
         {"type": "object", "properties": {"legal_basis": STRING, "legal_basis_en": STRING, "system": STRING, "system_en": STRING, "items": TEXTS}},
         about_zh="采集依据、来源系统和信息项；一数一源：一个信息项只能由一个数据集登记。",
         about_en="Legal basis, system and data items; an item is claimed by one dataset only.", dcat="dct:provenance"),
    Term("catalogue_code", "资源代码", "Catalogue code", STRING, dcat="adms:identifier", column="资源代码"),
    Term("provincial_entry", "省平台条目", "Entry on the province's platform", URL, dcat="foaf:isPrimaryTopicOf", schema_org="sameAs"),
    Term("sharing", "共享属性", "Sharing",
         {"type": "object", "properties": {"type": _one_of(("unconditional", "conditional", "none")), "condition": STRING,
                                           "condition_en": STRING, "mode": STRING, "mode_en": STRING}}, column="共享类型"),
    Term("update_cycle", "更新频率", "Update cycle", _one_of(vocabularies.update_cycles()), dcat="dct:accrualPeriodicity", column="更新频率"),
    Term("theme", "主题", "Theme", _one_of(vocabularies.themes()), dcat="dcat:theme", schema_org="about", column="主题分类"),
    Term("industry", "行业", "Industry", _one_of(vocabularies.industries()), column="行业"),
    Term("keywords", "关键字", "Keywords", TEXTS, translated=True, standard=True, dcat="dcat:keyword", schema_org="keywords", column="关键字"),
    Term("spatial", "空间范围", "Spatial coverage",
         {"anyOf": [STRING, {"type": "object", "properties": {
             "name": STRING, "name_en": STRING, "code": DIVISION,
             "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4}}}]},
         dcat="dct:spatial", schema_org="spatialCoverage"),
    Term("temporal", "时间范围", "Temporal coverage", {"type": "object", "properties": {"start": STRING, "end": STRING}},
         dcat="dct:temporal", schema_org="temporalCoverage"),
    Term("language", "语言", "Language", {"anyOf": [STRING, TEXTS]}, dcat="dct:language", schema_org="inLanguage"),
    Term("crs", "坐标参考系", "Coordinate reference system", CRS, dcat="dct:conformsTo",
         about_zh="如 EPSG:4490（CGCS2000）、EPSG:4326（WGS 84）、GCJ-02。", about_en="As EPSG:4490, EPSG:4326 or GCJ-02."),
    Term("contact", "联系方式", "Contact", CONTACT_SCHEMA, dcat="dcat:contactPoint", schema_org="creator.contactPoint", column="联系人邮箱"),
    Term("created", "发布日期", "Published on", DATE_AND_TIME, standard=True, dcat="dct:issued", schema_org="datePublished", column="发布日期",
         about_zh="标准要求带时间和时区。", about_en="The standard wants time and zone too."),
    Term("modified", "更新日期", "Updated on", DATE_OR_TIME, dcat="dct:modified", schema_org="dateModified", column="更新日期"),
    Term("version", "版本", "Version", STRING, standard=True, dcat="dcat:version", schema_org="version"),
    Term("licenses", "许可", "Licence", {"type": "array", "items": {"type": "object"}}, standard=True, dcat="dct:license", schema_org="license", column="许可"),
    Term("sources", "来源", "Sources", {"type": "array", "items": {"type": "object"}}, standard=True, dcat="dct:source", schema_org="isBasedOn"),
    Term("contributors", "贡献者", "Contributors", {"type": "array", "items": {"type": "object"}}, standard=True, schema_org="contributor"),
    Term("homepage", "主页", "Home page", STRING, standard=True, dcat="foaf:page", schema_org="sameAs"),
    Term("id", "全局标识", "Global identifier", STRING, standard=True, dcat="adms:identifier", schema_org="identifier"),
    Term("demonstration", "示例数据", "Demonstration data", STRING, translated=True,
         about_zh="虚构的数据必须写明，页面上会醒目标出。", about_en="Invented data say so; the page shows it."),
    Term("waivers", "豁免", "Waivers", {"type": "array", "items": _object(WAIVER)},
         about_zh="审核人看过并同意公开的敏感内容。", about_en="Sensitive content that somebody has looked at and allows.", public=False),
    Term("views", "图表", "Views", VIEWS_SCHEMA, about_zh="数据集页面上的图表，发布时画好；不写时按字段自动画。", about_en="Charts of the dataset's page, drawn when it is published; without them the columns decide."),
    Term("resources", "数据资源", "Resources", {"type": "array", "items": _object(RESOURCE_OURS)}, standard=True, dcat="dcat:distribution", schema_org="distribution"),
)  # fmt: skip

AGENCY: tuple[Term, ...] = (
    Term("id", "部门代号", "Agency id", SLUG, about_zh="与文件夹同名。", about_en="The folder's name."),
    Term("name", "名称", "Name", STRING, translated=True, dcat="foaf:name"),
    Term("short_name", "简称", "Short name", STRING, translated=True),
    Term("description", "职责", "Remit", STRING, translated=True),
    Term("code", "统一社会信用代码", "Unified social credit code", CREDIT_CODE, dcat="dct:identifier", column="提供方代码"),
    Term("contact", "联系方式", "Contact", CONTACT_SCHEMA, dcat="vcard:Organization"),
    Term("homepage", "网站", "Website", URL, dcat="foaf:homepage"),
    Term("approver", "审核人", "Approver", STRING, about_zh="谁审核本部门的合并请求。", about_en="Who approves requests.", public=False),
)  # fmt: skip

CHANGE: tuple[Term, ...] = (
    Term("what", "变更", "Change", _one_of(("withdrawn", "renamed", "less-open")),
         about_zh="withdrawn 撤回；renamed 改名；less-open 缩小开放。", about_en="Withdrawn, renamed, or less open than before."),
    Term("date", "变更日期", "Date of the change", DATE, about_zh="从这一天起生效；在这之前不起作用，也不公开。",
         about_en="In force from this day; before it the entry does nothing and is not shown."),
    Term("name", "标识符", "Identifier", NAME, about_zh="数据集原来的标识符；不写时为文件夹名。", about_en="The dataset's former identifier; the folder's name when left out."),
    Term("resource", "资源", "Resource", NAME, about_zh="只涉及一个资源时写它的标识符。", about_en="Where only one resource changed: its name."),
    Term("title", "名称", "Title", STRING, translated=True, about_zh="撤回或改名的数据集原来叫什么。", about_en="What the dataset was called."),
    Term("from", "原开放属性", "Openness before", _one_of((*OPENNESS, "mixed")), about_zh="mixed 为部分开放。", about_en="Mixed: its resources differed."),
    Term("to", "现开放属性", "Openness after", _one_of(OPENNESS), about_zh="缩小开放时必填。", about_en="Required when less open."),
    Term("reason", "理由", "Reason", STRING, translated=True),
    Term("legal_basis", "依据", "Legal basis", STRING, translated=True),
    Term("reviewed", "审核日期", "Reviewed on", DATE),
    Term("reviewed_by", "审核单位", "Reviewed by", STRING, translated=True, about_zh="单位名称，公开。", about_en="A body; published."),
    Term("approver", "审核人", "Approver", STRING, about_zh="不公开。", about_en="Not published."),
    Term("successor", "替代", "Successor", NAME, about_zh="新的标识符；改名时必填。", about_en="The new identifier; required when renamed."),
    Term("published", "首次发布日期", "First published on", DATE_OR_TIME),
    Term("modified", "最后更新日期", "Last updated on", DATE_OR_TIME),
    Term("release", "最后一次发布的校验值", "Checksum of the last release", {"type": "string", "pattern": "^[0-9a-f]{64}$"},
         about_zh="取自已发布站点的 releases.json。", about_en="From the published site's releases.json."),
    Term("restored", "恢复日期", "Restored on", DATE, about_zh="撤回后又重新发布时填写。", about_en="When it is published again after all."),
    Term("demonstration", "示例数据", "Demonstration data", STRING, translated=True, about_zh="虚构的写明。", about_en="An invented entry says so."),
)  # fmt: skip

DATASETS: JsonSchema = {"type": "array", "items": NAME, "uniqueItems": True}
DEMAND_STATUSES = ("received", "considering", "planned", "published", "available", "declined")
ANSWERED = ("planned", "published", "available", "declined")
"""Statuses that say something to the one who asked: they need a reply and its day."""
REUSE_TYPES = ("app", "website", "visualisation", "article", "research", "service", "teaching", "other")
REUSE_STATUSES = ("active", "ended")
_ORGANIZATION = Term(
    "organization", "单位", "Organisation", STRING, translated=True,
    about_zh="只写单位名称，不写个人。", about_en="A body only, never a person.")  # fmt: skip
_REPLY = (
    Term("reply", "答复", "Reply", STRING, translated=True),
    Term("replied", "答复日期", "Replied on", DATE),
)
_INVENTED = Term(
    "demonstration",
    "示例",
    "Demonstration",
    STRING,
    translated=True,
    about_zh="虚构的写明。",
    about_en="An invented entry says so.",
)
_ENTRY = Term(
    "id",
    "编号",
    "Id",
    NAME,
    about_zh="清单里唯一，也是页面上的地址，定了不改。",
    about_en="Unique in the list, and its address on the page: never change it.",
)

DEMAND: tuple[Term, ...] = (
    _ENTRY,
    Term("title", "名称", "Title", STRING, translated=True),
    Term("wanted", "需要什么数据", "What is wanted", STRING, translated=True),
    Term("purpose", "用途", "What for", STRING, translated=True),
    _ORGANIZATION,
    Term("asked", "提出日期", "Asked on", DATE),
    Term("status", "办理状态", "Status", _one_of(DEMAND_STATUSES),
         about_zh="received 已收到；considering 研究中；planned 计划开放；published 已开放；available 已有数据；declined 暂不开放。后四种须有 reply 和 replied。",
         about_en="The last four need reply and replied."),
    *_REPLY,
    Term("agency", "答复部门", "Answering department", SLUG),
    Term("datasets", "相关数据集", "Datasets", DATASETS, about_zh="数据集的标识符。", about_en="Their identifiers."),
    Term("url", "来源网址", "Where it was asked", URL, about_zh="代码托管平台上的议题。", about_en="The issue on the forge."),
    _INVENTED,
)  # fmt: skip
REUSE: tuple[Term, ...] = (
    _ENTRY,
    Term("title", "名称", "Title", STRING, translated=True),
    Term("description", "说明", "Description", STRING, translated=True),
    Term("type", "类型", "Type", _one_of(REUSE_TYPES),
         about_zh="app 应用；website 网站；visualisation 可视化；article 报道；research 研究；service 服务；teaching 教学；other 其他。", about_en="What sort of thing it is."),
    _ORGANIZATION,
    Term("url", "网址", "Address", URL),
    Term("published", "发布日期", "Published on", DATE),
    Term("datasets", "用到的数据集", "Datasets", {**DATASETS, "minItems": 1}, about_zh="数据集的标识符。", about_en="Their identifiers."),
    Term("status", "状态", "Status", _one_of(REUSE_STATUSES), about_zh="active 在用（不写时）；ended 已停止。", about_en="Active when left out; ended: it is there no more."),
    *_REPLY,
    _INVENTED,
)  # fmt: skip
NEEDED_OF_DEMAND = ("id", "title", "wanted", "asked", "status")
NEEDED_OF_REUSE = ("id", "title", "description", "type", "url", "published", "datasets")


def labels(terms: tuple[Term, ...] = DATASET) -> Mapping[str, Mapping[str, str]]:
    """Label of each term: name → language → label."""
    return {term.name: {"zh": term.zh, "en": term.en} for term in terms}


def dataset_schema(identifier: str = "") -> dict[str, Any]:
    """The JSON Schema of a dataset's descriptor, for editors and for ``check``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **({"$id": identifier} if identifier else {}),
        "title": "开数数据集描述 Kaishu dataset descriptor",
        **_object(DATASET),
    }


def agency_schema(identifier: str = "") -> dict[str, Any]:
    """The JSON Schema of ``agency.yaml``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **({"$id": identifier} if identifier else {}),
        "title": "开数部门描述 Kaishu agency descriptor",
        **_object(AGENCY),
        "required": ["name"],
    }


def shared_terms_schema(identifier: str = "") -> dict[str, Any]:
    """The JSON Schema of ``terms.yaml``: blocks of access terms by id."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **({"$id": identifier} if identifier else {}),
        "title": "开数共用开放条件 Kaishu shared access terms",
        "type": "object",
        "propertyNames": SLUG,
        "additionalProperties": _object(SHARED),
    }


def change_schema() -> dict[str, Any]:
    """The JSON Schema of one entry of ``changes.yaml``."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_object(CHANGE)}


def demand_schema() -> dict[str, Any]:
    """The JSON Schema of one entry of ``demands.yaml``."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_object(DEMAND)}


def reuse_schema() -> dict[str, Any]:
    """The JSON Schema of one entry of ``reuses.yaml``."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_object(REUSE)}


def demands_schema(identifier: str = "") -> dict[str, Any]:
    return _list_schema("demands", "开数数据需求清单 Kaishu demands", DEMAND, NEEDED_OF_DEMAND, identifier)


def reuses_schema(identifier: str = "") -> dict[str, Any]:
    return _list_schema("reuses", "开数应用成果清单 Kaishu reuses", REUSE, NEEDED_OF_REUSE, identifier)


def _list_schema(
    name: str, title: str, listed: tuple[Term, ...], needed: tuple[str, ...], identifier: str
) -> dict[str, Any]:
    """Unlike a descriptor, such a file takes no other properties: what is not listed could be about a person."""
    entry = {**_object(listed), "required": list(needed), "additionalProperties": False}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **({"$id": identifier} if identifier else {}),
        "title": title,
        "type": "object",
        "properties": {name: {"type": "array", "items": entry}},
        "required": [name],
        "additionalProperties": False,
    }
