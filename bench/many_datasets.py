"""Any number of public datasets that look like real ones: for the benchmarks of pages."""

from __future__ import annotations

from pathlib import Path

from generator import vocabularies
from generator.config import Portal
from generator.public import (
    Agency,
    Catalog,
    Collection,
    Contact,
    Contributor,
    Dataset,
    Distribution,
    Field,
    Preview,
    Resource,
    Schema,
    Sharing,
    Source,
    Spatial,
    Temporal,
)
from generator.text import Text, bilingual

PLACES = "蓬江 江海 新会 台山 开平 鹤山 恩平".split()
SUBJECTS = "公交站点 停车场 公共厕所 空气质量 水库水位 学校名录 医疗机构 行政许可 预算支出 气象观测".split()
ENGLISH = (
    "Bus stops,Car parks,Public toilets,Air quality,Reservoir levels,Schools,Clinics,Licences,Spending,Weather".split(
        ","
    )
)
FIELDS = (
    ("id", "string", "编号", "Number"),
    ("name", "string", "名称", "Name"),
    ("district", "string", "区县", "District"),
    ("address", "string", "地址", "Address"),
    ("opened", "date", "启用日期", "Opened on"),
    ("checked_at", "datetime", "检查时间", "Checked at"),
    ("capacity", "integer", "容量", "Capacity"),
    ("lng", "number", "经度", "Longitude"),
    ("lat", "number", "纬度", "Latitude"),
    ("is_open", "boolean", "是否开放", "Open"),
)
ROWS = 10


def catalog(count: int, portal: Portal) -> Catalog:
    agencies = tuple(_agency(number) for number in range(40))
    return Catalog(
        portal=portal,
        datasets=tuple(dataset(number, agencies[number % len(agencies)]) for number in range(count)),
        agencies=agencies,
        themes=tuple(vocabularies.themes().values()),
        industries=tuple(vocabularies.industries().values()),
        update_cycles=tuple(vocabularies.update_cycles().values()),
    )


def _agency(number: int) -> Agency:
    contact = Contact(
        name=bilingual("数据管理科", "Data section"), email=f"data{number}@jiangmen.example", phone="0750-0000000"
    )
    return Agency(
        f"agency-{number:02}", bilingual(f"江门市第{number}局", f"Bureau {number} of Jiangmen"), contact=contact
    )


def dataset(number: int, agency: Agency) -> Dataset:
    name = f"dataset-{number:06}"
    place, subject = PLACES[number % 7], SUBJECTS[number % 10]
    schema = Schema(fields=tuple(_field(*field) for field in FIELDS), primary_key=("id",))
    rows = tuple(_row(number, row) for row in range(ROWS))
    resource = Resource(
        name="table",
        title=bilingual(f"{place}{subject}表", f"Table of {ENGLISH[number % 10]}"),
        openness="unconditional",
        kind="table",
        description=bilingual("每行一个对象，按编号排序。", "A row an object, sorted by number."),
        schema=schema,
        distributions=(
            _file(name, "csv", "CSV", "text/csv", number),
            _file(name, "parquet", "Parquet", "application/vnd.apache.parquet", number),
        ),
        preview=Preview(rows, total=1000 + number),
        rows=1000 + number,
    )
    return Dataset(
        name=name,
        title=bilingual(f"江门市{place}区{subject}（{number}）", f"{ENGLISH[number % 10]} in district {number % 7} ({number})"),
        description=bilingual(
            f"{place}区{subject}的编号、名称、地址、坐标和状态，由业务系统每月导出，供出行、选址和研究使用。第 {number} 号数据集。",
            f"Numbers, names, addresses, coordinates and state, exported monthly from the office's system. Dataset {number}.",
        ),
        openness="unconditional",
        agency=agency,
        resources=(resource,),
        keywords=tuple(Text(word) for word in (place, subject, "江门")),
        theme=list(vocabularies.themes().values())[number % 22],
        industry=vocabularies.industries()["S"],
        update_cycle=vocabularies.update_cycles()["monthly"],
        licenses=(vocabularies.licenses()["cc-by-4.0"],),
        sources=(Source(bilingual("业务系统", "Office system"), "https://www.jiangmen.example/"),),
        contributors=(Contributor(agency.name, ("publisher",)),),
        contact=agency.contact,
        version="1.0.0",
        created="2024-01-01",
        modified=f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}",
        languages=("zh",),
        spatial=Spatial(Text("江门市"), "440700", (111.9, 21.4, 113.3, 22.9)),
        temporal=Temporal("2024-01-01", "2026-06-30"),
        crs="EPSG:4490",
        catalogue_code=f"{number:012}",
        source_department=agency,
        collection=Collection(bilingual("《江门市公共数据共享和开放利用管理办法》", "Measures on public data"), Text("业务系统"), (f"信息项{number}",)),
        sharing=Sharing("unconditional"),
    )  # fmt: skip


def _field(name: str, kind: str, zh: str, en: str) -> Field:
    description = bilingual(f"{zh}，以业务系统为准。", f"{en}, as in the office's system.")
    constraints = {"required": True, "unique": True} if name == "id" else {"required": name == "name"}
    return Field(name, kind, bilingual(zh, en), description, constraints=constraints, arrow_type="string")


def _row(number: int, row: int) -> tuple[str | None, ...]:
    place = PLACES[(number + row) % 7]
    return (
        f"{number:06}-{row:03}", f"{place}{SUBJECTS[number % 10]}{row}号", f"{place}区", f"{place}区建设路{row * 7 + 1}号", "2024-03-05",
        f"2026-06-{row % 28 + 1:02}T08:30:00", str(row * 13), f"113.{number % 1000:03}{row}", f"22.{number % 1000:03}{row}", None if row == 3 else "true",
    )  # fmt: skip


def _file(dataset: str, suffix: str, label: str, media: str, number: int) -> Distribution:
    sha256 = f"{number:064x}"
    return Distribution(
        f"data/{dataset}/table.{suffix}",
        label,
        media,
        20_000 + number,
        sha256,
        Path("/dev/null"),
        1000 + number,
        label.upper(),
    )
