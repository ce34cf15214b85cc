"""A catalogue with everything that pages meet, hostile values included, and a command that renders it for looking at.

python tests/pages/catalogue.py FOLDER [--many N]
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator import pages
from generator.config import Config, Feedback, Portal, read_config
from generator.public import (
    Access,
    Agency,
    Agreement,
    Catalog,
    Collection,
    Concept,
    Contact,
    Contributor,
    Dataset,
    Demand,
    Distribution,
    Field,
    ForeignKey,
    License,
    Preview,
    Resource,
    Reuse,
    Schema,
    Sharing,
    Source,
    Spatial,
    Temporal,
)
from generator.releases import Change, Record
from generator.site_engine import build_prose
from generator.text import Text, bilingual

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
HOSTILE = '<script>document.title="ran"</script>"><img src=x onerror="document.title=\'ran\'">{{ 7*7 }}'
LONG = "超长" * 60 + "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2

PORTAL = Portal(
    title=bilingual("江门市公共数据开放目录", "Jiangmen Open Public Data"),
    description=bilingual(
        "江门市各部门公共数据的查找、预览与下载：无条件开放的数据直接下载，有条件开放的数据公布申请条件与结构。",
        "Find, preview and download public data of the departments of Jiangmen. Open data can be taken at once; "
        "for data open on conditions the terms and the structure are shown.",
    ),
    url="https://data.example.gov.cn/opendata/",
    publisher=bilingual("江门市政务服务和数据管理局", "Jiangmen Administration of Government Services and Data"),
    publisher_url="https://www.example.gov.cn/",
    email="opendata@example.gov.cn",
    phone="0750-1234567",
    repository="https://git.example.gov.cn/opendata/jiangmen",
    license_url="https://creativecommons.org/licenses/by/4.0/",
    notice=bilingual("这是演示站点，部分数据为示例数据。", "This is a demonstration. Some of the data are invented."),
    feedback=Feedback("github", "https://git.example.gov.cn/opendata/jiangmen", "opendata@example.gov.cn"),
    filing=(("粤ICP备00000000号", "https://beian.miit.gov.cn/"), ("粤公网安备 44070000000000号", "")),
)

CC_BY = License(
    "CC-BY-4.0",
    bilingual("知识共享署名 4.0 国际", "Creative Commons Attribution 4.0"),
    "https://creativecommons.org/licenses/by/4.0/",
)

THEMES = tuple(
    Concept(id_, bilingual(zh, en))
    for id_, zh, en in (
        ("credit", "信用服务", "Credit services"),
        ("health", "医疗卫生", "Health care"),
        ("social-security", "社保就业", "Social security and employment"),
        ("transport", "交通运输", "Transport"),
        ("education", "教育文化", "Education and culture"),
        ("environment", "生态环境", "Environment"),
        ("industry-agriculture", "工业农业", "Industry and agriculture"),
        ("weather", "气象服务", "Weather services"),
        ("geospatial", "地理空间", "Geospatial data"),
        ("other", "其他", "Other"),
    )
)
CYCLES = tuple(
    Concept(id_, bilingual(zh, en))
    for id_, zh, en in (
        ("daily", "每日", "Daily"),
        ("monthly", "每月", "Monthly"),
        ("yearly", "每年", "Yearly"),
        ("irregular", "不定期", "Irregular"),
    )
)
THEME = {each.id: each for each in THEMES}
CYCLE = {each.id: each for each in CYCLES}

STATISTICS = Agency(
    "statistics", bilingual("江门市统计局", "Jiangmen Bureau of Statistics"), bilingual("市统计局", "Statistics"),
    bilingual("组织领导和协调全市统计工作，发布统计数据。", "Leads the city's statistics and publishes them."), "11440700MB2C0000XX",
    Contact(bilingual("数据管理科", "Data office"), "data@tjj.example.gov.cn", "0750-3500000", "", bilingual("江门市蓬江区建设路", "Jianshe Road, Pengjiang")),
    "https://tjj.example.gov.cn/",
)  # fmt: skip
TRANSPORT = Agency(
    "transport", bilingual("江门市交通运输局", "Jiangmen Transport Bureau"), bilingual("市交通运输局", "Transport")
)
HEALTH = Agency("health", Text("江门市卫生健康局"))
WEATHER = Agency("weather", bilingual("江门市气象局", "Jiangmen Meteorological Bureau"))
EVIL = Agency(
    "evil",
    Text(HOSTILE),
    description=Text(HOSTILE),
    homepage="javascript:alert(1)",
    contact=Contact(email='"><script>@x', phone=HOSTILE),
)


def table(
    name: str,
    title: Text,
    fields: Sequence[Field],
    rows: Sequence[Sequence[str | None]],
    dataset: str,
    folder: Path,
    **more: Any,
) -> Resource:
    """An open table, with real files in ``folder``."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([[field.name for field in fields], *([cell or "" for cell in row] for row in rows)])
    csv_file = folder / f"{dataset}-{name}.csv"
    csv_file.write_text(text.getvalue(), encoding="utf-8")
    parquet_file = folder / f"{dataset}-{name}.parquet"
    parquet_file.write_bytes(b"PAR1" + text.getvalue().encode() + b"PAR1")
    files = tuple(
        Distribution(
            f"data/{dataset}/{name}.{suffix}", label, media, file.stat().st_size,
            hashlib.sha256(file.read_bytes()).hexdigest(), file, len(rows),
        )
        for suffix, label, media, file in (("csv", "CSV", "text/csv", csv_file), ("parquet", "Parquet", "application/vnd.apache.parquet", parquet_file))
    )  # fmt: skip
    preview = Preview(tuple(tuple(row) for row in rows[:20]), len(rows))
    return Resource(
        name,
        title,
        "unconditional",
        "table",
        schema=Schema(tuple(fields), **more),
        distributions=files,
        preview=preview,
        rows=len(rows),
    )


DIVISION_FIELDS = (
    Field("code", "string", bilingual("区划代码", "Division code"), bilingual("九位代码。", "Nine digits."), constraints={"required": True, "unique": True, "pattern": r"\d{9}"}),
    Field("name", "string", bilingual("名称", "Name"), constraints={"required": True}),
    Field("level", "string", Text("级别"), constraints={"enum": ["区", "县级市", "镇", "街道"]}),
    Field("area", "number", bilingual("面积", "Area"), unit="km²", constraints={"minimum": 0}),
    Field("population", "integer", bilingual("常住人口", "Residents"), unit="人", constraints={"minimum": 0, "maximum": 2000000}),
    Field("founded", "date", bilingual("设立日期", "Founded"), format="%Y-%m-%d"),
)  # fmt: skip
DIVISIONS: list[list[str | None]] = [
    ["440703001", "仓后街道", "街道", "3.8", "65210", "1958-06-01"],
    ["440703002", "堤东街道", "街道", "2.14", None, ""],
    ["440703100", "棠下镇", "镇", "131.2", "120411", None],
    *([f"4407041{n:02}", f"示例镇{n}", "镇", f"{n * 3.5:.1f}", str(n * 1000), None] for n in range(27)),
]


def catalogue(folder: Path) -> Catalog:
    """Data files are written to ``folder``."""
    terms = Access(
        reason=bilingual("数据含有门诊机构的明细运营情况，全部公开可能影响公平竞争。", "The data hold details of how clinics operate."),
        legal_basis=bilingual("《江门市公共数据共享和开放利用管理办法》第十六条", "Measures of Jiangmen on public data, article 16"),
        applicants=bilingual("在中国境内登记的法人和其他组织", "Bodies registered in China"),
        purposes=(bilingual("学术研究", "Research"), bilingual("公共服务", "Public services")),
        conditions=(bilingual("不得尝试识别个人", "Do not try to identify anyone"), bilingual("成果注明数据来源", "Name the source"), Text("仅限申请书写明的用途")),
        security=(bilingual("在受控环境中使用", "Use in a controlled environment"),),
        materials=(bilingual("申请表", "Application form"), bilingual("营业执照或法人证书复印件", "Copy of the licence")),
        channel=Contact(email="apply@wsjk.example.gov.cn", phone="0750-3800000", url="https://apply.example.gov.cn/"),
        response_days=15, fee=bilingual("免费", "Free of charge"),
        agreement=Agreement(bilingual("数据使用协议", "Data use agreement"), "https://apply.example.gov.cn/agreement"),
        reviewed="2026-06-01", review_by="2027-06-01",
    )  # fmt: skip
    visits = Schema(
        (
            Field("clinic", "string", bilingual("机构代码", "Clinic code"), constraints={"required": True}),
            Field("visits", "integer", bilingual("门诊人次", "Visits"), unit="人次"),
        )
    )
    open_stops = table("stops", bilingual("站点", "Stops"), (Field("stop", "string", bilingual("站点编号", "Stop id")), Field("lon", "number", bilingual("经度", "Longitude")), Field("lat", "number", bilingual("纬度", "Latitude"))), [["S001", "113.0812", "22.5901"], ["S002", "113.0799", "22.6012"]], "bus-stops", folder, primary_key=("stop",))  # fmt: skip
    open_lines = table("lines", Text("线路"), (Field("line", "string", Text("线路编号")), Field("first_stop", "string")), [["1", "S001"]], "bus-stops", folder, foreign_keys=(ForeignKey(("first_stop",), "stops", ("stop",)),))  # fmt: skip
    datasets = [
        Dataset(
            "jiangmen-divisions", bilingual("江门市行政区划代码", "Administrative division codes of Jiangmen"),
            bilingual(
                "江门市所辖区、县级市、镇和街道的行政区划代码、名称、面积与常住人口。代码依照国家标准 GB/T 2260。\n\n更多信息见 https://www.stats.gov.cn/sj/tjbz/ 。",
                "Codes, names, area and residents of the districts, county-level cities, towns and subdistricts of Jiangmen. The codes follow GB/T 2260.\n\nSee https://www.stats.gov.cn/sj/tjbz/.",
            ),
            "unconditional", STATISTICS,
            (table("divisions", bilingual("行政区划代码表", "Divisions"), DIVISION_FIELDS, DIVISIONS, "jiangmen-divisions", folder, primary_key=("code",), unique_keys=(("name", "level"),)),),
            keywords=(bilingual("行政区划", "divisions"), bilingual("区划代码", "division codes"), Text("人口")),
            theme=THEME["geospatial"], industry=Concept("S", bilingual("公共管理、社会保障和社会组织", "Public administration")),
            update_cycle=CYCLE["yearly"], licenses=(CC_BY,), sources=(Source(bilingual("国家统计局", "National Bureau of Statistics"), "https://www.stats.gov.cn/"),),
            contributors=(Contributor(Text("江门市统计局"), ("publisher",)),), version="1.0.0", created="2023-09-11", modified="2025-11-02", languages=("zh",),
            spatial=Spatial(bilingual("江门市", "Jiangmen"), "440700", (111.99, 21.45, 113.25, 22.86)), temporal=Temporal("2023-01-01", "2023-12-31"),
            catalogue_code="307440700/000123", provincial_entry="https://gddata.gd.gov.cn/example", source_department=STATISTICS,
            collection=Collection(bilingual("《统计法》第七条", "Statistics Act, article 7"), bilingual("区划代码系统", "Division code system"), ("区划代码", "名称")),
            sharing=Sharing("unconditional", mode=bilingual("接口", "Interface")), crs="EPSG:4490",
        ),
        Dataset(
            "bus-stops", bilingual("公交站点与刷卡记录", "Bus stops and card records"),
            bilingual("市区公交站点位置和线路，直接下载；刷卡明细按条件申请。", "Positions of bus stops and the lines, to download. Card records are given on application."),
            "mixed", TRANSPORT,
            (open_stops, open_lines,
             Resource("cards", bilingual("刷卡明细", "Card records"), "conditional", "table", schema=Schema((Field("card", "string", bilingual("卡号（脱敏）", "Card, masked")), Field("at", "datetime", bilingual("时间", "Time")))), access=terms),
             Resource("cameras", Text("车内监控"), "closed", "file", access=Access(reason=bilingual("涉及个人隐私。", "Personal privacy."), legal_basis=Text("《个人信息保护法》")))),
            keywords=(bilingual("公交", "bus"), bilingual("站点", "stops")), theme=THEME["transport"], update_cycle=CYCLE["daily"], licenses=(CC_BY,), modified="2026-10-30", languages=("zh",),
        ),
        Dataset(
            "clinic-visits", bilingual("门诊服务量明细", "Clinic visits in detail"), bilingual("各医疗机构每月门诊人次，含机构代码，仅供符合条件的申请人使用。", "Monthly visits by clinic, for applicants who meet the conditions."),
            "conditional", HEALTH, (Resource("visits", bilingual("门诊人次", "Visits"), "conditional", "table", schema=visits, access=terms),),
            keywords=(bilingual("医疗", "health"),), theme=THEME["health"], update_cycle=CYCLE["monthly"], licenses=(License("", bilingual("按使用协议", "As agreed")),), modified="2026-09-01", access=terms,
        ),
        Dataset(
            "infection-reports", Text("传染病个案报告"), Text("法定传染病个案报告卡。"), "closed", HEALTH, (), theme=THEME["health"],
            access=Access(reason=Text("涉及个人隐私和公共卫生安全。"), legal_basis=Text("《传染病防治法》第十二条")), modified="2024-02-03",
        ),
        Dataset("bare", Text("bare", "de"), Text("Open to the public; of no use for transport.", "en"), "unconditional", WEATHER, ()),
        Dataset(
            "weather-hourly", bilingual("逐时气温（示例）", "Hourly temperature (invented)"), bilingual("60 个站的逐时气温，每站一列。", "Hourly temperature of 60 stations, one column each."),
            "unconditional", WEATHER,
            (table("hourly", bilingual("逐时气温", "Hourly"), (Field("at", "datetime", bilingual("时间", "Time")), *(Field(f"t{n:02}", "number", bilingual(f"{n} 号站", f"Station {n}"), unit="℃") for n in range(1, 60))), [[f"2026-10-01T{h:02}:00:00+08:00", *(f"{20 + n % 7 + h / 10:.1f}" for n in range(1, 60))] for h in range(24)], "weather-hourly", folder),),
            keywords=(bilingual("气温", "temperature"),), theme=THEME["weather"], update_cycle=CYCLE["daily"], licenses=(CC_BY,), modified="2026-10-02",
            demonstration=bilingual("示例数据：由 scripts/weather.py 生成，不是观测值。", "Invented by scripts/weather.py; no observations."),
        ),
        Dataset(
            "hostile", Text(HOSTILE), Text(f"{HOSTILE}\n\n{LONG}\n\nhttps://example.org/\"><script>x</script>\x00\x1f\x02"), "unconditional", EVIL,
            (replace(
                table("t", Text(HOSTILE), (Field('<b>"x"', "string", Text(HOSTILE), Text(HOSTILE), unit=HOSTILE, constraints={"pattern": HOSTILE, "enum": [HOSTILE]}), Field("rtl", "string", Text("مرحبا بالعالم", "ar")), Field(LONG, "string")), [[HOSTILE, "שלום עולם", LONG], ["", None, "\x00\x1f\x02⟦slot body⟧"], ["=1+1", "%s %d {x}", "</td></table>"]], "hostile", folder),
                description=Text(HOSTILE),
            ),),
            keywords=(Text(HOSTILE), Text(LONG)), licenses=(License(HOSTILE, Text(HOSTILE), "javascript:alert(1)"), License("x", Text(), "https://example.org/\"onmouseover=alert(1) x")),
            sources=(Source(Text(HOSTILE), "data:text/html,<script>1</script>", 'x"@y'),), version=HOSTILE, created=HOSTILE, modified="2026-01-01",
            contact=Contact(Text(HOSTILE), HOSTILE, HOSTILE, "javascript:alert(1)"), homepage="javascript:alert(1)", crs=HOSTILE, catalogue_code=HOSTILE, languages=("zh", "<b>"), demonstration=Text(HOSTILE),
        ),
    ]  # fmt: skip
    datasets = [
        replace(
            each,
            demands=tuple(demand for demand in DEMANDS if each.name in demand.datasets),
            reuses=tuple(reuse for reuse in REUSES if each.name in reuse.datasets),
        )
        for each in datasets
    ]
    return Catalog(
        PORTAL,
        tuple(sorted(datasets, key=lambda each: each.name)),
        (EVIL, HEALTH, STATISTICS, TRANSPORT, WEATHER),
        THEMES,
        (),
        CYCLES,
        changes=CHANGES,
        missing=(MISSING,),
        demands=DEMANDS,
        reuses=REUSES,
    )


DEMANDS = (
    Demand(
        "live-buses", bilingual("公交实时位置", "Live positions of buses"), bilingual("每 30 秒一次。\n\n见 https://example.org/ 。", "Every 30 seconds."),
        "2026-05-02", "planned", bilingual("到站提醒", "To announce arrivals"), bilingual("某公益团队", "A charity"), bilingual("第四季度开放。", "In the fourth quarter."),
        "2026-05-12", "transport", TRANSPORT.name, ("bus-stops", "jiangmen-divisions"), "https://git.example.gov.cn/opendata/jiangmen/issues/7", bilingual("示例", "Invented"),
    ),
    Demand("hostile", Text(HOSTILE), Text(HOSTILE + LONG), "2026-05-01", "received", Text(HOSTILE), Text("مرحبا بالعالم", "ar"), url='https://x.example/"onclick=alert(1)', datasets=("hostile",)),
    Demand("names", Text("企业名单"), Text("全部企业的名单。"), "2026-04-01", "declined", reply=Text("已在登记公示系统公开。"), replied="2026-04-09", agency_name=Text("市场监管局")),
)  # fmt: skip
REUSES = (
    Reuse("next-stop", bilingual("下一站", "Next stop"), bilingual("换乘查询。", "Plans trips."), "app", "https://next.example/", "2026-04-18", ("bus-stops",), bilingual("某公益团队", "A charity")),
    Reuse("hostile", Text(HOSTILE), Text(HOSTILE + LONG), "other", "javascript:alert(1)", "2026-04-01", ("hostile", "bus-stops"), Text(HOSTILE), reply=Text(HOSTILE), replied="2026-04-02"),
    Reuse("gone", Text("旧地图"), Text("已下线。"), "website", "https://gone.example/", "2020-01-01", ("bus-stops",), status="ended"),
)  # fmt: skip


CHANGES = (
    Change("2026-06-15", "added", "jiangmen-divisions", bilingual("江门市行政区划代码", "Administrative division codes"), "statistics", STATISTICS.name),
    Change(
        "2026-06-01", "withdrawn", "ferry-timetable", bilingual("渡口班次", "Timetable of the ferries"), "transport",
        TRANSPORT.name, before="unconditional", reason=Text("渡口已停航。<script>alert(1)</script>"),
        legal_basis=Text("办法第十二条"), reviewed="2026-05-20", reviewed_by=bilingual("交通运输局", "Transport Bureau"),
        successor="bus-stops", created="2024-01-02", modified="2026-04-02", digest="ab" * 32,
    ),
    Change(
        "2026-05-01", "less-open", "clinic-visits", Text("门诊量"), "health", HEALTH.name, "visits", Text("按日"),
        before="unconditional", after="conditional", reason=Text("含个人信息。"), reviewed="2026-04-20",
    ),
    Change(
        "2026-03-01", "renamed", "bus-halts", bilingual("公交站", "Bus halts"), "transport", TRANSPORT.name,
        before="unconditional", reason=Text("统一名称。"), reviewed="2026-02-20", successor="bus-stops",
    ),
)  # fmt: skip
MISSING = Record(
    "harbour-depths", Text("港口水深"), "unconditional", "transport", TRANSPORT.name, modified="2026-05-05"
)


def many(count: int) -> tuple[Dataset, ...]:
    """Plain datasets of ten fields and twenty rows, for measuring and for long lists."""
    fields = tuple(
        Field(f"field_{n}", "number" if n % 3 else "string", bilingual(f"字段{n}", f"Field {n}"), bilingual(f"第 {n} 个字段的说明。", f"What field {n} means."), constraints={"required": True})
        for n in range(10)
    )  # fmt: skip
    made = []
    for n in range(count):
        name = f"many-{n:05}"
        rows = tuple(
            tuple(f"{n * 7 + r * c / 3:.2f}" if c % 3 else f"值 {n}-{r}-{c}" for c in range(10)) for r in range(20)
        )
        files = tuple(Distribution(f"data/{name}/t.{s}", label, "text/csv", 12345 + n, hashlib.sha256(f"{n}{s}".encode()).hexdigest(), Path("/dev/null"), 500) for s, label in (("csv", "CSV"), ("parquet", "Parquet")))  # fmt: skip
        made.append(
            Dataset(
                name, bilingual(f"第 {n} 个数据集：某项统计", f"Dataset {n}: some statistics"), bilingual(f"第 {n} 个数据集的说明，写明范围、口径和用途。" * 2, f"What dataset {n} holds, how it was counted and what it is for. " * 2),
                "unconditional", (STATISTICS, TRANSPORT, HEALTH)[n % 3], (Resource("t", bilingual("表", "Table"), "unconditional", "table", schema=Schema(fields), distributions=files, preview=Preview(rows, 500), rows=500),),
                keywords=(bilingual("统计", "statistics"), bilingual(f"专题{n % 40}", f"topic {n % 40}")), theme=THEMES[n % len(THEMES)], update_cycle=CYCLES[n % len(CYCLES)], licenses=(CC_BY,),
                sources=(Source(bilingual("国家统计局", "National Bureau of Statistics"), "https://www.stats.gov.cn/"),), modified=f"20{20 + n % 6}-{1 + n % 12:02}-01", created="2020-01-01", languages=("zh",), spatial=Spatial(bilingual("江门市", "Jiangmen"), "440700"),
            )
        )  # fmt: skip
    return tuple(made)


def structured(dataset: Dataset, lang: str) -> str:
    entry = {"@context": "https://schema.org/", "@type": "Dataset", "name": dataset.title.to(lang)[0]}
    return json.dumps(entry, ensure_ascii=False).replace("<", "\\u003c").replace("\x00", "")


def catalog_structured(lang: str) -> str:
    return json.dumps({"@context": "https://schema.org/", "@type": "DataCatalog", "name": PORTAL.title.to(lang)[0]})


def config() -> Config:
    return replace(read_config(PROJECT / "kaishu.yaml"), portal=PORTAL)


def write(catalog: Catalog, target: Path) -> None:
    """The site's pages and data files in ``target``, with empty stand-ins for the machine files that pages link."""
    shells = build_prose(config(), target)
    files = pages.render(
        catalog,
        shells,
        structured_data=structured,
        catalog_structured_data=catalog_structured,
        templates=PROJECT / "site_src/templates",
    )
    for file in files:
        place = target / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.content if isinstance(file.content, bytes) else file.content.read_bytes())
    stubs = [
        "catalog.json",
        "catalog.csv",
        "catalog.jsonld",
        "catalog.ttl",
        "feed.xml",
        "en/feed.xml",
        "changes.xml",
        "en/changes.xml",
        "releases.json",
        "demands.json",
        "reuses.json",
        *(f"data/{change.dataset}/tombstone.json" for change in catalog.tombstones),
        "schema/dataset.schema.json",
        "schema/stats.schema.json",
        "manifest.json",
        "sitemap.xml",
    ]
    for dataset in catalog.datasets:
        stubs += [
            f"data/{dataset.name}/{name}" for name in ("datapackage.json", "dcat.jsonld", "dcat.ttl", "stats.json")
        ]
        for resource in dataset.resources:
            for each in resource.distributions:
                (target / each.path).parent.mkdir(parents=True, exist_ok=True)
                (target / each.path).write_bytes(each.file.read_bytes())
    for stub in stubs:
        (target / stub).parent.mkdir(parents=True, exist_ok=True)
        (target / stub).write_text("{}", encoding="utf-8")


if __name__ == "__main__":
    where = Path(sys.argv[1])
    data = where.with_name(where.name + "-data")
    data.mkdir(parents=True, exist_ok=True)
    made = catalogue(data)
    if "--many" in sys.argv:
        made = replace(made, datasets=made.datasets + many(int(sys.argv[-1])))
    write(made, where)
