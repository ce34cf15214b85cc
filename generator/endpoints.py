"""The addresses of the static API, each said once: the OpenAPI document and the human page are made from these."""

from __future__ import annotations

from typing import NamedTuple

from generator.text import Text, bilingual

PER_PAGE = 100
"""Entries of a list's page. CKAN's clients ask for as many, so that a page of theirs is a file too."""
OPENAPI = "api/openapi.json"
FACETS = ("theme", "agency", "openness", "format", "update_cycle", "year", "license")


class Parameter(NamedTuple):
    name: str
    type: str
    meaning: Text


PAGE = Parameter("page", "integer", bilingual("页码，从 1 开始", "Number of the page, from 1"))
NAME = Parameter("name", "string", bilingual("数据集标识", "Name of the dataset, as in the address of its page"))
AGENCY = Parameter("agency", "string", bilingual("部门标识", "Identifier of the department"))
THEME = Parameter("theme", "string", bilingual("主题标识", "Identifier of the theme"))
FACET = Parameter("facet", "string", bilingual("分面", "The facet"))
START = Parameter("start", "integer", bilingual("从第几个开始，100 的倍数", "Where to begin: a multiple of 100"))


class Endpoint(NamedTuple):
    path: str
    """Below the site's root, with ``{parameters}``."""
    operation: str
    schema: str
    """Of the answer, among the OpenAPI document's schemas."""
    about: Text
    parameters: tuple[Parameter, ...] = ()
    group: str = "v1"


ENDPOINTS = (
    Endpoint("api/v1/index.json", "getIndex", "Index",
             bilingual("入口：数量和各列表的地址", "The way in: counts, and where the lists are")),
    Endpoint("api/v1/datasets/page/{page}.json", "listDatasets", "DatasetPage",
             bilingual("全部数据集，每页 100 个，按标识排序", "All datasets, 100 a page, sorted by name"), (PAGE,)),
    Endpoint("api/v1/datasets/{name}.json", "getDataset", "Dataset",
             bilingual("一个数据集：元数据、字段、文件及其校验值；有条件开放和不予开放的只有元数据",
                       "One dataset: metadata, columns, files with checksums; metadata only of what is not open"),
             (NAME,)),
    Endpoint("api/v1/agencies/page/{page}.json", "listAgencies", "AgencyPage",
             bilingual("提供部门，每页 100 个", "The departments, 100 a page"), (PAGE,)),
    Endpoint("api/v1/agencies/{agency}.json", "getAgency", "Agency",
             bilingual("一个部门", "One department"), (AGENCY,)),
    Endpoint("api/v1/agencies/{agency}/datasets/page/{page}.json", "listDatasetsOfAgency", "DatasetPage",
             bilingual("一个部门的数据集", "The datasets of a department"), (AGENCY, PAGE)),
    Endpoint("api/v1/themes/page/{page}.json", "listThemes", "ThemePage",
             bilingual("主题，每页 100 个", "The themes, 100 a page"), (PAGE,)),
    Endpoint("api/v1/themes/{theme}.json", "getTheme", "Theme",
             bilingual("一个主题", "One theme"), (THEME,)),
    Endpoint("api/v1/themes/{theme}/datasets/page/{page}.json", "listDatasetsOfTheme", "DatasetPage",
             bilingual("一个主题的数据集", "The datasets of a theme"), (THEME, PAGE)),
    Endpoint("api/v1/facets.json", "listFacets", "FacetList",
             bilingual("分面：主题、部门、开放属性、格式、更新频率、年份、许可",
                       "The facets: theme, department, openness, format, update cycle, year, licence")),
    Endpoint("api/v1/facets/{facet}/page/{page}.json", "listFacetValues", "FacetPage",
             bilingual("一个分面的取值和数据集数量，每页 100 个", "The values of a facet with counts, 100 a page"),
             (FACET, PAGE)),
    Endpoint("api/3/action/package_list", "ckanPackageList", "CkanNames",
             bilingual("全部数据集的标识；另有带 .json 后缀的同一文件",
                       "Names of all datasets. The same file is there with .json at its end"), group="ckan"),
    Endpoint("api/3/action/package_show/{name}.json", "ckanPackageShow", "CkanPackageResult",
             bilingual("一个数据集；代替 package_show?id={name}", "One dataset; in place of package_show?id={name}"),
             (NAME,), "ckan"),
    Endpoint("api/3/action/package_search/{start}.json", "ckanPackageSearch", "CkanSearchResult",
             bilingual("全部数据集，每个文件 100 个；代替 package_search?rows=100&start={start}，不能按词查找",
                       "All datasets, 100 a file; in place of package_search?rows=100&start={start}, without a query"),
             (START,), "ckan"),
    Endpoint("api/3/action/organization_list", "ckanOrganizationList", "CkanNames",
             bilingual("全部部门的标识；另有带 .json 后缀的同一文件",
                       "Identifiers of all departments. The same file is there with .json at its end"), group="ckan"),
    Endpoint("api/3/action/organization_show/{agency}.json", "ckanOrganizationShow", "CkanOrganizationResult",
             bilingual("一个部门；代替 organization_show?id={agency}",
                       "One department; in place of organization_show?id={agency}"), (AGENCY,), "ckan"),
    Endpoint("api/3/action/group_list", "ckanGroupList", "CkanNames",
             bilingual("主题的标识（CKAN 的组）；另有带 .json 后缀的同一文件",
                       "Identifiers of the themes (CKAN's groups). The same file is there with .json at its end"),
             group="ckan"),
    Endpoint("api/3/action/status_show", "ckanStatusShow", "CkanStatus",
             bilingual("站点状态；另有带 .json 后缀的同一文件",
                       "Status of the site. The same file is there with .json at its end"), group="ckan"),
)  # fmt: skip
