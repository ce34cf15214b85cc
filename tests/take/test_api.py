"""The static API: its document, every file of it, its links; and CKAN's clients."""

from __future__ import annotations

import copy
import json
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from generator import exports
from generator.endpoints import ENDPOINTS, FACETS, PER_PAGE
from generator.exports import api, ckan
from generator.exports.openapi import openapi
from generator.public import Catalog
from generator.sitefile import SiteFile
from generator.text import Text
from tests.conftest import ROOT
from tests.exports.catalogue import write_catalogue
from tests.take.conftest import Site

Files = dict[str, Any]


def decoded(files: Iterator[SiteFile]) -> Files:
    found: Files = {}
    for file in files:
        assert isinstance(file.content, bytes)
        assert file.path not in found
        found[file.path] = json.loads(file.content)
    return found


def made(catalog: Catalog) -> Files:
    found = decoded(api.overview(catalog)) | decoded(ckan.overview(catalog))
    for dataset in catalog.datasets:
        found |= decoded(exports.export_dataset(dataset, catalog))
    return found


def document(catalog: Catalog) -> dict[str, Any]:
    content = openapi(catalog).content
    assert isinstance(content, bytes)
    read: dict[str, Any] = json.loads(content)
    return read


def strict(schema: Any) -> Any:
    """The schemas as they are for what we write: a property that they do not name is one that nobody told of."""
    if isinstance(schema, dict):
        schema = {name: strict(value) for name, value in schema.items()}
        if schema.get("type") == "object" and "properties" in schema and set(schema["properties"]) != {"fields"}:
            schema = schema | {"additionalProperties": False}
    return [strict(each) for each in schema] if isinstance(schema, list) else schema


def endpoint_of(path: str) -> str | None:
    for endpoint in ENDPOINTS:
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(endpoint.path))
        # `page` in a list's address is no dataset.
        if re.fullmatch(pattern, path) or (
            path.endswith(".json") and re.fullmatch(pattern, path.removesuffix(".json"))
        ):
            return endpoint.schema
    return None


def check(files: Files, described: dict[str, Any]) -> None:
    schemas = strict(copy.deepcopy(described["components"]["schemas"]))
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": {"schemas": schemas}}
    for path, content in files.items():
        name = endpoint_of(path)
        assert name, f"{path} is not in the document"
        validator = jsonschema.Draft202012Validator(
            whole | {"$ref": f"#/components/schemas/{name}"},
            format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
        )
        errors = [f"{path} {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(content)]
        assert not errors


def links(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        yield from (value for value in content.get("links", {}).values())
        for value in content.values():
            yield from links(value)
    if isinstance(content, list):
        for value in content:
            yield from links(value)


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Everything that a descriptor can say, hostile values included."""
    return write_catalogue(tmp_path_factory.mktemp("catalogue"))


@pytest.fixture(scope="module")
def many(catalog: Catalog) -> Catalog:
    datasets = [
        replace(catalog.datasets[n % len(catalog.datasets)], name=f"{n:04}", description=Text("很长" * 5000))
        for n in range(2 * PER_PAGE + 50)
    ]
    return replace(catalog, datasets=tuple(datasets))


def test_document_is_openapi_3_1(catalog: Catalog) -> None:
    validator = pytest.importorskip("openapi_spec_validator", reason="openapi-spec-validator is not installed")
    described = document(catalog)
    validator.validate(described)
    assert described["openapi"] == "3.1.0"
    for endpoint in ENDPOINTS:
        operation = described["paths"][f"/{endpoint.path}"]["get"]
        assert set(re.findall(r"\{(\w+)\}", endpoint.path)) == {p["name"] for p in operation.get("parameters", ())}


def test_every_file_is_as_the_document_says(catalog: Catalog, many: Catalog) -> None:
    check(made(catalog), document(catalog))
    check(decoded(api.overview(many)) | decoded(ckan.overview(many)), document(many))


def test_every_endpoint_has_files_and_every_file_of_the_site_is_described(site: Site) -> None:
    files = {
        path.relative_to(site.folder).as_posix(): json.loads(path.read_bytes())
        for path in (site.folder / "api").rglob("*")
        if path.is_file() and path.suffix in (".json", "") and path.name != "openapi.json"
    }
    check(files, json.loads((site.folder / "api/openapi.json").read_bytes()))
    for endpoint in ENDPOINTS:
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(endpoint.path))
        assert any(re.fullmatch(pattern, path) for path in files), endpoint.path


def test_every_link_leads_to_something(site: Site) -> None:
    seen: set[str] = set()
    for path in [*(site.folder / "api/v1").rglob("*.json")]:
        for link in links(json.loads(path.read_bytes())):
            seen.add(link)
    assert len(seen) > 50
    for link in seen:
        assert link.startswith(site.url)
        target = site.folder / link.removeprefix(site.url)
        assert (target / "index.html" if link.endswith("/") else target).is_file(), link


def test_next_leads_through_all_datasets_and_prev_back(many: Catalog) -> None:
    files = decoded(api.overview(many))
    root = "https://data.example.org/opendata/"
    names, link, before = [], f"{root}api/v1/datasets/page/1.json", None
    while link:
        page = files[link.removeprefix(root)]
        assert page["links"]["self"] == link
        assert page["links"].get("prev") == before
        assert page["count"] == len(many.datasets)
        names += [each["name"] for each in page["datasets"]]
        before, link = link, page["links"].get("next")
    assert names == [dataset.name for dataset in many.datasets]


def test_no_file_grows_with_the_catalogue(many: Catalog) -> None:
    def grown(times: int) -> Catalog:
        return replace(
            many, datasets=tuple(replace(d, name=f"{n}-{d.name}") for n in range(times) for d in many.datasets)
        )

    def largest(catalog: Catalog) -> dict[str, int]:
        found: dict[str, int] = {}
        for file in api.overview(catalog):
            assert isinstance(file.content, bytes)
            kind = re.sub(r"\d+", "N", file.path)
            found[kind] = max(found.get(kind, 0), len(file.content))
        return found

    once = largest(grown(4))
    assert max(once.values()) < 600_000
    for kind, size in largest(grown(8)).items():
        assert size <= once[kind] * 1.05 + 100, kind


def test_facets_count_what_the_datasets_say(many: Catalog) -> None:
    files = decoded(api.overview(many))
    assert [each["id"] for each in files["api/v1/facets.json"]["facets"]] == list(FACETS)
    found = {v["id"]: v["count"] for v in files["api/v1/facets/openness/page/1.json"]["values"]}
    assert found == {
        b: sum(d.openness == b for d in many.datasets) for b in dict.fromkeys(d.openness for d in many.datasets)
    }
    found = {v["id"]: v["count"] for v in files["api/v1/facets/format/page/1.json"]["values"]}
    assert found["Parquet"] == sum(
        any(f.format == "Parquet" for r in d.resources for f in r.distributions) for d in many.datasets
    )


def test_what_is_not_open_has_metadata_only(site: Site) -> None:
    for name in ("visits", "secrets"):
        found = json.loads((site.folder / f"api/v1/datasets/{name}.json").read_bytes())
        assert all(resource["files"] == [] for resource in found["resources"])
        assert "archive" not in found
        package = json.loads((site.folder / f"api/3/action/package_show/{name}.json").read_bytes())["result"]
        assert package["resources"] == []
        assert package["isopen"] is False
    assert json.loads((site.folder / "api/v1/datasets/visits.json").read_bytes())["access"]["reason"] == "含个人信息"


def test_files_and_archive_are_those_of_the_site(site: Site) -> None:
    manifest = json.loads((site.folder / "manifest.json").read_bytes())
    listed = {site.url + entry["path"]: (entry["bytes"], entry["sha256"]) for entry in manifest["files"]}
    found = json.loads((site.folder / "api/v1/datasets/parks.json").read_bytes())
    files = [found["archive"], *(file for resource in found["resources"] for file in resource["files"])]
    assert len(files) == 5
    for file in files:
        assert listed[file["url"]] == (file["bytes"], file["sha256"])


def test_page_shows_every_address_in_both_languages_and_is_in_the_sitemap(site: Site) -> None:
    for lang in ("", "en/"):
        page = (site.folder / lang / "api/index.html").read_text("utf-8").replace("<wbr>", "")
        for endpoint in ENDPOINTS:
            assert f"<code>/{endpoint.path}</code>" in page
        for href in re.findall(r'<td><a href="([^"]+)"', page):
            assert (site.folder / lang / "api" / href).resolve().is_file(), href
        assert f"<loc>{site.url}{lang}api/</loc>" in (site.folder / "sitemap.xml").read_text("utf-8")


# ---- CKAN


def test_a_catalogue_of_one_batch_ends_with_an_empty_one(catalog: Catalog) -> None:
    files = decoded(ckan.overview(catalog))
    assert len(files["api/3/action/package_search/0.json"]["result"]["results"]) == len(catalog.datasets)
    assert files["api/3/action/package_search/100.json"]["result"]["results"] == []
    assert "api/3/action/package_search/200.json" not in files


def test_identifiers_are_unique_and_stay(catalog: Catalog) -> None:
    files = decoded(ckan.overview(catalog))
    found = files["api/3/action/package_search/0.json"]["result"]["results"]
    ids = [p["id"] for p in found] + [r["id"] for p in found for r in p["resources"]]
    assert len(ids) == len(set(ids))
    assert (
        ids
        == [p["id"] for p in decoded(ckan.overview(catalog))["api/3/action/package_search/0.json"]["result"]["results"]]
        + ids[len(found) :]
    )


@pytest.fixture(scope="module")
def nginx(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The lines of the decision, on the site."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        pytest.skip("nginx is not installed; Debian has nginx-light")
    folder = tmp_path_factory.mktemp("nginx")
    (folder / "root/open").mkdir(parents=True)
    (folder / "root/open/data").symlink_to(site.folder)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    text = (ROOT / "docs/decisions/0024-static-api.md").read_text("utf-8")
    in_http, in_server = text.split("```nginx\n")[1].split("```")[0].split("# in server { }\n")
    places = "".join(f"{kind}_temp_path {folder};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1; user root;\n"
        f"events {{}}\nhttp {{ access_log off; {places} {in_http}\n"
        f"server {{ listen 127.0.0.1:{port}; root {folder}/root;\n{in_server} }} }}\n",
        "utf-8",
    )
    process = subprocess.Popen([program, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")])
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        assert process.poll() is None, (folder / "error.log").read_text("utf-8")
        yield f"http://127.0.0.1:{port}/open/data/"
    finally:
        process.terminate()
        process.wait(10)


def test_a_client_of_ckan_finds_everything_behind_nginx(nginx: str) -> None:
    ckanapi = pytest.importorskip("ckanapi", reason="ckanapi is not installed")
    with ckanapi.RemoteCKAN(nginx.rstrip("/"), get_only=True) as remote:
        names = remote.action.package_list()
        assert names == ["fees", "odd", "parks", "secrets", "visits"]
        assert remote.action.package_show(id="parks")["title"] == "公园"
        assert remote.action.organization_list() == ["culture"]
        assert remote.action.organization_show(id="culture")["package_count"] == 5
        # As ckanext-harvest does it: until nothing comes, and never the same twice.
        found: list[str] = []
        start = 0
        while page := remote.action.package_search(rows=100, start=start)["results"]:
            found += [package["name"] for package in page]
            start += 100
        assert found == names
        with pytest.raises(ckanapi.errors.CKANAPIError):
            remote.action.package_show(id="../../v1/index")


def test_nginx_calls_it_json(nginx: str) -> None:
    with urllib.request.urlopen(f"{nginx}api/3/action/package_list") as answer:
        assert answer.headers["content-type"] == "application/json"


def test_our_own_preview_calls_it_json(site: Site) -> None:
    for action in ("package_list", "organization_list", "group_list", "status_show"):
        with urllib.request.urlopen(f"{site.url}api/3/action/{action}") as answer:
            assert answer.read() == (site.folder / f"api/3/action/{action}.json").read_bytes()
            assert answer.headers["content-type"] == "application/json"
