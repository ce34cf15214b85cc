"""A small catalogue with a dataset of each kind, and the files that it serves."""

from __future__ import annotations

from pathlib import Path

from generator import vocabularies
from generator.config import Portal
from generator.public import (
    Access,
    Agency,
    Agreement,
    Catalog,
    Collection,
    Contact,
    Contributor,
    Dataset,
    Field,
    ForeignKey,
    License,
    Resource,
    Schema,
    Sharing,
    Source,
    Spatial,
    Temporal,
)
from generator.releases import Change
from generator.text import Text, bilingual
from tests.exports.files_on_disk import Files, a_zip

URL = "https://data.example.org/opendata/"

HOSTILE = (
    "</script><script>alert(1)</script><!-- ]]> & \" ' \\ \u2028\u2029 \x00\x01\x0b\x1b \ud800 \ufffe "
    "\u202eevil\u202c <b>粗</b> {{x}} ${y} 😀"
)
"""What an author could write; the bidirectional marks are legal everywhere and are to be kept."""

HEALTH = Agency(
    "health",
    bilingual("江门市卫生健康局", "Jiangmen Health Bureau"),
    code="11440700MB2C000000",
    contact=Contact(
        bilingual("数据科", "Data section"), "data@health.example", "0750-1234567", "https://health.example/联系"
    ),
    homepage="https://health.example/",
)
STATISTICS = Agency("statistics", bilingual("江门市统计局", "Jiangmen Bureau of Statistics"))
BARE = Agency("bare", Text("某单位"))

CC_BY = vocabularies.licenses()["cc-by-4.0"]

TERMS = Access(
    reason=bilingual("含个人信息", "Holds personal information"),
    legal_basis=bilingual("《办法》第十六条", "Measures, Article 16"),
    applicants=bilingual("依法登记的法人", "Registered legal persons"),
    purposes=(bilingual("科研", "Research"), Text("统计")),
    conditions=(bilingual("不得转让。", "No passing on."), bilingual("注明来源", "Name the source")),
    security=(Text("加密存储"),),
    materials=(bilingual("申请表", "Form"),),
    channel=Contact(email="apply@health.example", url="https://health.example/apply"),
    response_days=15,
    fee=bilingual("免费", "Free"),
    agreement=Agreement(
        bilingual("数据利用协议", "Data use agreement"), "https://health.example/agreement", Text("……")
    ),
    reviewed="2026-06-01",
    review_by="2027-06-01",
)


CHANGES = (
    Change(
        "2026-06-01", "withdrawn", "ferry-timetable", bilingual("渡口班次", "Timetable of the ferries"), "transport",
        bilingual("交通运输局", "Transport Bureau"), before="unconditional", reason=bilingual("渡口已停航。", "No ferry."),
        legal_basis=Text("办法第十二条"), reviewed="2026-05-20", successor="hospital-beds", created="2024-01-02",
        modified="2026-04-02", digest="ab" * 32,
    ),
    Change(
        "2026-05-01", "less-open", "patients", Text("门诊量"), "health", Text("卫健局"), before="unconditional",
        after="conditional", reason=Text("含个人信息 \x00<b>&\ud800。"), reviewed="2026-04-20",
    ),
)  # fmt: skip


def write_catalogue(root: Path) -> Catalog:
    """The catalogue; its files are written to ``root``, where the site would have them."""
    files = Files(root)
    datasets = (_open(files), _conditional(), _mixed(files), _closed(), _geo(files), _bare(files), _hostile(files))
    return Catalog(
        portal=Portal(
            title=bilingual("示例目录", "Example catalogue"),
            description=bilingual("一个目录。", "A catalogue."),
            url=URL,
            publisher=bilingual("数据局", "Data Office"),
            publisher_url="https://office.example/",
            email="data@office.example",
            place=bilingual("江门市", "Jiangmen"),
            place_code="440700",
            license_url="https://creativecommons.org/licenses/by/4.0/",
        ),
        datasets=tuple(sorted(datasets, key=lambda dataset: dataset.name)),
        agencies=(BARE, HEALTH, STATISTICS),
        themes=tuple(vocabularies.themes().values()),
        industries=tuple(vocabularies.industries().values()),
        update_cycles=tuple(vocabularies.update_cycles().values()),
        changes=CHANGES,
    )


def _open(files: Files) -> Dataset:
    """Everything that a descriptor can say, and a key between its two tables."""
    districts = Schema(
        fields=(
            Field("code", "string", bilingual("代码", "Code"), constraints={"required": True, "pattern": "[0-9]{6}"}),
            Field("name", "string", bilingual("名称", "Name"), bilingual("全称", "Full name")),
            Field("parent", "string", Text("上级"), properties={"missingValues": ["", "-"]}),
        ),
        primary_key=("code",),
        foreign_keys=(ForeignKey(("parent",), "", ("code",)),),
    )
    beds = Schema(
        fields=(
            Field("district", "string", bilingual("区划", "District")),
            Field("year", "year", Text("年份")),
            Field(
                "beds",
                "number",
                bilingual("床位", "Beds"),
                unit="张",
                constraints={"minimum": 0, "maximum": float("inf")},
            ),
            Field("checked", "date", format="%Y/%m/%d"),
        ),
        primary_key=("district", "year"),
        unique_keys=(("district", "year"),),
        foreign_keys=(ForeignKey(("district",), "districts", ("code",)),),
        missing_values=("", "NA"),
    )
    return Dataset(
        name="hospital-beds",
        title=bilingual("医院床位", "Hospital beds"),
        description=bilingual(
            "各区医院床位数，逐年。" * 6, "Beds in the hospitals of each district, year by year. " * 2
        ),
        openness="unconditional",
        agency=HEALTH,
        resources=(
            Resource(
                "beds",
                bilingual("床位表", "Beds"),
                "unconditional",
                "table",
                bilingual("每区每年一行", "One row a district and year"),
                beds,
                files.table(
                    "hospital-beds",
                    "beds",
                    {
                        "district": ["440703", "440704"],
                        "year": ["2023", "2023"],
                        "beds": ["10.5", "NA"],
                        "checked": ["2024/01/02", ""],
                    },
                ),
                rows=2,
            ),
            Resource(
                "districts",
                bilingual("区划表", "Districts"),
                "unconditional",
                "table",
                schema=districts,
                distributions=files.for_excel(
                    files.table(
                        "hospital-beds",
                        "districts",
                        {
                            "code": ["440700", "440703", "440704"],
                            "name": ["江门", "蓬江", "江海"],
                            "parent": ["-", "440700", "440700"],
                        },
                    ),
                    "excel-csv",
                ),
                rows=3,
            ),
        ),
        keywords=(bilingual("医院", "hospital"), bilingual("床位", "beds")),
        theme=vocabularies.themes()["health"],
        industry=vocabularies.industries()["Q"],
        update_cycle=vocabularies.update_cycles()["yearly"],
        licenses=(CC_BY, License("", Text("另一许可"), "https://license.example/")),
        sources=(
            Source(bilingual("统计年鉴", "Yearbook"), "http://stats.example/年鉴?a=1&b=<2>", "a@stats.example"),
            Source(Text("内部台账")),
        ),
        contributors=(Contributor(Text("张三"), ("author",), "https://people.example/zhang", "统计局"),),
        contact=Contact(Text("李四"), "li@health.example", "+86 750 1234567"),
        homepage="https://health.example/beds",
        version="1.2.0",
        created="2023-09-11",
        modified="2024-02-29",
        languages=("zh", "en"),
        spatial=Spatial(bilingual("江门市", "Jiangmen"), "440700", (112.0, 21.5, 113.25, 22.85)),
        temporal=Temporal("2023-01-01", "2023-12-31"),
        catalogue_code="3.440700/0001",
        provincial_entry="https://province.example/entry/1",
        source_department=STATISTICS,
        collection=Collection(
            bilingual("《统计法》", "Statistics Law"), bilingual("直报系统", "Reporting system"), ("床位数",)
        ),
        sharing=Sharing("conditional", bilingual("按需", "On request"), Text("接口")),
        id="https://doi.example/10.1/beds",
    )


def _patients() -> Schema:
    return Schema(
        fields=(Field("id", "string", bilingual("编号", "Number")), Field("age", "integer", Text("年龄"), unit="岁")),
        primary_key=("id",),
    )


def _conditional() -> Dataset:
    return Dataset(
        name="patients",
        title=bilingual("住院病人", "In-patients"),
        description=Text("住院记录。"),
        openness="conditional",
        agency=HEALTH,
        resources=(
            Resource(
                "patients", bilingual("病人", "Patients"), "conditional", "table", schema=_patients(), access=TERMS
            ),
            Resource("scans", Text("影像"), "conditional", "file", access=TERMS),
        ),
        keywords=(Text("病人"),),
        theme=vocabularies.themes()["health"],
        licenses=(License("terms", Text("使用条款")),),
        created="2024-01-01T08:00:00+08:00",
        languages=("zh",),
        access=TERMS,
    )


def _mixed(files: Files) -> Dataset:
    """An open table that refers to a table whose rows are not given out, and a part that is closed."""
    visits = Schema(
        fields=(Field("patient", "string"), Field("day", "date")),
        foreign_keys=(ForeignKey(("patient",), "patients", ("id",)),),
    )
    own = Access(reason=Text("另行审批"), conditions=(Text("仅限本市"),))
    return Dataset(
        name="visits",
        title=bilingual("就诊", "Visits"),
        description=Text("就诊记录，病人表有条件开放。"),
        openness="mixed",
        agency=HEALTH,
        resources=(
            Resource(
                "visits",
                Text("就诊"),
                "unconditional",
                "table",
                schema=visits,
                distributions=files.for_excel(
                    files.table("visits", "visits", {"patient": ["a"], "day": ["2024-01-01"]}), "excel"
                ),
                rows=1,
            ),
            Resource("patients", Text("病人"), "conditional", "table", schema=_patients(), access=own),
            Resource(
                "names", Text("姓名"), "closed", "table", schema=_patients(), access=Access(reason=Text("个人信息"))
            ),
        ),
        licenses=(CC_BY,),
        modified="2024-03",
        access=TERMS,
        demonstration=bilingual("由脚本生成", "Made by a script"),
    )


def _closed() -> Dataset:
    return Dataset(
        name="cases",
        title=bilingual("案件", "Cases"),
        description=Text("案件材料。"),
        openness="closed",
        agency=STATISTICS,
        resources=(),
        theme=vocabularies.themes()["legal"],
        access=Access(reason=bilingual("涉密", "Secret"), legal_basis=bilingual("《保密法》", "Secrets Law")),
    )


def _geo(files: Files) -> Dataset:
    point = b'{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[113,22.5]}}'
    return Dataset(
        name="bus-stops",
        title=bilingual("公交站", "Bus stops"),
        description=bilingual("公交站点。", "Stops."),
        openness="unconditional",
        agency=STATISTICS,
        resources=(
            Resource(
                "stops",
                Text("站点"),
                "unconditional",
                "file",
                distributions=(
                    files.write("data/bus-stops/stops.geojson", point, "GeoJSON", "application/geo+json", eu="GEOJSON"),
                ),
            ),
            Resource(
                "note",
                Text("说明"),
                "unconditional",
                "file",
                distributions=(
                    files.write("data/bus-stops/note.pdf", b"%PDF-1.4\n%%EOF\n", "PDF", "application/pdf", eu="PDF"),
                ),
            ),
            Resource(
                "shapes",
                Text("线网"),
                "unconditional",
                "file",
                distributions=(files.write("data/bus-stops/shapes.zip", a_zip(), "ZIP", "application/zip", eu="ZIP"),),
            ),
        ),
        licenses=(vocabularies.licenses()["wtfpl"],),
        crs="GCJ-02",
        modified="2025-01-01",
        spatial=Spatial(bbox=(170.0, -10.0, -170.0, 10.0)),
        temporal=Temporal("2020"),
    )


def _bare(files: Files) -> Dataset:
    """Nothing but what must be there; it even has a name that needs encoding, as other people's packages do."""
    table = files.table("站点.v1", "a b", {"x": ["1"]})
    return Dataset(
        name="站点.v1",
        title=Text(),
        description=Text(),
        openness="unconditional",
        agency=BARE,
        resources=(
            Resource(
                "a-b", Text(), "unconditional", "table", schema=Schema((Field("x", "integer"),)), distributions=table
            ),
        ),
    )


def _hostile(files: Files) -> Dataset:
    text = Text(HOSTILE, "zh", (("en", HOSTILE),))
    name = "<script>alert(1)</script>"
    table = files.table("hostile", "$(x)'&<y>", {"a": ["=1+1"]})
    return Dataset(
        name="hostile",
        title=Text(f"=HYPERLINK(1) {HOSTILE}", 'x"><'),
        description=text,
        openness="unconditional",
        agency=Agency("evil", text, code=name, homepage="javascript:alert(1)"),
        resources=(
            Resource(
                "hostile",
                text,
                "unconditional",
                "table",
                text,
                Schema((Field("a", "string", text, text, unit=HOSTILE, constraints={"enum": ["=1+1", name]}),)),
                table,
                rows=1,
            ),
        ),
        keywords=(text,),
        licenses=(License(name, text, "javascript:alert(1)"),),
        sources=(
            Source(text, "javascript:alert(1)"),
            Source(text, "http://[broken"),
            Source(text, "file:///etc/passwd"),
        ),
        contributors=(Contributor(text, (HOSTILE,), "javascript:alert(1)", HOSTILE),),
        contact=Contact(text, 'x@y.example"><script>', "</script>"),
        homepage="data:text/html,<script>",
        version=HOSTILE,
        created="yesterday",
        modified="2023-02-30",
        languages=("zh", "</script>", ""),
        spatial=Spatial(text, HOSTILE),
        temporal=Temporal(HOSTILE, HOSTILE),
        crs=HOSTILE,
        catalogue_code=HOSTILE,
        provincial_entry="https://user:secret@province.example/<script>?\"'#</script>",
        collection=Collection(text, text, (HOSTILE,)),
        sharing=Sharing(HOSTILE, text, text),
        demonstration=text,
        id=HOSTILE,
    )
