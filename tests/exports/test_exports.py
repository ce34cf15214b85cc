"""What each file says of each kind of dataset."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import frictionless
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF

from generator import exports, terms
from generator.exports import rdf, releases
from generator.exports.wellformed import without_controls
from generator.public import Catalog, Dataset
from generator.releases import Change, read_previous
from generator.sitefile import SiteFile
from generator.text import Text, slug
from tests.exports.catalogue import HOSTILE, URL, write_catalogue

AUTHORITY = "http://publications.europa.eu/resource/authority/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def catalog(site: Path) -> Catalog:
    catalog = write_catalogue(site)
    for file in exports.export(catalog):
        target = site / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content(file))
    return catalog


def content(file: SiteFile) -> bytes:
    assert isinstance(file.content, bytes)
    return file.content


def one(catalog: Catalog, name: str) -> Dataset:
    return next(dataset for dataset in catalog.datasets if dataset.name == name)


def descriptor(site: Path, name: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((site / f"data/{name}/datapackage.json").read_text("utf-8"))
    return made


def graph(file: Path) -> Graph:
    return Graph().parse(file, format="json-ld" if file.suffix == ".jsonld" else "turtle")


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from objects(item)


# ---- RDF ----------------------------------------------------------------------------------------


def test_turtle_and_json_ld_are_the_same_graph_without_blank_nodes(site: Path, catalog: Catalog) -> None:
    folders = [site / "data" / dataset.name / "dcat" for dataset in catalog.datasets]
    for stem in (*folders, site / "catalog"):
        turtle, jsonld = graph(stem.with_suffix(".ttl")), graph(stem.with_suffix(".jsonld"))
        assert len(turtle) > 20
        assert set(turtle) == set(jsonld), stem
        assert not [term for triple in turtle for term in triple if isinstance(term, BNode)]


def test_catalogue_holds_each_dataset_as_its_own_file_does(site: Path, catalog: Catalog) -> None:
    whole = graph(site / "catalog.ttl")
    for dataset in catalog.datasets:
        assert not set(graph(site / "data" / dataset.name / "dcat.ttl")) - set(whole)
    assert len(set(whole.objects(predicate=DCAT.dataset))) == len(catalog.datasets)


@given(st.text(), st.sampled_from(["", "zh", "en-GB", 'x"><', "und"]))
def test_any_text_survives_both_syntaxes(text: str, lang: str) -> None:
    node = rdf.node("https://x.example/", "dct:Location", dct_title=rdf.literal(text, lang=lang))
    expected = Literal(without_controls(text), lang=lang.lower() if lang in ("zh", "en-GB") else None)
    turtle = Graph().parse(data=rdf.turtle([rdf.turtle_block(node)]), format="turtle")
    jsonld = Graph().parse(data=rdf.jsonld([rdf.jsonld_line(node)]), format="json-ld")
    assert isomorphic(turtle, jsonld)
    assert list(turtle.objects(predicate=DCTERMS.title)) == [expected]


def test_rdflib_reads_every_triple_that_it_would_write(site: Path, catalog: Catalog) -> None:
    ours = graph(site / "data/hospital-beds/dcat.ttl")
    again = Graph().parse(data=ours.serialize(format="turtle"), format="turtle")
    assert set(again) == set(ours)


def test_openness_becomes_access_rights(site: Path, catalog: Catalog) -> None:
    whole = graph(site / "catalog.ttl")
    found = {
        str(name): str(whole.value(dataset, DCTERMS.accessRights)).removeprefix(f"{AUTHORITY}access-right/")
        for dataset, name in whole.subject_objects(DCTERMS.identifier)
        if (dataset, RDF.type, DCAT.Dataset) in whole
    }
    assert found["bus-stops"] == "PUBLIC"
    assert found["patients"] == found["visits"] == "RESTRICTED"
    assert found["cases"] == "NON_PUBLIC"


def test_conditional_resource_is_a_distribution_to_apply_for(site: Path, catalog: Catalog) -> None:
    found = graph(site / "data/patients/dcat.ttl")
    assert not list(found.objects(predicate=DCAT.downloadURL))
    assert set(found.objects(predicate=DCAT.accessURL)) == {URIRef(f"{URL}dataset/patients/#access")}
    rights = [str(label) for label in found.objects(predicate=URIRef("http://www.w3.org/2000/01/rdf-schema#label"))]
    assert any("不得转让；注明来源" in label for label in rights)
    assert any("No passing on; Name the source" in label for label in rights)


def test_closed_dataset_has_no_distribution(site: Path, catalog: Catalog) -> None:
    assert not list(graph(site / "data/cases/dcat.ttl").objects(predicate=DCAT.distribution))
    mixed = graph(site / "data/visits/dcat.ttl")
    assert {str(each).rsplit("#")[-1] for each in mixed.objects(predicate=DCAT.distribution)} == {
        "file-visits.csv",
        "file-visits.parquet",
        "file-visits.xlsx",
        "access-patients",
    }


def test_agency_is_the_same_node_everywhere(site: Path, catalog: Catalog) -> None:
    whole = graph(site / "catalog.ttl")
    health = URIRef(f"{URL}agency/health/#agency")
    assert {str(name) for name in whole.objects(health, FOAF.name)} == {"江门市卫生健康局", "Jiangmen Health Bureau"}
    assert len(list(whole.subjects(DCTERMS.publisher, health))) == 3


# ---- Data Package -------------------------------------------------------------------------------


def test_frictionless_finds_every_published_package_valid(site: Path, catalog: Catalog) -> None:
    rows: dict[tuple[str, str], int] = {}
    for dataset in catalog.datasets:
        made = descriptor(site, dataset.name)
        for resource in made["resources"]:
            # A file whose name frictionless does not trust is given by its address; here it is looked up on disk.
            if resource.get("path", "").startswith(URL):
                resource["path"] = Path(web_path(resource["path"])).name
        with frictionless.system.use_context(trusted=dataset.name == "hostile"):
            package = frictionless.Package.from_descriptor(made, basepath=str(site / "data" / dataset.name))
            report = package.validate()
        assert report.valid, report.flatten(["name", "type", "note"])
        rows |= {(dataset.name, task.name): task.stats.get("rows", 0) for task in report.tasks}
    assert (rows["hospital-beds", "beds"], rows["visits", "visits"], rows["patients", "patients"]) == (2, 1, 0)


def test_frictionless_would_see_a_changed_file(site: Path, catalog: Catalog, tmp_path: Path) -> None:
    made = descriptor(site, "visits")
    (tmp_path / "visits.csv").write_text("patient,day\nb,2024-01-01\n")
    (tmp_path / "datapackage.json").write_text(json.dumps(made))
    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert "hash-count" in {row[0] for row in report.flatten(["type"])}


def test_table_is_its_csv_with_parquet_as_alternative(site: Path, catalog: Catalog) -> None:
    beds = descriptor(site, "hospital-beds")["resources"][0]
    assert (beds["path"], beds["format"], beds["type"], beds["encoding"]) == ("beds.csv", "csv", "table", "utf-8")
    assert [each["path"] for each in beds["alternatives"]] == ["beds.parquet"]
    assert beds["schema"]["foreignKeys"] == [
        {"fields": ["district"], "reference": {"resource": "districts", "fields": ["code"]}}
    ]


def test_the_copy_for_excel_is_told_from_the_canonical_csv(site: Path, catalog: Catalog) -> None:
    whole = graph(site / "data/hospital-beds/dcat.ttl")
    files = {name: URIRef(f"{URL}dataset/hospital-beds/#file-districts{name}") for name in (".csv", "-excel.csv")}
    titles = {name: {str(title) for title in whole.objects(file, DCTERMS.title)} for name, file in files.items()}
    assert titles == {
        ".csv": {"区划表 (CSV)", "Districts (CSV)"},
        "-excel.csv": {"区划表（CSV，给 Excel 用）", "Districts (CSV, for Excel)"},
    }
    told = {name: " ".join(map(str, whole.objects(file, DCTERMS.description))) for name, file in files.items()}
    assert "给程序用：UTF-8" in told[".csv"]
    assert "BOM" in told["-excel.csv"]
    assert "For programs: " in told[".csv"]
    # Both are text/csv. Only what conforms to the described structure is for programs.
    assert [bool(list(whole.objects(file, DCTERMS.conformsTo))) for file in files.values()] == [True, False]

    districts = descriptor(site, "hospital-beds")["resources"][1]
    assert districts["path"] == "districts.csv"
    assert [(each["path"], each["title_en"]) for each in districts["alternatives"]] == [
        ("districts.parquet", "for data analysis"), ("districts-excel.csv", "for Excel"),
    ]  # fmt: skip
    listed = json.loads((site / "catalog.json").read_text("utf-8"))["datasets"]
    beds = next(each for each in listed if each["name"] == "hospital-beds")
    assert [(f["format"], f.get("use")) for f in beds["resources"][1]["files"]] == [
        ("CSV", None), ("Parquet", None), ("CSV", "excel"),
    ]  # fmt: skip
    data = json.loads(exports.structured_data(one(catalog, "hospital-beds"), catalog, "zh"))
    named = {each["contentUrl"].rpartition("/")[2]: each for each in data["distribution"]}
    assert named["districts-excel.csv"]["name"] == "区划表（CSV，给 Excel 用）"
    assert "BOM" in named["districts-excel.csv"]["description"]


def test_conditional_table_is_its_header_and_terms(site: Path, catalog: Catalog) -> None:
    patients, scans = descriptor(site, "patients")["resources"]
    assert patients["data"] == [["id", "age"]]
    assert patients["openness"] == "conditional"
    assert patients["access"]["conditions_en"] == ["No passing on.", "Name the source"]
    assert "path" not in patients
    assert scans["data"][0]["openness"] == "conditional"


def test_closed_resource_tells_its_reason_and_no_field(site: Path, catalog: Catalog) -> None:
    names = descriptor(site, "visits")["resources"][2]
    assert names["data"] == [{"openness": "closed", "reason": "个人信息"}]
    assert "schema" not in names
    assert descriptor(site, "cases")["resources"][0]["data"][0]["legal_basis_en"] == "Secrets Law"


def test_columns_of_a_closed_resource_are_nowhere(catalog: Catalog) -> None:
    visits = one(catalog, "visits")
    closed = tuple(dataclasses.replace(each, openness="closed") for each in visits.resources[1:])
    only_closed = dataclasses.replace(visits, openness="closed", resources=closed)
    files = b"".join(map(content, exports.export(dataclasses.replace(catalog, datasets=(only_closed,)))))
    page = exports.structured_data(only_closed, catalog, "zh")
    assert "年龄".encode() not in files
    assert "年龄" not in page
    assert "年龄" in exports.structured_data(visits, catalog, "zh")


def test_key_to_rows_that_are_not_published_moves_aside(site: Path, catalog: Catalog) -> None:
    schema = descriptor(site, "visits")["resources"][0]["schema"]
    assert "foreignKeys" not in schema
    assert schema["references"][0]["reference"]["resource"] == "patients"


def test_descriptor_uses_the_words_of_the_source_profile(site: Path, catalog: Catalog) -> None:
    known = {term.name for term in terms.DATASET} | {"$schema"}
    for dataset in catalog.datasets:
        assert {re.sub("_(en|zh)$", "", key) for key in descriptor(site, dataset.name)} <= known


# ---- schema.org ---------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_description_is_as_long_as_search_engines_want(catalog: Catalog, lang: str) -> None:
    long = dataclasses.replace(one(catalog, "bus-stops"), description=Text("长" * 6000))
    for dataset in (*catalog.datasets, long):
        assert 50 <= len(json.loads(exports.structured_data(dataset, catalog, lang))["description"]) <= 5000


def test_structured_data_cannot_leave_its_script(catalog: Catalog) -> None:
    for lang in ("zh", "en"):
        for text in (
            exports.catalog_structured_data(catalog, lang),
            *(exports.structured_data(dataset, catalog, lang) for dataset in catalog.datasets),
        ):
            assert not set("<>&\u2028\u2029\x00") & set(text)
            text.encode()
    found = json.loads(exports.structured_data(one(catalog, "hostile"), catalog, "zh"))
    assert found["description"] == without_controls(HOSTILE).strip()


def test_conditional_dataset_tells_its_terms_and_no_download(catalog: Catalog) -> None:
    found = json.loads(exports.structured_data(one(catalog, "patients"), catalog, "en"))
    assert "No passing on" in found["conditionsOfAccess"]
    assert found["isAccessibleForFree"] is True
    assert "distribution" not in found
    assert json.loads(exports.structured_data(one(catalog, "cases"), catalog, "en"))["isAccessibleForFree"] is False


def test_many_columns_are_cut(catalog: Catalog) -> None:
    stops = one(catalog, "hospital-beds")
    schema = stops.resources[0].schema
    assert schema is not None
    wide = dataclasses.replace(
        schema, fields=tuple(dataclasses.replace(schema.fields[0], name=f"c{i}") for i in range(300))
    )
    dataset = dataclasses.replace(stops, resources=(dataclasses.replace(stops.resources[0], schema=wide),))
    assert len(json.loads(exports.structured_data(dataset, catalog, "zh"))["variableMeasured"]) == 100


# ---- lists --------------------------------------------------------------------------------------


def test_catalog_json_is_complete_and_its_addresses_are_files(site: Path, catalog: Catalog) -> None:
    listed = json.loads((site / "catalog.json").read_text("utf-8"))
    assert listed["count"] == len(listed["datasets"]) == len(catalog.datasets)
    beds = next(each for each in listed["datasets"] if each["name"] == "hospital-beds")
    assert beds["page"] == {"zh": f"{URL}dataset/hospital-beds/", "en": f"{URL}en/dataset/hospital-beds/"}
    urls = [each["url"] for each in objects(listed["datasets"]) if "sha256" in each]
    urls += [url for each in listed["datasets"] for url in each["files"].values()]
    assert len(urls) > 20
    for url in urls:
        assert (site / web_path(url)).is_file(), url


def web_path(url: str) -> str:
    assert url.startswith(URL)
    return unquote(url.removeprefix(URL))


def test_catalog_csv_opens_in_excel_and_holds_no_formula(site: Path, catalog: Catalog) -> None:
    data = (site / "catalog.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [row["标识符"] for row in rows] == [dataset.name for dataset in catalog.datasets]
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    beds = next(row for row in rows if row["标识符"] == "hospital-beds")
    assert beds["信息项"] == "区划;年份;床位;checked;代码;名称;上级"
    assert (beds["数据量"], beds["文件数量"], beds["共享类型"]) == ("5", "5", "有条件共享")
    visits = next(row for row in rows if row["标识符"] == "visits")
    assert visits["开放方式"] == "无条件开放;有条件开放;不予开放"


def test_catalog_csv_has_the_columns_that_the_profile_names(site: Path, catalog: Catalog) -> None:
    header = next(csv.reader(io.StringIO((site / "catalog.csv").read_text("utf-8-sig"))))
    assert {term.column for term in (*terms.DATASET, *terms.ACCESS, *terms.AGENCY) if term.column} <= set(header)


def test_robots_names_the_sitemap(site: Path, catalog: Catalog) -> None:
    assert f"Sitemap: {URL}sitemap.xml\n" in (site / "robots.txt").read_text()


# ---- all files ----------------------------------------------------------------------------------


def test_no_address_runs_anything_or_tells_a_password(catalog: Catalog) -> None:
    for file in exports.export(catalog):
        for trap in (b"javascript:", b"data:text/html", b"file:///", b"secret@", b"user:"):
            assert trap not in content(file), (file.path, trap)


def test_same_bytes_in_any_process(tmp_path: Path) -> None:
    script = (
        "import hashlib, pathlib, sys; sys.path.insert(0, sys.argv[2]);"
        "from tests.exports.catalogue import write_catalogue; from generator import exports;"
        "catalog = write_catalogue(pathlib.Path(sys.argv[1])); h = hashlib.sha256();"
        "[h.update(f.path.encode() + f.content) for f in exports.export(catalog)];"
        "[h.update(exports.structured_data(d, catalog, 'en').encode()) for d in catalog.datasets];"
        "print(h.hexdigest())"
    )
    here = Path(__file__).parent
    hashes = {
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / seed), str(here)],
            env={"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(here.parents[1]), "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "Asia/Shanghai"), ("2", "America/New_York"))
    }
    assert len(hashes) == 1


def test_what_is_no_more_is_told_and_not_offered(site: Path, catalog: Catalog) -> None:
    ours = graph(site / "catalog.ttl")
    [record] = ours.subjects(RDF.type, DCAT.CatalogRecord)
    gone = URIRef(f"{URL}dataset/ferry-timetable/#dataset")
    assert ours.value(record, FOAF.primaryTopic) == gone
    assert str(ours.value(gone, URIRef("http://www.w3.org/ns/adms#status"))).endswith("/dataset-status/WITHDRAWN")
    assert ours.value(gone, DCTERMS.isReplacedBy) == URIRef(f"{URL}dataset/hospital-beds/#dataset")
    assert gone not in set(ours.objects(predicate=DCAT.dataset))
    assert not list(ours.objects(gone, DCAT.distribution))
    listed = json.loads((site / "catalog.json").read_text("utf-8"))
    assert [entry["name"] for entry in listed["withdrawn"]] == ["ferry-timetable"]
    assert listed["count"] == len(listed["datasets"]) == len(catalog.datasets)


def test_feed_of_changes_is_atom_in_both_languages(site: Path, catalog: Catalog) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    for lang, words in (("", "撤回：渡口班次"), ("en", "Withdrawn: Timetable of the ferries")):
        feed = ElementTree.fromstring((site / lang / "changes.xml").read_bytes())
        entries = feed.findall(f"{atom}entry")
        assert [entry.findtext(f"{atom}updated") for entry in entries] == [
            "2026-06-01T00:00:00Z",
            "2026-05-01T00:00:00Z",
        ]
        assert entries[0].findtext(f"{atom}title") == words
        assert len({entry.findtext(f"{atom}id") for entry in entries}) == len(catalog.changes) == 2


def test_record_of_the_release_is_read_as_it_was_written(tmp_path: Path, catalog: Catalog) -> None:
    # `publicise` gives every dataset a name that is fit for an address.
    named = tuple(dataset for dataset in catalog.datasets if slug(dataset.name) == dataset.name)
    file = releases.release(dataclasses.replace(catalog, datasets=named), dict.fromkeys((d.name for d in named), "ab"))
    (tmp_path / file.path).write_bytes(content(file))
    read = read_previous(tmp_path)
    assert [record.name for record in read.records] == [dataset.name for dataset in named]
    assert [len(record.parts) for record in read.records] == [len(dataset.resources) for dataset in named]
    assert read.changes == tuple(as_utf8(change) for change in catalog.changes)


def as_utf8(change: Change) -> Change:
    """Half a surrogate pair has no UTF-8 form."""
    main = change.reason.main.replace("\ud800", "?")
    return dataclasses.replace(change, reason=dataclasses.replace(change.reason, main=main))
